"""Composes the serving process's state out of Cuework's parts.

It joins and holds no behaviour of its own.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from cuework.api.state import AppState
from cuework.base.settings import Settings
from cuework.channels.addresses import Guard
from cuework.channels.registry import Channels
from cuework.channels.secrets import Keyring
from cuework.db.pool import Pool, Role, open_pool
from cuework.runtime.bell import Bell
from cuework.workflows.feed import Feed


@asynccontextmanager
async def open_state(settings: Settings, dsn: str) -> AsyncGenerator[AppState]:
    """The state of a serving process on a migrated database; closed at the end."""
    keyring = Keyring.load(settings, settings.data)
    channels = Channels.standard(keyring, Guard.from_settings(settings))
    pool = await open_pool(dsn, Role.APP, size=settings.pool_size, name="cuework serve")
    feed = Feed(pool)
    bell = Bell(dsn)
    await bell.start()

    def ring(tenant_id: UUID) -> None:
        bell.ring(tenant_id)
        feed.ring(tenant_id)

    try:
        yield AppState(pool, settings, ring=ring, keyring=keyring, channels=channels, extras={"feed": feed})
    finally:
        feed.close()
        await bell.stop()
        await channels.close()
        await _close(pool)


async def _close(pool: Pool) -> None:
    """Connections in use get a moment, then they are cut: a stop must not hang on one."""
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()
