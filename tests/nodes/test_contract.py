"""What every node type must keep, whoever wrote it."""

import re
from typing import Any, get_args

import pytest

from cuework.base import json
from cuework.engine.events import Event
from cuework.engine.node import Node, Step, Trigger
from cuework.engine.templates import Template
from cuework.nodes import discover
from cuework.nodes.catalog import catalog_entry
from cuework.testing.scenario import Scenario
from cuework.testing.small_world import ANA

TYPES = discover()
ALL = list(TYPES.all())
STEPS = list(TYPES.steps.values())
ICON = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
GROUPS = {"Contacts", "Companies", "Deals", "Tasks", "Records", "Messages", "Forms", "Web", "Flow"}
# The trigger that gives a step's sample something to work on.
TRIGGERS: dict[str, dict[str, Any]] = {
    "contact": {"type": "contact.created"},
    "company": {"type": "company.created"},
    "deal": {"type": "deal.created"},
    "task": {"type": "task.completed"},
    "hook": {"type": "webhook.received", "hook": "orders"},
}
PAYLOAD = {
    "email": "lin@example.org",
    "name": "Lin",
    "company": "Lin Ltd",
    "domain": "lin.example.org",
    "phone": "123456",
}


def named(node: type[Node]) -> str:
    return node.type


def definition(node: type[Step], trigger: str) -> dict[str, Any]:
    steps = [{"id": "it", "type": node.type, **node.sample}]
    return {"name": "Sample", "trigger": TRIGGERS[trigger], "steps": steps}


def trigger_for(node: type[Step]) -> str:
    text = json.dumps_text(dict(node.sample))
    works_on: tuple[str, ...] = getattr(node, "works_on", ())
    if "trigger.body" in text and not works_on:
        return "hook"
    if "{{ deal." in text or not works_on:
        return "deal" if "deal." in text else "contact"
    return works_on[0]


def scenario(node: type[Step]) -> Scenario:
    return Scenario(definition(node, trigger_for(node)))


def happening(world: Scenario, number: int) -> Event:
    kind = world.plan.record_type
    if kind is None:
        return world.event("webhook.received", None, hook_key="orders", body=PAYLOAD)
    values: dict[str, Any] = {"name": f"Name {number}"}
    if kind == "contact":
        values = {"first_name": "Lin", "email": f"lin{number}@example.org", "lead_score": 60, "owner_id": ANA.id}
    if kind == "task":
        values = {"title": f"Task {number}", "status": "done"}
    if kind in ("task", "deal"):
        contact = world.add("contact", first_name="Lin", email=f"lin{number}@example.org", owner_id=ANA.id)
        values["contact_id"] = contact.id
    return world.creates(kind, **values)


@pytest.mark.parametrize("node", ALL, ids=named)
def test_a_node_says_what_it_is(node: type[Node]) -> None:
    entry = catalog_entry(node)
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", node.type)
    assert entry["title"]
    assert entry["group"] in GROUPS
    assert ICON.fullmatch(entry["icon"])
    assert len(entry["docs"]) > 40


@pytest.mark.parametrize("node", ALL, ids=named)
def test_a_node_has_a_sample_that_validates_and_tells_itself_in_words(node: type[Node]) -> None:
    if node.type != "contact.created":
        assert node.sample, "a sample shows how the node is used"
    found = node.model_validate(dict(node.sample))
    assert found.summary()
    assert len(found.summary()) < 200


@pytest.mark.parametrize("node", ALL, ids=named)
def test_a_configuration_has_a_json_schema_whose_references_resolve(node: type[Node]) -> None:
    schema = catalog_entry(node)["schema"]
    text = json.dumps_text(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    references = set(re.findall(r'"\$ref":"#/\$defs/(\w+)"', text))
    assert references <= set(schema.get("$defs", {}))
    assert set(node.sample) <= set(schema["properties"])


@pytest.mark.parametrize("node", list(TYPES.triggers.values()), ids=named)
def test_a_trigger_compiles_with_its_sample(node: type[Trigger]) -> None:
    definition = {"name": "Sample", "trigger": {"type": node.type, **node.sample}, "steps": []}
    plan = Scenario(definition).plan
    assert plan.trigger.type == node.type
    assert plan.record_type in (None, "contact", "company", "deal", "task")


@pytest.mark.parametrize("node", STEPS, ids=named)
def test_a_step_runs_its_sample_and_its_output_is_what_it_declares(node: type[Step]) -> None:
    world = scenario(node)
    execution = world.happens(happening(world, 1))
    if world.sent:
        output = {"status": 200, "headers": {}, "body": {}, "message_id": "<1@x>", "recipient": "lin1@example.org"}
        fields = node.Output.model_fields if node.Output else {}
        world.deliver(world.sent[0], {name: value for name, value in output.items() if name in fields})
    if execution.status == "waiting":
        return
    assert execution.status == "completed", execution.failure
    status, found = world.outcome("it")
    assert status == "completed", world.log("it").detail
    if node.Output is not None:
        node.Output.model_validate({**found}, strict=False)
        assert set(found) <= set(node.Output.model_fields)
    assert json.loads(json.dumps(dict(found))) == dict(found), "an output is plain JSON"


@pytest.mark.parametrize("node", STEPS, ids=named)
def test_a_batch_does_what_its_parts_do_one_by_one(node: type[Step]) -> None:
    together, alone = scenario(node), scenario(node)
    events = [happening(together, number) for number in range(3)]
    same = [happening(alone, number) for number in range(3)]
    together.happens(*events)
    for event in same:
        alone.happens(event)
    assert told(together) == told(alone)


@pytest.mark.parametrize("node", STEPS, ids=named)
def test_running_twice_gives_the_same(node: type[Step]) -> None:
    first, second = scenario(node), scenario(node)
    for world in (first, second):
        world.happens(happening(world, 1))
    assert json.dumps(told(first)) == json.dumps(told(second))
    assert [step.detail for step in first.steps] == [step.detail for step in second.steps]


@pytest.mark.parametrize("node", STEPS, ids=named)
def test_what_its_templates_came_to_is_told(node: type[Step]) -> None:
    fields = {name: field.alias or name for name, field in node.model_fields.items()}
    texts = [key for name, key in fields.items() if Template in _kinds(node.model_fields[name].annotation)]
    shown = [key for key in texts if key not in node.unlogged]
    if not shown:
        return
    raw = definition(node, "contact")
    raw["steps"][0] |= dict.fromkeys(shown, "2026-03-0{{ contact.first_name }}")
    if node.type == "flow.delay":
        del raw["steps"][0]["for"]
    world = Scenario(raw)
    world.happens(world.creates("contact", first_name="1", email="lin@example.org"))
    for sent in world.sent:
        world.refuse(sent, "refused", "It is refused.")
    asked = world.asked("it")
    assert {key: asked.get(key) for key in shown} == dict.fromkeys(shown, "2026-03-01")


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def told(world: Scenario) -> dict[str, Any]:
    """Everything that can be seen afterwards, without ids and times."""
    return {
        "steps": sorted((step.visit, step.status, bare(step.detail)) for step in world.steps),
        "records": sorted(bare(row) for row in world.records.values()),
        "rows": {table: sorted(bare(row) for row in rows) for table, rows in world.rows.items()},
        "sent": sorted(bare(dict(each.effect.request)) for each in world.sent),
        "turns": {str(pool): str(user) for pool, user in world.answers.turns.items()},
    }


def bare(value: Any) -> str:
    return re.sub(
        r"019[0-9a-f]{5}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "#", json.dumps_text(value)
    )


def test_two_packages_cannot_declare_one_type() -> None:
    from cuework.engine.registry import node_types

    with pytest.raises(ValueError, match=r"declares node type contact\.add_tag"):
        node_types([TYPES.steps["contact.add_tag"], TYPES.steps["contact.add_tag"]])


def test_the_vocabulary_is_whole() -> None:
    triggers = "created updated stage_changed score_changed matches"
    assert set(TYPES.triggers) == {
        *(f"contact.{name}" for name in triggers.split()),
        *(f"company.{name}" for name in ("created", "updated", "matches")),
        *(f"deal.{name}" for name in ("created", "updated", "stage_changed", "won", "lost", "matches")),
        *("task.completed", "form.submitted", "webhook.received", "manual"),
    }
    contact = "update add_tag remove_tag add_score set_score set_stage upsert"
    assert set(TYPES.steps) == {
        *("flow.branch", "flow.delay", "flow.stop", "flow.wait_until"),
        *(f"contact.{name}" for name in contact.split()),
        *("company.update", "company.upsert"),
        *(f"deal.{name}" for name in ("create", "update", "move_stage", "win", "lose")),
        *("task.create", "task.update", "record.assign_owner", "record.find"),
        *("activity.log", "notify.send", "email.send", "http.request"),
    }
