"""When a failed step is tried again: a policy as data and one pure method.

Whether an error is worth another attempt is decided by the node and the channel, not here.
"""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cuework.engine.spans import Span

TIMEOUT = timedelta(seconds=30)  # of one attempt, where a step says nothing
LONGEST_TIMEOUT = timedelta(minutes=5)

_SECOND = timedelta(seconds=1)
_MAX_RETRY_AFTER = timedelta(days=1)


class RetryPolicy(BaseModel):
    """How often and how far apart a step is tried, with exponential backoff and full jitter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: Annotated[int, Field(ge=1, le=20, description="Tries in all, the first included")] = 3
    first_after: Annotated[Span, Field(description="Longest wait before the second try")] = Span(seconds=10)
    factor: Annotated[float, Field(ge=1, le=10, description="How much longer each further wait may be")] = 3.0
    max_after: Annotated[Span, Field(description="No wait is longer than this")] = Span(seconds=3600)

    @field_validator("first_after", "max_after")
    @classmethod
    def _absolute(cls, span: Span) -> Span:
        if span.months:
            raise ValueError("use days, hours, minutes or seconds here")
        return span

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_after.fixed < self.first_after.fixed:
            raise ValueError("max_after must not be shorter than first_after")
        return self

    def next_attempt(self, attempt: int, *, jitter: float, retry_after: timedelta | None = None) -> timedelta | None:
        """How long after the failed attempt the next one is made, or None if that was the last.

        Units: attempt counts from 1; jitter is a random number from 0 to 1 that the caller drew. A provider's
        retry_after is the least wait, up to a day; jitter is added to it, so that not all come back at once.
        """
        if attempt >= self.attempts:
            return None
        ceiling = min(self._uncapped(attempt), self.max_after.fixed)
        spread = ceiling * jitter
        if retry_after is None:
            return max(spread, _SECOND)
        return min(max(retry_after, _SECOND), _MAX_RETRY_AFTER) + min(spread, self.first_after.fixed)

    def _uncapped(self, attempt: int) -> timedelta:
        growth = min(self.factor ** (attempt - 1), self.max_after.fixed / max(self.first_after.fixed, _SECOND))
        return max(self.first_after.fixed, _SECOND) * max(growth, 1.0)

    def as_json(self) -> dict[str, Any]:
        """The policy as definitions and the effect queue spell it."""
        return self.model_dump(mode="json")


NO_RETRY = RetryPolicy(attempts=1)
