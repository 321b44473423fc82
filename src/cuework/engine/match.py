"""Which workflows an event starts, and why it does not start those it almost would.

The index keeps triggers by event type and, within it, by their most selective equality (a form, a stage,
a keyword), then by one numeric bound, and only the rest in a list that every event walks through.
It must find exactly what asking every trigger would find (a property test says so).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, TypeAlias
from uuid import UUID

from cuework.engine.conditions import Condition
from cuework.engine.ends import kept_out
from cuework.engine.event_scope import EventScope
from cuework.engine.events import MAX_HOPS, Event
from cuework.engine.folding import fold
from cuework.engine.node import Trigger
from cuework.engine.plan import Plan

Miss: TypeAlias = Callable[[Event, EventScope], str | None]
"""Trigger.miss of one trigger."""


@dataclass(slots=True)
class ActiveTrigger:
    """A version that takes events from one instant until another (None: still).

    Shape: open says whether its workflow may start anything now (a paused or replaced one is kept for
    events that happened while it was open, to say why they start nothing or to start them still). What matching asks
    of the plan is kept here as well: of thousands of triggers, those an event leads to are not in the processor's
    cache, and each object in between costs as much as a comparison.
    """

    workflow_id: UUID
    version: int
    plan: Plan
    from_at: datetime
    to_at: datetime | None = None
    open: bool = True
    when: Condition | None = field(init=False, repr=False)
    miss: Miss | None = field(init=False, repr=False)
    edge: bool = field(init=False, repr=False)
    suppress: Condition | None = field(init=False, repr=False)
    goal: Condition | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.when, self.suppress, self.goal = self.plan.when, self.plan.suppress, self.plan.goal
        self.miss, self.edge = _miss(self.plan.trigger), self.plan.trigger.edge

    def covers(self, at: datetime) -> bool:
        """Whether an event of that instant is this version's."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)


@dataclass(frozen=True, slots=True)
class Hit:
    """The event passes this trigger's filter."""

    trigger: ActiveTrigger


@dataclass(frozen=True, slots=True)
class Refusal:
    """The event passes the filter, and yet starts nothing, for this reason."""

    trigger: ActiveTrigger
    reason: str  # inactive | own_change | suppressed | goal_met | loop | entry_key_failed


class _Bounds:
    """Triggers by one numeric interval each: those that hold a value are found in as many steps as they are many.

    Theory: intervals sorted by their lower end. Those that hold a value begin at or before it, so they are looked for
    from the last such one backwards, until none of those before reaches the value: where intervals hardly overlap
    that is at once. Where a few long ones among many short ones forbid that, a tree of the highest upper end of each
    part is descended instead: a part that does not reach the value is never entered.
    """

    __slots__ = ("_highs", "_lows", "_members", "_reach", "_tree", "_width")

    def __init__(self) -> None:
        self._members: list[tuple[Any, Any, ActiveTrigger]] = []
        self._lows: list[Any] = []
        self._highs: list[Any] = []
        self._reach: list[Any] = []  # the highest upper end up to there
        self._tree: list[Any] = []
        self._width = 1

    def add(self, low: Any, high: Any, trigger: ActiveTrigger) -> None:
        """The trigger wants values from low to high, None for no end."""
        self._members.append((-_ENDLESS if low is None else low, _ENDLESS if high is None else high, trigger))

    def seal(self) -> None:
        """All are added: the tree is built."""
        self._members.sort(key=lambda member: member[0])
        self._lows = [low for low, _, _ in self._members]
        self._highs = [high for _, high, _ in self._members]
        self._reach = list(accumulate(self._highs, max))
        while self._width < len(self._members):
            self._width *= 2
        empty = [-_ENDLESS] * (self._width - len(self._members))
        self._tree = [-_ENDLESS] * self._width + self._highs + empty
        for node in range(self._width - 1, 0, -1):
            self._tree[node] = max(self._tree[2 * node], self._tree[2 * node + 1])

    def find(self, value: Any) -> Iterator[ActiveTrigger]:
        """The triggers whose interval holds the value."""
        place = bisect_right(self._lows, value) - 1
        missed = 0
        while place >= 0 and self._reach[place] >= value:
            if self._highs[place] >= value:
                yield self._members[place][2]
            else:
                missed += 1
                if missed == _PATIENCE:
                    yield from self._descend(value, place)
                    return
            place -= 1

    def _descend(self, value: Any, end: int) -> Iterator[ActiveTrigger]:
        """Those of the first `end` intervals that reach the value."""
        parts = [(1, 0, self._width)]
        while parts:
            node, first, last = parts.pop()
            if first >= end or self._tree[node] < value:
                continue
            if last - first == 1:
                yield self._members[first][2]
            else:
                middle = (first + last) // 2
                parts += ((2 * node, first, middle), (2 * node + 1, middle, last))


# So many intervals in vain cost as much as a descent of the tree.
_PATIENCE = 8
_ENDLESS = float("inf")


@dataclass(slots=True)
class _EventIndex:
    """The triggers of one event type."""

    equal: dict[tuple[str, str], dict[Any, list[ActiveTrigger]]] = field(
        default_factory=dict[tuple[str, str], dict[Any, list[ActiveTrigger]]]
    )
    bounds: dict[tuple[str, str], _Bounds] = field(default_factory=dict[tuple[str, str], _Bounds])
    rest: list[ActiveTrigger] = field(default_factory=list[ActiveTrigger])


class TriggerIndex:
    """Every trigger of a tenant, found by event. Cost of a look-up: one per indexed field, not one per trigger."""

    def __init__(self, triggers: Iterable[ActiveTrigger]) -> None:
        self.triggers = tuple(triggers)
        self._by_event: dict[str, _EventIndex] = {}
        self._reads: dict[str, frozenset[str]] = {}
        for trigger in self.triggers:
            for name in trigger.plan.trigger.listens:
                self._place(self._by_event.setdefault(name, _EventIndex()), trigger)
        for index in self._by_event.values():
            for bounds in index.bounds.values():
                bounds.seal()

    def listens(self, event_type: str) -> bool:
        """Whether any trigger could start on events of that type."""
        return event_type in self._by_event

    def reads(self, event_type: str) -> frozenset[str]:
        """Record types that the triggers of that event type, or their steps, mention."""
        if event_type not in self._reads:
            listening = [each for each in self.triggers if event_type in each.plan.trigger.listens]
            self._reads[event_type] = frozenset[str]().union(*(each.plan.reads for each in listening))
        return self._reads[event_type]

    def candidates(self, scope: EventScope) -> Iterator[ActiveTrigger]:
        """The triggers that the event may start, a superset of the hits."""
        index = self._by_event.get(scope.event.type)
        if index is None:
            return
        for (root, name), values in index.equal.items():
            for key in _keys(_value(scope, root, name)):
                yield from values.get(key, ())
        for (root, name), bounds in index.bounds.items():
            value = _number(_value(scope, root, name))
            if value is not None:
                yield from bounds.find(value)
        yield from index.rest

    def _place(self, index: _EventIndex, trigger: ActiveTrigger) -> None:
        equality = _equality(trigger.plan)
        if equality is not None:
            where, values = equality
            entries = index.equal.setdefault(where, {})
            for value in values:
                entries.setdefault(value, []).append(trigger)
            return
        bound = _bound(trigger.plan)
        if bound is not None:
            where, low, high = bound
            index.bounds.setdefault(where, _Bounds()).add(low, high, trigger)
            return
        index.rest.append(trigger)


def match(index: TriggerIndex, scope: EventScope) -> list[Hit | Refusal]:
    """What the event starts, and what it would have started but for a reason. Errors: Need."""
    found: list[Hit | Refusal] = []
    event = scope.event
    asked: set[int] = set()  # a list value may lead to one trigger twice
    for trigger in index.candidates(scope):
        if id(trigger) in asked:
            continue
        asked.add(id(trigger))
        if trigger.covers(event.occurred_at) and _passes(trigger.when, trigger.miss, trigger.edge, scope):
            reason = _refuse(trigger, scope)
            found.append(Refusal(trigger, reason) if reason else Hit(trigger))
    return found


def passes(plan: Plan, scope: EventScope) -> bool:
    """Whether the event passes the trigger's filter, nothing else considered. Errors: Need."""
    return _passes(plan.when, _miss(plan.trigger), plan.trigger.edge, scope)


def _passes(when: Condition | None, miss: Miss | None, edge: bool, scope: EventScope) -> bool:
    if miss is not None and miss(scope.event, scope) is not None:
        return False
    if when is None:
        return True
    if not when.test(scope):
        return False
    if not edge:
        return True
    before = scope.before()
    return before is None or not when.test(before)


def _miss(trigger: Trigger) -> Miss | None:
    """What the trigger asks of an event before its condition, None for one that asks nothing."""
    return None if type(trigger).miss is Trigger.miss else trigger.miss


def _refuse(trigger: ActiveTrigger, scope: EventScope) -> str | None:
    cause = scope.event.cause
    if not trigger.open:
        return "inactive"
    if trigger.workflow_id in cause.workflows and not trigger.plan.settings.allow_self:
        return "own_change"
    return kept_out(trigger.suppress, trigger.goal, scope) or ("loop" if cause.hops >= MAX_HOPS else None)


def _equality(plan: Plan) -> tuple[tuple[str, str], tuple[Any, ...]] | None:
    """What the trigger insists on: its own key (a form, a stage) before its condition's equalities."""
    for where, values in plan.trigger.keys().items():
        return where, tuple(values)
    for root, name, values in plan.when.equalities if plan.when else ():
        if all(isinstance(value, (str, int, bool, UUID)) for value in values):
            return (root, name), tuple(_folded(value) for value in values)
    return None


def _bound(plan: Plan) -> tuple[tuple[str, str], Any, Any] | None:
    """The interval of the first number that the condition bounds; several clauses about it narrow it."""
    where: tuple[str, str] | None = None
    low: Any = None
    high: Any = None
    for root, name, least, most in plan.when.ranges if plan.when else ():
        least, most = _number(least), _number(most)
        if where not in (None, (root, name)) or (least is None and most is None):
            continue
        where = (root, name)
        low = least if low is None else low if least is None else max(low, least)
        high = most if high is None else high if most is None else min(high, most)
    return (where, low, high) if where is not None else None


def _value(scope: EventScope, root: str, name: str) -> Any:
    values = scope.root(root)
    if values is None:
        return None
    if name.startswith("custom."):
        custom: dict[str, Any] = values.get("custom") or {}
        return custom.get(name[7:])
    return values.get(name)


def _keys(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(_folded(each) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return (_folded(value),)


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _number(value: Any) -> Any:
    return value if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else None
