"""/healthz: this process is alive. /readyz: the database answers and a worker was seen lately."""

from typing import Any

from fastapi import Request, Response

from cuework.api.roles import Role
from cuework.api.routing import ACQUIRE_WITHIN, Router
from cuework.api.state import state_of

ROLES = {"healthz": Role.PUBLIC, "readyz": Role.PUBLIC}
router = Router("health", prefix="")

_SEEN = """
select count(*) from processes where kind = 'worker' and seen_at > clock_timestamp() - interval '15 seconds'
"""


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """This process is alive."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "The database or the workers are not ready"}})
async def readyz(request: Request, response: Response) -> dict[str, Any]:
    """The database answers and a worker works; 503 otherwise."""
    async with state_of(request).pool.acquire(timeout=ACQUIRE_WITHIN) as connection:
        workers = await connection.fetchval(_SEEN)
    if not workers:
        response.status_code = 503
        return {"status": "not ready", "detail": "No worker was seen in the last 15 seconds.", "workers": 0}
    return {"status": "ready", "workers": workers}
