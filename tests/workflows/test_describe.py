"""Definitions in words, whole ones and broken ones."""

from cuework.engine.condition_phrases import condition_words
from cuework.nodes import discover
from cuework.workflows.describe import describe, start_words, step_words, trigger_words

TYPES = discover()


def test_each_step_is_told_by_its_id_the_inner_ones_too() -> None:
    inner = {"id": "soon", "type": "flow.delay", "for": "1 day"}
    branch = {"id": "hot", "type": "flow.branch", "cases": [{"name": "Hot", "when": {"all": []}, "steps": [inner]}]}
    steps = [
        branch,
        {"id": "half", "type": "contact.add_tag"},
        {"id": "odd", "type": "nothing.known"},
        {"type": "flow.stop"},
    ]
    assert step_words({"steps": steps}, TYPES) == {
        "hot": "Take the first path that fits: Hot",
        "soon": "Wait 1 day",
        "half": "Add tag",
        "odd": "Unknown type “nothing.known”",
    }


def test_a_workflow_is_told_line_by_line() -> None:
    case = {"name": "Hot", "when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}}
    steps = [
        {"type": "contact.add_tag", "tag": "x", "disabled": True},
        {"type": "flow.branch", "cases": [{**case, "steps": [{"type": "flow.stop"}]}], "otherwise": []},
        {"type": "contact.add_score", "points": -5, "on_error": {"steps": [{"type": "flow.delay", "for": "1 day"}]}},
    ]
    assert describe({"trigger": {"type": "contact.created"}, "steps": steps}, TYPES) == [
        "When a contact is created",
        "Add the tag “x” (disabled)",
        "Take the first path that fits: Hot",
        "  Hot, if contact lead score is at least 50:",
        "    Stop",
        "Take 5 points off the score",
        "  On error:",
        "    Wait 1 day",
    ]


def test_conditions_are_phrases() -> None:
    score = {"field": "contact.lead_score", "op": "between", "value": [1, 5]}
    stage = {"field": "deal.custom.plan_name", "op": "neq", "value": "free"}
    known = {"field": "contact.email", "op": "known"}
    assert condition_words({"all": [score, {"any": [stage, known]}]}) == (
        "contact lead score is between 1, 5 and (deal plan name is not free or contact email is known)"
    )
    assert start_words({"trigger": {"type": "contact.created", "when": known}}, TYPES) == "When a contact is created"
    assert start_words({}, TYPES) is None
    assert condition_words({"none": [known]}) == "not (contact email is known)"
    assert condition_words({"expression": "deal.value > 5"}) == "“deal.value > 5” is true"


def test_what_makes_no_sense_is_told_as_far_as_it_does() -> None:
    trigger = {"type": "form.submitted", "forms": 3}
    assert trigger_words(trigger, TYPES) == "Form submitted"
    assert trigger_words({"type": "nope"}, TYPES) == "Unknown type “nope”"
    assert describe({"trigger": None, "steps": ["x", {"type": "nope", "cases": [None]}]}, TYPES) == [
        "Nothing is said here",
        "Nothing is said here",
        "Unknown type “nope”",
        "  Case 1, if anything:",
    ]
    assert condition_words("x") == ""
