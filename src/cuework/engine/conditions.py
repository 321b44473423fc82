"""Conditions: parsed once, compiled once to a closure, tested often, and explained in words when they fail.

One model serves trigger filters, branches and API list filters (crm.condition_sql makes SQL of it).
What each operator means is in comparisons; nothing here loads records or asks for the time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cuework.engine.catalog import Catalog
from cuework.engine.change_clauses import change_test
from cuework.engine.comparisons import Test, build_test, listed
from cuework.engine.condition_model import Clause, Formula, Gone, Group, Kind, Part, no_choice, parse
from cuework.engine.condition_words import reason_of, shown
from cuework.engine.folding import fold
from cuework.engine.operators import CHANGES, Family, Op
from cuework.engine.paths import fetcher, roots_of
from cuework.engine.scope import Scope

__all__ = ["Clause", "ClauseResult", "Condition", "Formula", "Group", "Kind", "Part", "compile_condition"]

_LOW_ENDS = frozenset({Op.GT, Op.GTE})
_INDEXABLE = frozenset({Family.TEXT, Family.NUMBER, Family.BOOLEAN, Family.CHOICE, Family.ID})


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """How one clause came out: the clause as written, whether it is as it must be, the value it saw, and a sentence."""

    clause: Mapping[str, Any]
    ok: bool
    value: Any
    reason: str
    place: str


@dataclass(frozen=True, eq=False)
class Condition:
    """A compiled condition. `model` is what it was compiled from, `source` what was written."""

    source: Any
    model: Part
    catalog: Catalog

    def test(self, scope: Scope) -> bool:
        """Whether the condition holds. Errors: whatever the scope raises when it must first load something."""
        return self._test(scope)

    def explain(self, scope: Scope) -> list[ClauseResult]:
        """Every clause with how it came out, in order; of a `none` group a clause is ok if it does not match."""
        return list(self._results(self.model, scope, wanted=True))

    def first_miss(self, scope: Scope) -> ClauseResult | None:
        """Why the condition does not hold: the first clause that is not as it must be; None if it holds."""
        if self.test(scope):
            return None
        return next((result for result in self.explain(scope) if not result.ok), None)

    @property
    def leaves(self) -> Iterator[Clause | Formula]:
        """Every clause and expression, in order."""
        return _leaves(self.model)

    @cached_property
    def reads(self) -> frozenset[tuple[str, str]]:
        """Every (root, field) that the condition looks at."""
        return frozenset(pair for part in _leaves(self.model) for pair in _reads(part))

    @cached_property
    def equalities(self) -> tuple[tuple[str, str, tuple[Any, ...]], ...]:
        """(root, field, values): what must equal one of the values for the condition to hold.

        Shape: texts are folded (folding.fold). Only fields of records, for the trigger index.
        """
        return tuple(found for clause in _required(self.model) if (found := _equality(clause)) is not None)

    @cached_property
    def ranges(self) -> tuple[tuple[str, str, Any, Any], ...]:
        """(root, field, low, high): numbers that must lie within for the condition to hold; None is open."""
        return tuple(found for clause in _required(self.model) if (found := _range(clause)) is not None)

    @property
    def impossible(self) -> bool:
        """Whether clauses that must all hold exclude each other, as far as plain values tell. Asked of drafts only."""
        allowed: dict[tuple[str, str], set[Any]] = {}
        for root, name, values in self.equalities:
            allowed[root, name] = allowed.get((root, name), set(values)) & set(values)
        lows: dict[tuple[str, str], list[Any]] = {}
        highs: dict[tuple[str, str], list[Any]] = {}
        for root, name, low, high in self.ranges:
            lows.setdefault((root, name), []).extend([low] if low is not None else [])
            highs.setdefault((root, name), []).extend([high] if high is not None else [])
        crossed = any(lows[field] and highs[field] and max(lows[field]) > min(highs[field]) for field in lows)
        return crossed or any(not values for values in allowed.values())

    @cached_property
    def uses_change(self) -> bool:
        """Whether it asks what an event changed, so that it only makes sense on events."""
        return any(isinstance(part, Clause) and part.op in CHANGES for part in _leaves(self.model))

    @cached_property
    def _test(self) -> Test:
        return _compiled(self.model, self.catalog)

    def _results(self, part: Part, scope: Scope, *, wanted: bool) -> Iterator[ClauseResult]:
        if isinstance(part, Group):
            for inner in part.parts:
                yield from self._results(inner, scope, wanted=wanted if part.kind is not Kind.NONE else not wanted)
            return
        holds = _compiled(part, self.catalog)(scope)
        if isinstance(part, Formula):
            value, warnings = part.expression.value(scope)
            reason = f"{part.expression.source} is {shown(value)}, and must {'' if wanted else 'not '}be true"
            yield ClauseResult(part.source, holds is wanted, value, "; ".join((reason, *warnings)), part.place)
            return
        value = fetcher(part.path)(scope)
        yield ClauseResult(
            part.source, holds is wanted, value, reason_of(part, value, scope, wanted=wanted), part.place
        )


def compile_condition(
    data: Any,
    catalog: Catalog,
    roots: str | Mapping[str, str] | None = None,
    path: str = "when",
    *,
    gone: Gone = no_choice,
) -> Condition:
    """The compiled condition of what a person or the API wrote.

    `roots` is the trigger's record type (its relations are roots too), or a mapping of root names to record types;
    `gone` says where a choice may be one that is on no list any more.
    Errors: Invalid with every problem, each with its path and often a suggestion.
    """
    known = roots if isinstance(roots, Mapping) else roots_of(roots)
    return Condition(data, parse(data, catalog, known, path, gone), catalog)


# ------------------------------------------------------------------ closures


def _compiled(part: Part, catalog: Catalog) -> Test:
    if isinstance(part, Group):
        return _group(part.kind, [_compiled(inner, catalog) for inner in part.parts])
    if isinstance(part, Formula):
        return part.expression.is_true
    if part.op in CHANGES:
        return change_test(part, catalog)
    return build_test(part.path, part.op, part.literal, catalog)


def _group(kind: Kind, tests: list[Test]) -> Test:
    if kind is Kind.ALL and len(tests) == 1:
        return tests[0]

    def holds_all(scope: Scope) -> bool:
        for test in tests:  # noqa: SIM110 -- the hot path: a loop is a third faster than all() over a generator
            if not test(scope):
                return False
        return True

    def holds_any(scope: Scope) -> bool:
        for test in tests:  # noqa: SIM110
            if test(scope):
                return True
        return False

    if kind is Kind.ALL:
        return holds_all
    return holds_any if kind is Kind.ANY else lambda scope: not holds_any(scope)


# ------------------------------------------------------------------ what it rests on


def _leaves(part: Part) -> Iterator[Clause | Formula]:
    if isinstance(part, Group):
        for inner in part.parts:
            yield from _leaves(inner)
    else:
        yield part


def _reads(part: Clause | Formula) -> Iterator[tuple[str, str]]:
    if isinstance(part, Clause):
        yield part.path.root, part.path.name
        return
    for read in part.expression.reads:
        root, _, name = read.partition(".")
        yield root, name


def _required(part: Part) -> Iterator[Clause]:
    """The clauses without which the condition cannot hold."""
    if isinstance(part, Clause):
        yield part
    elif isinstance(part, Group) and part.kind is Kind.ALL:
        for inner in part.parts:
            yield from _required(inner)


def _equality(clause: Clause) -> tuple[str, str, tuple[Any, ...]] | None:
    if clause.op not in (Op.EQ, Op.IN, Op.ANY_OF) or clause.path.family not in _INDEXABLE:
        return None
    values = [
        str(each) if clause.path.is_custom and clause.path.family is Family.ID else each
        for each in listed(clause.literal)
    ]
    folded = dict.fromkeys(fold(each) if isinstance(each, str) else each for each in values)
    return clause.path.root, clause.path.name, tuple(folded)


def _range(clause: Clause) -> tuple[str, str, Any, Any] | None:
    if clause.path.family is not Family.NUMBER:
        return None
    low = high = None
    if clause.op is Op.BETWEEN:
        low, high = clause.literal
    elif clause.op in _LOW_ENDS:
        low = clause.literal
    elif clause.op in (Op.LT, Op.LTE):
        high = clause.literal
    else:
        return None
    return clause.path.root, clause.path.name, low, high
