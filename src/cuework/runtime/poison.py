"""Keeps one bad input from stopping the others: suspects are tried alone, culprits are put aside and named.

An event that fails alone is tried workflow by workflow before anything of it is put aside (blame).
"""

import traceback
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import structlog

from cuework.base.json import dumps_text
from cuework.db.pool import Connection
from cuework.db.tenancy import tenant_scope
from cuework.runtime.alarm import tell_admins
from cuework.runtime.blame import split
from cuework.runtime.claim import Input
from cuework.runtime.journal import read_dead
from cuework.runtime.tenant import Tenant
from cuework.workflows.quarantine_words import error_name

log = structlog.get_logger()

DEATHS = 3  # one among others, then two alone
_LONGEST_TRACE = 8000

_SUSPECT = """
update inbox set attempts = attempts + 1 where tenant_id = $1 and id = any($2::uuid[])
returning id, lane, kind, event_id, execution_id, visit, payload, attempts
"""
# A due timer has no row in the inbox yet: it becomes one, so that it can be tried alone.
_SUSPECT_TIMER = """
with fired as (delete from timers t using unnest($2::uuid[], $3::text[]) as u(execution_id, visit)
  where t.tenant_id = $1 and t.execution_id = u.execution_id and t.visit = u.visit
  returning t.execution_id, t.visit, t.lane)
insert into inbox (tenant_id, id, lane, kind, execution_id, visit, attempts)
select $1, gen_random_uuid(), lane, 'due', execution_id, visit, 1 from fired
"""
_ASIDE = """
with gone as (delete from inbox where tenant_id = $1 and id = $2
  returning tenant_id, id, lane, kind, event_id, execution_id, visit, payload, revision, priority, attempts),
of as (select
    coalesce((gone.payload -> 'only' ->> 0)::uuid, (gone.payload ->> 'workflow_id')::uuid, x.workflow_id) as id
  from gone left join executions x on x.tenant_id = $1 and x.id = gone.execution_id)
insert into quarantine (tenant_id, id, lane, kind, event_id, execution_id, visit, payload, revision, priority, attempts,
  reason, error, trace, workflow_id, cause)
select tenant_id, gone.id, lane, kind, event_id, execution_id, visit, payload, revision, priority, attempts,
  $3, $4, $5, of.id, concat_ws(' ', $3::text, $6::text, coalesce(of.id::text, kind)) from gone, of
returning id, execution_id, event_id, lane, kind, payload, workflow_id, cause
"""
_FAIL = """
insert into inbox (tenant_id, id, lane, kind, execution_id, payload)
select $1, gen_random_uuid(), $2, 'command', $3, $4::text::jsonb
"""


async def suspect_the_dead(connection: Connection, directory: Path) -> int:
    """Inputs that were in flight in processes that died are suspects now; the answer is how many.

    One with which a process died for the third time is quarantined.
    """
    count = 0
    for path, tenant_id, names in read_dead(directory):  # the generator holds each file's lock meanwhile
        async with tenant_scope(connection, tenant_id):
            count += await _suspect(connection, tenant_id, names)
        path.unlink(missing_ok=True)
    return count


async def quarantine(
    connection: Connection, tenant_id: UUID, identity: UUID, reason: str, error: str, *, trace: str | None = None
) -> None:
    """The input is put aside with what it did, the execution it was for fails, and the tenant's admins are told.

    An execution that cannot even be told to do something stays as it is: telling it to fail would fail as well, and
    again, without end.
    """
    error = _storable(error)[:4000]
    trace = _storable(trace)[-_LONGEST_TRACE:] if trace else None
    row = await connection.fetchrow(_ASIDE, tenant_id, identity, reason, error, trace, error_name(error))
    log.error("input.quarantined", tenant=str(tenant_id), input=str(identity), reason=reason)
    if row is None:
        return
    if row["execution_id"] is not None and row["kind"] != "command":
        payload = {"do": "cancel", "reason": "failed", "why": f"An input was put into quarantine: {error[:500]}"}
        await connection.execute(_FAIL, tenant_id, row["lane"], row["execution_id"], dumps_text(payload))
    await tell_admins(connection, tenant_id, row, reason, error)


async def suspect(connection: Connection, tenant_id: UUID, failed: Input) -> None:
    """The input that failed alone is tried alone once more, in a transaction of its own."""
    async with tenant_scope(connection, tenant_id):
        await _suspect(connection, tenant_id, [failed.journal()])


async def put_aside(connection: Connection, tenant: Tenant, failed: Input, error: BaseException) -> None:
    """The input that failed alone is quarantined; an event is tried in parts first. A transaction of its own."""
    assert failed.id is not None, "a timer that failed alone is an input by now (suspect)"
    async with tenant_scope(connection, tenant.id):
        if not await split(connection, tenant, failed):
            trace = "".join(traceback.format_exception(error))
            await quarantine(connection, tenant.id, failed.id, "error", f"{type(error).__name__}: {error}", trace=trace)


async def _suspect(connection: Connection, tenant_id: UUID, names: Sequence[str]) -> int:
    ids = [UUID(name) for name in names if "/" not in name]
    timers = [name.partition("/") for name in names if "/" in name]
    rows = await connection.fetch(_SUSPECT, tenant_id, ids)
    for row in rows:
        if row["attempts"] >= DEATHS:
            await quarantine(connection, tenant_id, row["id"], "killed", "Processes died each time they handled it.")
    if timers:
        executions = [UUID(name) for name, _, _ in timers]
        await connection.execute(_SUSPECT_TIMER, tenant_id, executions, [visit for _, _, visit in timers])
    return len(rows) + len(timers)


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
