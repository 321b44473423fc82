"""Keeps the last refusals past the filter, so that people can be told why a record did not enter."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cuework.base.ids import new_id
from cuework.base.json import dumps_text
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.runtime.entering import Refused

KEPT = 100  # per workflow

_COLUMNS = {"id": "uuid", "workflow_id": "uuid", "version": "integer", "event_id": "uuid", "record_type": "text"} | {
    "record_id": "uuid",
    "reason": "text",
    "detail": "jsonb",
    "at": "timestamptz",
}


async def write_misses(connection: Connection, tenant_id: UUID, refused: Sequence[Refused], now: datetime) -> None:
    """The newest refusals of each workflow are stored; counters hold how many there were."""
    newest: dict[UUID, list[Refused]] = {}
    for each in refused:
        newest.setdefault(each.start.trigger.workflow_id, []).append(each)
    rows = [each for kept in newest.values() for each in kept[-KEPT:]]
    if not rows:
        return
    records = [each.start.event.record for each in rows]
    columns = [
        [new_id() for _ in rows],
        [each.start.trigger.workflow_id for each in rows],
        [each.start.trigger.version for each in rows],
        [each.start.event.id for each in rows],
        [record.type if record else None for record in records],
        [record.id if record else None for record in records],
        [each.reason for each in rows],
        [dumps_text({"by": each.by, "entry_key": each.start.entry_key}) for each in rows],
        [now] * len(rows),
    ]
    await bulk.insert(connection, tenant_id, "misses", _COLUMNS, columns)
    await connection.execute(
        """delete from misses m using (
             select id, row_number() over (partition by workflow_id order by id desc) as place
             from misses where tenant_id = $1 and workflow_id = any($2::uuid[])) as old
           where m.tenant_id = $1 and m.id = old.id and old.place > $3""",
        tenant_id,
        list(newest),
        KEPT,
    )
