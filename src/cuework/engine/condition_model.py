"""The parts of a parsed condition, and the parser: groups, clauses and expressions, each with its place.

    {"all" | "any" | "none": [clause | condition, ...]}      nested as deep as MAX_DEPTH
    {"field": "contact.lead_score", "op": "gte", "value": 50}
    {"expression": "contact.lead_score > 50"}

Parsing gathers every problem with its path; it compiles and tests nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from cuework.base.errors import Invalid, Problem
from cuework.engine.catalog import Catalog
from cuework.engine.expressions import MAX_EXPRESSION, Expression
from cuework.engine.literals import read_literal
from cuework.engine.operators import ALLOWED, Op
from cuework.engine.paths import FieldPath, Paths, Roots
from cuework.engine.readers import Refused
from cuework.engine.records import nearest

MAX_DEPTH = 10
MAX_CLAUSES = 200


class Kind(StrEnum):
    """How a group joins its parts."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison: `literal` is the value as comparisons want it, `source` the clause as it was written."""

    path: FieldPath
    op: Op
    literal: Any
    source: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression that must come true."""

    expression: Expression
    source: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True)
class Group:
    """Parts joined by all, any or none. An empty `all` or `none` holds."""

    kind: Kind
    parts: "tuple[Part, ...]"
    place: str


Part: TypeAlias = Clause | Formula | Group


Gone: TypeAlias = Callable[[FieldPath], bool]
"""Of which fields a condition may compare with a choice that is on no list: one that was taken off it, and that
records may hold still."""


def no_choice(path: FieldPath) -> bool:
    """Every choice must be there: what people write now."""
    return False


def any_choice(path: FieldPath) -> bool:
    """What was published when the choice was there."""
    return True


def custom_choices(path: FieldPath) -> bool:
    """What lists are asked for: only choices of custom fields go while records hold them."""
    return path.is_custom


def parse(data: Any, catalog: Catalog, roots: Roots, path: str, gone: Gone = no_choice) -> Part:
    """The condition's model. Errors: Invalid with every problem found."""
    parser = _Parser(catalog, roots, gone)
    part = parser.part(data, path, 0)
    if parser.problems or part is None:
        raise Invalid("The condition cannot be used.", parser.problems)
    return part


class _Parser:
    def __init__(self, catalog: Catalog, roots: Roots, gone: Gone) -> None:
        self.catalog = catalog
        self.gone = gone
        self.paths = Paths(catalog, roots)
        self.problems: list[Problem] = []
        self.clauses = 0

    def part(self, data: Any, path: str, depth: int) -> Part | None:
        if not isinstance(data, Mapping):
            return self._problem(path, "A condition is an object with all, any or none, or a clause.")
        keys = [str(key) for key in data]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        kinds = [key for key in keys if key in list(Kind)]
        if kinds:
            return self._group(data, kinds[0], keys, path, depth)  # pyright: ignore[reportUnknownArgumentType]
        self.clauses += 1
        if self.clauses == MAX_CLAUSES + 1:
            self._problem(path, f"A condition has at most {MAX_CLAUSES} clauses.")
        if self.clauses > MAX_CLAUSES:
            return None
        if "expression" in keys:
            return self._formula(data, keys, path)  # pyright: ignore[reportUnknownArgumentType]
        return self._clause(data, keys, path)  # pyright: ignore[reportUnknownArgumentType]

    def _group(self, data: Mapping[str, Any], kind: str, keys: list[str], path: str, depth: int) -> Group | None:
        here = _under(path, kind)
        if not self._only(keys, (kind,), path):
            return None
        if depth >= MAX_DEPTH:
            return self._problem(here, f"Conditions are nested at most {MAX_DEPTH} deep.")
        parts = data[kind]
        if not isinstance(parts, (list, tuple)):
            return self._problem(here, f"`{kind}` is a list of clauses.")
        if not parts and kind == Kind.ANY:
            return self._problem(here, "`any` needs at least one clause.")
        found = [self.part(each, f"{here}.{index}", depth + 1) for index, each in enumerate(parts)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return Group(Kind(kind), tuple(part for part in found if part is not None), here)

    def _formula(self, data: Mapping[str, Any], keys: list[str], path: str) -> Formula | None:
        here = _under(path, "expression")
        if not self._only(keys, ("expression",), path):
            return None
        text = data["expression"]
        if not isinstance(text, str) or len(text) > MAX_EXPRESSION:
            return self._problem(here, f"An expression is text of at most {MAX_EXPRESSION:,} characters.")
        try:
            return Formula(Expression(text, here), data, path)
        except Invalid as invalid:
            self.problems.extend(invalid.problems)
            return None

    def _clause(self, data: Mapping[str, Any], keys: list[str], path: str) -> Clause | None:
        if not self._only(keys, ("field", "op", "value"), path):
            return None
        if "field" not in data:
            return self._problem(path, "A clause is {field, op, value}.", '{"field": "contact.email", "op": "known"}')
        field = self._field(data["field"], _under(path, "field"))
        op = self._op(data.get("op"), field, _under(path, "op"))
        if field is None or op is None:
            return None
        try:
            literal = read_literal(field, op, data.get("value"), self.catalog, gone=self.gone(field))
        except Refused as refused:
            return self._problem(_under(path, "value"), refused.message, refused.suggestion)
        return Clause(field, op, literal, data, path)

    def _field(self, text: Any, path: str) -> FieldPath | None:
        try:
            return self.paths.resolve(text)
        except Refused as refused:
            return self._problem(path, refused.message, refused.suggestion)

    def _op(self, word: Any, field: FieldPath | None, path: str) -> Op | None:
        text = word if isinstance(word, str) else ""
        if text not in list(Op):
            return self._problem(path, f"There is no operator {str(word)[:80]!r}.", nearest(text, list(Op)))
        op = Op(text)
        if field is not None and op not in ALLOWED[field.family]:
            allowed = sorted(ALLOWED[field.family])
            what = field.field.type if field.field else field.family
            return self._problem(path, f"`{op}` does not suit {field} ({what}); use {', '.join(allowed)}.")
        return op

    def _only(self, keys: list[str], known: tuple[str, ...], path: str) -> bool:
        unknown = [key for key in keys if key not in known]
        if unknown:
            words = (*known, *Kind, "expression") if "field" in known else known
            self._problem(
                _under(path, unknown[0][:80]), f"{unknown[0][:80]!r} does not belong here.", nearest(unknown[0], words)
            )
        return not unknown

    def _problem(self, path: str, message: str, suggestion: str | None = None) -> None:
        self.problems.append(Problem(path, message, suggestion))


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
