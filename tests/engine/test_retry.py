"""The retry policy: exponential backoff with full jitter, obeying Retry-After."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cuework.engine.retry import NO_RETRY, RetryPolicy


def test_waits_grow_by_the_factor_up_to_the_longest() -> None:
    policy = RetryPolicy.model_validate(
        {"attempts": 6, "first_after": "10 seconds", "factor": 3, "max_after": "2 minutes"}
    )
    waits = [policy.next_attempt(attempt, jitter=1.0) for attempt in range(1, 7)]
    assert waits == [timedelta(seconds=s) for s in (10, 30, 90, 120, 120)] + [None]


def test_full_jitter_spreads_from_a_second_to_the_whole_wait() -> None:
    policy = RetryPolicy.model_validate({"attempts": 5})
    assert policy.next_attempt(1, jitter=0.0) == timedelta(seconds=1)
    assert policy.next_attempt(1, jitter=0.5) == timedelta(seconds=5)


def test_a_providers_retry_after_is_the_least_wait_up_to_a_day() -> None:
    policy = RetryPolicy(attempts=5)
    assert policy.next_attempt(1, jitter=0.5, retry_after=timedelta(minutes=5)) == timedelta(minutes=5, seconds=5)
    assert policy.next_attempt(1, jitter=0.0, retry_after=timedelta(days=9)) == timedelta(days=1)
    assert policy.next_attempt(5, jitter=0.0, retry_after=timedelta(minutes=5)) is None


def test_one_attempt_is_no_retry() -> None:
    assert NO_RETRY.next_attempt(1, jitter=0.5) is None


def test_a_policy_survives_its_spelling() -> None:
    policy = RetryPolicy(attempts=7)
    assert RetryPolicy.model_validate(policy.as_json()) == policy
    assert policy.as_json() == {
        "attempts": 7,
        "first_after": "10 seconds",
        "factor": 3.0,
        "max_after": "1 hour",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"attempts": 21},
        {"factor": 0.5},
        {"first_after": "1 month"},
        {"first_after": "2 hours", "max_after": "1 hour"},
        {"tries": 3},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RetryPolicy.model_validate(wrong)


@given(st.integers(1, 20), st.floats(0, 1), st.floats(1, 10), st.integers(1, 19))
def test_no_wait_is_longer_than_the_policy_says(attempts: int, jitter: float, factor: float, attempt: int) -> None:
    policy = RetryPolicy(attempts=attempts, factor=factor)
    wait = policy.next_attempt(attempt, jitter=jitter)
    assert (wait is None) == (attempt >= attempts)
    assert wait is None or timedelta(seconds=1) <= wait <= policy.max_after.fixed
