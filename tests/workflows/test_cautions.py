"""Warnings of drafts: what is allowed and probably not meant, at its path, and never a reason to refuse."""

from typing import Any

import pytest

from cuework.nodes import discover
from cuework.testing.small_world import CATALOG
from cuework.workflows.cautions import cautions
from cuework.workflows.drafts import check
from cuework.workflows.examples import shipped

TYPES = discover()
HOT = {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}
COLD = {"all": [{"field": "contact.lead_score", "op": "lt", "value": 10}]}
STOP: dict[str, Any] = {"id": "stop", "type": "flow.stop"}
TAG: dict[str, Any] = {"id": "tag", "type": "contact.add_tag", "tag": "x"}
MAIL: dict[str, Any] = {"id": "mail", "type": "email.send", "to": "contact", "subject": "Hi", "body": "Hello"}


def warned(steps: list[dict[str, Any]], **more: Any) -> list[tuple[str, str]]:
    definition = {"name": "W", "trigger": {"type": "contact.created"}, "steps": steps, **more}
    plan, problems = check(definition, TYPES, CATALOG)
    assert plan is not None, problems
    found = cautions(definition, plan, CATALOG)
    assert all(each.severity == "warning" for each in found)
    return [(each.path, each.message) for each in found]


def paths(steps: list[dict[str, Any]], **more: Any) -> list[str]:
    return [path for path, _ in warned(steps, **more)]


def branch(*cases: dict[str, Any], otherwise: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"id": "way", "type": "flow.branch", "cases": list(cases), "otherwise": otherwise or []}


@pytest.mark.parametrize("example", shipped(), ids=lambda each: each.key)
def test_shipped_examples_warn_of_nothing(example: Any) -> None:
    plan, problems = check(example.definition, TYPES, CATALOG)
    assert plan is not None, problems
    assert cautions(example.definition, plan, CATALOG) == []


def test_the_first_step_behind_a_stop_is_told_once() -> None:
    later = branch({"name": "Hot", "when": HOT, "steps": [{**TAG, "id": "inner"}]})
    assert paths([STOP, TAG, later]) == ["steps.1"]


def test_a_step_behind_a_branch_whose_every_way_stops_is_never_reached() -> None:
    case = {"name": "Hot", "when": HOT, "steps": [STOP]}
    assert paths([branch(case, otherwise=[{**STOP, "id": "other"}]), TAG]) == ["steps.1"]
    assert paths([branch(case), TAG]) == []


def test_a_disabled_stop_ends_nothing() -> None:
    assert paths([{**STOP, "disabled": True}, TAG]) == []


def test_a_case_that_asks_what_an_earlier_one_asked_is_never_taken() -> None:
    cases = [{"name": name, "when": HOT, "steps": [{**TAG, "id": name.lower()}]} for name in ("One", "Two")]
    assert warned([branch(*cases)]) == [("steps.0.cases.1.when", "Two is never taken: One asks the same.")]


def test_a_case_behind_one_that_is_always_true_is_never_taken() -> None:
    always = {"name": "All", "when": {"all": []}, "steps": []}
    assert paths([branch(always, {"name": "Hot", "when": HOT, "steps": [TAG]})]) == ["steps.0.cases.1"]


def test_a_wait_without_a_timeout_may_last_for_ever() -> None:
    wait: dict[str, Any] = {"id": "wait", "type": "flow.wait_until", "when": HOT}
    [(path, message)] = warned([wait])
    assert (path, "lasts for ever" in message) == ("steps.0", True)
    assert paths([{**wait, "timeout": {"after": "3 days"}}]) == []


def test_a_wait_for_what_can_never_be_true_is_told_whatever_its_timeout() -> None:
    stage = [{"field": "contact.lifecycle_stage", "op": "eq", "value": each} for each in ("lead", "customer")]
    for parts in ([HOT, COLD], stage):
        when = {"all": parts}
        wait: dict[str, Any] = {"id": "wait", "type": "flow.wait_until", "when": when, "timeout": {"after": "1 day"}}
        assert paths([wait]) == ["steps.0.when"]


def test_an_email_to_a_contact_whom_nothing_asked_for_consent_is_told() -> None:
    [(path, message)] = warned([TAG, MAIL])
    assert (path, "email_consent" in message) == ("steps.1", True)


def test_consent_may_be_asked_for_in_the_filter_in_a_branch_or_be_needless() -> None:
    asked = {"all": [{"field": "contact.email_consent", "op": "eq", "value": "granted"}]}
    assert paths([MAIL], trigger={"type": "contact.created", "when": asked}) == []
    assert paths([branch({"name": "Yes", "when": asked, "steps": [MAIL]})]) == []
    assert paths([{**MAIL, "note": "An invoice, which needs no consent"}]) == []
    assert paths([{**MAIL, "to": "owner"}]) == []
    assert paths([{**MAIL, "to": "sales@example.com"}]) == []
    assert paths([{**MAIL, "disabled": True}]) == []


def test_consent_that_is_asked_for_too_late_does_not_count() -> None:
    asked = {"all": [{"field": "contact.email_consent", "op": "eq", "value": "granted"}]}
    assert paths([MAIL, branch({"name": "Yes", "when": asked, "steps": [TAG]})]) == ["steps.0"]


def test_a_timeout_or_retry_of_a_step_that_never_leaves_the_process_is_told_to_do_nothing() -> None:
    idle = {**TAG, "timeout": "10 seconds", "retry": {"attempts": 2}}
    found = warned([STOP | {"disabled": True}, branch({"when": HOT, "steps": [idle]})])
    assert [path for path, _ in found] == [f"steps.1.cases.0.steps.0.{name}" for name in ("timeout", "retry")]
    assert found[0][1] == (
        "A timeout works only for steps that reach outside (email.send, http.request); here it does nothing."
    )


@pytest.mark.parametrize(
    ("given", "kept"), [("10 seconds", None), ("5 minutes", None), ("1 hour", "5 minutes"), ("0 seconds", "30 seconds")]
)
def test_a_timeout_that_is_not_kept_as_it_is_written_says_what_it_comes_to(given: str, kept: str | None) -> None:
    call = {"id": "call", "type": "http.request", "url": "https://example.com/", "timeout": given}
    found = warned([call])
    assert [path for path, _ in found] == ([] if kept is None else ["steps.0.timeout"])
    assert kept is None or found[0][1].endswith(f"this one gets {kept}.")


def test_the_timeout_of_a_wait_is_its_own() -> None:
    assert paths([{"id": "wait", "type": "flow.wait_until", "when": HOT, "timeout": {"after": "1 hour"}}]) == []
