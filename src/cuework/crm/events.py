"""Reads events back from the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection
from cuework.engine.events import Cause, Event, Ref

EVENT_COLUMNS = (
    "id, type, record_type, record_id, revision, occurred_at, changes, data, actor_type, actor_id, execution_id, "
    "root_id, hops, workflows, batch_id"
)


_NAMES = EVENT_COLUMNS.split(", ")


def event_of(row: Mapping[str, Any]) -> Event:
    """The event of a stored row. Values of changes are as JSON spells them, each pair a list."""
    return event_from(*[row[name] for name in _NAMES])


def event_from(
    identity: UUID,
    kind: str,
    record_type: str | None,
    record_id: UUID | None,
    revision: int,
    occurred_at: datetime,
    changes: Mapping[str, Any],
    data: Mapping[str, Any] | None,
    actor_type: str,
    actor_id: UUID | None,
    execution_id: UUID | None,
    root_id: UUID | None,
    hops: int,
    workflows: Sequence[UUID],
    batch_id: UUID | None,
) -> Event:
    """The same of the columns' values, in the order of EVENT_COLUMNS."""
    told: dict[str, Any] = dict(data) if data else {}
    links = {name: UUID(value) for name, value in told.pop("links").items()} if "links" in told else {}
    cause = Cause(actor_type, actor_id, execution_id, root_id, hops, tuple(workflows), batch_id)
    record = Ref(record_type, record_id) if record_id and record_type else None
    return Event(identity, kind, record, revision, occurred_at, cause, changes, links, told)


async def load_events(connection: Connection, tenant_id: UUID, ids: list[UUID]) -> dict[UUID, Event]:
    """The events by id; one that retention dropped is not among them. Cost: one query."""
    query = f"select {EVENT_COLUMNS} from events where tenant_id = $1 and id = any($2::uuid[])"
    return {row["id"]: event_of(row) for row in await connection.fetch(query, tenant_id, ids)}
