"""The history of one record in one list: changes, notes, messages, executions, and what was made for it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from cuework.api import cursors
from cuework.api.lists import Cursor, Limit
from cuework.api.models import Answer, Instant, Page, Sparse
from cuework.api.records import PLURAL, SetUp
from cuework.api.references import ExecutionRef, FieldChange, NamedActor
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx
from cuework.crm.read import read
from cuework.crm.timeline import read_timeline
from cuework.engine.events import Ref

router = Router("timeline")
Order = Literal["-at", "at"]
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
        limit: Limit = 50,
        cursor: Cursor = None,
        sort: Annotated[Order, Query(description="By when it happened")] = "-at",
    ) -> dict[str, Any]:
        """What happened to the record, the newest first."""
        ref = Ref(kind, id)
        await read(tx, catalog, ref)
        entries = await read_timeline(
            tx, catalog, ref, limit=limit + 1, beyond=_beyond(cursor, sort), oldest_first=sort == "at"
        )
        shown = entries[:limit]
        following = cursors.spell(sort, None, str(shown[-1].id)) if len(entries) > limit else None
        return {"items": [_spelled(entry) for entry in shown], "next_cursor": following}


for _kind in PLURAL:
    _add(_kind)


def _beyond(cursor: str | None, sort: str) -> UUID | None:
    """The entry that the page before ended with."""
    if not cursor:
        return None
    try:
        return UUID(cursors.read(cursor, sort)[1])
    except ValueError:
        raise cursors.refused() from None


def _spelled(entry: Any) -> dict[str, Any]:
    more = dict(entry.more)
    return {
        **{name: getattr(entry, name) for name in ("id", "kind", "type", "at", "actor", "execution")},
        "text": more.pop("text", None),
        "changes": more.pop("changes", []),
        "more": {name: value for name, value in more.items() if value is not None},
    }
