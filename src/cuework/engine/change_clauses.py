"""The clauses about what an event changed: changed, changed_to, changed_from.

They read the scope's changes only, never the record; where nothing changed, none of them holds.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cuework.engine.catalog import Catalog
from cuework.engine.comparisons import Test, build_match, money_answer, normaliser
from cuework.engine.condition_model import Clause
from cuework.engine.operators import Family, Op
from cuework.engine.records import CUSTOM, CUSTOM_PREFIX
from cuework.engine.scope import Scope

_Equal: TypeAlias = Callable[[Any, Scope], bool]
_LISTED = frozenset({Family.LIST, Family.ANY})
_EITHER_WAY = frozenset({Family.TEXT, Family.CHOICE, Family.ID})


def change_test(clause: Clause, catalog: Catalog) -> Test:
    """The clause as a closure over a scope."""
    if clause.op is Op.CHANGED:
        return lambda scope: change_of(clause, scope) is not None
    side = 1 if clause.op is Op.CHANGED_TO else 0
    equal = _equal_to(clause, catalog)

    def test(scope: Scope) -> bool:
        change = change_of(clause, scope)
        return change is not None and equal(change[side], scope)

    return test


def change_of(clause: Clause, scope: Scope) -> tuple[Any, Any] | None:
    """What changed about the clause's field as (old, new), None if nothing did."""
    root, name = clause.path.root, clause.path.name
    change = scope.change(root, name)
    if change is None and name.startswith(CUSTOM_PREFIX):
        whole = scope.change(root, CUSTOM)
        return None if whole is None else _within(whole, name.removeprefix(CUSTOM_PREFIX))
    return change


def _within(change: tuple[Any, Any], key: str) -> tuple[Any, Any] | None:
    old, new = (_part(each, key) for each in change)
    return None if old == new else (old, new)


def _part(custom: Any, key: str) -> Any:
    return custom.get(key) if isinstance(custom, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _equal_to(clause: Clause, catalog: Catalog) -> _Equal:
    normal = normaliser(clause.path)
    if clause.path.family is Family.MONEY:
        answer = money_answer(Op.IN, clause.literal)

        def same_money(value: Any, scope: Scope) -> bool:
            own = normal(value)
            return own is not None and answer(own, scope.catalog) is True

        return same_money
    op = Op.ANY_OF if clause.path.family in _LISTED else Op.IN if clause.path.family in _EITHER_WAY else Op.EQ
    match = build_match(clause.path, op, clause.literal, catalog)

    def same(value: Any, scope: Scope) -> bool:
        own = normal(value)
        return own is not None and match(own)

    return same
