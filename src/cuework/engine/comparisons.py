"""What the operators mean for values: one closure per clause, with everything prepared beforehand.

Rules (§6)
  * A missing value (null, "" or an empty list; also one of the wrong type) matches no positive operator and
    every negative one.
  * Texts and tags compare folded (folding.fold); choices, dates and references exactly.
  * Money of two currencies compares by the rates; without a rate nothing matches, negative operators included.

crm.condition_sql must mean the same; a property test holds the two together.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from operator import ge, gt, le, lt
from re import ASCII
from re import compile as pattern
from typing import Any, TypeAlias
from uuid import UUID

from cuework.engine.catalog import Catalog
from cuework.engine.folding import fold
from cuework.engine.literals import Days, Loose
from cuework.engine.loose import instant_of, loose_match
from cuework.engine.money import Money, minor_digits, stored
from cuework.engine.operators import ALLOWED, NEGATIVE, SPANS, SUBSTRINGS, Family, Op
from cuework.engine.paths import Fetch, FieldPath, fetcher
from cuework.engine.patterns import compile_pattern
from cuework.engine.readers import instant_text
from cuework.engine.schedule import Span, add
from cuework.engine.scope import Scope

Test: TypeAlias = Callable[[Scope], bool]
Match: TypeAlias = Callable[[Any], bool]  # of a value that is not missing
Normal: TypeAlias = Callable[[Any], Any]  # a value as it compares, None if it is missing or of the wrong type

DAY_SHAPE = pattern(r"\d{4}-\d\d-\d\d", ASCII)
INSTANT_SHAPE = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", ASCII)
_ORDER: Mapping[Op, Callable[[Any, Any], bool]] = {Op.GT: gt, Op.GTE: ge, Op.LT: lt, Op.LTE: le}
_MILLISECOND = timedelta(milliseconds=1)


def build_test(path: FieldPath, op: Op, literal: Any, zone_of: Catalog) -> Test:
    """The clause as a closure over a scope. The catalogue gives the zone of days."""
    fetch, normal = fetcher(path), normaliser(path)
    if op is Op.KNOWN:
        return lambda scope: normal(fetch(scope)) is not None
    if op is Op.UNKNOWN:
        return lambda scope: normal(fetch(scope)) is None
    money = amounts(path, op, literal)
    if money is not None:
        return _money_test(fetch, op, money)
    if op in SPANS:
        return _span_test(path, fetch, op, literal, zone_of)
    return _with_blanks(fetch, normal, build_match(path, op, literal, zone_of), op)


def build_match(path: FieldPath, op: Op, literal: Any, zone_of: Catalog) -> Match:
    """The operator as a closure over one normal value; negative operators come back as their positive ones."""
    if path.family is Family.ANY:
        return loose_match(op, literal, zone_of)
    return _BUILDERS[path.family](path, op, literal)


def normaliser(path: FieldPath) -> Normal:
    """How a raw value of the path becomes one that compares."""
    if path.family is Family.INSTANT:
        return _instant_text_only if path.is_custom else _instant_only
    return _NORMAL[path.family]


def money_difference(value: Money, other: Money, catalog: Catalog) -> int | None:
    """-1, 0 or 1 as the value is less, equal or more; None without a rate."""
    if value.currency == other.currency:
        left, right = Fraction(value.minor), Fraction(other.minor)
    else:
        rate, other_rate = money_factor(value.currency, catalog), money_factor(other.currency, catalog)
        if rate is None or other_rate is None:
            return None
        left, right = value.minor * rate, other.minor * other_rate
    return (left > right) - (left < right)


def money_factor(currency: str, catalog: Catalog) -> Fraction | None:
    """What one minor unit is worth in the tenant's currency; None without a rate."""
    rate = 1 if currency == catalog.currency else catalog.rates.get(currency)
    return Fraction(rate) / 10 ** minor_digits(currency) if rate else None


def span_bounds(path: FieldPath, op: Op, span: Span, now: datetime, catalog: Catalog) -> tuple[Any, Any]:
    """The first and last value within the span, in the form that the field's values compare in."""
    other = add(span, now, catalog.zone, times=-1 if op is Op.WITHIN_LAST else 1)
    low, high = (other, now) if op is Op.WITHIN_LAST else (now, other)
    if path.family is Family.DATE:
        return low.astimezone(catalog.zone).date().isoformat(), high.astimezone(catalog.zone).date().isoformat()
    if path.is_custom:
        return rounded_up(low), instant_text(high)
    return low, high


def instant_bounds(path: FieldPath, days: Days) -> tuple[Any, Any]:
    """First value covered and first one after, in the form that the field's values compare in."""
    return (rounded_up(days.start), rounded_up(days.end)) if path.is_custom else (days.start, days.end)


def rounded_up(at: datetime) -> str:
    """The instant as text, rounded up to the millisecond that custom fields keep."""
    rest = at.microsecond % 1000
    return instant_text(at + _MILLISECOND if rest else at)


def _with_blanks(fetch: Fetch, normal: Normal, match: Match, op: Op) -> Test:
    def positive(scope: Scope) -> bool:
        value = normal(fetch(scope))
        return value is not None and match(value)

    def negative(scope: Scope) -> bool:
        value = normal(fetch(scope))
        return value is None or not match(value)

    return negative if op in NEGATIVE else positive


# ------------------------------------------------------------------ normal values


def _text_only(value: Any) -> Any:
    return value if isinstance(value, str) and value else None


def _number_only(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and value is not True and value is not False else None


def _money_only(value: Any) -> Any:
    return value if isinstance(value, Money) else stored(value)


def _day_only(value: Any) -> Any:
    return value if isinstance(value, str) and DAY_SHAPE.fullmatch(value) else None


def _instant_only(value: Any) -> Any:
    return value if isinstance(value, datetime) else None


def _instant_text_only(value: Any) -> Any:
    return value if isinstance(value, str) and INSTANT_SHAPE.fullmatch(value) else None


def _boolean_only(value: Any) -> Any:
    return value if isinstance(value, bool) else None


def _id_only(value: Any) -> Any:
    return value if isinstance(value, UUID) or (isinstance(value, str) and value) else None


def _list_only(value: Any) -> Any:
    return value if isinstance(value, list) and value else None  # pyright: ignore[reportUnknownVariableType]


def _anything(value: Any) -> Any:
    return None if value is None or value in ("", [], {}) else value


_NORMAL: Mapping[Family, Normal] = {
    Family.TEXT: _text_only,
    Family.NUMBER: _number_only,
    Family.MONEY: _money_only,
    Family.DATE: _day_only,
    Family.BOOLEAN: _boolean_only,
    Family.CHOICE: _text_only,
    Family.ID: _id_only,
    Family.LIST: _list_only,
    Family.ANY: _anything,
}


# ------------------------------------------------------------------ matches by family


def _text_match(path: FieldPath, op: Op, literal: Any) -> Match:
    if op is Op.MATCHES:
        return compile_pattern(literal)
    if op in SUBSTRINGS:
        return substring_match(op, literal)
    known = frozenset(fold(each) for each in listed(literal))
    return lambda value: fold(value) in known


def substring_match(op: Op, literal: str) -> Match:
    """A folded search at the place that the operator names."""
    part = fold(literal)
    if op is Op.STARTS_WITH:
        return lambda value: fold(value).startswith(part)
    if op is Op.ENDS_WITH:
        return lambda value: fold(value).endswith(part)
    return lambda value: part in fold(value)


def _number_match(path: FieldPath, op: Op, literal: Any) -> Match:
    if op is Op.BETWEEN:
        low, high = literal
        return lambda value: low <= value <= high
    if op in _ORDER:
        compare = _ORDER[op]
        return lambda value: compare(value, literal)
    known = frozenset(listed(literal))
    return lambda value: value in known


def _day_match(path: FieldPath, op: Op, literal: Any) -> Match:
    if op is Op.BETWEEN:
        low, high = (each.isoformat() for each in literal)
        return lambda value: low <= value <= high
    text = [each.isoformat() for each in listed(literal)]
    compare = _ORDER.get({Op.BEFORE: Op.LT, Op.AFTER: Op.GT}.get(op, op))
    return (lambda value: compare(value, text[0])) if compare else (lambda value: value in text)


def _instant_match(path: FieldPath, op: Op, literal: Any) -> Match:
    if op is Op.BETWEEN:
        start, end = instant_bounds(path, literal[0])[0], instant_bounds(path, literal[1])[1]
        return lambda value: start <= value < end
    start, end = instant_bounds(path, listed(literal)[0])
    if op in (Op.GT, Op.AFTER):
        return lambda value: value >= end
    if op is Op.GTE:
        return lambda value: value >= start
    if op in (Op.LT, Op.BEFORE):
        return lambda value: value < start
    if op is Op.LTE:
        return lambda value: value < end
    bounds = [instant_bounds(path, each) for each in listed(literal)]
    return lambda value: any(low <= value < high for low, high in bounds)


def _exact_match(path: FieldPath, op: Op, literal: Any) -> Match:
    known = frozenset(listed(literal))
    return lambda value: value in known


def _id_match(path: FieldPath, op: Op, literal: Any) -> Match:
    known = frozenset(form for each in listed(literal) for form in (each, str(each)))
    return lambda value: value in known


def _list_match(path: FieldPath, op: Op, literal: Any) -> Match:
    known = frozenset(fold(each) for each in listed(literal))

    def has_all(value: Any) -> bool:
        return known <= {fold(each) for each in value if isinstance(each, str)}

    def has_any(value: Any) -> bool:
        return any(fold(each) in known for each in value if isinstance(each, str))

    return has_all if op is Op.ALL_OF else has_any


def listed(literal: Any) -> tuple[Any, ...]:
    """A literal as a tuple of one or several."""
    return literal if isinstance(literal, tuple) else (literal,)  # pyright: ignore[reportUnknownVariableType]


_BUILDERS: Mapping[Family, Callable[[FieldPath, Op, Any], Match]] = {
    Family.TEXT: _text_match,
    Family.NUMBER: _number_match,
    Family.DATE: _day_match,
    Family.INSTANT: _instant_match,
    Family.BOOLEAN: _exact_match,
    Family.CHOICE: _exact_match,
    Family.ID: _id_match,
    Family.LIST: _list_match,
}


# ------------------------------------------------------------------ tests that need more than the value


def amounts(path: FieldPath, op: Op, literal: Any) -> Any:
    """What a comparison of money compares with, also of a value of any type; None if it is none."""
    if path.family is Family.MONEY:
        return literal
    if path.family is not Family.ANY or op not in ALLOWED[Family.MONEY]:
        return None
    values = [each.value for each in listed(literal) if isinstance(each, Loose)]
    return tuple(values) if values and all(isinstance(each, Money) for each in values) else None


def _money_test(fetch: Fetch, op: Op, literal: Any) -> Test:
    answer = money_answer(op, literal)
    blank = op in NEGATIVE

    def test(scope: Scope) -> bool:
        value = _money_only(fetch(scope))
        return blank if value is None else answer(value, scope.catalog) is True

    return test


def money_answer(op: Op, literal: Any) -> Callable[[Money, Catalog], bool | None]:
    """The operator on two amounts: true, false, or None without a rate."""
    others = listed(literal)

    def ordered(value: Money, catalog: Catalog) -> bool | None:
        signs = [money_difference(value, other, catalog) for other in others]
        if None in signs:
            return None
        if op is Op.BETWEEN:
            return signs[0] in (0, 1) and signs[1] in (-1, 0)
        return _ORDER[op](signs[0], 0)

    def equal(value: Money, catalog: Catalog) -> bool | None:
        signs = [money_difference(value, other, catalog) for other in others]
        if op in NEGATIVE:
            return None if None in signs else 0 not in signs
        return True if 0 in signs else None if None in signs else False

    return ordered if op is Op.BETWEEN or op in _ORDER else equal


def _span_test(path: FieldPath, fetch: Fetch, op: Op, span: Span, catalog: Catalog) -> Test:
    if path.family is Family.ANY:
        normal: Normal = lambda value: instant_of(value, catalog)  # noqa: E731
    else:
        normal = normaliser(path)

    def test(scope: Scope) -> bool:
        value = normal(fetch(scope))
        if value is None:
            return False
        low, high = span_bounds(path, op, span, scope.now, catalog)
        return low <= value <= high

    return test
