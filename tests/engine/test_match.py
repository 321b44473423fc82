"""The trigger index finds exactly what asking every trigger would find."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cuework.base.ids import id_sequence, new_id
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Cause
from cuework.engine.match import ActiveTrigger, Hit, Refusal, TriggerIndex, match, passes
from cuework.engine.plan import compile_plan
from cuework.engine.world import World
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG

TYPES = discover()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OPENED = NOW - timedelta(days=1)
WORDS = ("web", "WEB", "fair", "partner")

scores = st.integers(-3, 12)
clauses = st.one_of(
    st.builds(lambda word: _clause("contact.source", "eq", word), st.sampled_from(WORDS)),
    st.builds(lambda words: _clause("contact.source", "in", words), st.lists(st.sampled_from(WORDS), min_size=1)),
    st.builds(lambda op, n: _clause("contact.lead_score", op, n), st.sampled_from(["gt", "gte", "lt", "lte"]), scores),
    st.builds(lambda a, b: _clause("contact.lead_score", "between", sorted([a, b])), scores, scores),
    st.builds(lambda n: _clause("contact.lead_score", "neq", n), scores),
    st.builds(lambda tags: _clause("contact.tags", "any_of", tags), st.lists(st.sampled_from(WORDS), min_size=1)),
    st.just({"field": "contact.email", "op": "known"}),
)
conditions = st.one_of(
    st.none(),
    st.builds(
        lambda group, parts: {group: parts}, st.sampled_from(["all", "any", "none"]), st.lists(clauses, min_size=1)
    ),
)
contacts = st.fixed_dictionaries(
    {
        "source": st.one_of(st.none(), st.sampled_from(WORDS)),
        "lead_score": scores,
        "tags": st.lists(st.sampled_from(WORDS), unique=True),
        "email": st.one_of(st.none(), st.just("ada@example.com")),
    }
)


@given(st.lists(st.tuples(st.sampled_from(["contact.created", "contact.matches"]), conditions), max_size=12), contacts)
def test_the_index_finds_what_asking_every_trigger_finds(
    wanted: list[tuple[str, dict[str, Any] | None]], contact: dict[str, Any]
) -> None:
    triggers = [_trigger(kind, when) for kind, when in wanted if when is not None or kind != "contact.matches"]
    scope = _created(contact)
    found = [each.trigger for each in match(TriggerIndex(triggers), scope)]
    naive = [each for each in triggers if passes(each.plan, scope)]
    assert sorted(map(id, found)) == sorted(map(id, naive))


def test_a_long_range_is_found_behind_any_number_of_short_ones() -> None:
    bands = [(0, 1_000), (7, 90), *((n, n + 1) for n in range(10, 70, 2)), (50, 80)]
    triggers = [
        _trigger("contact.created", {"all": [_clause("contact.lead_score", "between", [*each])]}) for each in bands
    ]
    index = TriggerIndex(triggers)
    for score in (-1, 5, 50, 63, 75, 85, 100, 1_001):
        found = {id(each.trigger) for each in match(index, _created({"lead_score": score}))}
        held = {id(each) for each, (low, high) in zip(triggers, bands, strict=True) if low <= score <= high}
        assert found == held


def test_an_event_of_a_span_meets_its_own_version_even_after_the_next_was_published() -> None:
    first = _trigger("contact.created", None, to_at=NOW)
    second = _trigger("contact.created", None, from_at=NOW)
    before, after = _created({}, at=NOW - timedelta(seconds=1)), _created({}, at=NOW)
    index = TriggerIndex([first, second])
    assert [each.trigger for each in match(index, before)] == [first]
    assert [each.trigger for each in match(index, after)] == [second]


def test_a_workflow_does_not_start_on_its_own_change_unless_it_allows_that() -> None:
    shy, bold = _trigger("contact.created", None), _trigger("contact.created", None, settings={"allow_self": True})
    cause = Cause("workflow", workflows=(shy.workflow_id, bold.workflow_id), hops=1)
    answers = match(TriggerIndex([shy, bold]), _created({}, cause=cause))
    assert answers == [Refusal(shy, "own_change"), Hit(bold)]


def test_the_eleventh_workflow_in_a_chain_is_refused_as_a_loop() -> None:
    trigger = _trigger("contact.created", None)
    assert match(TriggerIndex([trigger]), _created({}, cause=Cause("workflow", hops=10))) == [Refusal(trigger, "loop")]


def test_a_suppressed_record_is_refused_with_that_reason() -> None:
    suppress = {"all": [_clause("contact.source", "eq", "partner")]}
    trigger = _trigger("contact.created", None, settings={"suppress": suppress})
    index = TriggerIndex([trigger])
    assert match(index, _created({"source": "Partner"})) == [Refusal(trigger, "suppressed")]
    assert match(index, _created({"source": "web"})) == [Hit(trigger)]


def _clause(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def _trigger(
    kind: str,
    when: dict[str, Any] | None,
    *,
    from_at: datetime = OPENED,
    to_at: datetime | None = None,
    settings: dict[str, Any] | None = None,
) -> ActiveTrigger:
    trigger: dict[str, Any] = {"type": kind} if when is None else {"type": kind, "when": when}
    definition = {"name": "Some", "trigger": trigger, "settings": settings or {}, "steps": []}
    return ActiveTrigger(new_id(), 1, compile_plan(definition, TYPES, CATALOG), from_at, to_at)


def _created(values: dict[str, Any], *, at: datetime = NOW, cause: Cause | None = None) -> EventScope:
    world = World(CATALOG, at, id_sequence(int(at.timestamp() * 1000), 7))
    row = world.create("contact", values, cause or Cause("user", UUID(int=1)))
    return EventScope(world.events[0], row, world)
