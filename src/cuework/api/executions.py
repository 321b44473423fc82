"""Executions: the list, one with its steps, figures, and what people tell them to do."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import Field

from cuework.api import cursors
from cuework.api.execution_models import (
    Accepted,
    Execution,
    ExecutionCount,
    ExecutionDetail,
    ExecutionStatistics,
    ExecutionStatus,
    Reason,
)
from cuework.api.lists import Cursor, Limit
from cuework.api.models import Body, Page, SentInstant
from cuework.api.revisions import IfMatch, show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base import json
from cuework.workflows import control, executions, statistics, timeline
from cuework.workflows.executions import Filter
from cuework.workflows.vocabulary import installed

# Cancelling and retrying touch what a workflow's author built, so they are the manager's.
ROLES = {
    "list_executions": Role.VIEWER,
    "count_executions": Role.VIEWER,
    "get_execution_statistics": Role.VIEWER,
    "get_execution": Role.VIEWER,
    "cancel_execution": Role.MANAGER,
    "retry_execution": Role.MANAGER,
}
router = Router("executions")
Order = Literal["-started_at", "started_at"]


def _filter(
    workflow_id: UUID | None = None,
    status: ExecutionStatus | None = None,
    reason: Annotated[Reason | None, Query(description="Why it ended")] = None,
    record_id: UUID | None = None,
    from_at: Annotated[SentInstant | None, Query(alias="from", description="Started at this instant or later")] = None,
    to_at: Annotated[SentInstant | None, Query(alias="to", description="Started before this instant")] = None,
    has_errors: Annotated[bool | None, Query(description="Whether a step of it failed")] = None,
    test: Annotated[bool | None, Query(description="Whether it is a test")] = None,
) -> Filter:
    return Filter(workflow_id, status, reason, record_id, from_at, to_at, has_errors, test)


Narrowed = Annotated[Filter, Depends(_filter)]


@router.get("/executions", response_model=Page[Execution])
async def list_executions(
    tx: Tx,
    who: Who,
    wanted: Narrowed,
    limit: Limit = 50,
    cursor: Cursor = None,
    sort: Annotated[Order, Query(description="By when what started them happened")] = "-started_at",
) -> Response:
    """A page of executions, the newest first."""
    oldest_first = sort == "started_at"
    items, last = await executions.page(
        tx, who.tenant_id, wanted, beyond=_beyond(cursor, sort), limit=limit, oldest_first=oldest_first
    )
    following = cursors.spell(sort, None, str(last)) if last is not None else None
    # Lists are read by everybody all the time: the rows are written as they are, and the tests hold them to the model.
    return Response(json.dumps({"items": items, "next_cursor": following}), media_type="application/json")


@router.get("/executions/count", response_model=ExecutionCount)
async def count_executions(tx: Tx, who: Who, wanted: Narrowed) -> dict[str, Any]:
    """How many the filter finds: exact to 10,000, then `10,000+`."""
    return await executions.count(tx, who.tenant_id, wanted)


@router.get("/executions/stats", response_model=ExecutionStatistics)
async def get_execution_statistics(
    tx: Tx,
    who: Who,
    workflow_id: UUID | None = None,
    from_at: Annotated[SentInstant | None, Query(alias="from")] = None,
    to_at: Annotated[SentInstant | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    """How many executions, how they ended and how long they took. Tests are not counted."""
    return await statistics.figures(tx, who.tenant_id, workflow_id=workflow_id, from_at=from_at, to_at=to_at)


@router.get("/executions/{execution_id}", response_model=ExecutionDetail, response_model_exclude_unset=True)
async def get_execution(response: Response, tx: Tx, who: Who, execution_id: UUID) -> dict[str, Any]:
    """One execution with every step, and what set it off."""
    shown = await timeline.read(tx, who.tenant_id, execution_id, installed())
    show_revision(response, shown["revision"])
    return shown if who.role >= Role.MANAGER else _without_traces(shown)


class Cancel(Body):
    """Why it is cancelled, for the log."""

    why: Annotated[str | None, Field(max_length=500)] = None


@router.post("/executions/{execution_id}/cancel", status_code=202)
async def cancel_execution(
    tx: Tx, who: Who, execution_id: UUID, expected: IfMatch, body: Cancel | None = None
) -> Accepted:
    """The execution will end as cancelled within moments; what its steps did stays done."""
    await control.cancel(tx, who, execution_id, why=body.why if body else None, expected=expected)
    return Accepted(id=execution_id, accepted="cancel")


class Retry(Body):
    """Which version it goes on with."""

    latest: bool = False


@router.post("/executions/{execution_id}/retry", status_code=202)
async def retry_execution(
    tx: Tx, who: Who, execution_id: UUID, expected: IfMatch, body: Retry | None = None
) -> Accepted:
    """One that failed or was cancelled will go on where it stood; steps that succeeded are not repeated."""
    await control.retry(tx, who, execution_id, latest=body.latest if body else False, expected=expected)
    return Accepted(id=execution_id, accepted="retry")


def _beyond(cursor: str | None, sort: str) -> UUID | None:
    """The execution that the page before ended with."""
    if not cursor:
        return None
    _, last = cursors.read(cursor, sort)
    try:
        return UUID(last)
    except ValueError:
        raise cursors.refused() from None


def _without_traces(shown: dict[str, Any]) -> dict[str, Any]:
    """The execution without the traces of errors, which show how things are built (§32)."""
    for step in shown["steps"]:
        if isinstance(step["error"], dict):
            step["error"] = {name: part for name, part in step["error"].items() if name != "trace"}
    return shown
