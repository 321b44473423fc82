"""Spans as people write them: "1 day", "4 hours", "1 month 2 days", or ISO 8601 such as P1DT2H.

A span keeps wall-clock parts (months, days) apart from absolute ones (seconds): what a day means is decided
by the zone it is added in, see schedule. This file knows no instants and no zones.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from re import IGNORECASE
from re import compile as pattern
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_UNITS = {
    "second": (0, 0, 1),
    "minute": (0, 0, 60),
    "hour": (0, 0, 3600),
    "day": (0, 1, 0),
    "week": (0, 7, 0),
    "month": (1, 0, 0),
    "year": (12, 0, 0),
}
_SHORT = {
    "s": "second",
    "sec": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
}
_PART = pattern(r"(\d{1,9})\s*([a-z]+)\s*(?:,|and\b)?\s*", IGNORECASE)
_ISO = pattern(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    IGNORECASE,
)
_ISO_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_LONGEST_DAYS = 3660
_MONTH_DAYS = 365.25 / 12
_EXAMPLES = 'such as "30 minutes", "4 hours", "1 day", "1 month 2 days" or "P1DT2H"'


@dataclass(frozen=True)
class Span:
    """A length of time: months and days by the wall clock, seconds absolute. Usable as a field type."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str, /) -> "Span":
        """The span that the text says. Errors: ValueError says what is wrong and how spans are written."""
        parts = _iso_parts(text.strip()) or _spoken_parts(text.strip())
        months = sum(count * _UNITS[unit][0] for count, unit in parts)
        days = sum(count * _UNITS[unit][1] for count, unit in parts)
        seconds = sum(count * _UNITS[unit][2] for count, unit in parts)
        if months * _MONTH_DAYS + days + seconds / 86_400 > _LONGEST_DAYS:
            raise ValueError(f"{text!r} is longer than ten years")
        return cls(months, days, seconds)

    @cached_property
    def fixed(self) -> timedelta:
        """The length when a day is 24 hours and a month 30 days: for limits, not for calendars."""
        return timedelta(days=self.months * 30 + self.days, seconds=self.seconds)

    def __str__(self) -> str:
        months, days = _counted(self.months, ("month", 1)), _counted(self.days, ("week", 7), ("day", 1))
        seconds = _counted(self.seconds, ("hour", 3600), ("minute", 60), ("second", 1))
        return " ".join(months + days + seconds) or "0 seconds"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "x-hint": "span", "examples": ["30 minutes", "4 hours", "1 day"]}


def _validated(value: Any) -> Span:
    if isinstance(value, Span):
        return value
    if isinstance(value, timedelta):
        return Span(seconds=int(value.total_seconds()))
    if not isinstance(value, str):
        raise ValueError(f"a span is text, {_EXAMPLES}")  # noqa: TRY004 -- pydantic turns only this into a problem
    return Span.parse(value)


def _spoken_parts(text: str) -> list[tuple[int, str]]:
    parts: list[tuple[int, str]] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        unit = _unit(found[2]) if found else None
        if found is None or unit is None:
            raise ValueError(f"{text!r} is no span, {_EXAMPLES}")
        parts.append((int(found[1]), unit))
        position = found.end()
    if not parts:
        raise ValueError(f"a span is missing, {_EXAMPLES}")
    return parts


def _iso_parts(text: str) -> list[tuple[int, str]]:
    found = _ISO.fullmatch(text)
    if found is None:
        return []
    return [(int(count), unit) for count, unit in zip(found.groups(), _ISO_UNITS, strict=True) if count]


def _unit(word: str) -> str | None:
    folded = word.lower()
    for name in (folded, folded.removesuffix("s"), _SHORT.get(folded, "")):
        if name in _UNITS:
            return name
    return _SHORT.get(folded.removesuffix("s"))


def _counted(total: int, *units: tuple[str, int]) -> list[str]:
    words: list[str] = []
    for name, size in units:
        count, total = divmod(total, size)
        if count:
            words.append(f"{count} {name}" if count == 1 else f"{count} {name}s")
    return words
