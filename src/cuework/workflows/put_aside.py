"""What is in quarantine, and what people decide about it: retry or discard, one or many.

Rules
  * A retried input is there again as it was, under its own id, and is tried alone; if it fails again it comes back.
  * An input of an execution that failed because of it is not repeated: the execution goes on where it stood (§22).
    Whatever was sent for it keeps its outcome, so nothing is sent twice and nothing under another key.
  * A discarded input stays here as the record of that decision; nothing handles it any more. If it was a job's
    next batch, the job ends as failed.

Writes the store's own rows only; the passes do the rest.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.ids import new_id
from cuework.base.json import dumps_text
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.catalog import touch
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.workflows.names import record_names, record_of
from cuework.workflows.quarantine_words import what_words, why_words
from cuework.workflows.retryable import FREE, RETRYABLE

MOST = 10_000

COLUMNS = """q.id, q.kind, q.reason, q.error, q.trace, q.attempts, q.at, q.state, q.decided_at, q.decided_by, q.note,
  q.payload, q.workflow_id, w.name as workflow_name, q.execution_id, q.event_id, e.type as event_type,
  coalesce(e.record_type, x.record_type, q.payload #>> '{record,type}') as record_type,
  coalesce(e.record_id, x.record_id, (q.payload #>> '{record,id}')::uuid) as record_id"""
SOURCE = """quarantine q left join events e on e.tenant_id = q.tenant_id and e.id = q.event_id
  left join executions x on x.tenant_id = q.tenant_id and x.id = q.execution_id
  left join workflows w on w.tenant_id = q.tenant_id and w.id = q.workflow_id where q.tenant_id = $1"""

_HELD = f"select count(*) from (select from quarantine where tenant_id = $1 and state = 'held' limit {MOST}) as held"
_LOCK = "select id from quarantine where tenant_id = $1 and id = any($2::uuid[]) and state = 'held' for update"
# What can be handled as it is: events that are still known, commands, and inputs of executions that live.
_AGAIN = """
with gone as (delete from quarantine q where q.tenant_id = $1 and q.id = any($2::uuid[]) and q.state = 'held'
  and case q.kind
    when 'event' then exists (select from events e where e.tenant_id = $1 and e.id = q.event_id)
    when 'command' then true
    else exists (select from executions_live l where l.tenant_id = $1 and l.id = q.execution_id) end
  returning q.id, q.lane, q.kind, q.priority, q.revision, q.event_id, q.execution_id, q.visit, q.payload)
insert into inbox (tenant_id, id, lane, kind, priority, revision, event_id, execution_id, visit, payload, attempts)
select $1, id, lane, kind, priority, revision, event_id, execution_id, visit, payload, 1 from gone
returning id, kind
"""
_FAILED = f"""
select q.id, e.id as execution_id, e.lane from quarantine q
join executions_done e on e.tenant_id = $1 and e.id = q.execution_id and {RETRYABLE} and {FREE}
where q.tenant_id = $1 and q.id = any($2::uuid[]) and q.state = 'held'
"""
_LET_GO = """
delete from quarantine where tenant_id = $1 and execution_id = any($2::uuid[]) and state = 'held' and kind <> 'command'
"""
_DISCARD = """
update quarantine set state = 'discarded', decided_at = clock_timestamp(), decided_by = $3, note = $4
where tenant_id = $1 and id = any($2::uuid[]) and state = 'held' returning id, payload ->> 'job_id' as job_id
"""
# A job asks for one batch at a time, so without that batch it never ends by itself.
_END_JOBS = """
update jobs set state = 'failed', finished_at = clock_timestamp(),
  error = 'Its next batch failed, was held back, and somebody decided to do without it.'
where tenant_id = $1 and id = any($2::uuid[]) and state = 'running'
"""
_COMMAND = {"id": "uuid", "lane": "smallint", "kind": "text", "execution_id": "uuid", "payload": "jsonb"}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on, and why the others could not be."""

    done: Sequence[UUID]
    left: Mapping[UUID, str]


async def held(connection: Connection, tenant_id: UUID) -> int:
    """How many inputs are held back, counted to MOST."""
    return await connection.fetchval(_HELD, tenant_id)


async def is_known(connection: Connection, tenant_id: UUID, identity: UUID) -> bool:
    """Whether the input is there, held or discarded."""
    query = "select exists (select from quarantine where tenant_id = $1 and id = $2)"
    return await connection.fetchval(query, tenant_id, identity)


async def spell(connection: Connection, tenant_id: UUID, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows as the API shows them. Cost: one query."""
    names = await record_names(connection, tenant_id, [(row["record_type"], row["record_id"]) for row in rows])
    return [_spelled(row, names) for row in rows]


async def retry(connection: Connection, actor: Actor, ids: Collection[UUID]) -> Decided:
    """Those of the inputs that can be handled again will be, within moments."""
    tenant_id = actor.tenant_id
    there = {row["id"] for row in await connection.fetch(_LOCK, tenant_id, list(ids))}
    again = await connection.fetch(_AGAIN, tenant_id, sorted(there))
    if any(row["kind"] == "event" for row in again):
        await touch(connection, tenant_id)  # the versions of its time are needed again
    failed = await connection.fetch(_FAILED, tenant_id, sorted(there))
    await _retry_executions(connection, actor, failed)
    done = [row["id"] for row in (*again, *failed)]
    await _note(connection, actor, "quarantine.retry", done)
    gone = "It is not held back any more."
    ended = (
        "Its execution or event is over or not kept any more, or the record entered again and is active, so there is "
        "nothing to go on with. Discard it."
    )
    return Decided(done, {each: ended if each in there else gone for each in ids if each not in set(done)})


async def discard(connection: Connection, actor: Actor, ids: Collection[UUID], *, note: str | None = None) -> Decided:
    """Those of the inputs that are held will not be handled, and say who decided that."""
    rows = await connection.fetch(_DISCARD, actor.tenant_id, list(ids), actor.user_id, note)
    done = [row["id"] for row in rows]
    jobs = [UUID(row["job_id"]) for row in rows if row["job_id"] is not None]
    if jobs:
        await connection.execute(_END_JOBS, actor.tenant_id, jobs)
    await _note(connection, actor, "quarantine.discard", done, note=note)
    return Decided(done, {each: "It is not held back any more." for each in ids if each not in set(done)})


async def let_go(connection: Connection, tenant_id: UUID, executions: Collection[UUID]) -> None:
    """Inputs of executions that are being retried are not held any more: the executions do without them."""
    await connection.execute(_LET_GO, tenant_id, list(executions))


async def _retry_executions(connection: Connection, actor: Actor, failed: Sequence[Mapping[str, Any]]) -> None:
    lanes = {row["execution_id"]: row["lane"] for row in failed}
    if not lanes:
        return
    by = {"type": actor.type, "id": actor.id, "name": actor.name}
    payload = dumps_text({"do": "retry", "latest": False, "actor": by})
    count = len(lanes)
    columns: list[list[Any]] = [
        [new_id() for _ in lanes],
        list(lanes.values()),
        ["command"] * count,
        list(lanes),
        [payload] * count,
    ]
    await bulk.insert(connection, actor.tenant_id, "inbox", _COMMAND, columns)
    await let_go(connection, actor.tenant_id, list(lanes))


async def _note(
    connection: Connection, actor: Actor, action: str, ids: Sequence[UUID], *, note: str | None = None
) -> None:
    if ids:
        subject = Subject("quarantine", ids[0] if len(ids) == 1 else None, None)
        after = {"inputs": [str(each) for each in ids]} | ({"note": note} if note else {})
        await audit.record(connection, actor, action, subject, after=after)


def _spelled(row: Mapping[str, Any], names: Mapping[UUID, str]) -> dict[str, Any]:
    same = ("id", "kind", "reason", "attempts", "at", "state", "execution_id", "decided_at", "decided_by", "note")
    return {
        **{name: row[name] for name in same},
        "what": what_words(row["kind"], row["event_type"], row["payload"]),
        "why": why_words(row["reason"], row["error"]),
        "error": row["error"],
        "trace": row["trace"],
        "workflow": {"id": row["workflow_id"], "name": row["workflow_name"]} if row["workflow_id"] else None,
        "event": {"id": row["event_id"], "type": row["event_type"]} if row["event_id"] else None,
        "record": record_of(row, names),
    }
