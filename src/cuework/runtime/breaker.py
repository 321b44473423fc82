"""Circuit breakers: an endpoint that keeps failing is left alone for a while, then tried with one delivery.

Pure but for being told the time. One breaker belongs to one tenant's endpoint, so that no tenant can open it
for another. What is held back stays in the queue with a later due time, where everybody can see it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

OPENS_AFTER = 5
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_PROBE_WAIT = 2.0
_MOST_KEPT = 10_000

Endpoint: TypeAlias = tuple[UUID, str]


@dataclass(slots=True)
class Breaker:
    """Closed: all pass. Open: none does until `open_until`. Half-open: one passes and decides."""

    failures: int = 0
    open_until: float = 0.0
    pause: float = 0.0
    probing: bool = False

    def hold_for(self, now: float) -> timedelta | None:
        """How long to hold a delivery back, or None if it may go now; if it may, `settle` or `release` follows."""
        if self.failures < OPENS_AFTER:
            return None
        if now < self.open_until:
            return timedelta(seconds=self.open_until - now)
        if self.probing:
            return timedelta(seconds=_PROBE_WAIT)
        self.probing = True
        return None

    def settle(self, now: float, *, down: bool) -> None:
        """The endpoint answered as a working one does, or it did not."""
        self.probing = False
        if not down:
            self.failures, self.pause = 0, 0.0
            return
        self.failures += 1
        if self.failures >= OPENS_AFTER and now >= self.open_until:
            self.pause = min(self.pause * 2, _LONGEST_PAUSE) or _FIRST_PAUSE
            self.open_until = now + self.pause

    def release(self) -> None:
        """The delivery that was let through did not take place."""
        self.probing = False


class Breakers:
    """The breakers of one process; those least used are forgotten, which closes them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Endpoint, Breaker] = OrderedDict()

    def of(self, endpoint: Endpoint) -> Breaker:
        """The endpoint's breaker."""
        breaker = self._kept.setdefault(endpoint, Breaker())
        self._kept.move_to_end(endpoint)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return breaker

    def open(self, now: float) -> list[Endpoint]:
        """The endpoints that are held back now."""
        return [name for name, each in self._kept.items() if each.failures >= OPENS_AFTER and now < each.open_until]
