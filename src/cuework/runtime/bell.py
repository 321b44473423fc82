"""The bell: tells other processes that a tenant has work or news, after the commit, from one connection.

Inside writing transactions NOTIFY takes a database-wide lock and cuts commits to a quarter, so it rings here,
at most every few milliseconds. It is a hint: polling is the truth, and a lost ring costs a poll's delay.
"""

import asyncio
import contextlib
from collections.abc import Callable
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from cuework.db.pool import AWAY, Connection, Role, connect

log = structlog.get_logger()

_PAUSE_S = 0.005
_PER_PAYLOAD = 200  # a payload holds 8000 bytes


class Channel(StrEnum):
    """What a ring says: WORK there are inputs or effects; NEWS what browsers show has changed."""

    WORK = "cuework_work"
    NEWS = "cuework"


async def ring_at_once(connection: Connection, tenant_id: UUID) -> None:
    """The tenant has work and news, said by a command that is about to end. Call after the commit."""
    for channel in Channel:
        await connection.execute("select pg_notify($1, $2)", channel.value, tenant_id.hex)


class Bell:
    """Rings and hears for one process. `start` it before use; it reconnects by itself."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pending: set[tuple[Channel, UUID]] = set()
        self._wanted = asyncio.Event()
        self._hearers: dict[Channel, list[Callable[[UUID], None]]] = {}
        self._connection: asyncpg.Connection[Any] | None = None
        self._task: asyncio.Task[None] | None = None

    def ring(self, tenant_id: UUID, channel: Channel = Channel.WORK) -> None:
        """The tenant is told of soon. Never blocks, never fails."""
        self._pending.add((channel, tenant_id))
        self._wanted.set()

    def hear(self, channel: Channel, hearer: Callable[[UUID], None]) -> None:
        """The hearer is called with the tenant of every ring of other processes. Call before `start`."""
        self._hearers.setdefault(channel, []).append(hearer)

    async def start(self) -> None:
        """The bell rings and hears until `stop`."""
        self._task = asyncio.create_task(self._run(), name="bell")

    async def stop(self) -> None:
        """The bell is silent and its connection closed."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._ring_pending()
            except AWAY as error:
                log.warning("bell.lost", error=type(error).__name__)
                self._connection = None
                await asyncio.sleep(0.5)

    async def _ring_pending(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(
                self._dsn,
                Role.APP,
                name="cuework bell",
                idle_in_transaction_session_timeout="0",
                synchronous_commit="off",  # a ring is a hint: it need not wait for the disk
            )
            # Who only hears never finds out by itself that the line is cut.
            self._connection.add_termination_listener(lambda _: self._wanted.set())
            for channel in self._hearers:
                await self._connection.add_listener(channel.value, self._heard)
        await self._wanted.wait()
        self._wanted.clear()
        pending, self._pending = self._pending, set()
        for channel in Channel:
            tenants = [tenant.hex for each, tenant in pending if each is channel]
            for first in range(0, len(tenants), _PER_PAYLOAD):
                payload = ",".join(tenants[first : first + _PER_PAYLOAD])
                await self._connection.execute("select pg_notify($1, $2)", channel.value, payload)
        await asyncio.sleep(_PAUSE_S)

    def _heard(self, connection: Any, pid: int, channel: str, payload: object) -> None:
        if self._connection is not None and pid == self._connection.get_server_pid():
            return
        for word in str(payload).split(","):
            with contextlib.suppress(ValueError):
                tenant = UUID(word)
                for hearer in self._hearers.get(Channel(channel), ()):
                    hearer(tenant)
