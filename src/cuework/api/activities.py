"""Activities: notes, calls and the like about a record, by people and by workflows."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import StringConstraints

from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Body, Instant, Page, SentInstant
from cuework.api.records import Writes
from cuework.api.references import ActorRef, RecordRef
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.patterns import WORD
from cuework.crm.activities import NewActivity, log_activity
from cuework.engine.events import Ref

ROLES = {"list_activities": Role.VIEWER, "create_activity": Role.MEMBER}
router = Router("activities")


class NewActivityBody(Body):
    """A note about a record."""

    type: Annotated[str, StringConstraints(pattern=WORD)] = "note"
    record: RecordRef
    text: Annotated[str, StringConstraints(min_length=1, max_length=50_000, strip_whitespace=True)]
    occurred_at: SentInstant | None = None


class Activity(Answer):
    """A note about a record, who wrote it, and by which execution."""

    id: UUID
    type: str
    record: RecordRef
    text: str
    actor: ActorRef
    execution_id: UUID | None
    occurred_at: Instant


@router.get("/activities", response_model=Page[Activity])
async def list_activities(
    tx: Tx, who: Who, asked: Asked, record_id: Annotated[UUID | None, Query(description="Of this record")] = None
) -> dict[str, Any]:
    """A page of activities, the latest first."""
    source = Source(
        "*",
        "activities where tenant_id = $1" + (" and record_id = $2" if record_id else ""),
        [who.tenant_id, *([record_id] if record_id else [])],
        {"id": Sortable("id", "uuid"), "occurred_at": Sortable("occurred_at", "timestamptz")},
        "-id",
    )
    return await fetch_page(tx, asked, source, _spelled)


@router.post("/activities", status_code=201, response_model=Activity)
async def create_activity(body: NewActivityBody, by: Writes) -> dict[str, Any]:
    """The note is on the record's timeline."""
    record = Ref(body.record.type, body.record.id)
    return _spelled(await log_activity(by, NewActivity(body.type, record, body.text, body.occurred_at)))


def _spelled(row: Any) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("id", "type", "text", "execution_id", "occurred_at")},
        "record": {"type": row["record_type"], "id": row["record_id"]},
        "actor": {"type": row["actor_type"], "id": row["actor_id"]},
    }
