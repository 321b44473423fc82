"""/jobs: how far what takes long has come, and stopping it. Jobs are started where their work is asked for."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from cuework.api.known_words import one_of
from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, AnyJson, Instant, Page
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.errors import NotFound
from cuework.crm.actor import Actor
from cuework.db.pool import Connection
from cuework.workflows import jobs

ROLES = {"list_jobs": Role.VIEWER, "get_job": Role.VIEWER, "cancel_job": Role.MANAGER}
router = Router("jobs")
JobKind = Annotated[str, one_of(jobs.KINDS)]
_COLUMNS = (
    "id, kind, name, state, {request} as request, total, done, result, error, created_by, created_at, finished_at"
)
_ONE = _COLUMNS.format(request="request")
_MANY = _COLUMNS.format(request="request - 'ids'")  # each can name a thousand
State = Literal["queued", "running", "done", "failed", "cancelled"]


class Job(Answer):
    """Something that takes long; `total` is null until it is known."""

    id: UUID
    kind: str
    name: str
    state: State
    request: Annotated[dict[str, Any], Field(description="What was asked for; lists leave `ids` out")]
    total: int | None
    done: int
    result: AnyJson
    error: str | None
    created_by: UUID | None
    created_at: Instant
    finished_at: Instant | None


@router.get("/jobs", response_model=Page[Job])
async def list_jobs(
    tx: Tx,
    who: Who,
    asked: Asked,
    state: State | None = None,
    kind: Annotated[JobKind | None, Query(description="Such as executions")] = None,
) -> dict[str, Any]:
    """A page of jobs, the newest first."""
    source = Source(
        _MANY,
        "jobs where tenant_id = $1 and ($2::text is null or state = $2) and ($3::text is null or kind = $3)",
        [who.tenant_id, state, kind],
        {"created_at": Sortable("id", "uuid")},
        "-created_at",
    )
    return await fetch_page(tx, asked, source)


@router.get("/jobs/{job_id}")
async def get_job(tx: Tx, who: Who, job_id: UUID) -> Job:
    """One job."""
    return await _read(tx, who, job_id)


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(tx: Tx, who: Who, job_id: UUID) -> Job:
    """The job does no more, and what it did stays done. One that was cancelled already is answered as it is.

    Refused for one that has ended, and for resuming a workflow: pause that instead.
    """
    await jobs.cancel(tx, who, job_id)
    return await _read(tx, who, job_id)


async def _read(tx: Connection, who: Actor, job_id: UUID) -> Job:
    row = await tx.fetchrow(f"select {_ONE} from jobs where tenant_id = $1 and id = $2", who.tenant_id, job_id)
    if row is None:
        raise NotFound(f"There is no job {job_id}.")
    return Job(**row)
