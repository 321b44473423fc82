"""The statements that claim, deliver and settle effects, by shape, each with what it does to tables in memory.

They are a part of simulation_statements.SHAPES.
"""

from typing import Any

from cuework.testing.simulation_database import Answer, SimulatedConnection, Statement, shown
from cuework.testing.simulation_tables import Row

_CLAIMED = (
    "id",
    "execution_id",
    "visit",
    "lane",
    "key",
    "kind",
    "connection_id",
    "request",
    "policy",
    "attempts",
    "epoch",
    "outcome",
)


async def _outcomes(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """What finished effects came to."""
    rows = [on.database.tables.get("effects", (identity,), on.own) for identity in values[1]]
    done = [row for row in rows if row is not None and row["state"] == "done" and row["outcome"] is not None]
    return [shown(row, "id", "outcome", "attempts") for row in done]


async def _effects_of(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """How the effects stand."""
    rows = [on.database.tables.get("effects", (identity,), on.own) for identity in values[1]]
    there = [row for row in rows if row is not None]
    return [shown(row, "id", "outcome", "attempts") | {"state": row["state"]} for row in there]


async def _claim_effects(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Effects that are due are leased under their next epoch."""
    _, limit, lease = values
    now = on.database.clock()
    due = [row for row in on.rows("effects") if row["state"] != "done" and row["due_at"] <= now]
    due.sort(key=lambda row: row["due_at"])
    free = [row for row in due if on.database.tables.try_lock("effects", (row["id"],), on.own)][:limit]
    claimed = [
        row
        | {"state": "leased", "epoch": row["epoch"] + 1, "attempts": row["attempts"] + 1}
        | {"due_at": on.database.clock() + lease}
        for row in free
    ]
    for row in claimed:
        on.write("effects", row)
    return [shown(row, *_CLAIMED) for row in claimed]


async def _accounts(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Connections with nothing secret in them."""
    blank: Row = {"key": "mail", "type": "smtp", "config": {}, "secret": None, "secret_key_id": None, "revision": 1}
    return [{"id": identity} | blank for identity in values[1]]


async def _mark_messages(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """The messages are being sent."""
    for identity, attempts in zip(*values[1:], strict=True):
        row = await on.locked("messages", identity)
        if row is not None:
            on.write("messages", row | {"state": "sending", "attempts": attempts})
    return []


async def _ended(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Those of the executions that have ended."""
    rows = [on.database.tables.get("executions_done", (identity,), on.own) for identity in values[1]]
    return [{"id": row["id"]} for row in rows if row is not None]


async def _denied(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Nobody here denies email."""
    return []


async def _settle(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Results of leases that still hold are written."""
    now = on.database.clock()
    accepted: list[Row] = []
    for identity, epoch, state, outcome, after, unspent in zip(*values[1:], strict=True):
        row = await on.locked("effects", identity)
        current = row is not None and row["epoch"] == epoch and row["state"] == "leased"
        if row is None or not (current or "epoch" in on.database.broken):
            continue
        done = state == "done"
        changed = {"state": state, "outcome": outcome, "attempts": row["attempts"] - unspent}
        times = {"due_at": None if done else now + after, "finished_at": now if done else None}
        on.write("effects", row | changed | times)
        accepted.append({"id": identity})
    return accepted


async def _settle_messages(on: SimulatedConnection, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
    """Messages say what became of them."""
    for identity, state, message_id, error, unspent in zip(*values[1:], strict=True):
        row = await on.locked("messages", identity)
        if row is not None:
            known = {"message_id": message_id or row["message_id"], "attempts": row["attempts"] - unspent}
            on.write("messages", row | known | {"state": state, "error": error})
    return []


DELIVERIES: tuple[tuple[str, Answer], ...] = (
    ("select id, state, outcome, attempts from effects", _effects_of),
    ("select id, outcome, attempts from effects .* state = 'done'", _outcomes),
    ("with due as \\( select id from effects .* for update skip locked", _claim_effects),
    ("select id, key, type, config, .* from connections", _accounts),
    ("update messages as m set state = 'sending'", _mark_messages),
    ("select id from executions_done where tenant_id = \\$1 and id = any", _ended),
    ("select u.id from unnest.*email_consent = 'denied'", _denied),
    ("update effects as e set state = u.state", _settle),
    ("update messages as m set state = u.state", _settle_messages),
)
