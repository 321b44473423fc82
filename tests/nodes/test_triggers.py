"""When workflows start: each trigger's own filter, before and beside its condition."""

from dataclasses import replace
from typing import Any

import pytest

from cuework.base.errors import Invalid
from cuework.engine.match import ActiveTrigger, TriggerIndex, match
from cuework.engine.money import Money
from cuework.testing.scenario import START, WORKFLOW_ID, Scenario
from cuework.testing.small_world import ANA, BEN, CATALOG, NEW_BUSINESS, NOTICE, OFFER, RENEWALS, RENEWED, SIGNED


def scenario(trigger: dict[str, Any]) -> Scenario:
    return Scenario({"name": "Test", "trigger": trigger, "steps": []})


def problems(trigger: dict[str, Any]) -> list[tuple[str, str | None]]:
    with pytest.raises(Invalid) as caught:
        scenario(trigger)
    return [(problem.path, problem.suggestion) for problem in caught.value.problems]


def test_an_update_trigger_without_fields_starts_on_any_change() -> None:
    world = scenario({"type": "contact.updated"})
    contact = world.add("contact", first_name="Ada")
    assert world.starts(world.changes(contact, first_name="Eve"))
    assert not world.starts(world.creates("contact", first_name="Lin"))


def test_an_update_trigger_with_fields_starts_only_on_those() -> None:
    world = scenario({"type": "contact.updated", "fields": [{"field": "phone"}, {"field": "email"}]})
    contact = world.add("contact", first_name="Ada")
    assert world.starts(world.changes(contact, phone="+491"))
    event = world.changes(contact, job_title="Buyer")
    assert not world.starts(event)
    assert world.why_not(event) == "It changed job_title, not phone or email."


def test_a_field_change_can_say_from_and_to() -> None:
    change = {"field": "owner_id", "from": "ana@example.com", "to": ["ben@example.com", None]}
    world = scenario({"type": "deal.updated", "fields": [change]})
    deal = world.add("deal", owner_id=ANA.id)
    assert world.starts(world.changes(deal, owner_id=BEN.id))
    assert not world.starts(world.changes(deal, owner_id=ANA.id))
    assert world.starts(world.changes(deal, owner_id=None))


def test_a_field_change_compares_custom_fields_and_text_without_case() -> None:
    fields = [{"field": "contact.custom.plan", "to": "Team"}, {"field": "country", "to": "DE"}]
    world = scenario({"type": "contact.updated", "fields": fields})
    contact = world.add("contact")
    assert world.starts(world.changes(contact, **{"custom.plan": "team"}))
    assert not world.starts(world.changes(contact, **{"custom.plan": "free"}))
    assert world.starts(world.changes(contact, country="de"))


def test_an_unknown_field_of_a_trigger_is_named_with_the_nearest() -> None:
    assert problems({"type": "contact.updated", "fields": [{"field": "phoen"}]}) == [
        ("trigger.fields.0.field", "phone")
    ]
    wrong = {"type": "contact.updated", "fields": [{"field": "lifecycle_stage", "to": "custommer"}]}
    assert problems(wrong) == [("trigger.fields.0.to", "customer")]


@pytest.mark.parametrize(
    ("config", "old", "new", "starts"),
    [
        ({}, 10, 20, True),
        ({"direction": "down"}, 10, 20, False),
        ({"direction": "down"}, 20, 10, True),
        ({"crosses": 50}, 40, 60, True),
        ({"crosses": 50}, 49, 50, True),
        ({"crosses": 50}, 50, 60, False),
        ({"crosses": 50}, 60, 40, False),
        ({"crosses": 50, "direction": "down"}, 50, 49, True),
        ({"crosses": 50, "direction": "down"}, 49, 51, False),
        ({"crosses": 50, "direction": "either"}, 60, 40, True),
    ],
)
def test_a_score_crosses_a_threshold(config: dict[str, Any], old: int, new: int, *, starts: bool) -> None:
    world = scenario({"type": "contact.score_changed", **config})
    contact = world.add("contact", lead_score=old)
    assert world.starts(world.changes(contact, lead_score=new)) is starts


def test_a_score_trigger_ignores_other_changes() -> None:
    world = scenario({"type": "contact.score_changed"})
    contact = world.add("contact", lead_score=10)
    assert not world.starts(world.changes(contact, first_name="Ada"))


def test_a_lifecycle_stage_trigger_says_from_and_to() -> None:
    world = scenario({"type": "contact.stage_changed", "from": ["subscriber", "lead"], "to": "customer"})
    contact = world.add("contact", lifecycle_stage="lead")
    assert world.starts(world.changes(contact, lifecycle_stage="customer"))
    event = world.changes(contact, lifecycle_stage="evangelist")
    assert world.why_not(event) == "It came from customer, not from subscriber or lead."
    assert problems({"type": "contact.stage_changed", "to": "lad"}) == [("trigger.to", "lead")]


def test_a_deal_stage_trigger_knows_its_pipeline() -> None:
    world = scenario({"type": "deal.stage_changed", "pipeline": "new-business", "to": ["offer", "signed"]})
    deal = world.add("deal")
    assert world.starts(world.changes(deal, stage_id=OFFER.id))
    assert not world.starts(world.changes(deal, stage_id=NOTICE.id)), "that is another pipeline"
    assert world.starts(world.changes(deal, stage_id=SIGNED.id))
    wrong = {"type": "deal.stage_changed", "pipeline": "renewals", "to": "offer"}
    assert [path for path, _ in problems(wrong)] == ["trigger.to"]


def test_a_deal_that_moves_to_a_stage_of_the_same_key_in_another_pipeline_has_moved_from_and_to_that_key() -> None:
    offer = replace(NOTICE, key=OFFER.key)
    catalog = replace(CATALOG, pipelines=(NEW_BUSINESS, replace(RENEWALS, stages=(offer, RENEWED))))
    for config, starts in (({"to": "offer"}, True), ({"from": "offer"}, True), ({"to": "renewed"}, False)):
        definition = {"name": "Test", "trigger": {"type": "deal.stage_changed", **config}, "steps": []}
        world = Scenario(definition, catalog)
        deal = world.add("deal", stage_id=OFFER.id)
        event = world.changes(deal, stage_id=offer.id)
        assert world.starts(event) is starts, world.why_not(event)
    assert world.why_not(event) == "It went to offer, not to renewed."


def test_a_won_deal_starts_also_when_it_is_created_as_won() -> None:
    world = scenario({"type": "deal.won"})
    assert world.starts(world.creates("deal", name="A", status="won"))
    assert not world.starts(world.creates("deal", name="B"))
    deal = world.add("deal", name="C")
    assert world.starts(world.changes(deal, status="won"))
    assert not world.starts(world.changes(deal, name="D"))
    assert not world.starts(world.changes(deal, status="lost"))
    assert world.starts(world.changes(deal, status="won")), "won again"


def test_a_lost_deal_of_another_pipeline_starts_nothing() -> None:
    world = scenario({"type": "deal.lost", "pipeline": "renewals"})
    deal = world.add("deal")
    event = world.changes(deal, status="lost")
    assert not world.starts(event)
    assert world.why_not(event) == "The deal is in pipeline new-business, not in renewals."


def test_a_completed_task_starts_once_it_is_done() -> None:
    world = scenario(
        {"type": "task.completed", "when": {"all": [{"field": "task.priority", "op": "eq", "value": "high"}]}}
    )
    task = world.add("task", title="Call", priority="high")
    assert world.starts(world.changes(task, status="done"))
    assert not world.starts(world.changes(task, title="Called"))
    assert not world.starts(world.changes(world.add("task", title="x"), status="done")), "not of high priority"


def test_a_form_trigger_starts_for_its_forms_and_reads_the_answers() -> None:
    clause = {"field": "form.message", "op": "contains", "value": "price"}
    world = scenario({"type": "form.submitted", "forms": ["contact"], "when": {"all": [clause]}})
    contact = world.add("contact")
    asked = world.event("form.submitted", contact, form_key="contact", form={"message": "What is the PRICE?"})
    other = world.event("form.submitted", contact, form_key="newsletter", form={"message": "price"})
    silent = world.event("form.submitted", contact, form_key="contact", form={"message": "hello"})
    assert [world.starts(event) for event in (asked, other, silent)] == [True, False, False]
    assert problems({"type": "form.submitted", "forms": ["contakt"]}) == [("trigger.forms.0", "contact")]
    assert problems({"type": "form.submitted", "forms": []})[0][0] == "trigger.forms"


def test_a_webhook_starts_without_a_record() -> None:
    world = scenario({"type": "webhook.received", "hook": "orders"})
    assert world.plan.record_type is None
    assert world.starts(world.event("webhook.received", None, hook_key="orders", body={"id": 1}))
    assert not world.starts(world.event("webhook.received", None, hook_key="other", body={}))
    assert problems({"type": "webhook.received", "hook": "order"}) == [("trigger.hook", "orders")]


def test_a_manual_trigger_listens_to_nothing() -> None:
    world = scenario({"type": "manual", "record_type": "deal"})
    assert world.plan.record_type == "deal"
    assert not world.starts(world.creates("deal", name="A"))
    assert world.enroll(world.add("deal")).status == "completed"


def test_a_filter_trigger_fires_when_a_record_begins_to_match() -> None:
    world = scenario(
        {"type": "contact.matches", "when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}}
    )
    contact = world.add("contact", lead_score=10)
    assert world.starts(world.changes(contact, lead_score=60))
    assert not world.starts(world.changes(contact, lead_score=70)), "it went on matching"
    assert not world.starts(world.changes(contact, lead_score=5))
    assert world.starts(world.changes(contact, lead_score=50)), "again from not matching"
    assert world.starts(world.creates("contact", lead_score=80))
    assert world.starts(world.event("contact.restored", contact)), "it was not there before"


def test_a_filter_trigger_needs_a_condition_on_a_state() -> None:
    assert [path for path, _ in problems({"type": "deal.matches"})] == ["trigger.when"]
    changed = {"all": [{"field": "deal.status", "op": "changed_to", "value": "won"}]}
    assert [path for path, _ in problems({"type": "deal.matches", "when": changed})] == ["trigger.when"]


def test_money_of_another_currency_is_converted_and_without_a_rate_it_does_not_match() -> None:
    value = {"amount": "100", "currency": "EUR"}
    world = scenario({"type": "deal.created", "when": {"all": [{"field": "deal.value", "op": "gte", "value": value}]}})
    made = [world.creates("deal", name="x", value=Money(minor, code)) for minor, code in _AMOUNTS]
    assert [world.starts(event) for event in made] == [True, False, True, False]


_AMOUNTS = [(10_000, "EUR"), (10_000, "USD"), (20_000, "USD"), (90_000_000, "CHF")]


def test_the_index_finds_what_asking_every_trigger_finds() -> None:
    configs: list[dict[str, Any]] = [
        {"type": "contact.stage_changed", "to": "customer"},
        {"type": "contact.stage_changed"},
        {"type": "contact.score_changed", "crosses": 50},
        {"type": "contact.updated", "fields": [{"field": "lead_score"}]},
        {"type": "contact.matches", "when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}},
        {"type": "deal.stage_changed", "pipeline": "new-business"},
        {"type": "deal.won"},
        {"type": "deal.created", "when": {"all": [{"field": "deal.value", "op": "gt", "value": 50}]}},
    ]
    worlds = [scenario(config) for config in configs]
    index = TriggerIndex([ActiveTrigger(WORKFLOW_ID, number, world.plan, START) for number, world in enumerate(worlds)])
    base = worlds[0]
    contact, deal = base.add("contact", lead_score=40), base.add("deal", pipeline_id=NEW_BUSINESS.id)
    events = [
        base.changes(contact, lifecycle_stage="customer"),
        base.changes(contact, lead_score=60),
        base.changes(deal, stage_id=OFFER.id),
        base.changes(deal, status="won"),
        base.creates("deal", name="Big", value=Money(6000, "EUR")),
    ]
    for event in events:
        found = {hit.trigger.version for hit in match(index, base._scope(event))}
        asked = set()
        for number, world in enumerate(worlds):
            world.records.update(base.records)
            if world.starts(event):
                asked.add(number)
        assert found == asked, event.type


def test_lists_that_hold_the_same_are_the_same_in_whatever_order() -> None:
    world = scenario({"type": "contact.updated", "fields": [{"field": "tags", "to": ["VIP", "new"]}]})
    contact = world.add("contact", tags=["new"])
    assert world.starts(world.changes(contact, tags=["new", "vip"]))
    assert not world.starts(world.changes(contact, tags=["new", "vip", "more"]))
