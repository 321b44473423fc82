"""What a node does, in words: the sentences that the tree, notices and explanations show to people."""

import re
from typing import Any

import pytest

from cuework.engine.node import Node
from cuework.nodes import discover
from cuework.nodes.texts import short
from cuework.nodes.wording import event_words, record_words
from cuework.workflows.describe import node_words

TYPES = discover()
ALL = [*TYPES.triggers.values(), *TYPES.steps.values()]


@pytest.mark.parametrize("node", ALL, ids=lambda node: node.type)
def test_every_node_says_what_it_does_without_codes(node: type[Node]) -> None:
    words = node.model_validate(node.sample).summary()
    plain = re.sub(r"\{\{.*?\}\}|“.*?”|https?://\S+", "", words)
    assert words != node.title
    assert words[0].isupper()
    assert not re.search(r"[_{}\[\]]|\bNone\b|\w\.\w", plain), words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            {"type": "task.create", "title": "Call", "assign_to": {"team": "sales"}, "due": {"in": "4 hours"}},
            "Create the task “Call” for the team sales, due in 4 hours",
        ),
        (
            {"type": "contact.set_stage", "stage": "customer", "on": "deal.contact"},
            "Set the lifecycle stage to customer on the deal’s contact",
        ),
        ({"type": "deal.win", "on": "deal"}, "Mark the deal as won"),
        (
            {"type": "flow.wait_until", "event": "task.completed", "of": "call"},
            "Wait until the task of “call” is completed",
        ),
        (
            {"type": "record.assign_owner", "team": "sales", "by": "load_balanced"},
            "Assign to the team sales, to who has least to do",
        ),
        ({"type": "email.send", "to": "deal.contact", "subject": "Hi", "body": "x"}, "Email the deal’s contact: “Hi”"),
        (
            {"type": "contact.update", "values": {"custom.plan": "pro", "owner_id": "a@b.example"}},
            "Set the contact’s plan and owner",
        ),
        ({"type": "contact.add_score", "points": -1}, "Take 1 point off the score"),
    ],
)
def test_a_step_reads_as_a_sentence(step: dict[str, Any], words: str) -> None:
    assert node_words(step, TYPES.steps) == words


def test_a_change_of_one_field_reads_as_a_sentence_and_of_several_as_a_list() -> None:
    one: dict[str, Any] = {"type": "deal.updated", "fields": [{"field": "owner_id"}]}
    assert node_words(one, TYPES.triggers) == "When a deal’s owner changes"
    two = {**one, "fields": [{"field": "owner_id"}, {"field": "name", "to": "X"}]}
    assert node_words(two, TYPES.triggers) == "When a deal changes: owner or name to X"


def test_records_and_events_have_names() -> None:
    assert record_words("steps.buyer") == "what “buyer” found or made"
    assert record_words({"type": "contact", "id": "{{ x }}"}) == "the contact with a given id"
    assert event_words("form.submitted") == "a form is submitted"
    assert event_words("contact.stage_changed", "contact") == "the contact changes its stage"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 61, "x" * 59 + "…"),
        (
            "Hello {{ contact.first_name or contact.email or 'the customer' }}, hello",
            "Hello {{ contact.first_name or contact.email or 'the customer' }}…",
        ),
        ("a" * 40 + "{{ " + "b" * 100 + " }}", "a" * 40 + "…"),
        ("one\ntwo", "one"),
    ],
)
def test_a_long_text_is_cut_outside_of_placeholders(text: str, shown: str) -> None:
    assert short(text) == shown
