"""The history of one record in one list: changes, notes, messages, executions, and what was made for it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from cuework.api.models import Answer, Instant, Page, Sparse
from cuework.api.records import PLURAL, SetUp
from cuework.api.references import ExecutionRef, FieldChange, NamedActor
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx
from cuework.base.errors import Invalid, Problem
from cuework.crm.read import read
from cuework.crm.timeline import read_timeline
from cuework.engine.events import Ref

router = Router("timeline")
ROLES = {f"{kind}_timeline": Role.VIEWER for kind in PLURAL}


class TimelineDetails(Sparse):
    """What else there is to say of an entry: each kind has some of it, and what is null is left out."""

    revision: int | None = None
    data: Annotated[dict[str, Any], Field(description="What an event has besides fields")] | None = None
    subject: str | None = None
    recipient: str | None = None
    direction: str | None = None
    state: str | None = None
    error: str | None = None
    status: str | None = None
    reason: str | None = None
    version: int | None = None
    has_errors: bool | None = None
    finished_at: Instant | None = None
    name: str | None = None
    title: str | None = None
    due_at: Instant | None = None
    assignee_id: UUID | None = None


class TimelineEntry(Answer):
    """One thing that happened. `changes` is an event's, `text` an activity's; `more` is what else its kind has."""

    id: UUID
    kind: Literal["event", "activity", "message", "execution", "task", "deal"]
    type: str
    at: Instant
    actor: NamedActor | None
    execution: ExecutionRef | None
    text: str | None
    changes: list[FieldChange]
    more: TimelineDetails


def _add(kind: str) -> None:
    @router.get(
        f"/{PLURAL[kind]}/{{id}}/timeline",
        name=f"{kind}_timeline",
        response_model=Page[TimelineEntry],
        response_model_exclude_unset=True,
    )
    async def timeline(
        id: UUID,  # noqa: A002 - the API's word
        tx: Tx,
        catalog: SetUp,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
    ) -> dict[str, Any]:
        """What happened to the record, the newest first."""
        ref = Ref(kind, id)
        await read(tx, catalog, ref)
        entries = await read_timeline(tx, catalog, ref, limit=limit + 1, before=_before(cursor))
        more = len(entries) > limit
        shown = entries[:limit]
        return {"items": [_spelled(entry) for entry in shown], "next_cursor": str(shown[-1].id) if more else None}


for _kind in PLURAL:
    _add(_kind)


def _before(cursor: str | None) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise Invalid("The cursor is none of a timeline.", [Problem("query.cursor", "is not valid here")]) from None


def _spelled(entry: Any) -> dict[str, Any]:
    more = dict(entry.more)
    return {
        **{name: getattr(entry, name) for name in ("id", "kind", "type", "at", "actor", "execution")},
        "text": more.pop("text", None),
        "changes": more.pop("changes", []),
        "more": {name: value for name, value in more.items() if value is not None},
    }
