"""Deletes what the interface itself keeps for a while: ended sessions, old idempotency keys and receipts. Once an hour.

Must not touch records or logs of the engine: their retention is the workers' business.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import structlog

from cuework.db import tenancy
from cuework.db.pool import AWAY, Pool

EVERY_S = 3600.0
log = structlog.get_logger("cuework.api")


@asynccontextmanager
async def running(pool: Pool, /) -> AsyncGenerator[None]:
    """While inside, old rows are deleted in the background."""
    task = asyncio.create_task(_forget_for_ever(pool))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def forget_old_rows(pool: Pool, /) -> None:
    """No tenant has an ended session, an idempotency key of over a day, or a hook's receipt of over a month."""
    for row in await pool.fetch("select tenant_id from tenant_directory order by tenant_id"):
        async with tenancy.tenant_transaction(pool, row["tenant_id"]) as connection:
            await connection.execute(
                "delete from sessions where tenant_id = $1 and expires_at < now()", row["tenant_id"]
            )
            await connection.execute(
                "delete from idempotency_keys where tenant_id = $1 and created_at < now() - interval '1 day'",
                row["tenant_id"],
            )
            await connection.execute(
                "delete from hook_receipts where tenant_id = $1 and received_at < now() - interval '30 days'",
                row["tenant_id"],
            )


async def _forget_for_ever(pool: Pool) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await forget_old_rows(pool)
        except AWAY as error:
            log.warning("old sessions and keys were not deleted", error=str(error))
