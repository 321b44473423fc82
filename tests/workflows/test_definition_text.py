"""Definitions as YAML: read safely, with every problem at its line, and written so that people can read them."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuework.base.errors import Invalid, Malformed, Problem
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG
from cuework.workflows.definition_schema import definition_schema
from cuework.workflows.text import check, dump, parse
from cuework.workflows.yaml_document import MAX_BYTES, read_yaml

TYPES = discover()
WHOLE = """\
name: Big deal follow-up
trigger:
  type: deal.created
  when: {all: [{field: deal.value, op: gt, value: {amount: "10000", currency: EUR}}]}
settings: {re_entry: one_active, on_error: continue}
steps:
  - {id: tag, type: contact.add_tag, on: deal.contact, tag: big-deal}
  - {id: rest, type: flow.delay, for: 1 day}
  - id: hot
    type: flow.branch
    cases:
      - when: {all: [{field: contact.lead_score, op: gte, value: 50}]}
        steps:
          - {id: owner, type: record.assign_owner, on: deal, by: load_balanced, team: closers}
          - id: call
            type: task.create
            on: deal
            title: "Call {{ contact.first_name }}"
            assign_to: {owner: deal}
            due: {in: 4 hours}
    otherwise:
      - {id: mail, type: email.send, to: contact, subject: "Thank you", body: "...", retry: {attempts: 5}}
  - id: reply
    type: flow.wait_until
    event: task.completed
    of: call
    timeout:
      after: 3 days
      steps: [{id: nudge, type: notify.send, to: {team: closers}, text: "No call yet"}]
"""


def malformed(text: str) -> list[Problem]:
    with pytest.raises(Malformed) as caught:
        read_yaml(text)
    return list(caught.value.problems)


def problems(text: str) -> list[tuple[str, int | None, int | None, str | None]]:
    with pytest.raises(Invalid) as caught:
        check(text, TYPES, CATALOG)
    return [(each.path, each.line, each.column, each.suggestion) for each in caught.value.problems]


def test_the_example_of_the_manual_compiles() -> None:
    plan = check(WHOLE, TYPES, CATALOG)
    assert list(plan.steps) == ["tag", "rest", "owner", "call", "mail", "hot", "nudge", "reply"]
    assert plan.steps["reply"].exits == {"timeout": "nudge"}


def test_words_and_dates_stay_text_and_numbers_are_numbers() -> None:
    data, _ = read_yaml(
        "on: yes\noff: no\nday: 2026-01-01\nat: 09:30\nwhole: 12\nhalf: -0.5\nnone: ~\nquoted: '12'\ntrue: true"
    )
    assert data == {
        "on": "yes",
        "off": "no",
        "day": "2026-01-01",
        "at": "09:30",
        "whole": 12,
        "half": -0.5,
        "none": None,
        "quoted": "12",
        "true": True,
    }


def test_a_problem_has_the_line_and_column_of_its_key() -> None:
    text = WHOLE.replace("type: flow.delay", "type: flow.dealy").replace("team: closers}", "team: closer}", 1)
    assert problems(text) == [
        ("steps.1.type", 8, 16, "flow.delay"),
        ("steps.2.cases.0.steps.0.team", 14, 81, "closers"),
    ]


def test_a_missing_field_points_at_the_step_that_lacks_it() -> None:
    head = "name: x\ntrigger: {type: contact.created}\nsteps:\n"
    text = head + "  - type: contact.add_score\n    points: 1\n  - type: contact.add_tag\n"
    assert problems(text) == [("steps.1.tag", 6, 5, None)]


def test_a_key_that_stands_twice_is_named_at_its_second_place() -> None:
    [problem] = malformed("name: a\nsteps: []\nname: b\n")
    assert (problem.path, problem.line, problem.column) == ("name", 3, 1)
    assert "line 1" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c", 1, "Mapping values are not allowed"),
        ("a:\n\t- b", 2, "cannot start any token"),
        ("a: 'x", 1, "unexpected end of stream"),
        ("a: !!python/object:os.system x", 1, "The tag"),
        ("a: !secret x", 1, "The tag"),
        ("? [a]\n: b", 1, "A key is a word"),
        ("a: {{ contact.name }}", 1, "A key is a word"),
        ("a: *nowhere", 1, "There is no finished anchor"),
        ("a: &a [*a]", 1, "There is no finished anchor"),
        ("a: {<<: {b: 1}}", 1, "Merge keys"),
        ("--- a\n--- b", 2, "A second document"),
        ("a: .inf", 1, "no number"),
        ("a: 99999999999999999999", 1, "larger than a number may be"),
        ("a: \x00", 1, "special characters"),
        ("a: \ud800", 1, "special characters"),
    ],
)
def test_what_is_no_plain_yaml_is_named_with_its_line(text: str, line: int, words: str) -> None:
    problem = malformed(text)[-1]
    assert problem.line == line
    assert words in problem.message


@pytest.mark.parametrize("text", ["", "just text", "[1, 2]", "3"])
def test_a_text_that_is_no_mapping_is_no_definition(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_a_billion_laughs_are_few() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    began = time.process_time()
    assert "aliases counted" in malformed("\n".join(lines))[0].message
    assert time.process_time() - began < 20


@pytest.mark.parametrize("text", ["[" * 10_000, "{a: " * 10_000, "- " * 10_000, "a: " + "[" * 99 + "\n"])
def test_depth_has_a_limit(text: str) -> None:
    assert malformed(text)


def test_size_has_a_limit() -> None:
    assert "bytes" in malformed("a" * (MAX_BYTES + 1))[0].message


def test_an_alias_is_a_copy_so_that_each_step_gets_an_id_of_its_own() -> None:
    text = "name: x\ntrigger: {type: contact.created}\nsteps:\n  - &one {type: contact.add_tag, tag: a}\n  - *one\n"
    assert list(check(text, TYPES, CATALOG).steps) == ["add_tag_1", "add_tag_2"]


def test_dump_is_readable_and_reads_back_the_same() -> None:
    data, _ = parse(WHOLE)
    text = dump(data)
    assert parse(text)[0] == data
    assert "  - {id: rest, type: flow.delay, for: 1 day}\n" in text
    assert text.index("name:") < text.index("trigger:") < text.index("settings:") < text.index("steps:")


def test_dump_does_not_depend_on_the_order_that_the_store_kept() -> None:
    data, _ = parse(WHOLE)
    shuffled = json.loads(json.dumps(data, sort_keys=True))
    assert dump(shuffled) == dump(data)


def test_long_texts_are_blocks() -> None:
    body = "Hello,\n\nthank you.\n"
    text = dump(
        {"name": "x", "trigger": {"type": "manual"}, "steps": [{"type": "email.send", "subject": "x", "body": body}]}
    )
    assert "body: |\n" in text
    assert parse(text)[0]["steps"][0]["body"] == body


_TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30) | st.sampled_from(
    [
        "yes",
        "on",
        "1",
        "0x1",
        "1e5",
        "1_000",
        "~",
        "",
        " ",
        "- a",
        "# a",
        "a: b",
        "2026-01-01",
        "null",
        "{{ x }}",
        "a\nb",
        " a\n b\n\n",
    ]
)


@pytest.mark.parametrize("text", ["?x", "?", ":x", ":", "-", "- x", "#x", "&x", "*x", "!x", "%x", "@x", "a: b", "a #b"])
def test_a_text_with_a_sign_of_yaml_reads_back_wherever_it_stands(text: str) -> None:
    data = {"a": text, "b": {"c": text, text: 1}, "d": [text, text], text: [{text: text, "e": 1}]}
    assert read_yaml(dump(data))[0] == data


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(_TEXTS, _VALUES, max_size=4))
def test_whatever_is_written_reads_back_the_same(data: dict[str, Any]) -> None:
    assert read_yaml(dump(data))[0] == (data or {})


def test_the_schema_of_a_definition_knows_every_node() -> None:
    schema = definition_schema(TYPES)
    text = json.dumps(schema)
    names = set(schema["$defs"])
    assert {f"#/$defs/{name}" for name in names} >= {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert {*TYPES.triggers, *TYPES.steps} <= names
    assert schema["$defs"]["flow.branch"]["properties"]["otherwise"]["$ref"] == "#/$defs/steps"
    assert schema["$defs"]["contact.add_tag"]["required"] == ["type", "tag"]
