"""Comparisons with values whose type only the moment tells: form answers, webhook data, results of steps.

The clause's literal decides: a number compares as a number, a date as an instant (a whole day, in the tenant's zone,
as the values are that name no zone), the rest as folded text, in which true and false are words. A value that cannot
be read that way does not match. Money is compared elsewhere (comparisons), because it needs rates.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from operator import ge, gt, le, lt
from typing import Any

from cuework.engine.catalog import Catalog
from cuework.engine.folding import fold
from cuework.engine.literals import Days, Loose
from cuework.engine.operators import SUBSTRINGS, Op
from cuework.engine.patterns import compile_pattern
from cuework.engine.readers import Refused, read_instant, read_number

_ORDER: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.GT: gt,
    Op.GTE: ge,
    Op.LT: lt,
    Op.LTE: le,
    Op.AFTER: gt,
    Op.BEFORE: lt,
}


def loose_match(op: Op, literal: Any, catalog: Catalog) -> Callable[[Any], bool]:
    """The operator as a closure over one value that is there. The catalogue gives the zone of days."""
    if op is Op.MATCHES:
        found = compile_pattern(literal)
        return lambda value: any(found(text) for text in texts(value))
    if op in SUBSTRINGS:
        return _part(op, literal)
    if op is Op.BETWEEN:
        low, high = _ordered(Op.GTE, literal[0], catalog), _ordered(Op.LTE, literal[1], catalog)
        return lambda value: low(value) and high(value)
    if op in _ORDER:
        return _ordered(op, literal, catalog)
    literals: tuple[Loose, ...] = literal if isinstance(literal, tuple) else (literal,)  # pyright: ignore[reportUnknownVariableType]
    wanted = [_same(each, catalog) for each in literals]
    if op is Op.ALL_OF:
        return lambda value: all(any(same(each) for each in _each(value)) for same in wanted)
    return lambda value: any(same(each) for same in wanted for each in _each(value))


def texts(value: Any) -> list[str]:
    """The value as texts that can be searched: itself, or its parts if it is a list."""
    parts = (text_of(each) for each in _each(value))
    return [part for part in parts if part is not None]


def text_of(value: Any) -> str | None:
    """One plain value as text; None for what is missing, truth, objects and lists."""
    if value is None or isinstance(value, (bool, dict, list)):
        return None
    return str(value)


def number_of(value: Any) -> int | float | None:
    """The value as a number, also from numeric text."""
    try:
        return read_number(value)
    except Refused:
        return None


def instant_of(value: Any, catalog: Catalog) -> datetime | None:
    """The value as an instant, also from ISO text."""
    try:
        return read_instant(value, catalog) if isinstance(value, (str, date)) else None
    except Refused:
        return None


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]


def _part(op: Op, literal: str) -> Callable[[Any], bool]:
    """In a list a whole entry, in a text a part of it."""
    part = fold(literal)
    tests: Mapping[Op, Callable[[str], bool]] = {
        Op.STARTS_WITH: lambda text: text.startswith(part),
        Op.ENDS_WITH: lambda text: text.endswith(part),
    }
    test = tests.get(op, lambda text: part in text)

    def match(value: Any) -> bool:
        if isinstance(value, list):
            return part in {fold(text) for text in texts(value)}
        return any(test(fold(text)) for text in texts(value))

    return match


def _same(literal: Loose, catalog: Catalog) -> Callable[[Any], bool]:
    wanted, number = literal.value, literal.number
    if number is not None and not isinstance(wanted, str):
        return lambda value: number_of(value) == number
    text = fold(_words(wanted))

    def match(value: Any) -> bool:
        if number is not None and isinstance(value, (int, float)) and not isinstance(value, bool):
            return value == number
        own = _words(value) if isinstance(value, bool) else text_of(value)
        return own is not None and (fold(own) == text or _covers(literal, own, catalog))

    return match


def _words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _covers(literal: Loose, text: str, catalog: Catalog) -> bool:
    """Whether the text is an instant of the day, or the instant, that the literal is."""
    at = instant_of(text, catalog) if literal.days is not None else None
    return at is not None and literal.days is not None and literal.days.start <= at < literal.days.end


def _ordered(op: Op, literal: Loose, catalog: Catalog) -> Callable[[Any], bool]:
    compare = _ORDER[op]
    if literal.days is not None:
        return _by_time(op, literal.days, catalog)
    number = literal.number
    if number is None:
        return lambda value: False

    def match(value: Any) -> bool:
        own = number_of(value)
        return own is not None and compare(own, number)

    return match


def _by_time(op: Op, days: Days, catalog: Catalog) -> Callable[[Any], bool]:
    """A day covers all its instants: after it is after its end."""
    bound = days.end if op in (Op.GT, Op.AFTER, Op.LTE) else days.start
    compare = ge if op in (Op.GT, Op.AFTER, Op.GTE) else lt

    def match(value: Any) -> bool:
        own = instant_of(value, catalog)
        return own is not None and compare(own, bound)

    return match
