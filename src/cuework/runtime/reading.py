"""What a pass reads besides its inputs: live executions, effects' outcomes, subscribers, later changes."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from cuework.db.by_id import by_id
from cuework.db.pool import Connection
from cuework.engine.events import Event, Ref
from cuework.engine.execution import Execution, restore
from cuework.engine.match import TriggerIndex
from cuework.workflows.retryable import RETRYABLE

_EXECUTION = """id, workflow_id, version, lane, status, record_type, record_id, event_id, trigger_type, entry_key, test,
has_errors, started_at, active_ms, state, revision"""


async def live_executions(connection: Connection, tenant_id: UUID, ids: Collection[UUID]) -> list[Execution]:
    """Those of the executions that still live. Their lanes' locks are the caller's."""
    if not ids:
        return []
    rows = await connection.fetch(by_id("executions_live", _EXECUTION), tenant_id, list(ids))
    return [restore(row) for row in rows]


async def retryable_execution(connection: Connection, tenant_id: UUID, identity: UUID) -> Execution | None:
    """An execution of the history that can go on; None if it cannot, or does already."""
    query = f"select {_EXECUTION} from executions_done e where e.tenant_id = $1 and e.id = $2 and {RETRYABLE}"
    row = await connection.fetchrow(query, tenant_id, identity)
    return restore(row) if row is not None else None


async def take_out(connection: Connection, tenant_id: UUID, identity: UUID) -> None:
    """The execution is not in the history any more: it lives again."""
    await connection.execute("delete from executions_done where tenant_id = $1 and id = $2", tenant_id, identity)


async def effects_of(connection: Connection, tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, Any]:
    """How the effects stand, by id."""
    query = "select id, state, outcome, attempts from effects where tenant_id = $1 and id = any($2::uuid[])"
    return {row["id"]: row for row in await connection.fetch(query, tenant_id, list(ids))}


async def outcomes(connection: Connection, tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, tuple[Any, int]]:
    """Outcomes and attempts of delivered effects, by effect."""
    query = """select id, outcome, attempts from effects
        where tenant_id = $1 and id = any($2::uuid[]) and state = 'done' and outcome is not null"""
    rows = await connection.fetch(query, tenant_id, list(ids))
    return {row["id"]: (row["outcome"], row["attempts"]) for row in rows}


async def subscribers(connection: Connection, tenant_id: UUID, records: Collection[UUID]) -> list[Any]:
    """Who listens to news of these records."""
    query = """select execution_id, visit, lane, event_type, record_id, since_at from subscriptions
        where tenant_id = $1 and record_id = any($2::uuid[]) order by execution_id, visit"""
    return await connection.fetch(query, tenant_id, list(records)) if records else []


async def later_changes(
    connection: Connection, tenant_id: UUID, refs: Iterable[Ref]
) -> dict[Ref, list[tuple[int, Any]]]:
    """What the log says of these records, newest first, as (revision, changes): to see them as they were."""
    wanted = {ref.id: ref for ref in refs}
    query = """select record_id, revision, changes from events
        where tenant_id = $1 and record_id = any($2::uuid[]) and changes <> '{}' order by revision desc"""
    found: dict[Ref, list[tuple[int, Any]]] = {}
    for row in await connection.fetch(query, tenant_id, list(wanted)):
        found.setdefault(wanted[row["record_id"]], []).append((row["revision"], row["changes"]))
    return found


def with_records(event: Event, index: TriggerIndex) -> list[Ref]:
    """The event's record, and the related ones that triggers on it or their steps mention."""
    if event.record is None:
        return []
    refs = [event.record]
    for name in index.reads(event.type):
        related = event.links.get(f"{name}_id")
        if related is not None and name != event.record.type:
            refs.append(Ref(name, related))
    return refs
