"""POST /executions/bulk: cancel or retry many executions, by filter or by id, as a job, at a rate; counted first."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import ConfigDict, Field, StringConstraints

from cuework.api.execution_models import BulkCount, BulkStarted, Reason
from cuework.api.models import Body, SentInstant
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base import json
from cuework.base.errors import Invalid, Problem
from cuework.workflows import bulk_control, jobs

ROLES = {"control_executions": Role.MANAGER}
router = Router("executions")
MOST = 1_000


class Chosen(Body):
    """Which executions; what is left out means any."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    workflow_id: UUID | None = None
    status: Literal["pending", "running", "waiting", "failed", "cancelled"] | None = None
    reason: Reason | None = None
    record_id: UUID | None = None
    from_at: Annotated[SentInstant | None, Field(alias="from")] = None
    to_at: Annotated[SentInstant | None, Field(alias="to")] = None
    has_errors: bool | None = None


class Control(Body):
    """What to do to which executions: those that `filter` finds, or those of `ids` that it can be done to.

    `name` is the incident's, which only a `dry_run` does without; `rate` is executions a second. By filter, cancelled
    executions are retried only if `status` says so.
    """

    action: Literal["cancel", "retry"]
    filter: Chosen | None = None
    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)] | None = None
    name: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""
    rate: Annotated[int, Field(ge=1, le=1000)] = 100
    latest: bool = False
    dry_run: bool = False


_COUNTED: dict[int | str, dict[str, Any]] = {
    200: {"model": BulkCount, "description": "With `dry_run`: nothing was done"}
}


@router.post("/executions/bulk", status_code=202, response_model=BulkStarted, responses=_COUNTED)
async def control_executions(tx: Tx, who: Who, body: Control) -> BulkStarted | Response:
    """A job that tells them, in batches; with `dry_run` only their number."""
    request = _request(body)
    found = await bulk_control.count(tx, who.tenant_id, request)
    if body.dry_run:
        return Response(json.dumps(found), media_type="application/json")
    if not body.name:
        problem = Problem("name", "is required: what happened, for the job and the log of each execution")
        raise Invalid(f"Give the incident a name before you {body.action} many executions.", [problem])
    total = None if found["more"] else found["count"]
    identity = await jobs.start(tx, who, "executions", request, name=body.name, total=total)
    await bulk_control.note(tx, who, identity, request, found)
    return BulkStarted(id=identity, **found)


def _request(body: Control) -> dict[str, Any]:
    """The job's request. Errors: Invalid unless the body says which executions, in one way."""
    if (body.filter is None) == (body.ids is None):
        message = "is required, or ids" if body.filter is None else "cannot be together with ids"
        how = "Say which executions, by filter or by ids" + ("." if body.filter is None else ", not by both.")
        raise Invalid(how, [Problem("filter", message)])
    which = {"filter": body.filter.model_dump() if body.filter else None} | ({"ids": body.ids} if body.ids else {})
    return {"action": body.action, **which, "name": body.name, "rate": body.rate, "latest": body.latest}
