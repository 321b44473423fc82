"""The live feed of executions: what changed, told to whoever watches, within a second.

One tail per tenant reads while anybody watches, whatever their number. It reads the last seconds again each
time, because transactions commit out of the order of their times, and tells what it has not told yet; a reader
keeps the highest revision of a row. Polling is the truth, the bell only makes it quicker. No connection is held
between readings but the one that listens for the bell.

Must not know HTTP.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from cuework.db import tenancy
from cuework.db.pool import AWAY, Connection, Pool
from cuework.workflows import executions, timeline
from cuework.workflows.definitions import Key
from cuework.workflows.step_inputs import earlier_versions, steps_of_versions, version_of
from cuework.workflows.vocabulary import installed

CHANNEL = "cuework"
EVERY_S = 1.0
# The bell may ring hundreds of times a second; readings are this far apart at least.
APART_S = 0.15
AGAIN_FOR = timedelta(seconds=10)
RESUMED_FOR = timedelta(minutes=2)
MOST = 500
TOLD_AT_ONCE = 40

log = structlog.get_logger("cuework.feed")

_CHANGED = f"""
select {executions.COLUMNS} from (
  (select *, null::text as reason, null::timestamptz as finished_at from executions_live
   where tenant_id = $1 and updated_at >= $2 order by updated_at desc limit {MOST})
) e
"""
_FINISHED = f"""
select {executions.COLUMNS} from (
  select *, finished_at as updated_at, null::timestamptz as next_at from executions_done
  where tenant_id = $1 and finished_at >= $2 order by finished_at desc limit {MOST}
) e
"""
_STEPS = """
select s.execution_id, s.seq, s.visit, s.type, s.status, s.attempts, s.started_at, s.finished_at, s.detail
from steps s where s.tenant_id = $1 and s.execution_id = any($2::uuid[]) order by s.execution_id, s.seq
"""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell. Shape: kind is execution or step; of one key only the newest is told; at is when."""

    kind: str
    key: str
    execution_id: UUID
    at: datetime
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody watches; None means anything."""

    workflow_id: UUID | None = None
    execution_id: UUID | None = None
    record_id: UUID | None = None

    def has(self, row: Mapping[str, Any]) -> bool:
        """Whether that execution is of interest."""
        return (
            self.workflow_id in (None, row["workflow_id"])
            and self.execution_id in (None, row["id"])
            and self.record_id in (None, row["record_id"])
        )


@dataclass(eq=False, slots=True)
class Watcher:
    """Somebody who watches: news wait here until they are taken, the newest telling of each thing."""

    wanted: Wanted = field(default_factory=Wanted)
    waiting: OrderedDict[str, News] = field(default_factory=OrderedDict[str, News])
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: int = 0
    closed: bool = False

    def tell(self, news: Sequence[News]) -> None:
        """The news wait to be taken; of too many the oldest are dropped, and counted."""
        for each in news:
            self.waiting.pop(each.key, None)
            self.waiting[each.key] = each
        while len(self.waiting) > MOST:
            self.waiting.popitem(last=False)
            self.dropped += 1
        self.arrived.set()

    def take(self, most: int) -> list[News]:
        """At most that many of the news, the oldest first."""
        taken = [self.waiting.popitem(last=False)[1] for _ in range(min(most, len(self.waiting)))]
        if not self.waiting and not self.closed:
            self.arrived.clear()
        return taken


@dataclass(eq=False, slots=True)
class _Tail:
    """The reading of one tenant."""

    watchers: set[Watcher] = field(default_factory=set[Watcher])
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    told: dict[UUID, tuple[int, datetime]] = field(default_factory=dict[UUID, tuple[int, datetime]])
    reads: int = 0
    task: asyncio.Task[None] | None = None


class Feed:
    """The tails of one process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._tails: dict[UUID, _Tail] = {}
        self._listening: asyncio.Task[None] | None = None
        self._closed = False

    def ring(self, tenant_id: UUID) -> None:
        """Something of that tenant may have changed: it is read soon."""
        tail = self._tails.get(tenant_id)
        if tail is not None:
            tail.rung.set()

    def reads(self, tenant_id: UUID) -> int:
        """How often the tenant was read since somebody watches; 0 if nobody does."""
        tail = self._tails.get(tenant_id)
        return tail.reads if tail is not None else 0

    def close(self) -> None:
        """Every watcher's stream ends, and no new one begins: the process is shutting down."""
        self._closed = True
        for tail in self._tails.values():
            for watcher in tail.watchers:
                watcher.closed = True
                watcher.arrived.set()

    @asynccontextmanager
    async def watch(self, tenant_id: UUID, wanted: Wanted) -> AsyncGenerator[Watcher]:
        """While inside, the watcher is told what changes in the tenant."""
        watcher = Watcher(wanted, closed=self._closed)
        tail = self._tails.setdefault(tenant_id, _Tail())
        tail.watchers.add(watcher)
        if tail.task is None:
            tail.task = asyncio.create_task(self._follow(tenant_id, tail))
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            yield watcher
        finally:
            tail.watchers.discard(watcher)
            if not tail.watchers:
                self._tails.pop(tenant_id, None)
                await _stop(tail.task)
            if not self._tails:
                await self._stop_listening()

    async def _stop_listening(self) -> None:
        listening, self._listening = self._listening, None
        await _stop(listening)

    async def since(self, tenant_id: UUID, at: datetime, wanted: Wanted) -> list[News] | None:
        """What changed since that instant; None if that is too long ago, or too much."""
        async with tenancy.tenant_transaction(self._pool, tenant_id) as connection:
            now: datetime = await connection.fetchval("select clock_timestamp()")
            if at > now or now - at > RESUMED_FOR:
                return None
            rows = await _changed(connection, tenant_id, at - AGAIN_FOR)
            if len(rows) >= MOST:
                return None
            return await news_of(connection, tenant_id, [row for row in rows if wanted.has(row)])

    async def _follow(self, tenant_id: UUID, tail: _Tail) -> None:
        while True:
            busy = False
            try:
                async with tenancy.tenant_transaction(self._pool, tenant_id) as connection:
                    busy = await _read(connection, tenant_id, tail)
            except AWAY as error:
                log.warning("the feed could not read", error=str(error))
            await asyncio.sleep(EVERY_S if busy else APART_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(tail.rung.wait(), EVERY_S - APART_S)
            tail.rung.clear()

    async def _listen(self) -> None:
        """Rings the tails when the bell rings in the database; without it they read every second."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await self._hear(connection)
            except AWAY as error:
                log.warning("the feed does not hear the bell", error=str(error))
            await asyncio.sleep(EVERY_S)

    async def _hear(self, connection: Connection) -> None:
        """Returns when the connection has ended."""
        gone = asyncio.Event()

        def ended(_connection: object) -> None:
            gone.set()

        connection.add_termination_listener(ended)
        await connection.add_listener(CHANNEL, self._heard)
        try:
            await gone.wait()
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(ended)
                await connection.remove_listener(CHANNEL, self._heard)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        for word in str(payload).split(","):
            with suppress(ValueError):
                self.ring(UUID(hex=word))


async def _read(connection: Connection, tenant_id: UUID, tail: _Tail) -> bool:
    """Whoever watches has been told what is new; the answer is whether there is more than can be told."""
    now: datetime = await connection.fetchval("select clock_timestamp()")
    rows = await _changed(connection, tenant_id, now - AGAIN_FOR)
    new = [row for row in rows if tail.told.get(row["id"], (-1, now))[0] < row["revision"]]
    tail.told |= {row["id"]: (row["revision"], row["updated_at"]) for row in new}
    horizon = now - 2 * AGAIN_FOR
    tail.told = {key: known for key, known in tail.told.items() if known[1] >= horizon}
    tail.reads += 1
    if new and tail.reads > 1:  # what is there when watching begins is no news
        await _tell(connection, tenant_id, tail.watchers, new)
    return len(rows) >= MOST


async def _tell(connection: Connection, tenant_id: UUID, watchers: set[Watcher], rows: Sequence[Any]) -> None:
    """Each watcher has the newest of the rows that it wants, and knows how many more there were."""
    wanted = {watcher: [row for row in rows if watcher.wanted.has(row)] for watcher in watchers}
    spoken = {row["id"]: row for each in wanted.values() for row in each[-TOLD_AT_ONCE:]}
    told = await news_of(connection, tenant_id, list(spoken.values()))
    for watcher, each in wanted.items():
        mine = {row["id"] for row in each[-TOLD_AT_ONCE:]}
        watcher.dropped += len(each) - len(mine)
        watcher.tell([news for news in told if news.execution_id in mine])


async def _stop(task: "asyncio.Task[None] | None") -> None:
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _changed(connection: Connection, tenant_id: UUID, since: datetime) -> list[Any]:
    """Executions that moved or ended since then, the oldest change first. Cost: two queries, each by time."""
    live = await connection.fetch(_CHANGED, tenant_id, since)
    done = await connection.fetch(_FINISHED, tenant_id, since)
    return sorted([*live, *done], key=lambda row: (row["updated_at"], row["id"]))[-MOST:]


async def news_of(connection: Connection, tenant_id: UUID, rows: Sequence[Any]) -> list[News]:
    """The executions and their steps as news: an execution's steps come before it."""
    at = {row["id"]: row["updated_at"] for row in rows}
    whose = {row["id"]: (row["workflow_id"], row["version"]) for row in rows}
    logged = await connection.fetch(_STEPS, tenant_id, list(at))
    earlier = await earlier_versions(connection, tenant_id, list(at))
    keys = [_ran_on(row, whose[row["execution_id"]], earlier) for row in logged]
    known = await steps_of_versions(connection, tenant_id, keys)
    steps: dict[UUID, list[News]] = {}
    for row, key in zip(logged, keys, strict=True):
        identity = row["execution_id"]
        told = timeline.finished_step(row, known.get(key, {}), installed())
        steps.setdefault(identity, []).append(News("step", f"{identity}/{row['seq']}", identity, at[identity], told))
    found: list[News] = []
    for shown in await executions.spell_all(connection, tenant_id, rows):
        found += steps.get(shown["id"], [])
        found.append(News("execution", str(shown["id"]), shown["id"], shown["updated_at"], shown))
    return found


def _ran_on(step: Mapping[str, Any], now_on: Key, earlier: Mapping[UUID, list[list[int]]]) -> Key:
    workflow_id, version = now_on
    return workflow_id, version_of(step["seq"], earlier.get(step["execution_id"], ()), version)
