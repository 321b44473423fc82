"""What an answer means for its effect: done, tried again later, or held back without having been tried.

Pure. The wait is drawn by the caller's jitter and counted from the database's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from cuework.channels.provider import Answer, Delivered, Failed, Skipped
from cuework.engine.retry import LONGEST_TIMEOUT, TIMEOUT, RetryPolicy
from cuework.engine.spans import Span

_DEFAULT = RetryPolicy()


@dataclass(frozen=True, slots=True)
class Held:
    """It was not tried: the endpoint is down or busy, or the process is stopping. Costs no attempt."""

    code: str
    message: str
    after: timedelta

    def as_json(self) -> dict[str, Any]:
        """Why it waits, as the queue shows it."""
        return {"waiting": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is written: `state` done or queued, due `after`; `unspent` takes the attempt back."""

    state: str
    outcome: Mapping[str, Any]
    after: timedelta
    unspent: int
    message_state: str
    message_id: str | None = None
    error: str | None = None


def judge(
    answer: Answer | Held, policy: Mapping[str, Any], failures: int, *, jitter: float, worked_ms: int = 0
) -> Verdict:
    """What follows from the answer, after `failures` attempts that failed before.

    Shape: worked_ms is how long all attempts have taken, this one included; the outcome says it.
    """
    nothing, worked = timedelta(0), {"worked_ms": worked_ms}
    match answer:
        case Held():
            waiting = answer.as_json() | {"failures": failures} | worked
            return Verdict("queued", waiting, answer.after, 1, "queued", error=answer.message)
        case Delivered():
            given = answer.output.get("message_id")
            identity = str(given) if given is not None else None
            return Verdict("done", answer.as_json() | worked, nothing, 0, "sent", message_id=identity)
        case Skipped():
            return Verdict("done", answer.as_json() | worked, nothing, 0, "skipped", error=answer.reason)
        case Failed():
            wait = None
            if answer.retryable:
                wait = retry_policy(policy).next_attempt(failures + 1, jitter=jitter, retry_after=answer.retry_after)
            if wait is None:
                return Verdict("done", answer.as_json() | worked, nothing, 0, "failed", error=answer.message)
            waiting = {"waiting": "retry", "failures": failures + 1, "error": answer.as_json()["error"]} | worked
            return Verdict("queued", waiting, wait, 0, "queued", error=answer.message)


def timeout_of(policy: Mapping[str, Any]) -> timedelta:
    """How long one attempt may take."""
    seconds = policy.get("timeout_s")
    if not isinstance(seconds, (int, float)) or not seconds > 0:
        return TIMEOUT
    return min(timedelta(seconds=min(seconds, LONGEST_TIMEOUT.total_seconds())), LONGEST_TIMEOUT)


def retry_policy(policy: Mapping[str, Any]) -> RetryPolicy:
    """The policy of a row; what a row leaves out, or an impossible row, takes the defaults."""
    names = ("attempts", "first_after_s", "factor", "max_after_s")
    given = tuple(policy.get(name) for name in names)
    try:
        return _policy(*given)
    except (ValidationError, TypeError, ValueError):
        return _DEFAULT


@lru_cache(maxsize=1000)
def _policy(attempts: Any, first_after_s: Any, factor: Any, max_after_s: Any) -> RetryPolicy:
    given = {
        "attempts": attempts,
        "first_after": None if first_after_s is None else Span(seconds=int(first_after_s)),
        "factor": factor,
        "max_after": None if max_after_s is None else Span(seconds=int(max_after_s)),
    }
    return RetryPolicy.model_validate({name: value for name, value in given.items() if value is not None})
