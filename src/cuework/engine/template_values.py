"""How values look to templates and expressions, and how they are printed.

    instant, date, id      text (RFC 3339, ISO)           money   {amount, currency}, printed "€1,200"
    record, object         Box: keys only, no methods     list    printed with commas
    missing or null        printed as nothing, with a warning that names it; both are undefined to MiniJinja, so that
                           `default` takes a blank for what it is and no filter writes "None" into a text

No host object is in reach: what goes into MiniJinja is numbers, texts, truth, lists and boxes only.
"""

from abc import ABCMeta
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from html import escape
from itertools import islice
from typing import Any, cast
from zoneinfo import ZoneInfo

from cuework.base import json
from cuework.base.time import rfc3339
from cuework.engine.money import Money, stored
from cuework.engine.scope import Scope

MAX_OUTPUT = 500_000
_BUDGET = 5_000_000  # characters made and entries converted outside MiniJinja's count of instructions
_MAX_DEPTH = 8


class RenderFailed(ValueError):
    """The template could not be rendered with these values; the message says why."""


class Reading:
    """One rendering: its limit, what it read last, and its warnings."""

    __slots__ = ("budget", "html", "last", "left", "missing", "zone")

    def __init__(self, zone: ZoneInfo, *, html: bool) -> None:
        self.zone = zone
        self.html = html
        self.left = MAX_OUTPUT
        self.budget = _BUDGET
        self.last = ""
        self.missing: dict[str, None] = {}

    def warnings(self) -> tuple[str, ...]:
        """A sentence for each value that was missing where it should have been printed."""
        return tuple(f"{name} is empty" for name in self.missing)

    def spend(self, amount: int) -> None:
        """Work that MiniJinja does not count is counted. Errors: RenderFailed when it is too much."""
        self.budget -= amount
        if self.budget < 0:
            raise RenderFailed("it does too much work")

    def printed(self, value: Any) -> str:
        """The value as the text shows it, counted against the limit."""
        if value is None or callable(value):  # a method of a list is no value
            self.missing[self.last or "a value"] = None
            return ""
        text = spell(value)
        self.left -= len(text)
        if self.left < 0:
            raise RenderFailed(f"the text grows beyond {MAX_OUTPUT:,} characters")
        return escape(text) if self.html else text


class Box:
    """A mapping for templates: its keys and nothing else, so that no method of Python is in reach."""

    __slots__ = ("_items", "_path", "_reading", "_text")

    def __init__(self, items: Mapping[str, Any], path: str, reading: Reading, text: str | None = None) -> None:
        self._items = items
        self._path = path
        self._reading = reading
        self._text = text

    def __getitem__(self, key: Any) -> Any:
        name = f"{self._path}.{key}"
        self._reading.last = name
        value = self._items[key]
        if value is None:
            raise KeyError(key)
        return plain(value, name, self._reading)

    def __iter__(self) -> Any:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and self._items == other._items

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __str__(self) -> str:
        if self._text is not None:
            return self._text
        # MiniJinja ignores exceptions here: a spent budget ends the rendering afterwards.
        return json_text(self._items, self._reading) if self._items and self._reading.budget >= 0 else ""


cast("ABCMeta", Mapping).register(Box)  # MiniJinja reads it as an object of keys


def plain(value: Any, path: str, reading: Reading, depth: int = 0) -> Any:
    """A value of a row as templates work with it: numbers, texts, truth, lists and boxes only.

    Errors: RenderFailed for lists in lists that are deeper than anything can print.
    """
    if isinstance(value, str):
        reading.spend(len(value) >> 4)
        return value
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else str(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Money):
        return _money(value, path, reading)
    if isinstance(value, Mapping):
        return _boxed(value, path, reading)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, (list, tuple, set, frozenset)):
        reading.spend(8 * len(value))  # pyright: ignore[reportUnknownArgumentType]
        if depth > _MAX_DEPTH:
            raise RenderFailed(f"the value is nested deeper than {_MAX_DEPTH}")
        return [plain(each, f"{path}.{index}", reading, depth + 1) for index, each in enumerate(value)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def spell(value: Any) -> str:
    """A plain value as text."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
    if isinstance(value, (list, tuple)):
        parts = [spell(each) for each in islice(value, MAX_OUTPUT)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return ", ".join(part for part in parts if part)
    return "" if value is None else str(value)


def unboxed(value: Any) -> Any:
    """What an expression gave, without boxes."""
    if isinstance(value, Box):
        return value._items  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if isinstance(value, (list, tuple)):
        return [unboxed(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {str(key): unboxed(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value


def values_of(roots: frozenset[str], scope: Scope, reading: Reading) -> dict[str, Any]:
    """The roots that a template reads; one that is not there is an empty box, so that what it lacks is named."""
    found: dict[str, Any] = {}
    for root in roots:
        found[root] = rfc3339(scope.now) if root == "now" else _boxed(scope.root(root) or {}, root, reading)
    return found


def _boxed(value: Mapping[str, Any], path: str, reading: Reading) -> Box:
    money = stored(value) if len(value) == 2 and "currency" in value else None
    return Box(value, path, reading) if money is None else _money(money, path, reading)


def _money(value: Money, path: str, reading: Reading) -> Box:
    return Box({"amount": value.amount, "currency": value.currency}, path, reading, value.words)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)


def json_text(value: Any, reading: Reading) -> str:
    """The value as JSON. Errors: RenderFailed if it has no spelling or is too much."""
    try:
        text = json.dumps_text(_open(value, 0))
        reading.spend(4 * len(text))
        return text
    except TypeError as error:
        raise RenderFailed(f"the value cannot be written as JSON ({error})") from None


def _open(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise RenderFailed(f"the value is nested deeper than {_MAX_DEPTH}")
    if isinstance(value, Box):
        value = value._items  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if isinstance(value, Mapping):
        return {str(key): _open(each, depth + 1) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return [_open(each, depth + 1) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return str(value) if isinstance(value, int) and abs(value) >= 2**63 else value
