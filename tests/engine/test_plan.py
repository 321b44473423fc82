"""Compiling definitions: what a plan holds, and every problem at its place."""

from typing import Any

import pytest

from cuework.base.errors import Invalid, Problem
from cuework.engine.definition import Settings
from cuework.engine.later import LATER_SETTINGS, LATER_STEPS, LATER_TRIGGERS
from cuework.engine.plan import Plan, compile_plan
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG

TYPES = discover()
CREATED = {"type": "contact.created"}
TAG = {"type": "contact.add_tag", "tag": "x"}


def plan(**parts: Any) -> Plan:
    return compile_plan({"name": "Test", "trigger": CREATED, "steps": [], **parts}, TYPES, CATALOG)


def problems(data: Any) -> list[Problem]:
    with pytest.raises(Invalid) as caught:
        compile_plan(data, TYPES, CATALOG)
    assert caught.value.problems
    return list(caught.value.problems)


def of(**parts: Any) -> list[tuple[str, str | None]]:
    found = problems({"name": "Test", "trigger": CREATED, "steps": [], **parts})
    return [(problem.path, problem.suggestion) for problem in found]


def test_a_workflow_without_steps_is_whole() -> None:
    assert (plan().first, plan().steps) == (None, {})


def test_steps_without_an_id_get_one_from_their_type() -> None:
    steps = [TAG, {**TAG, "id": "mine"}, TAG, {"type": "contact.add_score", "points": 1}]
    made = plan(steps=steps)
    assert list(made.steps) == ["add_tag_1", "mine", "add_tag_2", "add_score_1"]
    assert [made.steps[name].next for name in made.steps] == ["mine", "add_tag_2", "add_score_1", None]


def test_what_is_inside_a_branch_leads_out_to_what_follows() -> None:
    case = {"when": {"all": []}, "steps": [{**TAG, "id": "a"}, {**TAG, "id": "b"}]}
    made = plan(steps=[{"id": "which", "type": "flow.branch", "cases": [case]}, {**TAG, "id": "last"}])
    assert made.steps["which"].exits == {"case_1": "a", "otherwise": "last"}
    assert [made.steps[name].next for name in ("a", "b", "which", "last")] == ["b", "last", "last", None]


def test_error_steps_are_an_exit_and_a_used_step_stops_by_default() -> None:
    find = {"type": "contact.upsert", "email": "a@example.org"}
    steps = [
        {**find, "id": "caught", "on_error": {"steps": [{**TAG, "id": "oh"}]}},
        {**find, "id": "used"},
        {**TAG, "id": "plain", "on": "steps.used"},
    ]
    made = plan(steps=steps)
    assert (made.steps["caught"].on_error, made.steps["caught"].exits) == ("steps", {"error": "oh"})
    assert made.steps["oh"].next == "used"
    assert (made.steps["used"].on_error, made.steps["plain"].on_error) == ("stop", "continue")
    assert plan(steps=steps, settings={"on_error": "stop"}).steps["plain"].on_error == "stop"


def test_a_step_keeps_its_retry_timeout_and_note() -> None:
    step = {**TAG, "id": "a", "retry": {"attempts": 5}, "timeout": "30 seconds", "note": "why", "disabled": True}
    made = plan(steps=[step]).steps["a"]
    assert made.retry is not None
    assert made.timeout_after is not None
    assert (made.retry.attempts, made.timeout_after.total_seconds(), made.note, made.disabled) == (5, 30, "why", True)


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_a_definition_is_a_mapping(data: Any) -> None:
    assert problems(data)[0].message == "A definition is a mapping with name, trigger and steps."


TASK = {"type": "task.create", "title": "Call"}
WEEKDAYS = "monday, tuesday, wednesday, thursday, friday, saturday or sunday"


@pytest.mark.parametrize(
    ("step", "place", "message", "suggestion"),
    [
        ({**TASK, "tilte": "x"}, "tilte", "“tilte” is not a field here.", "title"),
        ({**TASK, "assign_to": {"usr": "a"}}, "assign_to.usr", "“usr” is not a field here.", "user"),
        ({**TASK, "due": {"on": "x"}}, "due.on", "“on” is not a field here.", "there are: in, at"),
        (
            {**TASK, "assign_to": "sales"},
            "assign_to",
            "“assign_to” has fields of its own, not text.",
            "there are: user, team, users, owner, by",
        ),
        ({**TASK, "priority": "hihg"}, "priority", "“priority” must be low, normal, high or urgent.", "high"),
        ({**TASK, "on": 5}, "on", "“on” is text, not a number.", None),
        ({**TASK, "on_error": "explode"}, "on_error", "“on_error” must be continue or stop.", None),
        ({**TASK, "on_error": {"stps": []}}, "on_error.stps", "“stps” is not a field here.", "steps"),
        (
            {"type": "flow.delay", "until": {"weekday": "mon"}},
            "until.weekday",
            f"“weekday” must be {WEEKDAYS}.",
            "monday",
        ),
        (
            {"type": "flow.delay", "until": {"feild": "contact.custom.renewal", "before": "1 day"}},
            "until.field",
            "“field” is missing.",
            None,
        ),
        ({"type": "flow.branch", "cases": {}}, "cases", "“cases” is a list, not a mapping.", None),
        ({"type": "record.assign_owner", "users": "a"}, "users", "“users” is a list, not text.", None),
    ],
)
def test_a_wrong_shape_is_named_as_the_document_spells_it(
    step: dict[str, Any], place: str, message: str, suggestion: str | None
) -> None:
    found = problems({"name": "x", "trigger": CREATED, "steps": [{"id": "a", **step}]})
    assert (found[0].path, found[0].message, found[0].suggestion) == (f"steps.0.{place}", message, suggestion)


ANY_STEP = "{type: contact.add_tag, tag: new}"


@pytest.mark.parametrize(
    ("parts", "place", "message", "suggestion"),
    [
        (
            {"trigger": "deal.won"},
            "trigger",
            "“trigger” has a type and fields of its own, not text.",
            "trigger: {type: deal.won}",
        ),
        (
            {"trigger": 5},
            "trigger",
            "“trigger” has a type and fields of its own, not a number.",
            "trigger: {type: contact.created}",
        ),
        ({"steps": [5]}, "steps.0", "A step has a type and fields of its own; this is a number.", ANY_STEP),
        (
            {"steps": ["flow.stop"]},
            "steps.0",
            "A step has a type and fields of its own; this is text.",
            "{type: flow.stop}",
        ),
        (
            {"steps": [{"type": "flow.branch", "cases": [{"when": {"all": []}, "steps": []}], "otherwise": [[]]}]},
            "steps.0.otherwise.0",
            "A step has a type and fields of its own; this is a list.",
            ANY_STEP,
        ),
        (
            {"steps": [{"type": "flow.branch", "cases": [5]}]},
            "steps.0.cases.0",
            "An entry of “cases” has fields of its own; this is a number.",
            "there are: name, when, steps",
        ),
        (
            {"settings": {"goal": 5}},
            "settings.goal",
            "“goal” is a condition, not a number.",
            "goal: {field: contact.email, op: known}",
        ),
        (
            {"steps": [{"type": "contact.update", "values": 5}]},
            "steps.0.values",
            "“values” has fields of its own, not a number.",
            None,
        ),
    ],
)
def test_a_part_of_another_shape_is_told_how_it_is_written(
    parts: dict[str, Any], place: str, message: str, suggestion: str | None
) -> None:
    [found] = problems({"name": "x", "trigger": CREATED, "steps": [], **parts})
    assert (found.path, found.message, found.suggestion) == (place, message, suggestion)


def test_what_comes_in_a_later_version_is_called_that() -> None:
    assert not {*LATER_TRIGGERS, *LATER_STEPS} & {*TYPES.triggers, *TYPES.steps}
    assert not {*LATER_SETTINGS} & {*Settings.model_fields}
    for name in LATER_TRIGGERS:
        [found] = problems({"name": "x", "trigger": {"type": name}, "steps": []})
        assert (found.path, found.message) == ("trigger.type", f"“{name}” is not available in this version.")
    for name in LATER_STEPS:
        [found] = problems({"name": "x", "trigger": CREATED, "steps": [{"type": name}]})
        assert (found.path, found.message) == ("steps.0.type", f"“{name}” is not available in this version.")


def test_a_template_that_cannot_be_read_is_one_sentence_and_a_suggestion() -> None:
    log = {"type": "activity.log", "text": "Hello\n{{ contact.first_name|uper }}"}
    [found] = problems({"name": "x", "trigger": CREATED, "steps": [log]})
    assert (found.path, found.message, found.suggestion) == (
        "steps.0.text",
        "Line 2 of the text: There is no filter 'uper'.",
        "upper",
    )


def test_fields_of_a_trigger_are_suggested_where_they_belong() -> None:
    trigger = {"type": "contact.updated", "fields": [{"feild": "email"}]}
    assert of(trigger=trigger) == [("trigger.fields.0.field", None), ("trigger.fields.0.feild", "field")]


def test_missing_and_unknown_parts_are_named() -> None:
    assert [problem.path for problem in problems({"steps": []})] == ["name", "trigger"]
    assert of(setings={}) == [("setings", "settings")]
    assert of(settings={"re_entri": "once"})[0][0] == "settings.re_entri"
    assert of(settings={"zone": "Mars/Base"}) == [("settings.zone", "Europe/Berlin")]
    assert of(settings={"settle": "1 minute"}) == [("settings.settle", None)]
    assert of(settings={"max_age": "soon"})[0][0] == "settings.max_age"


def test_unknown_types_are_named_with_the_nearest() -> None:
    assert of(trigger={"type": "contact.create"}) == [("trigger.type", "contact.created")]
    assert of(steps=[{"type": "contact.add_tagg"}]) == [("steps.0.type", "contact.add_tag")]
    assert of(steps=[{"tag": "x"}])[0][0] == "steps.0.type"
    assert of(trigger={"type": 7})[0][0] == "trigger.type"


def test_unknown_and_missing_fields_of_steps_are_named() -> None:
    assert of(steps=[{**TAG, "tagg": "x"}]) == [("steps.0.tagg", "tag")]
    assert of(steps=[{"type": "contact.add_tag"}])[0][0] == "steps.0.tag"
    assert of(steps=[{"type": "contact.add_score", "points": "many"}])[0][0] == "steps.0.points"


def test_two_steps_cannot_have_one_id() -> None:
    assert of(steps=[{**TAG, "id": "a"}, {**TAG, "id": "a"}])[0][0] == "steps.1.id"
    assert of(steps=[{**TAG, "id": "Not good"}])[0][0] == "steps.0.id"


def test_a_step_can_only_refer_to_an_earlier_one() -> None:
    on_later = {**TAG, "on": "steps.later"}
    make = {"id": "later", "type": "contact.upsert", "email": "a@example.org"}
    assert of(steps=[on_later, make]) == [("steps.0.on", None)]
    assert of(steps=[{**make, "id": "early"}, {**TAG, "on": "steps.earlyy"}]) == [("steps.1.on", "early")]


def test_templates_are_checked_when_the_definition_is_read() -> None:
    assert of(steps=[{**TAG, "tag": "{{ contact.first_name"}])[0][0] == "steps.0.tag"
    assert of(steps=[{**TAG, "tag": "{{ contakt.first_name }}"}])[0][0] == "steps.0.tag"
    assert of(settings={"entry_key": "{{ x"})[0][0] == "settings.entry_key"


def test_conditions_are_checked_at_every_depth() -> None:
    when = {"any": [{"all": [{"field": "contact.lead_scor", "op": "gt", "value": 1}]}]}
    assert of(trigger={**CREATED, "when": when}) == [("trigger.when.any.0.all.0.field", "contact.lead_score")]
    for name in ("suppress", "goal", "exit"):
        path = of(settings={name: {"all": [{"field": "contact.email", "op": "is"}]}})[0][0]
        assert path.startswith(f"settings.{name}")


def test_all_problems_come_at_once() -> None:
    steps = [
        {"type": "nope"},
        {**TAG, "on": "company"},
        {"type": "task.create", "title": "x", "assign_to": {"team": "nope"}},
    ]
    assert [path for path, _ in of(steps=steps, trigger={"type": "form.submitted", "forms": ["nope"]})] == [
        "trigger.forms.0",
        "steps.0.type",
        "steps.1.on",
        "steps.2.assign_to.team",
    ]


def test_depth_and_number_of_steps_have_limits() -> None:
    step: dict[str, Any] = TAG
    for _ in range(30):
        step = {"type": "flow.branch", "cases": [{"when": {"all": []}, "steps": [step]}]}
    assert "nested deeper" in problems({"name": "x", "trigger": CREATED, "steps": [step]})[0].message
    many = [{"type": "flow.branch", "cases": [{"when": {"all": []}, "steps": [TAG] * 300}] * 2}]
    assert any(
        "at most 500 steps" in each.message for each in problems({"name": "x", "trigger": CREATED, "steps": many})
    )


@pytest.mark.parametrize(
    "step",
    [
        {"type": "flow.branch", "cases": "x"},
        {"type": "flow.branch", "cases": [{"when": [], "steps": {}}]},
        {"type": "flow.branch", "cases": [None]},
        {"type": "flow.delay", "until": []},
        {"type": "task.create", "title": [], "assign_to": "sales", "due": 3},
        {"type": "contact.update", "values": []},
        {"type": "contact.update", "values": {"custom": 3}},
        {"type": "http.request", "url": {}, "headers": [1], "expect": "x"},
        {"type": "record.find", "record_type": "x", "when": 3},
        {"type": "email.send", "to": 3, "subject": None, "body": []},
        {"type": ["contact.add_tag"]},
        {"type": "contact.add_tag", "tag": "x", "on": 3},
        {"type": "contact.add_tag", "tag": "x", "on": {"type": "x"}},
        {"type": "contact.add_tag", "tag": "x", "on_error": {"step": []}},
        {"type": "contact.add_tag", "tag": "x", "on_error": {"steps": "x"}},
        {"type": "contact.add_tag", "tag": "x", "id": 3},
        {"type": "contact.add_tag", "tag": "x", "retry": {"attempts": 0}},
    ],
)
def test_nonsense_is_a_problem_and_never_an_exception(step: dict[str, Any]) -> None:
    assert all(
        problem.path.startswith("steps.0") for problem in problems({"name": "x", "trigger": CREATED, "steps": [step]})
    )


def test_compiling_changes_nothing_of_what_it_was_given() -> None:
    data = {"name": "Test", "trigger": CREATED, "steps": [TAG]}
    compile_plan(data, TYPES, CATALOG)
    assert data == {
        "name": "Test",
        "trigger": {"type": "contact.created"},
        "steps": [{"type": "contact.add_tag", "tag": "x"}],
    }
