"""Reads events back from the log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection
from cuework.engine.events import Cause, Event, Ref

EVENT_COLUMNS = (
    "id, type, record_type, record_id, revision, occurred_at, changes, data, actor_type, actor_id, execution_id, "
    "root_id, hops, workflows, batch_id"
)


def event_of(row: Mapping[str, Any]) -> Event:
    """The event of a stored row. Values of changes are as JSON spells them."""
    data: dict[str, Any] = dict(row["data"] or {})
    named: Mapping[str, str] = data.pop("links", None) or {}
    links = {name: UUID(value) for name, value in named.items()}
    cause = Cause(
        row["actor_type"],
        row["actor_id"],
        row["execution_id"],
        row["root_id"],
        row["hops"],
        tuple(row["workflows"]),
        row["batch_id"],
    )
    record = Ref(row["record_type"], row["record_id"]) if row["record_id"] else None
    changes = {name: (old, new) for name, (old, new) in row["changes"].items()}
    return Event(row["id"], row["type"], record, row["revision"], row["occurred_at"], cause, changes, links, data)


async def load_events(connection: Connection, tenant_id: UUID, ids: list[UUID]) -> dict[UUID, Event]:
    """The events by id; one that retention dropped is not among them. Cost: one query."""
    query = f"select {EVENT_COLUMNS} from events where tenant_id = $1 and id = any($2::uuid[])"
    return {row["id"]: event_of(row) for row in await connection.fetch(query, tenant_id, ids)}
