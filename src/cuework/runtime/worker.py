"""A worker process: finds tenants with work and gives them turns, in a ring, on a few connections.

The ring is fair: a tenant with much to do goes to its end after each turn. Rings of the bell put a tenant
into it at once; a poll of the due times finds what no bell announced.
"""

import asyncio
import contextlib
import os
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from cuework.base.ids import new_id
from cuework.db.pool import AWAY, Role, connect
from cuework.engine.registry import NodeTypes
from cuework.runtime.bell import Bell, Channel
from cuework.runtime.claim import BATCH, discover, next_due_after
from cuework.runtime.journal import Journal
from cuework.runtime.planning import Growth, connect_pass
from cuework.runtime.poison import suspect_the_dead
from cuework.runtime.tenant import Tenants
from cuework.runtime.turn import LOST, take_turn

log = structlog.get_logger()

_POLL_S = 0.5  # how late a lost ring is noticed at most
_HEARTBEAT_S = 5.0
_DEAD_AFTER = "30 seconds"
_LEAVE_WITHIN_S = 3.0


@dataclass(slots=True)
class Ring:
    """Tenants whose turn comes. One tenant stands in it once; `take` blocks until there is one."""

    order: deque[UUID] = field(default_factory=deque[UUID])
    members: set[UUID] = field(default_factory=set[UUID])
    filled: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def add(self, tenant_id: UUID) -> None:
        """The tenant gets a turn after those who wait already."""
        if tenant_id not in self.members:
            self.members.add(tenant_id)
            self.order.append(tenant_id)
            self.filled.set()

    def close(self) -> None:
        """Nobody gets a turn any more."""
        self.closed = True
        self.filled.set()

    async def take(self) -> UUID | None:
        """The next tenant, once there is one; None when the ring is closed."""
        while not self.order and not self.closed:
            self.filled.clear()
            await self.filled.wait()
        if self.closed:
            return None
        tenant_id = self.order.popleft()
        self.members.discard(tenant_id)
        return tenant_id


@dataclass(slots=True)
class Worker:
    """One worker process's loops. `run` returns after `stop`, with every pass under way committed."""

    dsn: str
    types: NodeTypes
    journals: Path
    passes: int = 2
    batch: int = BATCH
    effects: Any = None  # an effect loop with run(stop)
    bell: Bell = field(init=False)
    ring: Ring = field(default_factory=Ring)
    tenants: Tenants = field(init=False)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    identity: UUID = field(default_factory=new_id)
    handled: int = 0
    growth: Growth = field(default_factory=Growth)

    def __post_init__(self) -> None:
        self.tenants = Tenants(self.types)
        self.bell = Bell(self.dsn)
        self.bell.hear(Channel.WORK, self.ring.add)

    def stop(self) -> None:
        """The worker ends after the passes under way."""
        self.stopping.set()
        self.ring.close()

    async def run(self) -> None:
        """Inputs are handled until `stop`. Loses no work when the database goes away: it reconnects."""
        await self.bell.start()
        loops = [asyncio.create_task(self._slot(number), name=f"slot {number}") for number in range(self.passes)]
        loops += [
            asyncio.create_task(self._again(self._discover), name="discover"),
            asyncio.create_task(self._again(self._beat), name="heartbeat"),
        ]
        if self.effects is not None:
            loops.append(asyncio.create_task(self.effects.run(self.stopping), name="effects"))
        try:
            stopped = asyncio.create_task(self.stopping.wait())
            done, _ = await asyncio.wait({stopped, *loops}, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopped}:
                task.result()  # a loop ends before the stop only by a bug: fail loudly
        finally:
            self.stopping.set()
            self.ring.close()
            for task in loops:
                if not task.get_name().startswith(("slot", "effects")):
                    task.cancel()
            await asyncio.wait(loops, timeout=20)
            for task in loops:
                task.cancel()
            await self.bell.stop()
            await self._leave()

    # ------------------------------------------------------------ loops

    async def _slot(self, number: int) -> None:
        """Takes turns until the stop, on a connection of its own."""
        journal = Journal(self.journals, number)
        slot = (os.getpid() * 16 + number) % 32000
        while not self.stopping.is_set():
            try:
                connection = await connect_pass(self.dsn, f"cuework pass {number}")
            except AWAY as error:
                log.warning("slot.no_database", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.5)
                continue
            try:
                await self._turns(connection, journal, slot)
            except LOST as error:
                log.warning("slot.lost_connection", error=f"{type(error).__name__}: {error}")
            finally:
                with contextlib.suppress(Exception):
                    await connection.close(timeout=2)
        journal.close()

    async def _turns(self, connection: "asyncpg.Connection[Any]", journal: Journal, slot: int) -> None:
        while not self.stopping.is_set():
            tenant_id = await self.ring.take()
            if tenant_id is None:
                return
            tenant = self.tenants.of(tenant_id)
            more = partial(self.ring.add, tenant_id)
            turn = await take_turn(connection, tenant, journal, slot=slot, batch=self.batch, more=more)
            if turn.report is None:
                continue
            self.handled += turn.report.inputs
            await self.growth.note(connection, turn.report.inputs)
            if turn.full:
                self.ring.add(tenant_id)
            if turn.report.again_after is not None:  # sooner than the next poll would find it
                after = turn.report.again_after.total_seconds()
                asyncio.get_running_loop().call_later(after, self.ring.add, tenant_id)
            if turn.report.effects and self.effects is not None:
                self.effects.wake()
            if turn.report.sent or turn.report.effects:
                self.bell.ring(tenant_id)
            if turn.report.changed:
                self.bell.ring(tenant_id, Channel.NEWS)

    async def _again(self, loop: Any) -> None:
        """Runs a loop, and again half a second after it lost its connection."""
        while True:
            try:
                connection = await connect(self.dsn, Role.WORKER, name="cuework discovery")
                try:
                    await loop(connection)
                finally:
                    with contextlib.suppress(Exception):
                        await connection.close(timeout=2)
            except AWAY as error:
                log.warning("loop.lost", loop=loop.__name__, error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.5)

    async def _discover(self, connection: "asyncpg.Connection[Any]") -> None:
        while True:
            for tenant_id in await discover(connection):
                self.ring.add(tenant_id)
            after = await next_due_after(connection)
            await asyncio.sleep(min(_POLL_S, max(0.0, after)) if after is not None and after > 0 else _POLL_S)

    async def _beat(self, connection: "asyncpg.Connection[Any]") -> None:
        """Others see that this process is there; partitions are made ahead; the dead's inputs are suspects."""
        partitioned = 0.0
        while True:
            await connection.execute(
                """insert into processes (id, kind, host, pid) values ($1, 'worker', $2, $3)
                on conflict (id) do update set seen_at = clock_timestamp()""",
                self.identity,
                socket.gethostname(),
                os.getpid(),
            )
            await connection.execute(
                f"delete from processes where seen_at < clock_timestamp() - interval '{_DEAD_AFTER}'"
            )
            if time.monotonic() - partitioned > 3600:
                await connection.execute("select cw_make_partitions(now())")
                partitioned = time.monotonic()
            await self._bury()
            await asyncio.sleep(_HEARTBEAT_S)

    async def _leave(self) -> None:
        """Others see at once that this process is gone, if the database answers; else its row grows old."""
        with contextlib.suppress(*AWAY):
            async with asyncio.timeout(_LEAVE_WITHIN_S):
                connection = await connect(self.dsn, Role.WORKER, name="cuework leaving")
                try:
                    await connection.execute("delete from processes where id = $1", self.identity)
                finally:
                    await connection.close(timeout=1)

    async def _bury(self) -> None:
        own = await connect(self.dsn, Role.APP, name="cuework journals")
        try:
            if count := await suspect_the_dead(own, self.journals):
                log.warning("journal.suspects", inputs=count)
        finally:
            await own.close(timeout=2)
