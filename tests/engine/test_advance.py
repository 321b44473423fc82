"""Moving executions: what is logged, what follows from failures, and where an execution rests."""

from datetime import timedelta
from typing import Any

import pytest

from cuework.engine.advance import advance, cancel
from cuework.engine.context import Context
from cuework.engine.move import Move
from cuework.engine.node import Step
from cuework.engine.outcome import Outcome
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.testing.scenario import Scenario

CREATED = {"type": "contact.created"}
TAG = {"type": "contact.add_tag", "tag": "x"}
FAILS = {"type": "contact.add_tag", "tag": "{{ '' }}"}


class Broken(Step):
    """Raises, as a node with a mistake in it does."""

    type = "test.broken"
    title = "Broken"
    group = "Flow"
    icon = "x"

    def run(self, ctx: Context) -> Outcome:
        raise ZeroDivisionError("a mistake")


def scenario(*steps: dict[str, Any], **parts: Any) -> Scenario:
    known = discover()
    types = NodeTypes(known.triggers, {**known.steps, Broken.type: Broken})
    return Scenario({"name": "Test", "trigger": CREATED, "steps": list(steps), **parts}, types=types)


def told(world: Scenario) -> list[tuple[str, str]]:
    return [(step.visit, step.status) for step in world.steps]


def test_visits_are_numbered_without_gaps() -> None:
    world = scenario(TAG, {"type": "flow.delay", "for": "1 hour"}, {**FAILS, "disabled": True}, FAILS, TAG)
    world.happens(world.creates("contact"))
    world.pass_time(timedelta(hours=2))
    assert [step.seq for step in world.steps] == [0, 1, 2, 3, 4]
    assert [step.status for step in world.steps] == ["completed", "completed", "skipped", "failed", "completed"]


def test_a_failed_step_goes_on_by_default_and_leaves_its_mark() -> None:
    world = scenario({**FAILS, "id": "a"}, {**TAG, "id": "b"})
    execution = world.happens(world.creates("contact"))
    assert told(world) == [("a", "failed"), ("b", "completed")]
    assert (execution.status, execution.reason, execution.has_errors) == ("completed", "completed", True)


def test_a_failed_step_stops_the_execution_when_told_so() -> None:
    world = scenario({**FAILS, "id": "a", "on_error": "stop"}, {**TAG, "id": "b"})
    execution = world.happens(world.creates("contact"))
    assert told(world) == [("a", "failed")]
    assert (execution.status, execution.reason) == ("failed", "failed")
    assert execution.failure is not None
    assert execution.failure["at"] == "a"


def test_error_steps_run_instead_and_the_execution_goes_on_after_them() -> None:
    handled = {**FAILS, "id": "a", "on_error": {"steps": [{**TAG, "id": "handled"}]}}
    world = scenario(handled, {"type": "contact.add_tag", "tag": "y", "id": "b"})
    world.happens(world.creates("contact"))
    assert told(world) == [("a", "failed"), ("handled", "completed"), ("b", "completed")]


def test_what_went_wrong_is_read_where_the_execution_goes_on() -> None:
    log = {"type": "activity.log", "text": "{{ steps.bad.error.code }}: {{ steps.bad.error.message }}"}
    world = scenario(
        {"id": "bad", "type": "contact.add_tag", "tag": "{{ 1 / 0 }}", "on_error": {"steps": [{"id": "told", **log}]}},
        {"id": "after", **log, "disabled": True},
    )
    world.happens(world.creates("contact"))
    said = "invalid: The template cannot be rendered: 1 / 0 cannot be calculated (line 1)."
    assert world.log("told").detail["input"] == {"text": said}


def test_a_node_that_raises_fails_its_step_and_nothing_else() -> None:
    world = scenario({"id": "bad", "type": "test.broken"}, {**TAG, "id": "b"})
    world.happens(world.creates("contact"), world.creates("contact"))
    assert told(world) == [("bad", "failed"), ("b", "completed")] * 2
    error = world.log("bad").detail["error"]
    assert (error["code"], error["message"]) == ("node_error", "ZeroDivisionError: a mistake")
    assert "raise ZeroDivisionError" in error["trace"]


def test_a_template_that_cannot_be_rendered_fails_its_step_in_words() -> None:
    world = scenario({"id": "a", "type": "contact.add_tag", "tag": "{{ contact.lead_score // 0 }}"})
    world.happens(world.creates("contact"))
    error = world.log("a").detail["error"]
    assert error["code"] != "node_error"
    assert "trace" not in error


def test_a_disabled_step_is_skipped_and_says_so() -> None:
    world = scenario({**TAG, "id": "a", "disabled": True})
    world.happens(world.creates("contact"))
    assert (world.log("a").status, world.log("a").detail["reason"]) == ("skipped", "disabled")


def test_changed_values_are_logged_old_and_new() -> None:
    world = scenario({"id": "a", "type": "contact.add_score", "points": 5})
    world.happens(world.creates("contact", lead_score=1))
    [line] = world.log("a").detail["changes"]
    assert (line["field"], line["old"], line["new"]) == ("lead_score", 1, 6)


def test_events_of_steps_carry_their_cause() -> None:
    world = scenario(TAG)
    event = world.creates("contact")
    execution = world.happens(event)
    caused = world.events[-1].cause
    assert (caused.execution_id, caused.hops, caused.root_id) == (execution.id, 1, event.id)
    assert caused.workflows == (execution.workflow_id,)


def test_a_stored_execution_goes_on_as_if_it_had_never_left() -> None:
    steps = [
        {"id": "call", "type": "task.create", "title": "Call"},
        {"id": "rest", "type": "flow.delay", "for": "1 day"},
        {
            "id": "done",
            "type": "task.update",
            "on": "steps.call",
            "values": {"title": "{{ steps.call.id }} {{ trigger.event }}"},
        },
    ]
    world = scenario(*steps)
    world.happens(world.creates("contact"))
    world.pass_time(timedelta(days=2))
    [task] = world.all("task")
    assert task["title"] == f"{task['id']} contact.created"


def test_cancelling_logs_what_it_waited_in() -> None:
    world = scenario({"id": "rest", "type": "flow.delay", "for": "1 day"}, TAG)
    execution = world.happens(world.creates("contact"))
    move = Move()
    cancel(execution, "cancelled", move, world.now, "Somebody cancelled it.")
    assert (execution.status, execution.tokens) == ("cancelled", [])
    assert [(step.visit, step.status) for step in move.steps] == [("rest", "cancelled")]
    assert move.left == [(execution, "rest")]
    assert not world._stored(execution).tokens


def test_news_for_a_wait_that_is_over_is_no_error() -> None:
    from cuework.engine.advance import wake

    world = scenario(TAG)
    execution = world.happens(world.creates("contact"))
    assert not wake(execution, "gone", "due")


def test_a_call_makes_a_limited_number_of_visits_and_says_that_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cuework.engine.advance.VISITS", 3)
    world = scenario(*[{"type": "contact.add_score", "points": 1}] * 7)
    execution = world._execution(world.creates("contact"))
    ctx, move = Context(execution, world.plan, world._world()), Move()
    ctx.world.rows.update(world.records)
    for visits, more in ((3, [execution]), (6, [execution]), (7, [])):
        move.more = []
        advance(ctx, move)
        assert (len(move.steps), move.more) == (visits, more)
    assert execution.status == "completed"
