"""Does what a worker does for one tenant, in this process and at once, so that tests need not wait for one."""

import asyncio
from datetime import timedelta
from uuid import UUID

from cuework.db.pool import Pool
from cuework.nodes import discover
from cuework.runtime.tenant import Tenant
from cuework.runtime.turn import take_turn

MOST = 1000


async def run_passes(pool: Pool, tenant_id: UUID, *, tenant: Tenant | None = None) -> None:
    """Every input of the tenant that is due has been handled, and what was put off meanwhile.

    Shape: tenant keeps definitions between calls.
    Errors: AssertionError when the inputs do not come to an end.
    """
    tenant = tenant or Tenant(tenant_id, discover())
    async with pool.acquire() as connection:
        pause: timedelta | None = None
        for _ in range(MOST):
            report = (await take_turn(connection, tenant)).report
            if report is not None:
                pause = report.again_after or pause
            elif pause is not None:  # as a worker, it comes back then
                await asyncio.sleep(pause.total_seconds())
                pause = None
            else:
                return
    raise AssertionError(f"{MOST} passes did not come to an end.")
