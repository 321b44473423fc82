"""The statements of passes and requests, by shape, each with what it does to tables in memory.

Those of deliveries are in simulation_deliveries; SHAPES has them all, and the first that fits answers. A statement
that changes its meaning must change here as well; one that changes its words only mostly need not.
"""

import math
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.crm.events import EVENT_COLUMNS
from cuework.testing.simulation_database import Answer, SimulatedConnection, Statement, opened, shown
from cuework.testing.simulation_deliveries import DELIVERIES
from cuework.testing.simulation_tables import KEYS, Row, Violated
from cuework.workflows.retryable import is_retryable

_EVENT = tuple(EVENT_COLUMNS.split(", "))
# In the order in which claim.take reads them.
_INPUT = (
    "id",
    "kind",
    "lane",
    "priority",
    "revision",
    "event_id",
    "execution_id",
    "visit",
    "payload",
    "attempts",
    "postponed",
)
# ---------------------------------------------------------------- taking inputs


async def _lock_lanes(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Free lanes in the order of their oldest due input, as many as should fill the batch."""
    batch = values[1]
    now = on.database.clock()
    due: dict[int, list[datetime]] = defaultdict(list)
    for table in ("inbox", "timers"):
        for row in on.rows(table):
            if row["due_at"] <= now:
                due[row["lane"]].append(row["due_at"])
    inputs = sum(map(len, due.values()))
    most = math.ceil(batch * len(due) / max(inputs, batch))
    epoch = next(iter(on.rows("tenants")))["definitions_epoch"]
    suspects = {row["lane"] for row in on.rows("inbox") if row["attempts"] > 0 and row["due_at"] <= now}
    taken: list[Row] = []
    for lane in sorted(due, key=lambda each: min(due[each])):
        free = "lanes" in on.database.broken or on.database.tables.try_lock("lanes", (lane,), on.own)
        if free and len(taken) < most:
            timers = any(row["lane"] == lane and row["due_at"] <= now for row in on.rows("timers"))
            taken.append({"lane": lane, "now": now, "epoch": epoch, "suspect": lane in suspects, "timers": timers})
    return taken


async def _take_inbox(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Due inputs of the lanes are removed and answered with their events."""
    _, lanes, limit = values
    now = on.database.clock()
    alone = "attempts > 0" in statement.text
    due = [
        row
        for row in on.rows("inbox")
        if row["lane"] in lanes and row["due_at"] <= now and (row["attempts"] > 0) == alone
    ]
    due.sort(key=lambda row: (row["priority"], row["due_at"], row["revision"]))
    put_off = any(row["lane"] in lanes and row["postponed"] > 0 for row in on.rows("inbox"))
    taken = await on.delete("inbox", [(row["id"],) for row in due[:limit]])
    answer: list[Row] = []
    for row in taken:
        event = on.database.tables.get("events", (row["event_id"],), on.own) if row["event_id"] else None
        found = shown(event, *_EVENT) if event is not None else dict.fromkeys(_EVENT)
        told = {f"event.{name}": value for name, value in found.items()}
        answer.append(shown(row, *_INPUT) | told | {"put_off": put_off})
    return answer or [dict.fromkeys(_INPUT) | {f"event.{name}": None for name in _EVENT} | {"put_off": put_off}]


async def _take_timers(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Timers that are due ring once."""
    _, lanes, limit = values
    now = on.database.clock()
    due = [row for row in on.rows("timers") if row["lane"] in lanes and row["due_at"] <= now]
    due.sort(key=lambda row: row["due_at"])
    return await on.delete("timers", [(row["execution_id"], row["visit"]) for row in due[:limit]])


async def _fronts(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Of each record, the first of its events that were put off and wait in these lanes."""
    found: dict[UUID, Row] = {}
    for row in sorted(on.rows("inbox"), key=lambda row: row["revision"]):
        event = on.database.tables.get("events", (row["event_id"],), on.own) if row["event_id"] else None
        if row["postponed"] and row["lane"] in values[1] and event is not None:
            told = {"record_type": event["record_type"], "record_id": event["record_id"]}
            found.setdefault(event["record_id"], told | shown(row, "revision", "priority", "due_at"))
    return list(found.values())


# ---------------------------------------------------------------- records and events


async def _load(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The records of the ids, locked as the statement says."""
    columns, table, lock = statement.parts
    found: list[Row] = []
    for identity in sorted(values[1], key=lambda each: each.bytes):
        if "skip locked" in lock:
            if not on.database.tables.try_lock(table, (identity,), on.own):
                continue
            row = on.database.tables.get(table, (identity,), on.own)
        elif lock:
            row = await on.locked(table, identity)
        else:
            row = on.database.tables.get(table, (identity,), on.own)
        if row is not None:
            found.append(shown(row, *columns.split(", ")))
    return found


async def _exists(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Whether the record is there."""
    return [{"exists": on.database.tables.get(statement.parts[0], (values[1],), on.own) is not None}]


async def _later_changes(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """What changed about the records, newest first."""
    found = [row for row in on.rows("events") if row["record_id"] in values[1] and row["changes"] != "{}"]
    found.sort(key=lambda row: -row["revision"])
    return [shown(row, "record_id", "revision", "changes") for row in found]


async def _events_since(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Events of a record after an instant, oldest first."""
    record, types, since, mark, first, limit = values[1:]
    found = [
        row
        for row in on.rows("events")
        if row["record_id"] == record
        and row["type"] in types
        and (row["occurred_at"], row["id"]) > (since, mark)
        and row["id"] >= first
    ]
    found.sort(key=lambda row: row["id"].bytes)
    return [shown(row, "id", "revision", *_EVENT) for row in found[:limit]]


async def _remember_tags(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The tags are known. Nobody else writes them, so nobody waits for them here."""
    return []


# ---------------------------------------------------------------- executions and what they wait for


async def _live_executions(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Live executions of these ids."""
    return [shown(row) for row in on.rows("executions_live") if row["id"] in values[1]]


async def _live_about(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Ids of live executions about these records, of all versions or of those that are named."""
    versions = set(zip(values[2], values[3], strict=True)) if "from unnest" in statement.text else None
    return [
        shown(row, "id")
        for row in on.rows("executions_live")
        if row["record_id"] in values[1] and (versions is None or (row["workflow_id"], row["version"]) in versions)
    ]


async def _retryable(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """An execution of the history that can go on."""
    row = on.database.tables.get("executions_done", (values[1],), on.own)
    if row is None or not is_retryable(row["status"], row["reason"], opened(row["state"])):
        return []
    return [shown(row)]


async def _taken_out(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The execution is not in the history any more."""
    await on.delete("executions_done", [(values[1],)])
    return []


async def _delete_live(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The executions are not live any more."""
    await on.delete("executions_live", [(identity,) for identity in values[1]])
    return []


async def _leave(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Timers or subscriptions of these visits are gone."""
    table = statement.parts[0]
    visits = set(zip(values[1], values[2], strict=True))
    gone = [row for row in on.rows(table) if (row["execution_id"], row["visit"]) in visits]
    await on.delete(table, [tuple(row[name] for name in KEYS[table]) for row in gone])
    return []


async def _subscribers(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Who listens to news of these records."""
    found = [row for row in on.rows("subscriptions") if row["record_id"] in values[1]]
    found.sort(key=lambda row: (row["execution_id"].bytes, row["visit"]))
    return [shown(row) for row in found]


async def _wake_elsewhere(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Inputs for executions of lanes that others hold."""
    now = on.database.clock()
    for identity, execution, visit, lane in zip(*values[1:], strict=True):
        row = {"id": identity, "lane": lane, "kind": "wake", "execution_id": execution, "visit": visit}
        blank = {"priority": 0, "revision": 0, "event_id": None, "payload": None, "attempts": 0, "due_at": now}
        blank["postponed"] = 0
        on.write("inbox", blank | row)
    return []


# ---------------------------------------------------------------- enrollments


async def _read_enrollments(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The enrollments of these keys, locked."""
    keys = sorted(zip(values[1], values[2], strict=True), key=lambda key: (key[0].bytes, key[1]))
    rows = [await on.locked("enrollments", *key) for key in keys]
    return [shown(row) for row in rows if row is not None]


async def _deactivate(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Enrollments whose execution is still this one are not active any more."""
    for workflow, key, execution in zip(*values[1:], strict=True):
        row = await on.locked("enrollments", workflow, key)
        if row is not None and row["execution_id"] == execution and row["active"]:
            on.write("enrollments", row | {"active": False})
    return []


# ---------------------------------------------------------------- the rest


async def _rotations(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Whose turn it was last in each of the pools, which are locked."""
    rows = [await on.locked("rotations", pool) for pool in sorted(values[1])]
    return [shown(row) for row in rows if row is not None]


async def _published_version(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The version that takes events now."""
    workflow: UUID = values[1]
    spans = [row for row in on.rows("workflow_spans") if row["workflow_id"] == workflow and row["to_at"] is None]
    return [{"version": row["version"], "from_at": row["from_at"]} for row in spans]


async def _put_aside(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Nothing here is poison: an input that fails alone is a fault of the runtime or of the store."""
    row = on.database.tables.get("inbox", (values[1],), on.own)
    what = f"{row['kind']} {opened(row['payload']) or row['visit'] or row['event_id']}" if row else values[1]
    raise Violated(f"No input fails for good, yet {what} did: {values[3]}")


async def _timer_aside(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    raise Violated(f"No input fails for good, yet a timer of {values[1]} at {values[2]} did.")


async def _forget_held(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """What was held for executions that ended is gone."""
    _, workflows, executions = values
    gone = [row for row in on.rows("held") if row["workflow_id"] in workflows and row["execution_id"] in executions]
    await on.delete("held", [tuple(row[name] for name in KEYS["held"]) for row in gone])
    return []


async def _old_misses(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Fewer misses happen here than are kept."""
    return []


SHAPES: tuple[tuple[str, Answer], ...] = (
    ("begin", SimulatedConnection.begin),
    ("commit$", SimulatedConnection.commit),
    ("rollback$", SimulatedConnection.rollback),
    ("with due as materialized .* for update of l skip locked", _lock_lanes),
    ("with chosen as \\( select ctid as at from inbox", _take_inbox),
    ("with chosen as \\( select ctid as at from timers", _take_timers),
    ("select distinct on \\(e.record_id\\) .* i.postponed > 0", _fronts),
    (
        r"select r.* lateral \(select (.+) from (companies|contacts|deals|tasks) where .* offset 0 ?(.*)\) r",
        _load,
    ),
    (r"select exists \(select from (\w+) where tenant_id = \$1 and id = \$2\)$", _exists),
    ("select record_id, revision, changes from events where .* order by revision desc", _later_changes),
    (
        "select id, type, .* from events where .* and \\(occurred_at, id\\) > \\(\\$4, \\$5\\) .* order by id limit",
        _events_since,
    ),
    ("insert into tags", _remember_tags),
    ("select r.* from unnest.*lateral \\(select id, .* from executions_live where", _live_executions),
    ("select id from executions_live where tenant_id = \\$1 and record_id = any", _live_about),
    ("select .* from executions_done e where .*e.status = 'failed'", _retryable),
    (r"delete from executions_done where tenant_id = \$1 and id = \$2$", _taken_out),
    ("delete from executions_live where tenant_id = \\$1 and id = any", _delete_live),
    (r"delete from (timers|subscriptions) t using unnest", _leave),
    ("select execution_id, visit, lane, event_type, record_id, since_at from subscriptions", _subscribers),
    ("insert into inbox .* select \\$1, u.id, u.lane, 'wake'", _wake_elsewhere),
    ("select e.workflow_id, .* from enrollments e .* for update of e$", _read_enrollments),
    ("update enrollments e set active = false from unnest", _deactivate),
    *DELIVERIES,
    ("select pool, last_user_id, turns from rotations .* for update", _rotations),
    ("select (?:w\\.)?published_version .*from workflows", _published_version),
    ("with gone as \\(delete from inbox .* insert into quarantine", _put_aside),
    ("with fired as \\(delete from timers", _timer_aside),
    ("delete from misses", _old_misses),
    ("delete from held where tenant_id = \\$1 and workflow_id = any", _forget_held),
    (
        r"insert into (\w+) \(tenant_id, (.+?)\) select \$1, (.+) from unnest\(.+?\) as u\([^)]*\) ?(.*)$",
        SimulatedConnection.insert,
    ),
    (
        r"update (\w+) as t set (.+) from unnest\(.+?\) as u\(([^)]*)\), lateral .* where (.*)$",
        SimulatedConnection.update,
    ),
    (
        r"insert into (\w+) \(tenant_id, (.+?)\) select \$1, (\$\d+::[^()]*?)(?: (on conflict .*))?$",
        SimulatedConnection.insert_one,
    ),
    (r"update (\w+) as t set (.+) where t\.tenant_id = \$1 and (t\.\w+ = \$\d+::.*)$", SimulatedConnection.update_one),
)
