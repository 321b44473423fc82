"""Answers the look-ups of steps from records in memory, as the store does from its tables.

Rotations remember whose turn it was. Must not change a record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from cuework.base import json
from cuework.engine.catalog import Catalog
from cuework.engine.comparisons import money_factor
from cuework.engine.conditions import compile_condition
from cuework.engine.events import Event, Ref
from cuework.engine.folding import fold
from cuework.engine.lookups import EventsSince, FindByField, FindRecords, LeastLoaded, NextInRotation
from cuework.engine.money import Money
from cuework.engine.world import Row

Answer: TypeAlias = tuple[Any, list[Ref]]

_HOLDERS = {"task": "assignee_id", "deal": "owner_id", "contact": "owner_id", "company": "owner_id"}


@dataclass(slots=True)
class Answers:
    """What the store would say, over the records of a scenario."""

    records: Mapping[Ref, Row]
    events: list[Event]
    catalog: Catalog
    turns: dict[str, UUID] = field(default_factory=dict[str, UUID])

    def of(self, question: Any) -> Answer:
        """The answer, and the records that it makes known."""
        answer: Callable[[Any], Answer] = getattr(self, f"_{type(question).__name__}")
        return answer(question)

    def _FindByField(self, question: FindByField) -> Answer:  # noqa: N802 - named for the look-up it answers
        wanted = fold(question.value) if question.field in ("email", "domain") else question.value
        for ref, row in self._oldest_first(question.type):
            value = row.get(question.field)
            if isinstance(value, str) and (fold(value) if question.field != "external_id" else value) == wanted:
                return ref, [ref]
        return None, []

    def _FindRecords(self, question: FindRecords) -> Answer:  # noqa: N802
        condition = compile_condition(json.loads(question.condition), self.catalog, question.type, path="when")
        found = [
            (ref, row)
            for ref, row in self._oldest_first(question.type)
            if condition.test(_RowScope(question.type, row, self))
        ]
        name = question.sort.removeprefix("-")
        placed = [(self._place(name, row), ref, row) for ref, row in found]
        there = [each for each in placed if each[0] is not None]
        there.sort(key=lambda each: each[0], reverse=question.sort.startswith("-"))  # equal ones stay by id
        chosen = [each[1:] for each in (*there, *(each for each in placed if each[0] is None))][: question.limit]
        return [row for _, row in chosen], [ref for ref, _ in chosen]

    def _place(self, name: str, row: Row) -> Any:
        """Where the row stands in the order: stages and pipelines in their own, money by what it is worth."""
        value = row.get(name)
        if isinstance(value, Money):
            factor = money_factor(value.currency, self.catalog)
            return None if factor is None else value.minor * factor
        if name == "stage":
            return list(self.catalog.stage_by_id).index(row["stage_id"])
        return list(self.catalog.pipeline_by_key).index(row["pipeline"]) if name == "pipeline" else value

    def _NextInRotation(self, question: NextInRotation) -> Answer:  # noqa: N802
        members = question.members
        if not members:
            return None, []
        last = self.turns.get(question.pool)
        chosen = members[(members.index(last) + 1) % len(members)] if last in members else members[0]
        self.turns[question.pool] = chosen
        return chosen, []

    def _LeastLoaded(self, question: LeastLoaded) -> Answer:  # noqa: N802
        holder = _HOLDERS[question.items]
        loads = dict.fromkeys(question.members, 0)
        for _, row in self._oldest_first(question.items):
            if row.get("status", "open") == "open" and row.get(holder) in loads:
                loads[row[holder]] += 1
        return (min(loads, key=lambda member: loads[member]) if loads else None), []

    def _EventsSince(self, question: EventsSince) -> Answer:  # noqa: N802
        last = question.after
        found = [event for event in self.events if question.asks_for(event) and (last is None or event.id > last)]
        return found[: question.limit], []

    def _oldest_first(self, kind: str) -> list[tuple[Ref, Row]]:
        alive = ((ref, row) for ref, row in self.records.items() if ref.type == kind and row.get("deleted_at") is None)
        return sorted(alive, key=lambda each: each[0].id.bytes)


@dataclass(frozen=True, slots=True)
class _RowScope:
    """One record, as a condition sees it."""

    kind: str
    row: Row
    answers: Answers

    @property
    def now(self) -> Any:
        """The time of the record's last change: these questions take no relative times."""
        return self.row["updated_at"]

    @property
    def catalog(self) -> Catalog:
        """The tenant's set-up."""
        return self.answers.catalog

    def root(self, name: str) -> Mapping[str, Any] | None:
        """The record itself."""
        return self.row if name in (self.kind, "record") else None

    def change(self, root: str, field: str) -> tuple[Any, Any] | None:
        """Nothing changes while one searches."""
        return None
