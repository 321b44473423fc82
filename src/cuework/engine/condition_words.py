"""Why a clause came out as it did, in words a person understands.

    contact lead score is 12, and must be at least 50
    deal value is CHF 10, and must be more than €50; there is no exchange rate between CHF and EUR

Nothing here decides anything.
"""

from collections.abc import Mapping
from typing import Any, cast

from cuework.engine.change_clauses import change_of
from cuework.engine.comparisons import amounts, listed, money_answer, normaliser
from cuework.engine.condition_model import Clause
from cuework.engine.money import Money, stored
from cuework.engine.operators import CHANGES, WITHOUT_VALUE, WORDS, Family, Op
from cuework.engine.readers import as_stored
from cuework.engine.scope import Scope
from cuework.engine.template_values import spell

_LONGEST = 100


def reason_of(clause: Clause, value: Any, scope: Scope, *, wanted: bool) -> str:
    """What the clause saw and what it must be; `wanted` is False where the clause must not match."""
    must = WORDS[clause.op].format(_said(clause))
    return (
        f"{_seen(clause, value, scope)}, and must {'' if wanted else 'not '}{must}{_missing_rate(clause, value, scope)}"
    )


def _seen(clause: Clause, value: Any, scope: Scope) -> str:
    field = path_words(str(clause.path))
    if clause.op not in CHANGES:
        blank = normaliser(clause.path)(value) is None
        return f"{field} {'are' if field.endswith(' tags') else 'is'} {'blank' if blank else shown(value)}"
    change = change_of(clause, scope)
    if change is None:
        return f"{field} did not change"
    return f"{field} changed from {shown(change[0])} to {shown(change[1])}"


def _missing_rate(clause: Clause, value: Any, scope: Scope) -> str:
    others = amounts(clause.path, clause.op, clause.literal) if clause.op not in WITHOUT_VALUE | CHANGES else None
    money = value if isinstance(value, Money) else stored(value)
    if others is None or money is None or money_answer(clause.op, others)(money, scope.catalog) is not None:
        return ""
    other = next((each.currency for each in listed(others) if each.currency != money.currency), money.currency)
    return f"; there is no exchange rate between {money.currency} and {other}"


def _said(clause: Clause) -> str:
    value = clause.source.get("value")
    if clause.path.family is Family.MONEY and clause.op not in WITHOUT_VALUE | CHANGES:
        value = listed(clause.literal) if isinstance(value, (list, tuple)) else clause.literal
    if clause.op is Op.BETWEEN and isinstance(value, (list, tuple)):
        return " and ".join(shown(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
    return shown(value) if clause.op not in WITHOUT_VALUE else ""


def path_words(path: str) -> str:
    """A path without its marks: "contact.custom.plan_name" as "contact plan name"."""
    return path.replace(".custom.", ".").removeprefix("custom.").replace(".", " ").replace("_", " ")


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    if value is None:
        return "blank"
    if isinstance(value, Money):
        return value.words
    if isinstance(value, Mapping):
        known = stored(value)
        return known.words if known is not None else _parts(cast("Mapping[str, Any]", value))[:_LONGEST]
    if isinstance(value, (list, tuple)):
        parts: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        return ", ".join(shown(each) for each in parts[:20]) or "blank"
    if isinstance(value, str):
        return f"“{value[:_LONGEST]}”"
    return spell(as_stored(value))[:_LONGEST]


def _parts(value: Mapping[str, Any]) -> str:
    return ", ".join(f"{path_words(str(name))} {shown(each)}" for name, each in value.items()) or "blank"
