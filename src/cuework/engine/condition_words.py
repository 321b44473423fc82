"""Why a clause came out as it did, in words a person understands.

    contact.lead_score is 12, and must be at least 50
    deal.value is 10.00 CHF, and must be more than 50.00 EUR; there is no exchange rate between CHF and EUR

Nothing here decides anything.
"""

from typing import Any

from cuework.engine.change_clauses import change_of
from cuework.engine.comparisons import listed, money_answer, normaliser
from cuework.engine.condition_model import Clause
from cuework.engine.money import Money
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
    if clause.op not in CHANGES:
        blank = normaliser(clause.path)(value) is None
        return f"{clause.path} is {'blank' if blank else shown(value)}"
    change = change_of(clause, scope)
    if change is None:
        return f"{clause.path} did not change"
    return f"{clause.path} changed from {shown(change[0])} to {shown(change[1])}"


def _missing_rate(clause: Clause, value: Any, scope: Scope) -> str:
    if clause.path.family is not Family.MONEY or clause.op in WITHOUT_VALUE | CHANGES:
        return ""
    money = normaliser(clause.path)(value)
    if money is None or money_answer(clause.op, clause.literal)(money, scope.catalog) is not None:
        return ""
    other = next((each.currency for each in listed(clause.literal) if each.currency != money.currency), money.currency)
    return f"; there is no exchange rate between {money.currency} and {other}"


def _said(clause: Clause) -> str:
    value = clause.source.get("value")
    if clause.op is Op.BETWEEN and isinstance(value, (list, tuple)):
        return " and ".join(shown(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
    return shown(value) if clause.op not in WITHOUT_VALUE else ""


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    if value is None:
        return "blank"
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:  # pyright: ignore[reportUnknownArgumentType]
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, (list, tuple)):
        parts: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        return ", ".join(shown(each) for each in parts[:20]) or "blank"
    if isinstance(value, str):
        return f"“{value[:_LONGEST]}”"
    text = str(value) if isinstance(value, Money) else spell(as_stored(value))
    return text[:_LONGEST]
