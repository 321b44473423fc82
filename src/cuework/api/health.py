"""/healthz: this process is alive. /readyz: the database answers and a worker was seen lately."""

from typing import Any, Literal

from fastapi import Request, Response

from cuework.api.models import Answer, Sparse
from cuework.api.parameters import ANY_QUERY
from cuework.api.roles import Role
from cuework.api.routing import ACQUIRE_WITHIN, Router
from cuework.api.state import state_of

ROLES = {"healthz": Role.PUBLIC, "readyz": Role.PUBLIC}
router = Router("health", prefix="")
# Who looks is a load balancer, perhaps with a query against caches: that must not look like a process that is down.

_SEEN = """
select count(*) from processes where kind = 'worker' and seen_at > clock_timestamp() - interval '15 seconds'
"""


class Alive(Answer):
    """This process is alive."""

    status: Literal["alive"] = "alive"


class Ready(Sparse):
    """Whether requests and workflows are served; `detail` says why not."""

    status: Literal["ready", "not ready"]
    workers: int
    detail: str | None = None


_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"description": "The database or the workers are not ready", "model": Ready}
}


@router.get("/healthz", openapi_extra=ANY_QUERY)
async def healthz() -> Alive:
    """This process is alive."""
    return Alive()


@router.get("/readyz", openapi_extra=ANY_QUERY, response_model_exclude_unset=True, responses=_NOT_READY)
async def readyz(request: Request, response: Response) -> Ready:
    """The database answers and a worker works; 503 otherwise."""
    async with state_of(request).pool.acquire(timeout=ACQUIRE_WITHIN) as connection:
        workers = await connection.fetchval(_SEEN)
    if not workers:
        response.status_code = 503
        return Ready(status="not ready", workers=0, detail="No worker was seen in the last 15 seconds.")
    return Ready(status="ready", workers=workers)
