"""What people tell executions to do: cancel, or go on where they stood.

It writes commands only. The pass that holds the execution's lane carries them out, so nothing here races with
what the execution is doing; a command that does not fit any more when its turn comes has no effect.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, NotFound
from cuework.base.ids import new_id
from cuework.crm.actor import Actor
from cuework.crm.setup import check_revision
from cuework.db.pool import Connection
from cuework.workflows.executions import LIVE
from cuework.workflows.put_aside import let_go
from cuework.workflows.retryable import FREE, RETRYABLE, TAKEN, why_not

_STATE = f"""
select e.status, e.reason, e.lane, e.revision, e.finished_at is not null and {RETRYABLE} as retryable, {FREE} as free
from executions e where e.tenant_id = $1 and e.id = $2
"""
_COMMAND = """
insert into inbox (tenant_id, id, lane, kind, execution_id, payload) values ($1, $2, $3, 'command', $4, $5)
"""


async def cancel(
    connection: Connection, actor: Actor, execution_id: UUID, *, why: str | None = None, expected: int | None = None
) -> None:
    """The execution will end as cancelled.

    Errors: NotFound; Stale if it has not the expected revision when this is asked; Conflict if it has ended already.
    """
    row = await _read(connection, actor.tenant_id, execution_id)
    check_revision(expected, row["revision"])
    if row["status"] not in LIVE:
        raise Conflict(f"The execution has ended already ({row['status']}).", state=row["status"])
    words = f"{actor.name} cancelled it" + (f": {why.strip()}" if why and why.strip() else ".")
    await _send(connection, actor, row["lane"], execution_id, {"do": "cancel", "why": words})


async def retry(
    connection: Connection, actor: Actor, execution_id: UUID, *, latest: bool = False, expected: int | None = None
) -> None:
    """The execution will go on where it failed or was cancelled, on its version or the latest.

    Steps that succeeded are not repeated. Errors: NotFound; Stale as for `cancel`; Conflict says why it cannot be.
    """
    row = await _read(connection, actor.tenant_id, execution_id)
    check_revision(expected, row["revision"])
    if not row["retryable"]:
        raise Conflict(why_not(row["status"], row["reason"]), state=row["status"], reason=row["reason"])
    if not row["free"]:
        raise Conflict(TAKEN, state=row["status"], reason=row["reason"])
    await let_go(connection, actor.tenant_id, [execution_id])
    await _send(connection, actor, row["lane"], execution_id, {"do": "retry", "latest": latest})


async def _read(connection: Connection, tenant_id: UUID, execution_id: UUID) -> Mapping[str, Any]:
    row = await connection.fetchrow(_STATE, tenant_id, execution_id)
    if row is None:
        raise NotFound(f"There is no execution {execution_id}.")
    return row


async def _send(
    connection: Connection, actor: Actor, lane: int, execution_id: UUID, payload: Mapping[str, Any]
) -> None:
    by = {"type": actor.type, "id": actor.id, "name": actor.name}
    await connection.execute(_COMMAND, actor.tenant_id, new_id(), lane, execution_id, {**payload, "actor": by})
