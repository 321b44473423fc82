"""The values that clauses compare with, read once into the form that comparisons want.

    between          (low, high), sorted    in, any_of, ...       a tuple
    within_last      a Span                 matches               the pattern's text, known to be RE2
    dates and times  Days: from the first instant to the first one after, so that "2026-03-01" is a whole day

Errors are Refused, with a sentence and often a suggestion.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from cuework.engine.catalog import Catalog
from cuework.engine.money import Money
from cuework.engine.operators import LISTS, SPANS, SUBSTRINGS, WITHOUT_VALUE, Family, Op
from cuework.engine.paths import FieldPath
from cuework.engine.patterns import NotAPattern, compile_pattern
from cuework.engine.readers import (
    Refused,
    read_boolean,
    read_choice,
    read_date,
    read_instant,
    read_money,
    read_number,
    read_phone,
    read_text,
    read_user,
    read_uuid,
)
from cuework.engine.records import FieldType
from cuework.engine.schedule import Span, from_local

MAX_LITERALS = 500
MAX_LITERAL = 2_000
MAX_PATTERN = 500
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Days:
    """What a date or an instant in a clause covers: from `start` to before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Loose:
    """A literal for a value of any type: as text or truth, and as number, money or time where it reads as one."""

    value: Any
    number: int | float | None
    days: Days | None


def read_literal(path: FieldPath, op: Op, value: Any, catalog: Catalog, *, gone: bool = False) -> Any:
    """The clause's value in the form its comparison wants; `gone` takes any choice. Errors: Refused."""
    if op in WITHOUT_VALUE:
        return None
    if value is None:
        raise Refused(f"`{op}` needs a value; to ask for blanks there are `known` and `unknown`.")
    if op in SPANS:
        return _span(value)
    if op is Op.MATCHES:
        return _pattern(value)
    one = _reader(path, op, catalog, gone=gone)
    if op is Op.BETWEEN:
        if not isinstance(value, list) or len(value) != 2:  # pyright: ignore[reportUnknownArgumentType]
            raise Refused("`between` needs the two ends.", "[1, 10]")
        ends = (one(value[0]), one(value[1]))  # pyright: ignore[reportUnknownArgumentType]
        return ends[::-1] if _are_crossed(*ends) else ends
    if op in LISTS or (op in (Op.CHANGED_TO, Op.CHANGED_FROM) and isinstance(value, list)):
        values: list[Any] = value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]
        if not values or len(values) > MAX_LITERALS:
            raise Refused(f"`{op}` needs one to {MAX_LITERALS} values.")
        return tuple(one(each) for each in values)
    if op in (Op.CHANGED_TO, Op.CHANGED_FROM):
        return (one(value),)
    return one(value)


def _are_crossed(low: Any, high: Any) -> bool:
    """Whether the two ends stand the wrong way round; of amounts in two currencies only the moment's rates tell."""
    pairs = [(low, high)]
    if isinstance(low, Loose) and isinstance(high, Loose):
        pairs = [(low.days, high.days), (low.number, high.number), (low.value, high.value)]
    return any(_is_greater(one, other) for one, other in pairs)


def _is_greater(one: Any, other: Any) -> bool:
    if isinstance(one, Money) and isinstance(other, Money):
        return one.currency == other.currency and one.minor > other.minor
    if isinstance(one, Days) and isinstance(other, Days):
        return one.start > other.start
    if isinstance(one, date) and isinstance(other, date):
        return one > other
    return isinstance(one, (int, float)) and isinstance(other, (int, float)) and one > other


def _reader(path: FieldPath, op: Op, catalog: Catalog, *, gone: bool) -> Callable[[Any], Any]:
    field = path.field
    if op in SUBSTRINGS and path.family in (Family.TEXT, Family.ANY):
        return lambda value: read_text(value, MAX_LITERAL)
    if field is None:
        return lambda value: _loose(value, catalog)
    if field.type is FieldType.PHONE:
        return _phone
    if field.type is FieldType.USER:
        return lambda value: read_user(value, catalog)
    if field.choices is not None:
        choices = field.choices
        return lambda value: read_choice(value, choices, gone=gone)
    return _READERS[path.family](catalog)


def _phone(value: Any) -> str:
    """A number as numbers are kept; what is none is compared as it is."""
    try:
        return read_phone(value)
    except Refused:
        return read_text(value, MAX_LITERAL)


def _span(value: Any) -> Span:
    if not isinstance(value, str):
        raise Refused("This is a span of time.", "7 days")
    try:
        return Span.parse(value)
    except ValueError as error:
        raise Refused(f"{error}.") from None


def _pattern(value: Any) -> str:
    text = read_text(value, MAX_PATTERN)
    try:
        compile_pattern(text)
    except NotAPattern as error:
        raise Refused(f"{text[:80]!r} is no regular expression of RE2: {str(error)[:200]}.") from None
    return text


def read_days(value: Any, catalog: Catalog) -> Days:
    """What a date or instant covers, in the tenant's zone. Errors: Refused."""
    is_day = isinstance(value, str) and len(value.strip()) == len("2026-03-01")
    if is_day or (isinstance(value, date) and not isinstance(value, datetime)):
        day = read_date(value, catalog)
        start, end = (from_local(each, time(), catalog.zone) for each in (day, day + timedelta(days=1)))
        return Days(start, end)
    at = read_instant(value, catalog)
    return Days(at, at + _TICK)


def _loose(value: Any, catalog: Catalog) -> Loose:
    if isinstance(value, dict):
        return Loose(read_money(value, catalog.currency), None, None)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, bool):
        return Loose(value, None, None)
    text: Any = value if isinstance(value, (int, float)) else read_text(value, MAX_LITERAL)
    number = _tried(lambda: read_number(text))
    days = _tried(lambda: read_days(text, catalog)) if isinstance(text, str) else None
    return Loose(text, number, days)


def _tried(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Refused:
        return None


_READERS: dict[Family, Callable[[Catalog], Callable[[Any], Any]]] = {
    Family.TEXT: lambda catalog: lambda value: read_text(value, MAX_LITERAL),
    Family.NUMBER: lambda catalog: read_number,
    Family.MONEY: lambda catalog: lambda value: read_money(value, catalog.currency),
    Family.DATE: lambda catalog: lambda value: read_date(value, catalog),
    Family.INSTANT: lambda catalog: lambda value: read_days(value, catalog),
    Family.BOOLEAN: lambda catalog: read_boolean,
    Family.CHOICE: lambda catalog: lambda value: read_text(value, MAX_LITERAL),
    Family.ID: lambda catalog: read_uuid,
    Family.LIST: lambda catalog: lambda value: read_text(value, MAX_LITERAL),
}
