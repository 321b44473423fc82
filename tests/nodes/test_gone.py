"""What a published version names may be gone: people leave, teams are deleted, choices are taken off their lists.

That concerns the step that uses it, when it runs, and nothing else.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cuework.engine.catalog import Catalog, CustomField
from cuework.testing.scenario import Scenario
from cuework.testing.small_world import ANA, BEN, CATALOG, SALES

CREATED = {"type": "contact.created"}
SCORE = {"type": "contact.add_score", "points": 5}
PLAN = "contact.custom.plan"


def scenario(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED, **settings: Any) -> Scenario:
    return Scenario({"name": "Test", "trigger": trigger, "settings": settings, "steps": list(steps)})


def without(*people: str) -> Catalog:
    """The tenant after these people have left."""
    return replace(CATALOG, users=tuple(replace(user, active=user.email not in people) for user in CATALOG.users))


def without_business() -> Catalog:
    """The tenant after the choice `business` was taken off the field `plan`."""
    plan = CustomField("plan", "Plan", "choice", ("free", "team"))
    fields = {**CATALOG.custom_fields, "contact": {**CATALOG.custom_fields["contact"], "plan": plan}}
    return replace(CATALOG, custom_fields=fields)


def without_sales() -> Catalog:
    return replace(CATALOG, teams=tuple(team for team in CATALOG.teams if team != SALES))


def test_a_task_for_somebody_who_left_is_made_and_is_nobodys_with_a_warning() -> None:
    world = scenario({"id": "it", "type": "task.create", "title": "x", "assign_to": {"user": "ben@example.com"}}, SCORE)
    world.sets_up(without("ben@example.com"))
    execution = world.happens(world.creates("contact"))
    assert [(task["title"], task["assignee_id"]) for task in world.all("task")] == [("x", None)]
    [warning] = world.log("it").detail["warnings"]
    assert warning == "ben@example.com is not an active user, so nothing is assigned to them."
    assert (execution.reason, execution.has_errors) == ("completed", False)


def test_a_deal_for_somebody_who_left_is_made_without_an_owner() -> None:
    world = scenario({"id": "it", "type": "deal.create", "name": "x", "assign_to": {"user": "ben@example.com"}})
    world.sets_up(without("ben@example.com"))
    world.happens(world.creates("contact"))
    assert [deal["owner_id"] for deal in world.all("deal")] == [None]
    assert world.log("it").detail["warnings"]


def test_an_owner_who_left_is_not_assigned_and_the_one_before_stays() -> None:
    world = scenario({"id": "it", "type": "record.assign_owner", "user": "ben@example.com"}, SCORE)
    world.sets_up(without("ben@example.com"))
    world.happens(world.creates("contact", owner_id=ANA.id))
    assert (world.log("it").status, world.log("it").detail["reason"]) == ("skipped", "user_inactive")
    assert [(row["owner_id"], row["lead_score"]) for row in world.all("contact")] == [(ANA.id, 5)]


def test_of_several_users_those_who_left_have_no_turn() -> None:
    several = {"users": ["ana@example.com", "ben@example.com"], "by": "round_robin"}
    world = scenario({"id": "it", "type": "task.create", "title": "x", "assign_to": several})
    world.sets_up(without("ana@example.com"))
    world.happens(*(world.creates("contact") for _ in range(2)))
    assert [task["assignee_id"] for task in world.all("task")] == [BEN.id, BEN.id]
    world.sets_up(without("ana@example.com", "ben@example.com"))
    world.happens(world.creates("contact"))
    assert world.all("task")[-1]["assignee_id"] is None


def test_a_step_for_a_team_that_is_gone_fails_and_the_others_do_their_part() -> None:
    task = {"id": "it", "type": "task.create", "title": "x", "assign_to": {"team": "sales"}}
    world = scenario({"id": "rest", "type": "flow.delay", "for": "1 day"}, task, SCORE)
    execution = world.happens(world.creates("contact"))
    world.sets_up(without_sales())
    world.pass_time(timedelta(days=2))
    error = world.log("it").detail["error"]
    assert error["code"] == "step_broken"
    assert error["message"] == ("This step cannot be done any more: There is no team “sales”. (steps.1.assign_to.team)")
    assert world.all("contact")[0]["lead_score"] == 5
    assert (execution.reason, execution.has_errors) == ("completed", True)


def test_a_step_that_names_what_is_gone_follows_its_own_rule_for_errors() -> None:
    task = {"id": "it", "type": "task.create", "title": "x", "assign_to": {"team": "sales"}}
    world = scenario({**task, "on_error": {"steps": [SCORE]}}, {"id": "never", **SCORE, "disabled": True})
    world.sets_up(without_sales())
    world.happens(world.creates("contact"))
    assert world.all("contact")[0]["lead_score"] == 5
    stops = scenario({**task, "on_error": "stop"}, SCORE)
    stops.sets_up(without_sales())
    assert stops.happens(stops.creates("contact")).reason == "failed"


def test_a_choice_that_was_taken_off_its_list_is_compared_with_still() -> None:
    held = {"field": PLAN, "op": "eq", "value": "business"}
    branch = {"type": "flow.branch", "cases": [{"when": held, "steps": [SCORE]}]}
    trigger = {**CREATED, "when": {"field": PLAN, "op": "any_of", "value": ["business", "team"]}}
    world = scenario(branch, trigger=trigger, goal={"all": [held, {"field": "contact.source", "op": "known"}]})
    event = world.creates("contact", **{"custom.plan": "business"})
    world.sets_up(without_business())
    assert world.happens(event).has_errors is False
    assert world.all("contact")[0]["lead_score"] == 5


def test_a_change_away_from_a_choice_that_is_gone_is_noticed() -> None:
    world = scenario(
        SCORE, trigger={"type": "contact.updated", "fields": [{"field": "custom.plan", "from": "business"}]}
    )
    ada = world.add("contact", **{"custom.plan": "business"})
    world.sets_up(without_business())
    assert world.starts(world.changes(ada, **{"custom.plan": "team"}))


def test_a_choice_that_is_gone_is_not_written_any_more() -> None:
    world = scenario({"id": "it", "type": "contact.update", "values": {"custom.plan": "business"}}, SCORE)
    world.sets_up(without_business())
    world.happens(world.creates("contact"))
    assert world.log("it").detail["error"]["code"] == "step_broken"
    assert world.all("contact")[0]["lead_score"] == 5


def test_a_wait_is_not_broken_by_a_choice_that_is_gone() -> None:
    wait = {"type": "flow.wait_until", "when": {"field": PLAN, "op": "eq", "value": "business"}}
    world = scenario({**wait, "timeout": {"after": "1 day"}}, SCORE)
    execution = world.happens(world.creates("contact"))
    world.sets_up(without_business())
    world.pass_time(timedelta(days=2))
    assert (execution.reason, execution.has_errors) == ("completed", False)


def test_a_trigger_goes_on_with_the_stages_that_are_left() -> None:
    world = scenario(SCORE, trigger={"type": "contact.stage_changed", "to": ["lead", "customer"]})
    ada = world.add("contact", lifecycle_stage="subscriber")
    world.sets_up(replace(CATALOG, lifecycle_stages=("subscriber", "lead")))
    assert world.starts(world.changes(ada, lifecycle_stage="lead"))


def test_a_trigger_whose_field_is_gone_starts_nothing_and_the_steps_go_on() -> None:
    trigger = {"type": "contact.updated", "fields": [{"field": "custom.seats"}]}
    world = scenario({"type": "flow.delay", "for": "1 day"}, SCORE, trigger=trigger)
    ada = world.add("contact")
    execution = world.happens(world.changes(ada, **{"custom.seats": 3}))
    world.sets_up(replace(CATALOG, custom_fields={}))
    assert not world.starts(world.changes(ada, first_name="Ada"))
    assert world.plan.gone == "A contact has no field “custom.seats”. (trigger.fields.0.field)"
    world.pass_time(timedelta(days=2))
    assert execution.reason == "completed"
    assert world.row(ada)["lead_score"] == 5
