"""The delivery loop of a worker: what must leave the process does, at least once, under one key per effect.

    find tenants -> lease a share of each -> deliver outside any transaction -> write results in one go

Rules
  * Nothing is begun that is not leased at that moment; leases are renewed while a delivery lasts.
  * A tenant takes at most its share of what is in hand, an endpoint at most a few deliveries at once, and an
    endpoint that is down none (see breaker). What must wait goes back to the queue with a later due time.
  * A result is kept until it is written; the epoch decides whether it still counts.
  * No credential and no recipient is logged.
"""

import asyncio
import random
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from cuework.channels.provider import Answer, Failed, Provider, Skipped
from cuework.channels.registry import Channels
from cuework.db.pool import AWAY, Connection, Pool, Role, open_pool
from cuework.runtime.breaker import Breakers, Endpoint
from cuework.runtime.effect_claims import Claimed, claim, renew, tenants_with_effects
from cuework.runtime.effect_policy import Held, judge, timeout_of
from cuework.runtime.effect_results import Result, settle

log = structlog.get_logger("cuework.effects")

_AT_ONCE = 4  # tenants claimed or settled at the same time, each with a connection of the pool
_SLOT_WITHIN = 5.0
_MOST_LOST = 10
_RENEW_EVERY = 2.5
_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one process has in hand, and how patiently it stops."""

    in_hand: int = 256
    per_tenant: int = 32
    per_endpoint: int = 8
    poll_s: float = 0.25
    stop_within_s: float = 10.0


class EffectLoop:
    """Delivers effects of all tenants. `pool` runs as the application role, `discovery` as the worker role."""

    def __init__(
        self,
        pool: Pool,
        discovery: "Connection | Pool",
        channels: Channels,
        ring: Callable[[UUID], None],
        *,
        limits: Limits | None = None,
    ) -> None:
        self._pool = pool
        self._discovery = discovery
        self._channels = channels
        self._ring = ring
        self._limits = limits or Limits()
        self.figures: Counter[str] = Counter()
        self.breakers = Breakers()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: dict[UUID, Claimed] = {}
        self._leases: dict[UUID, float] = {}
        self._took_ms: dict[UUID, int] = {}
        self._per_tenant: Counter[UUID] = Counter()
        self._slots: dict[Endpoint, asyncio.Semaphore] = {}
        self._users: Counter[Endpoint] = Counter()
        self._results: list[Result] = []
        self._news = asyncio.Event()
        self._settling = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """The loop looks for work now instead of at its next poll."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers until told to stop; then finishes what is in hand, within its patience, and writes it."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self.wake())
        renewing = asyncio.create_task(self._keep_leases(), name="effects leases")
        try:
            while not stop.is_set():
                self._news.clear()
                took = await self._turn()
                if took == 0 and not self._results:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._limits.poll_s):
                            await self._news.wait()
        finally:
            stopping.cancel()
            await self._end()
            renewing.cancel()

    async def deliver_due(self, limit: int = 100) -> int:
        """What is due now has been delivered once and its results are written; the answer is how many."""
        took = await self._take(limit)
        while self._tasks:
            await asyncio.wait(self._tasks, timeout=_RENEW_EVERY)
            await self._renew()
        await self._settle()
        return took

    # ------------------------------------------------------------ taking

    async def _turn(self) -> int:
        """Writes what is finished and takes what is free; a database that is away is waited for."""
        try:
            await self._settle()
            return await self._take(self._limits.in_hand)
        except AWAY as error:
            log.warning("effects.database_gone", error=type(error).__name__)
            self.figures["database_gone"] += 1
            await asyncio.sleep(0.5)
            return 0

    async def _take(self, limit: int) -> int:
        free = min(limit, self._limits.in_hand - len(self._tasks))
        if free <= 0:
            return 0
        tenants = [
            tenant
            for tenant in await tenants_with_effects(self._discovery)
            if self._per_tenant[tenant] < self._limits.per_tenant
        ]
        took = 0
        while tenants and took < free:
            group, tenants = tenants[:_AT_ONCE], tenants[_AT_ONCE:]
            share = max(1, (free - took) // (len(group) + len(tenants)))
            group = group[: max(1, (free - took) // share)]
            claims = await asyncio.gather(*(self._claim(tenant, share) for tenant in group))
            took += sum(claims)
        return took

    async def _claim(self, tenant_id: UUID, share: int) -> int:
        wanted = min(share, self._limits.per_tenant - self._per_tenant[tenant_id])
        effects = await claim(self._pool, tenant_id, wanted) if wanted > 0 else []
        for effect in effects:
            task = asyncio.create_task(self._deliver(effect), name=f"effect {effect.id}")
            self._tasks.add(task)
            self._per_tenant[tenant_id] += 1
            self._in_hand[effect.id] = effect
            self._leases[effect.id] = effect.leased_until
            task.add_done_callback(self._tasks.discard)
        return len(effects)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY)
            try:
                await self._renew()
            except AWAY as error:
                log.warning("effects.leases_not_renewed", error=type(error).__name__)

    async def _renew(self) -> None:
        """What is in hand stays leased; what another worker has taken meanwhile is known to be lost."""
        by_tenant: dict[UUID, list[Claimed]] = defaultdict(list)
        for effect in self._in_hand.values():
            by_tenant[effect.tenant_id].append(effect)
        for tenant_id, effects in by_tenant.items():
            kept = await renew(self._pool, tenant_id, effects)
            for effect in effects:
                if self._in_hand.get(effect.id) is effect:
                    self._leases[effect.id] = kept.get(effect.id, 0.0)

    # ------------------------------------------------------------ delivering

    async def _deliver(self, effect: Claimed) -> None:
        try:
            answer = await self._attempt(effect)
            worked_ms = effect.worked_ms + self._took_ms.pop(effect.id, 0)
            chance = random.random()  # noqa: S311 no secret
            verdict = judge(answer, effect.policy, effect.failures, jitter=chance, worked_ms=worked_ms)
            self._results.append(Result(effect, verdict))
        finally:
            if self._in_hand.get(effect.id) is effect:
                del self._in_hand[effect.id], self._leases[effect.id]
            self._per_tenant[effect.tenant_id] -= 1
            if not self._per_tenant[effect.tenant_id]:
                del self._per_tenant[effect.tenant_id]
            self._news.set()

    async def _attempt(self, effect: Claimed) -> Answer | Held:
        refusal, provider = _refusal(effect), self._channels.by_kind.get(effect.kind)
        if refusal is not None:
            return refusal
        if provider is None:
            return Failed("unknown_channel", f"There is no channel for effects of kind {effect.kind!r}.")
        endpoint = (effect.tenant_id, provider.endpoint(effect.request, effect.account))
        slot = self._slots.setdefault(endpoint, asyncio.Semaphore(self._limits.per_endpoint))
        self._users[endpoint] += 1
        try:
            async with asyncio.timeout(_SLOT_WITHIN):
                await slot.acquire()
            try:
                return await self._through_breaker(effect, provider, endpoint)
            finally:
                slot.release()
        except TimeoutError:
            return Held("busy", "Its provider is busy with earlier deliveries.", timedelta(seconds=1))
        finally:
            self._users[endpoint] -= 1
            if not self._users[endpoint]:
                del self._users[endpoint], self._slots[endpoint]

    async def _through_breaker(self, effect: Claimed, provider: Provider, endpoint: Endpoint) -> Answer | Held:
        within = timeout_of(effect.policy)
        if self._stopping or time.monotonic() + _MARGIN > self._leases.get(effect.id, 0.0):
            return Held("lease", "It was not begun in time and is taken up again.", timedelta(0))
        breaker = self.breakers.of(endpoint)
        hold = breaker.hold_for(time.monotonic())
        if hold is not None:
            spread = hold * (1 + random.random() * 0.2)  # noqa: S311 no secret
            return Held("provider_down", f"{endpoint[1]} keeps failing and is left alone for a while.", spread)
        try:
            answer = await self._call(effect, provider, within)
        except BaseException:
            breaker.release()
            raise
        breaker.settle(time.monotonic(), down=isinstance(answer, Failed) and answer.provider_down)
        return answer

    async def _call(self, effect: Claimed, provider: Provider, within: timedelta) -> Answer:
        """The provider's answer; one that raises fails this effect and nothing else."""
        self.figures["attempts"] += 1
        began = time.monotonic()
        try:
            async with asyncio.timeout(within.total_seconds() + 2):
                return await provider.deliver(effect.request, effect.account, key=effect.key, within=within)
        except TimeoutError:
            return Failed("timeout", "The provider did not answer in time.", retryable=True, provider_down=True)
        except Exception as error:  # noqa: BLE001 its text may hold a credential: the kind and the place must do
            where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
            log.error("effects.channel_raised", effect=str(effect.id), error=type(error).__name__, where=where)
            return Failed("channel_error", f"The channel failed with {type(error).__name__}.", retryable=True)
        finally:
            self._took_ms[effect.id] = int((time.monotonic() - began) * 1000)

    # ------------------------------------------------------------ writing results

    async def _settle(self) -> None:
        """Every result at hand is written. Errors: the database's; results not written are kept."""
        async with self._settling:
            results, self._results = self._results, []
            by_tenant: dict[UUID, list[Result]] = defaultdict(list)
            for each in results:
                by_tenant[each.effect.tenant_id].append(each)
            tenants = list(by_tenant)
            failure: Exception | None = None
            for first in range(0, len(tenants), _AT_ONCE):
                group = tenants[first : first + _AT_ONCE]
                answers = await asyncio.gather(
                    *(self._settle_tenant(tenant, by_tenant[tenant]) for tenant in group), return_exceptions=True
                )
                for tenant, answer in zip(group, answers, strict=True):
                    if isinstance(answer, AWAY):
                        self._results += by_tenant[tenant]
                        failure = answer
                    elif isinstance(answer, BaseException):
                        raise answer
            if failure is not None:
                raise failure

    async def _settle_tenant(self, tenant_id: UUID, results: Sequence[Result]) -> None:
        late = await settle(self._pool, tenant_id, results)
        for each in results:
            self.figures[each.verdict.message_state if each.verdict.state == "done" else "requeued"] += 1
        if late:
            self.figures["late"] += late
            log.warning("effects.late", tenant=str(tenant_id), refused=late)
        self._ring(tenant_id)

    async def _end(self) -> None:
        """What has not begun goes back; what has is given its time; what is known is written."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._limits.stop_within_s)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(self._limits.stop_within_s):
                await self._settle()
        except AWAY as error:
            log.warning("effects.unwritten", error=type(error).__name__, results=len(self._results))
        self._stopping = False


@asynccontextmanager
async def effect_loop(
    dsn: str, channels: Channels, ring: Callable[[UUID], None], *, limits: Limits | None = None
) -> AsyncGenerator[EffectLoop]:
    """A loop with database connections of its own; they and the channels' are closed afterwards."""
    async with (
        await open_pool(dsn, Role.APP, size=_AT_ONCE, name="cuework effects") as pool,
        await open_pool(dsn, Role.WORKER, size=1, name="cuework effects discovery") as discovery,
    ):
        try:
            yield EffectLoop(pool, discovery, channels, ring, limits=limits)
        finally:
            await channels.close()


def _refusal(effect: Claimed) -> Answer | None:
    """Why it is not sent at all, if so."""
    if effect.skip is not None:
        return Skipped(effect.skip, _SKIPS[effect.skip])
    if effect.account_missing:
        return Failed("no_connection", "Its connection does not exist any more.")
    if effect.attempts - effect.failures > _MOST_LOST:
        return Failed("quarantined", f"{_MOST_LOST} workers ended while they delivered it; it is not tried again.")
    return None


_SKIPS = {
    "no_consent": "The contact has not allowed email.",
    "cancelled": "The execution was cancelled before it was sent.",
}
