"""Branches, delays, stops and waits: how an execution moves through time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cuework.base.errors import Invalid
from cuework.engine.money import Money
from cuework.testing.scenario import Scenario
from cuework.testing.small_world import ANA

CREATED = {"type": "contact.created"}
TAG_AFTER = {"id": "after", "type": "contact.add_tag", "tag": "after"}
DAY = timedelta(days=1)


def scenario(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED, now: datetime | None = None) -> Scenario:
    definition = {"name": "Test", "trigger": trigger, "steps": list(steps)}
    return Scenario(definition) if now is None else Scenario(definition, now=now)


def problems(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED) -> list[str]:
    with pytest.raises(Invalid) as caught:
        scenario(*steps, trigger=trigger)
    return [problem.path for problem in caught.value.problems]


def score(op: str, value: int) -> dict[str, Any]:
    return {"all": [{"field": "contact.lead_score", "op": op, "value": value}]}


def visits(world: Scenario) -> list[str]:
    return [step.visit for step in world.steps]


# Branches


BRANCH = {
    "id": "which",
    "type": "flow.branch",
    "cases": [
        {"name": "Hot", "when": score("gte", 50), "steps": [{"id": "hot", "type": "contact.add_tag", "tag": "hot"}]},
        {"when": score("gte", 20), "steps": [{"id": "warm", "type": "contact.add_tag", "tag": "warm"}]},
    ],
    "otherwise": [{"id": "cold", "type": "contact.add_tag", "tag": "cold"}],
}


@pytest.mark.parametrize(("points", "taken"), [(60, "hot"), (20, "warm"), (3, "cold")])
def test_a_branch_takes_the_first_true_case_and_goes_on_after_it(points: int, taken: str) -> None:
    world = scenario(BRANCH, TAG_AFTER)
    world.happens(world.creates("contact", lead_score=points))
    assert visits(world) == ["which", taken, "after"]
    assert world.all("contact")[0]["tags"] == [taken, "after"]


def test_a_branch_says_why() -> None:
    world = scenario(BRANCH)
    world.happens(world.creates("contact", lead_score=60))
    assert world.log("which").detail["output"] == {"case": "Hot"}
    assert world.log("which").detail["why"].startswith("Hot: contact lead score is 60")
    world.happens(world.creates("contact", lead_score=3))
    assert world.log("which").detail["why"].startswith("No case is true. Hot: contact lead score is 3")


def test_a_branch_sees_what_earlier_steps_wrote_in_a_batch_as_alone() -> None:
    world = scenario({"type": "contact.add_score", "points": 30}, BRANCH)
    world.happens(world.creates("contact", lead_score=30), world.creates("contact", lead_score=0))
    assert [row["tags"] for row in world.all("contact")] == [["hot"], ["warm"]]


def test_branches_in_branches_rejoin() -> None:
    inner = {"id": "inner", "type": "flow.branch", "cases": [{"when": score("gte", 90), "steps": []}]}
    outer = {
        **BRANCH,
        "cases": [{"when": score("gte", 50), "steps": [inner, {"id": "in", "type": "contact.add_tag", "tag": "in"}]}],
    }
    world = scenario(outer, TAG_AFTER)
    world.happens(world.creates("contact", lead_score=95))
    assert visits(world) == ["which", "inner", "in", "after"]


def test_a_problem_inside_a_case_has_its_whole_path() -> None:
    broken = {**BRANCH, "cases": [{"when": score("gtee", 1), "steps": [{"type": "contact.add_tga"}]}]}
    assert problems(broken) == ["steps.0.cases.0.when.all.0.op", "steps.0.cases.0.steps.0.type"]


# Stops


def test_a_stop_ends_the_execution_as_planned() -> None:
    world = scenario({"id": "stop", "type": "flow.stop", "reason": "Score {{ contact.lead_score }}"}, TAG_AFTER)
    execution = world.happens(world.creates("contact", lead_score=7))
    assert (execution.status, execution.reason) == ("completed", "exited")
    assert visits(world) == ["stop"]
    assert world.log("stop").detail["why"] == "Score 7"


# Delays


def test_a_delay_waits_and_then_goes_on() -> None:
    world = scenario({"id": "rest", "type": "flow.delay", "for": "2 hours"}, TAG_AFTER)
    execution = world.happens(world.creates("contact"))
    assert execution.status == "waiting"
    world.pass_time(timedelta(hours=1, minutes=59))
    assert execution.status == "waiting"
    world.pass_time(timedelta(minutes=1))
    assert (execution.status, visits(world)) == ("completed", ["rest", "after"])


def test_a_day_is_by_the_wall_clock_of_the_contact_and_the_log_says_whose() -> None:
    # On 28 March 2026 at 10:00 in Berlin; the night after has 23 hours.
    before = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
    world = scenario({"id": "rest", "type": "flow.delay", "for": "1 day"}, now=before)
    world.happens(
        world.creates("contact", timezone="Europe/Berlin"), world.creates("contact", timezone="America/New_York")
    )
    world.pass_time(DAY)
    ends = sorted((step.detail["output"]["until"], step.detail["output"]["zone"]) for step in world.steps)
    assert ends == [
        ("2026-03-29T08:00:00+00:00", "Europe/Berlin (contact)"),
        ("2026-03-29T09:00:00+00:00", "America/New_York (contact)"),
    ]
    assert "by the clock of" in world.log("rest").detail["why"]


def test_without_a_contact_zone_the_tenants_counts() -> None:
    world = scenario({"id": "rest", "type": "flow.delay", "for": "1 hour"}, trigger={"type": "deal.created"})
    world.happens(world.creates("deal"))
    world.pass_time(DAY)
    assert world.log("rest").detail["output"]["zone"] == "Europe/Berlin (tenant)"


def test_a_workflow_may_say_the_zone_of_records_that_have_none() -> None:
    rest = {"id": "rest", "type": "flow.delay", "until": "2026-03-05 09:00"}
    definition = {"name": "x", "trigger": CREATED, "settings": {"zone": "America/New_York"}, "steps": [rest]}
    world = Scenario(definition)
    world.happens(world.creates("contact"))
    world.pass_time(10 * DAY)
    assert world.log("rest").detail["output"] == {
        "until": "2026-03-05T14:00:00+00:00",
        "zone": "America/New_York (workflow)",
    }


def test_a_delay_until_a_local_date_time() -> None:
    world = scenario({"id": "rest", "type": "flow.delay", "until": "2026-03-05 09:00"})
    world.happens(world.creates("contact"))
    world.pass_time(10 * DAY)
    assert world.log("rest").finished_at == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def test_a_delay_until_a_template() -> None:
    hook = {"type": "webhook.received", "hook": "orders"}
    world = scenario({"id": "rest", "type": "flow.delay", "until": "{{ trigger.body.at }}"}, trigger=hook)
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"at": "2026-03-03T12:00:00+02:00"}))
    world.pass_time(10 * DAY)
    assert world.log("rest").finished_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def test_a_delay_until_days_before_a_date_field_at_a_time_of_day() -> None:
    until = {"field": "deal.custom.renewal", "before": "30 days", "at": "09:30"}
    world = scenario({"id": "rest", "type": "flow.delay", "until": until}, trigger={"type": "deal.created"})
    world.happens(world.creates("deal", **{"custom.renewal": "2026-05-01"}))
    world.pass_time(60 * DAY)
    assert world.log("rest").finished_at == datetime(2026, 4, 1, 7, 30, tzinfo=UTC)


def test_a_delay_until_the_next_weekday() -> None:
    world = scenario({"id": "rest", "type": "flow.delay", "until": {"weekday": "monday", "at": "10:30"}})
    world.happens(world.creates("contact"))
    world.pass_time(10 * DAY)
    assert world.log("rest").finished_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "still this Monday, in Berlin"


@pytest.mark.parametrize(
    ("past", "expected"),
    [("continue", ["rest", "skipped", "after"]), ("skip", ["rest", "skipped", "after"]), ("exit", ["rest"])],
)
def test_an_instant_that_is_past_is_never_an_error(past: str, expected: list[str]) -> None:
    rest = {"id": "rest", "type": "flow.delay", "until": "2020-01-01", "past": past}
    world = scenario(rest, {"id": "skipped", "type": "contact.add_tag", "tag": "x"}, TAG_AFTER)
    execution = world.happens(world.creates("contact"))
    assert visits(world) == expected
    assert (execution.status, execution.has_errors) == ("completed", False)
    if past == "skip":
        left_out = world.log("skipped")
        assert (left_out.status, left_out.type) == ("skipped", "contact.add_tag")
        assert left_out.detail == {"reason": "left_out", "why": "The step “rest” left it out."}
    if past == "exit":
        assert execution.why == "The step “rest” ended it as planned."


def test_skipping_never_leaves_the_list_it_is_in() -> None:
    rest = {"id": "rest", "type": "flow.delay", "until": "2020-01-01", "past": "skip"}
    branch = {"id": "b", "type": "flow.branch", "cases": [{"when": score("gte", 0), "steps": [rest]}]}
    world = scenario(branch, TAG_AFTER)
    world.happens(world.creates("contact", lead_score=1))
    assert visits(world) == ["b", "rest", "after"]


def test_a_blank_date_fails_the_step_with_its_name() -> None:
    until = {"field": "deal.custom.renewal"}
    world = scenario({"id": "rest", "type": "flow.delay", "until": until}, trigger={"type": "deal.created"})
    world.happens(world.creates("deal"))
    assert "deal.custom.renewal" in world.log("rest").detail["error"]["message"]


@pytest.mark.parametrize("text", ["9999-12-31 23:59", "0001-01-01"])
def test_an_instant_beyond_what_can_be_kept_is_named_and_raises_nothing(text: str) -> None:
    steps = [{"id": "rest", "type": "flow.delay", "until": "{{ contact.source }}"}, TAG_AFTER]
    world = scenario(*steps)
    world.happens(world.creates("contact", source=text))
    assert world.log("rest").detail["error"]["code"] == "no_instant"
    assert visits(world) == ["rest", "after"]


def test_a_wait_past_the_last_year_fails_the_step_in_words() -> None:
    until = {"field": "deal.custom.renewal", "after": "9 years"}
    world = scenario({"id": "rest", "type": "flow.delay", "until": until}, trigger={"type": "deal.created"})
    world.happens(world.creates("deal", **{"custom.renewal": "8999-12-31"}))
    error = world.log("rest").detail["error"]
    assert (error["code"], "9008" in error["message"]) == ("too_far", True)


def test_problems_of_a_delay_are_named() -> None:
    assert problems({"type": "flow.delay"}) == ["steps.0"]
    assert problems({"type": "flow.delay", "for": "soon"}) == ["steps.0.for"]
    assert problems({"type": "flow.delay", "until": {"field": "contact.birthday"}}) == ["steps.0.until.field"]
    assert problems({"type": "flow.delay", "until": "someday"}) == ["steps.0.until"]
    assert problems({"type": "flow.delay", "until": "9999-12-31 23:59"}) == ["steps.0.until"]
    assert problems({"type": "task.create", "title": "x", "due": {"at": "someday"}}) == ["steps.0.due.at"]


# Waits


HOT = {"id": "wait", "type": "flow.wait_until", "when": score("gte", 50)}
LATE = {"after": "3 days", "steps": [{"id": "late", "type": "contact.add_tag", "tag": "late"}]}


def test_a_wait_for_what_is_true_already_does_not_wait() -> None:
    world = scenario(HOT, TAG_AFTER)
    execution = world.happens(world.creates("contact", lead_score=50))
    assert (execution.status, visits(world)) == ("completed", ["wait", "after"])


def test_a_wait_ends_when_an_event_makes_it_true() -> None:
    world = scenario({**HOT, "timeout": LATE}, TAG_AFTER)
    execution = world.happens(world.creates("contact", lead_score=10))
    contact = execution.record
    assert contact is not None
    token = execution.tokens[0]
    assert token.wait is not None
    assert (token.wait["kind"], token.wait["events"]) == ("listen", ["contact.updated", "contact.restored"])
    world.news(execution, "wait", "check")
    world.changes(contact, lead_score=20)
    world.news(execution, "wait", "event")
    assert execution.status == "waiting"
    world.changes(contact, lead_score=60)
    world.news(execution, "wait", "event")
    assert (execution.status, visits(world)) == ("completed", ["wait", "after"])


def test_a_change_between_subscription_and_check_is_found_by_the_check() -> None:
    world = scenario(HOT)
    execution = world.happens(world.creates("contact", lead_score=10))
    assert execution.record is not None
    world.changes(execution.record, lead_score=60)
    world.news(execution, "wait", "check")
    assert execution.status == "completed"


def test_a_wait_times_out_through_its_own_steps() -> None:
    world = scenario({**HOT, "timeout": LATE}, TAG_AFTER)
    execution = world.happens(world.creates("contact", lead_score=10))
    world.pass_time(3 * DAY)
    assert (execution.status, visits(world)) == ("completed", ["wait", "late", "after"])
    assert world.log("wait").detail["output"] == {"timed_out": True, "at": None}


CALL = {"id": "call", "type": "task.create", "title": "Call"}
REPLY = {"id": "reply", "type": "flow.wait_until", "event": "task.completed", "of": "call"}


def test_waiting_for_a_task_of_an_earlier_step() -> None:
    world = scenario(CALL, {**REPLY, "timeout": LATE}, TAG_AFTER)
    execution = world.happens(world.creates("contact"))
    world.news(execution, "reply", "check")
    task = next(ref for ref in world.records if ref.type == "task")
    world.pass_time(timedelta(hours=1))
    world.changes(task, title="Call again")
    world.news(execution, "reply", "event")
    assert execution.status == "waiting"
    world.changes(task, status="done")
    world.news(execution, "reply", "event")
    assert (execution.status, visits(world)) == ("completed", ["call", "reply", "after"])


def test_what_happened_since_entry_counts_and_what_happened_before_from_now_on_does_not() -> None:
    rest = {"id": "rest", "type": "flow.delay", "for": "1 hour"}
    outcomes = {}
    for mode in ("happened_since_entry", "from_now_on"):
        world = scenario(CALL, rest, {**REPLY, "mode": mode})
        execution = world.happens(world.creates("contact"))
        task = next(ref for ref in world.records if ref.type == "task")
        world.now += timedelta(minutes=10)
        world.changes(task, status="done")
        world.pass_time(timedelta(hours=1))
        world.news(execution, "reply", "check")
        outcomes[mode] = execution.status
    assert outcomes == {"happened_since_entry": "completed", "from_now_on": "waiting"}


@pytest.mark.parametrize(
    ("order", "status"), [(("phone", "job_title"), "waiting"), (("job_title", "phone"), "completed")]
)
def test_what_happened_at_the_instant_of_the_entry_counts_if_it_came_after_it(
    order: tuple[str, ...], status: str
) -> None:
    wait = {
        "id": "wait",
        "type": "flow.wait_until",
        "event": "contact.updated",
        "with": {"fields": [{"field": "phone"}]},
    }
    world = scenario(wait, trigger={"type": "contact.updated", "fields": [{"field": "job_title"}]})
    contact = world.add("contact")
    events = {name: world.changes(contact, **{name: "+4930111"}) for name in order}
    execution = world.happens(events["job_title"])
    world.news(execution, "wait", "check")
    assert execution.status == status


def test_a_wait_for_an_event_says_which_of_them() -> None:
    wait = {"id": "wait", "type": "flow.wait_until", "event": "deal.stage_changed", "with": {"to": "signed"}}
    world = scenario(wait, trigger={"type": "deal.created"})
    execution = world.happens(world.creates("deal", name="A"))
    assert execution.record is not None
    world.now += timedelta(hours=1)
    for stage, status in (("offer", "waiting"), ("signed", "completed")):
        pipeline = world.catalog.pipeline_by_key["new-business"]
        identity = next(each.id for each in pipeline.stages if each.key == stage)
        world.changes(execution.record, stage_id=identity)
        world.news(execution, "wait", "event")
        assert execution.status == status


def test_problems_of_a_wait_are_named() -> None:
    assert problems({"type": "flow.wait_until"}) == ["steps.0"]
    assert problems({"type": "flow.wait_until", "event": "task.complete"}) == ["steps.0.event"]
    assert problems({"type": "flow.wait_until", "event": "deal.won"}) == ["steps.0.of"]
    assert problems({"type": "flow.wait_until", "event": "deal.won", "mode": "is_true"}) == ["steps.0"]
    assert problems({**HOT, "timeout": {"after": "1 day", "steps": [{"type": "nope"}]}}) == [
        "steps.0.timeout.steps.0.type"
    ]


def test_a_wait_that_is_asked_again_keeps_what_it_listens_to() -> None:
    world = scenario(HOT)
    execution = world.happens(world.creates("contact", lead_score=10))
    before = dict(execution.tokens[0].wait or {})
    world.news(execution, "wait", "check")
    assert execution.tokens[0].wait == before


def test_a_wait_finds_its_event_however_many_others_there_were() -> None:
    wait = {
        "id": "wait",
        "type": "flow.wait_until",
        "event": "contact.updated",
        "with": {"fields": [{"field": "phone"}]},
    }
    world = scenario(wait)
    execution = world.happens(world.creates("contact"))
    assert execution.record is not None
    world.now += timedelta(hours=1)
    for number in range(1_100):
        world.changes(execution.record, job_title=f"Title {number}")
    world.news(execution, "wait", "event")
    assert execution.status == "waiting"
    world.changes(execution.record, phone="+4930123456")
    world.news(execution, "wait", "event")
    assert execution.status == "completed"


def test_a_wait_for_an_event_filters_it_as_the_trigger_would() -> None:
    rich = {"field": "deal.value", "op": "gt", "value": {"amount": "50", "currency": "EUR"}}
    moved = {"field": "deal.name", "op": "changed_to", "value": "B"}
    for clause, changes, status in (
        (rich, {"value": Money(900, "EUR"), "status": "won"}, "waiting"),
        (rich, {"value": Money(9_000, "EUR"), "status": "won"}, "completed"),
        (moved, {"name": "C", "status": "won"}, "waiting"),
        (moved, {"name": "B", "status": "won"}, "completed"),
    ):
        wait = {"id": "wait", "type": "flow.wait_until", "event": "deal.won", "with": {"when": clause}}
        world = scenario(wait, trigger={"type": "deal.created"})
        execution = world.happens(world.creates("deal", name="A"))
        assert execution.record is not None
        world.now += timedelta(hours=1)
        world.changes(execution.record, **changes)
        world.news(execution, "wait", "event")
        assert execution.status == status, clause
    wrong = {"when": {"field": "deal.valu", "op": "known"}}
    path = "steps.0.with.when.field"
    assert problems(
        {"type": "flow.wait_until", "event": "deal.won", "with": wrong}, trigger={"type": "deal.created"}
    ) == [path]


def test_what_the_event_changed_is_the_same_after_a_wait() -> None:
    clauses = [
        {"field": "deal.closed_at", "op": "changed_to", "value": "2026-03-02"},
        {"field": "deal.value", "op": "changed_to", "value": {"amount": "5", "currency": "EUR"}},
        {"field": "deal.owner_id", "op": "changed_to", "value": "ana@example.com"},
        {"field": "deal.status", "op": "changed_to", "value": "won"},
    ]
    steps = [
        {"id": "before", "type": "flow.branch", "cases": [{"name": "Yes", "when": {"all": clauses}}]},
        {"id": "rest", "type": "flow.delay", "for": "1 hour"},
        {"id": "after", "type": "flow.branch", "cases": [{"name": "Yes", "when": {"all": clauses}}]},
    ]
    world = scenario(*steps, trigger={"type": "deal.won"})
    deal = world.add("deal", name="A")
    world.happens(world.changes(deal, value=Money(500, "EUR"), status="won", owner_id=ANA.id))
    world.pass_time(DAY)
    assert [world.outcome(visit)[1] for visit in ("before", "after")] == [{"case": "Yes"}] * 2
