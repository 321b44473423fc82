"""GET /events: what happened to records, from the log that everything else rests on."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from cuework.api.known_words import one_of
from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Instant, Page
from cuework.api.references import ActorRef, FieldChanges, RecordRef
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.engine.events import EVENT_TYPES

ROLES = {"list_events": Role.VIEWER}
router = Router("events")
EventType = Annotated[str, one_of(EVENT_TYPES)]


class EventAnswer(Answer):
    """One event. Who made it happen is the actor; an execution is named by execution_id."""

    id: UUID
    type: str
    record: RecordRef | None
    revision: int
    occurred_at: Instant
    changes: FieldChanges
    data: Annotated[dict[str, Any], Field(description="What is no field: answers, payloads, links")] | None
    actor: ActorRef
    execution_id: UUID | None
    root_id: UUID
    hops: int
    batch_id: UUID | None


@router.get("/events", response_model=Page[EventAnswer])
async def list_events(
    tx: Tx,
    who: Who,
    asked: Asked,
    record_id: UUID | None = None,
    type: Annotated[EventType | None, Query(description="What happened, such as contact.created")] = None,  # noqa: A002
) -> dict[str, Any]:
    """Events, newest first."""
    arguments: list[Any] = [who.tenant_id]
    where = "events where tenant_id = $1"
    for column, value in (("record_id", record_id), ("type", type)):
        if value is not None:
            arguments.append(value)
            where += f" and {column} = ${len(arguments)}"
    source = Source("*", where, arguments, {"occurred_at": Sortable("id", "uuid")}, "-occurred_at")
    return await fetch_page(tx, asked, source, _shown)


def _shown(row: Any) -> dict[str, Any]:
    names = ("id", "type", "revision", "occurred_at", "changes", "data", "execution_id", "root_id", "hops", "batch_id")
    record = {"type": row["record_type"], "id": row["record_id"]} if row["record_id"] else None
    actor = {"type": row["actor_type"], "id": row["actor_id"]}
    return {name: row[name] for name in names} | {"record": record, "actor": actor}
