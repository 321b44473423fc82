"""What an answer means for its effect, and when an endpoint is left alone. Pure."""

from datetime import timedelta
from uuid import UUID

import pytest

from cuework.channels.provider import Delivered, Failed, Skipped
from cuework.runtime.breaker import OPENS_AFTER, Breaker, Breakers
from cuework.runtime.effect_policy import Held, judge, retry_policy, timeout_of

POLICY = {"attempts": 3, "first_after_s": 10, "factor": 2, "max_after_s": 15, "timeout_s": 5}
MAY_PASS = Failed("timeout", "No answer.", retryable=True)


def test_a_delivered_message_is_sent_and_keeps_its_id() -> None:
    verdict = judge(Delivered({"message_id": "<1@x>"}), POLICY, 0, jitter=0.5)
    assert (verdict.state, verdict.message_state, verdict.message_id) == ("done", "sent", "<1@x>")


def test_a_skipped_message_is_done_with_its_reason() -> None:
    verdict = judge(Skipped("no_consent", "Not allowed."), POLICY, 0, jitter=0.5, worked_ms=7)
    assert verdict.outcome == {"skipped": "no_consent", "message": "Not allowed.", "worked_ms": 7}
    assert (verdict.state, verdict.message_state, verdict.error) == ("done", "skipped", "no_consent")


@pytest.mark.parametrize(("failures", "wait"), [(0, 10.0), (1, 15.0)])
def test_waits_grow_to_their_limit(failures: int, wait: float) -> None:
    verdict = judge(MAY_PASS, POLICY, failures, jitter=1.0)
    assert (verdict.state, verdict.after, verdict.unspent) == ("queued", timedelta(seconds=wait), 0)
    assert verdict.outcome["failures"] == failures + 1


def test_the_last_attempt_and_a_permanent_error_end_it() -> None:
    for answer, failures in ((MAY_PASS, 2), (Failed("http_400", "No."), 0)):
        verdict = judge(answer, POLICY, failures, jitter=0.5)
        assert (verdict.state, verdict.message_state) == ("done", "failed")
        assert verdict.outcome["error"]["code"] == answer.code


def test_what_was_not_tried_costs_no_attempt() -> None:
    verdict = judge(Held("busy", "Busy.", timedelta(seconds=1)), POLICY, 2, jitter=0.5)
    assert (verdict.state, verdict.unspent, verdict.outcome["failures"]) == ("queued", 1, 2)


@pytest.mark.parametrize("policy", [{}, {"attempts": 0}, {"attempts": "x"}, {"first_after_s": -1, "factor": None}])
def test_an_impossible_policy_takes_the_defaults(policy: dict[str, object]) -> None:
    assert retry_policy(policy).attempts == 3


@pytest.mark.parametrize(
    ("given", "seconds"), [(None, 30), (5, 5), (0.5, 0.5), (0, 30), (-1, 30), ("9", 30), (1e9, 300), ([], 30)]
)
def test_a_timeout_is_bounded(given: object, seconds: float) -> None:
    assert timeout_of({"timeout_s": given}) == timedelta(seconds=seconds)


def _open(breaker: Breaker, now: float) -> None:
    for _ in range(OPENS_AFTER):
        assert breaker.hold_for(now) is None
        breaker.settle(now, down=True)


def test_a_breaker_opens_probes_once_and_closes_on_success() -> None:
    breaker = Breaker()
    _open(breaker, 100.0)
    assert breaker.hold_for(101.0) == timedelta(seconds=4)
    assert breaker.hold_for(105.0) is None  # the probe
    assert breaker.hold_for(105.0) is not None  # nobody else meanwhile
    breaker.settle(105.5, down=False)
    assert breaker.hold_for(105.5) is None


def test_a_failed_probe_doubles_the_pause_up_to_a_limit() -> None:
    breaker, now, pauses = Breaker(), 0.0, []
    _open(breaker, now)
    for _ in range(8):
        hold = breaker.hold_for(now)
        assert hold is not None
        pauses.append(hold.total_seconds())
        now += hold.total_seconds()
        assert breaker.hold_for(now) is None
        breaker.settle(now, down=True)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300]


def test_late_failures_of_an_open_breaker_do_not_prolong_it() -> None:
    breaker = Breaker()
    _open(breaker, 0.0)
    breaker.settle(1.0, down=True)
    assert breaker.hold_for(1.0) == timedelta(seconds=4)


def test_a_probe_that_did_not_take_place_lets_another_one_through() -> None:
    breaker = Breaker()
    _open(breaker, 0.0)
    assert breaker.hold_for(6.0) is None
    breaker.release()
    assert breaker.hold_for(6.0) is None


def test_breakers_belong_to_one_tenants_endpoint() -> None:
    breakers, mine, theirs = Breakers(), (UUID(int=1), "mail:25"), (UUID(int=2), "mail:25")
    _open(breakers.of(mine), 0.0)
    assert breakers.open(1.0) == [mine]
    assert breakers.of(theirs).hold_for(1.0) is None
