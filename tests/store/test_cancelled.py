"""Whoever uses a pooled session next pays nothing for those who were cut off in the midst of a statement."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import anyio
import asyncpg
import pytest

from cuework.db.pool import Pool, Role, open_pool
from cuework.db.tenancy import tenant_transaction
from cuework.testing.waiting import until

ROUNDS, TASKS = 10, 20
WITHIN_S = 0.03  # what is cut off differs: before, between and in the midst of statements
TENANT = UUID(int=1)
_BUSY = "select array_agg(query) from pg_stat_activity where application_name = 'cut' and state <> 'idle'"
_LATE = "select query_start < clock_timestamp() - interval '0.6 s' from pg_stat_activity where application_name = 'cut'"


async def _work(pool: Pool, number: int) -> None:
    async with tenant_transaction(pool, TENANT) as connection:
        await connection.fetch(f"select $1::integer + {number}", number)
        await connection.execute(f"create temporary table t{number} () on commit drop")


async def _cancelled(pool: Pool, number: int) -> None:
    task = asyncio.create_task(_work(pool, number))
    asyncio.get_running_loop().call_later(number % 97 / 97 * WITHIN_S, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def _scope_cancelled(pool: Pool, number: int) -> None:
    """As a response is, whose client has gone: cancelled again and again until it ends."""
    with anyio.move_on_after(number % 97 / 97 * WITHIN_S):
        await _work(pool, number)


@pytest.mark.parametrize("cancelled", [_cancelled, _scope_cancelled])
async def test_a_cancelled_transaction_leaves_no_session_in_the_midst_of_anything(
    database_url: str, cancelled: Callable[[Pool, int], Awaitable[None]]
) -> None:
    owner = await asyncpg.connect(database_url)
    pool = await open_pool(database_url, Role.APP, size=TASKS, name="cut")

    async def rest() -> bool:
        return await owner.fetchval(_BUSY) is None

    for first in range(0, ROUNDS * TASKS, TASKS):
        await asyncio.gather(*(cancelled(pool, number) for number in range(first, first + TASKS)))
        await until("all sessions rest", rest)
    await asyncio.gather(*(_work(pool, number) for number in range(8)))
    await pool.close()
    await owner.close()


async def test_a_timer_that_was_left_running_ends_nobodys_transaction(database_url: str) -> None:
    """A statement that is prepared and not executed has its time limit running until another is."""
    owner = await asyncpg.connect(database_url)
    pool = await open_pool(database_url, Role.APP, size=1, name="cut")
    async with pool.acquire() as connection:
        await connection.execute("set statement_timeout = '0.5 s'")
        await connection.prepare("select 1")

    async def late() -> bool:
        return await owner.fetchval(_LATE)

    await until("its time is over", late)
    async with tenant_transaction(pool, TENANT) as connection:
        assert await connection.fetchval("select 1") == 1
    await pool.close()
    await owner.close()
