"""Counts attempts in memory and refuses too many: a bucket per name, refilled over time.

Per process: several processes allow as many times more. That is enough against floods of forms and hooks; attempts
to sign in are counted for all processes together (crm.attempts).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from cuework.base.errors import TooMany
from cuework.base.time import seconds_words

_REMEMBERED = 50_000


@dataclass(slots=True)
class Throttle:
    """Allows `burst` attempts at once and then one every `every_s` seconds, for each name by itself."""

    burst: int
    every_s: float
    clock: Callable[[], float] = time.monotonic
    _full_at: OrderedDict[str, float] = field(default_factory=OrderedDict[str, float])

    def check(self, name: str, /) -> None:
        """The attempt is counted. Errors: TooMany with retry_after_s, and then it is not counted."""
        now = self.clock()
        full_at = max(self._full_at.pop(name, now), now)
        wait = full_at + self.every_s - now - self.burst * self.every_s
        self._full_at[name] = full_at if wait > 0 else full_at + self.every_s
        while len(self._full_at) > _REMEMBERED:
            self._full_at.popitem(last=False)
        if wait > 0:
            seconds = int(wait) + 1
            raise TooMany(f"Too many attempts. Try again in {seconds_words(seconds)}.", retry_after_s=seconds)
