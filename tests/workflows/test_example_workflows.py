"""The examples that are shipped: every one compiles, reads back the same, and does what it says."""

from datetime import timedelta
from typing import Any

import pytest

from cuework.engine.money import Money
from cuework.nodes import discover
from cuework.testing.scenario import Scenario
from cuework.testing.small_world import ANA, BEN, CATALOG, SALES
from cuework.workflows.examples import Example, shipped
from cuework.workflows.text import check, dump, parse

TYPES = discover()
EXAMPLES = {example.key: example for example in shipped()}


def scenario(key: str) -> Scenario:
    return Scenario(EXAMPLES[key].definition)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda each: each.key)
def test_an_example_compiles_and_reads_back_the_same(example: Example) -> None:
    plan = check(example.yaml, TYPES, CATALOG)
    assert plan.key == example.key
    assert example.description
    assert parse(dump(example.definition))[0] == example.definition


def test_the_three_of_the_first_floor_are_there() -> None:
    assert {"welcome-new-contacts", "high-value-deal", "contact-form"} <= set(EXAMPLES)


def test_welcome_new_contacts() -> None:
    world = scenario("welcome-new-contacts")
    execution = world.happens(world.creates("contact", first_name="Lin", email="lin@example.org"))
    [contact] = world.all("contact")
    [task] = world.all("task")
    assert (contact["tags"], contact["lead_score"]) == (["new-contact"], 10)
    assert (task["title"], task["team_id"], task["due_at"]) == ("Welcome Lin", SALES.id, world.now + timedelta(days=1))
    assert [row["text"] for row in world.rows["activities"]] == ["Welcomed by a workflow and handed to the sales team"]
    assert [step.visit for step in world.steps] == ["tag", "score", "welcome", "history"]
    assert (execution.status, execution.has_errors) == ("completed", False)


@pytest.mark.parametrize(("minor", "starts"), [(5001, True), (5000, False)])
def test_high_value_deal(minor: int, *, starts: bool) -> None:
    world = scenario("high-value-deal")
    event = world.creates("deal", name="Big", value=Money(minor, "EUR"))
    assert world.starts(event) is starts
    if starts:
        world.happens(event)
        assert {row["user_id"] for row in world.rows["notifications"]} == {ANA.id, BEN.id}
        [task] = world.all("task")
        assert (task["priority"], task["assignee_id"], task["title"]) == ("urgent", ANA.id, "Follow up on Big")


def test_contact_form() -> None:
    world = scenario("contact-form")
    contact = world.add("contact", email="lin@example.org", first_name="Lin")
    data: dict[str, Any] = {"form_key": "contact", "form": {"message": "What does it cost?"}}
    execution = world.happens(world.event("form.submitted", contact, **data))
    assert world.row(contact)["lead_score"] == 15
    assert world.all("task")[0]["description"] == "They wrote: What does it cost?"
    world.deliver(world.sent[0], {"message_id": "<1@x>", "recipient": "lin@example.org", "answer": "ok"})
    assert "Hello Lin" in world.sent[0].effect.request["text"]
    assert execution.status == "completed"


def test_hot_lead() -> None:
    world = scenario("hot-lead")
    contact = world.add("contact", lead_score=45, email="lin@example.org")
    execution = world.happens(world.changes(contact, lead_score=55))
    assert (world.row(contact)["owner_id"], world.row(contact)["lifecycle_stage"]) == (ANA.id, "lead")
    assert world.all("task")[0]["assignee_id"] == ANA.id
    assert execution.status == "waiting"
    world.pass_time(timedelta(days=1))
    assert execution.status == "completed"
    assert {row["text"] for row in world.rows["notifications"]} == {"Nobody has called lin@example.org yet"}


def test_new_customer_check_in() -> None:
    world = scenario("new-customer-check-in")
    stays, leaves = (world.add("contact", lead_score=score, owner_id=BEN.id) for score in (10, 90))
    events = [world.changes(ref, lifecycle_stage="customer") for ref in (stays, leaves)]
    world.happens(*events)
    world.changes(leaves, lifecycle_stage="lead")
    world.pass_time(timedelta(days=8))
    assert [(row["contact_id"], row["assignee_id"]) for row in world.all("task")] == [(stays.id, BEN.id)]
    assert sorted(execution.reason or "" for execution in world.executions) == ["completed", "exited"]


def test_deal_won_thank_you() -> None:
    world = scenario("deal-won-thank-you")
    contact = world.add("contact", email="lin@example.org", first_name="Lin")
    deal = world.add("deal", name="Big", contact_id=contact.id, owner_id=ANA.id)
    execution = world.happens(world.changes(deal, status="won"))
    assert world.row(contact)["lifecycle_stage"] == "customer"
    world.deliver(world.sent[0], {"message_id": "<1@x>", "recipient": "lin@example.org", "answer": "ok"})
    world.pass_time(timedelta(days=93))
    assert execution.status == "completed"
    assert world.all("task")[0]["assignee_id"] == ANA.id
