"""The pure parts: ids of steps, differences in words, and durations out of a histogram."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuework.engine.plan import compile_plan
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG
from cuework.workflows.broken import broken_plan
from cuework.workflows.difference import difference
from cuework.workflows.statistics import BUCKETS, MAX_POINTS, quantile, step_for
from cuework.workflows.steps import walk, with_ids

TYPES = discover()
TREE: dict[str, Any] = {
    "name": "Tree",
    "trigger": {"type": "contact.created"},
    "steps": [
        {"type": "contact.add_tag", "tag": "a"},
        {
            "type": "flow.branch",
            "cases": [
                {
                    "when": {"all": [{"field": "contact.lead_score", "op": "gt", "value": 5}]},
                    "steps": [{"type": "contact.add_tag", "tag": "b"}],
                }
            ],
            "otherwise": [{"id": "other", "type": "contact.add_tag", "tag": "c"}],
        },
        {"type": "contact.add_tag", "tag": "d", "on_error": {"steps": [{"type": "activity.log", "text": "Oh"}]}},
    ],
}


def test_steps_get_the_ids_that_compiling_gives_them() -> None:
    named = with_ids(TREE)
    assert [raw["id"] for _, raw in walk(named)] == sorted(compile_plan(TREE, TYPES, CATALOG).steps, key=_place)
    assert compile_plan(named, TYPES, CATALOG).steps.keys() == compile_plan(TREE, TYPES, CATALOG).steps.keys()
    assert "id" not in TREE["steps"][0]


def _place(name: str) -> int:
    return [raw["id"] for _, raw in walk(with_ids(TREE))].index(name)


def test_walking_a_definition_that_is_nonsense_finds_no_steps() -> None:
    for steps in (None, 1, "x", [1], [{"no": "type"}], {"a": 1}):
        assert list(walk({"steps": steps})) == []


def test_a_first_version_is_told_by_what_it_is() -> None:
    assert difference(None, TREE, TYPES) == [
        "It is published for the first time: when a contact is created.",
        "It has 6 steps: Add tag, Branch, Add tag, Add tag, Add tag, Log an activity.",
    ]


def test_a_difference_names_what_is_new_gone_changed_and_moved() -> None:
    old = {**TREE, "steps": [{"id": "a", "type": "contact.add_tag", "tag": "x"}, {"id": "b", "type": "flow.stop"}]}
    new = {
        **TREE,
        "trigger": {"type": "contact.updated"},
        "settings": {"re_entry": "once"},
        "steps": [
            {"id": "c", "type": "flow.stop"},
            {"id": "b", "type": "flow.stop"},
            {"id": "a", "type": "contact.add_tag", "tag": "y"},
        ],
    }
    assert difference(old, new, TYPES) == [
        "The trigger was “Contact created” and is now “Contact updated”.",
        "The settings: re_entry is now “once”.",
        "The step “c” (Stop) is new.",
        "The step “a” (Add tag): tag was “x” and is now “y”.",
        "The steps come in another order: b, a.",
    ]
    assert difference(new, new, TYPES) == []
    assert difference(new, old, TYPES)[2] == "The step “c” (Stop) is removed."


@given(st.lists(st.integers(0, 1000), min_size=BUCKETS, max_size=BUCKETS), st.floats(0.01, 1))
def test_a_quantile_lies_in_the_bucket_that_holds_it(histogram: list[int], share: float) -> None:
    found = quantile(histogram, share)
    if not any(histogram):
        assert found is None
        return
    assert found is not None
    below = sum(n for place, n in enumerate(histogram) if 2**place <= found - 0.1)
    assert below <= share * sum(histogram) + 1e-6


@pytest.mark.parametrize("span", [timedelta(minutes=1), timedelta(hours=24), timedelta(days=7), timedelta(days=700)])
def test_a_series_has_few_enough_points_to_draw(span: timedelta) -> None:
    end = datetime(2026, 3, 1, tzinfo=UTC)
    assert span / step_for(end - span, end) <= MAX_POINTS


def test_a_broken_version_stands_before_its_first_step_and_says_why() -> None:
    steps = [{"type": "gone"}, {"id": "later", "type": "flow.stop"}]
    plan = broken_plan({**TREE, "steps": steps}, TYPES, CATALOG, "its team is gone")
    assert (plan.trigger.type, plan.first, plan.steps, plan.broken) == (
        "contact.created",
        "gone_1",
        {},
        "its team is gone",
    )
    assert broken_plan({"trigger": {"type": "gone"}}, TYPES, CATALOG, "why").trigger.listens == ()
    assert broken_plan("no definition", TYPES, CATALOG, "why").first is None
