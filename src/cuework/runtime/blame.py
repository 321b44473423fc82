"""Finds which workflow is at fault when an event fails alone: each is tried by itself, and only that one is put aside.

The event's input becomes several, each tried alone before anything else of its lane: one for the executions that
wait for it, and one for each workflow that it may start. Shape of their payload: {"only": [workflow ids]}, empty for
the first. Nothing of this costs an event that does not fail.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from cuework.base.ids import new_id
from cuework.base.json import dumps_text
from cuework.db.pool import Connection
from cuework.runtime.claim import Input

if TYPE_CHECKING:
    from cuework.runtime.tenant import Tenant

_SPLIT = """
with whole as (delete from inbox where tenant_id = $1 and id = $2 returning lane, priority, revision, event_id)
insert into inbox (tenant_id, id, lane, kind, priority, revision, event_id, payload, attempts)
select $1, u.id, w.lane, 'event', w.priority, w.revision, w.event_id, u.payload::jsonb, 1
from whole w, unnest($3::uuid[], $4::text[]) as u(id, payload)
"""


async def split(connection: Connection, tenant: "Tenant", failed: Input) -> bool:
    """Whether the input was an event that can be tried in parts, and is now there as those."""
    event = failed.event
    if failed.id is None or event is None or failed.payload is not None:
        return False
    workflows = {
        trigger.workflow_id
        for trigger in tenant.index.triggers
        if event.type in trigger.plan.trigger.listens and trigger.covers(event.occurred_at)
    }
    parts: list[list[UUID]] = [[], *[[each] for each in sorted(workflows)]]
    payloads = [dumps_text({"only": part}) for part in parts]
    await connection.execute(_SPLIT, tenant.id, failed.id, [new_id() for _ in parts], payloads)
    return True


def only_of(cause: Input | None) -> list[str] | None:
    """The workflows that an event's input is for; None for all of them, and for who waits for it."""
    return cause.payload.get("only") if cause is not None and cause.payload is not None else None
