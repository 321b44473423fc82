"""What happened to a record, in order of time: its events, notes, messages and executions, and what was made for it.

All of these are keyed by time-ordered ids, so a page is the union of a few short index scans and the last id
is its cursor. Every automated entry names the execution and the workflow. Reads only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.events import Ref

_EVENTS = """
select id, 'event' as kind, type, occurred_at as at, actor_type, actor_id, execution_id,
  jsonb_build_object('revision', revision, 'changes', changes, 'data', data - 'links') as more
from events where tenant_id = $1 and record_id = $2 and type <> 'activity.logged'
"""
_ACTIVITIES = """
select id, 'activity', type, occurred_at, actor_type, actor_id, execution_id, jsonb_build_object('text', text)
from activities where tenant_id = $1 and record_id = $2
"""
_MESSAGES = """
select id, 'message', channel, created_at, null, null, execution_id, jsonb_build_object('subject', subject,
  'recipient', recipient, 'direction', direction, 'state', state, 'error', error)
from messages where tenant_id = $1 and contact_id = $2
"""
_LIVE = """
select id, 'execution', trigger_type, started_at, null, null, id, jsonb_build_object('status', status,
  'reason', null, 'version', version, 'has_errors', has_errors, 'finished_at', null)
from executions_live where tenant_id = $1 and record_id = $2 and not test
"""
_DONE = """
select id, 'execution', trigger_type, started_at, null, null, id, jsonb_build_object('status', status,
  'reason', reason, 'version', version, 'has_errors', has_errors, 'finished_at', finished_at)
from executions_done where tenant_id = $1 and record_id = $2 and not test
"""
_DEALS = """
select id, 'deal', 'deal.created', created_at, null, null, null,
  jsonb_build_object('name', name, 'status', status)
from deals where tenant_id = $1 and {link} = $2 and deleted_at is null
"""
_TASKS = """
select id, 'task', 'task.created', created_at, null, null, execution_id, jsonb_build_object('title', title,
  'status', status, 'due_at', due_at, 'assignee_id', assignee_id)
from tasks where tenant_id = $1 and {link} = $2 and deleted_at is null
"""
# Who made the tasks and deals: their first events say it.
_MADE_BY = """
select distinct on (record_id) record_id, actor_type, actor_id, execution_id from events
where tenant_id = $1 and record_id = any($2::uuid[]) and type in ('task.created', 'deal.created')
order by record_id, id
"""
_WORKFLOWS = """
select e.id, e.workflow_id, w.name from executions e
join workflows w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
where e.tenant_id = $1 and e.id = any($2::uuid[])
"""
_KEYS = "select id, name from api_keys where tenant_id = $1 and id = any($2::uuid[])"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. Shape: more holds what its kind has besides, as the API spells it."""

    id: UUID
    kind: str
    type: str
    at: datetime
    actor: Mapping[str, Any] | None
    execution: Mapping[str, Any] | None
    more: Mapping[str, Any]


async def read_timeline(
    connection: Connection,
    catalog: Catalog,
    ref: Ref,
    *,
    limit: int,
    beyond: UUID | None = None,
    oldest_first: bool = False,
) -> list[Entry]:
    """At most `limit` entries of the record beyond that id, newest first or oldest. Cost: at most four queries.

    An activity is one entry: the event that tells workflows of it is none of its own.
    """
    rows = await _with_makers(
        connection,
        catalog.tenant_id,
        await connection.fetch(_query(ref.type, oldest_first), catalog.tenant_id, ref.id, beyond, limit),
    )
    workflows = await workflows_of(connection, catalog.tenant_id, (row["execution_id"] for row in rows))
    names = await _actor_names(connection, catalog, rows)
    return [_entry(row, workflows, names) for row in rows]


async def workflows_of(
    connection: Connection, tenant_id: UUID, executions: Iterable[UUID | None]
) -> dict[UUID, dict[str, Any]]:
    """Each execution as its id with its workflow's id and name. Cost: one query, none without executions.

    An execution that retention dropped has no workflow any more, but is named all the same.
    """
    wanted = sorted({identity for identity in executions if identity is not None})
    named = {identity: _execution(identity, None, None) for identity in wanted}
    if wanted:
        rows = await connection.fetch(_WORKFLOWS, tenant_id, wanted)
        named |= {row["id"]: _execution(row["id"], row["workflow_id"], row["name"]) for row in rows}
    return named


async def _with_makers(
    connection: Connection, tenant_id: UUID, rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    made = [row["id"] for row in rows if row["kind"] in ("task", "deal")]
    if not made:
        return list(rows)
    found = {row["record_id"]: row for row in await connection.fetch(_MADE_BY, tenant_id, made)}
    names = ("actor_type", "actor_id", "execution_id")
    return [
        {**row, **{name: found[row["id"]][name] for name in names}}
        if row["kind"] in ("task", "deal") and row["id"] in found
        else row
        for row in rows
    ]


def _execution(identity: UUID, workflow_id: UUID | None, name: str | None) -> dict[str, Any]:
    return {"id": identity, "workflow_id": workflow_id, "workflow_name": name}


def _query(kind: str, oldest_first: bool) -> str:
    direction, behind = ("asc", ">") if oldest_first else ("desc", "<")
    parts = [_EVENTS, _ACTIVITIES, _LIVE, _DONE]
    if kind == "contact":
        parts.append(_MESSAGES)
    if kind in ("contact", "company"):
        parts.append(_DEALS.format(link=f"{kind}_id"))
    if kind != "task":
        parts.append(_TASKS.format(link=f"{kind}_id"))
    page = f"and ($3::uuid is null or id {behind} $3) order by id {direction} limit $4"
    return " union all ".join(f"({part} {page})" for part in parts) + f" order by id {direction} limit $4"


async def _actor_names(connection: Connection, catalog: Catalog, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    names = {each.id: each.name for each in (*catalog.users, *catalog.forms)}
    keys = sorted({row["actor_id"] for row in rows if row["actor_type"] == "api_key" and row["actor_id"]})
    if keys:
        names |= {row["id"]: row["name"] for row in await connection.fetch(_KEYS, catalog.tenant_id, keys)}
    return names


def _entry(row: Mapping[str, Any], workflows: Mapping[UUID, Mapping[str, Any]], names: Mapping[UUID, str]) -> Entry:
    more = dict(row["more"])
    if "changes" in more:
        changes: dict[str, Any] = more["changes"]
        more["changes"] = [{"field": name, "old": old, "new": new} for name, (old, new) in changes.items()]
    execution = workflows[row["execution_id"]] if row["execution_id"] else None
    actor = None
    if row["actor_type"] is not None:
        name = names.get(row["actor_id"])
        if row["actor_type"] == "workflow" and execution is not None:
            name = execution["workflow_name"]
        actor = {"type": row["actor_type"], "id": row["actor_id"], "name": name}
    return Entry(row["id"], row["kind"], row["type"], row["at"], actor, execution, more)
