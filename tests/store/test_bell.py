"""The bell is a hint, but one that comes back by itself."""

import asyncio
from uuid import UUID

import asyncpg

from cuework.base.ids import new_id
from cuework.runtime.bell import Bell, Channel
from cuework.testing.waiting import PATIENCE_S, until

_LISTENERS = """select pid from pg_stat_activity
where datname = current_database() and application_name = 'cuework bell' and query ilike 'listen%'"""


async def test_who_only_hears_hears_again_after_the_connection_was_cut(module_database_url: str) -> None:
    heard: asyncio.Queue[UUID] = asyncio.Queue()
    bell = Bell(module_database_url)
    bell.hear(Channel.NEWS, heard.put_nowait)
    await bell.start()
    admin = await asyncpg.connect(module_database_url)
    cut = await _listener(admin, None)
    await admin.execute("select pg_terminate_backend($1)", cut)
    await _listener(admin, cut)
    tenant = new_id()
    await admin.execute("select pg_notify($1, $2)", Channel.NEWS.value, tenant.hex)
    async with asyncio.timeout(PATIENCE_S):
        assert await heard.get() == tenant
    await bell.stop()
    await admin.close()


async def _listener(admin: "asyncpg.Connection[asyncpg.Record]", but: int | None) -> int:
    """The backend that listens, once there is one other than that."""

    async def others() -> list[int]:
        return [row["pid"] for row in await admin.fetch(_LISTENERS) if row["pid"] != but]

    return (await until("the bell listens", others))[0]
