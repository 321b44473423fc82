"""GET /jobs/{id}: how far something that takes long has come."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from cuework.api.models import Answer, AnyJson, Instant
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.errors import NotFound

ROLES = {"get_job": Role.VIEWER}
router = Router("jobs")
_FIND = """
select id, kind, name, state, request, total, done, result, error, created_by, created_at, finished_at
from jobs where tenant_id = $1 and id = $2
"""


class Job(Answer):
    """Something that takes long; `total` is null until it is known."""

    id: UUID
    kind: str
    name: str
    state: Literal["queued", "running", "done", "failed"]
    request: Annotated[dict[str, Any], Field(description="What was asked for")]
    total: int | None
    done: int
    result: AnyJson
    error: str | None
    created_by: UUID | None
    created_at: Instant
    finished_at: Instant | None


@router.get("/jobs/{job_id}")
async def get_job(tx: Tx, who: Who, job_id: UUID) -> Job:
    """One job."""
    row = await tx.fetchrow(_FIND, who.tenant_id, job_id)
    if row is None:
        raise NotFound(f"There is no job {job_id}.")
    return Job(**row)
