"""The filters that MiniJinja's own would let grow without limit, or that need the tenant's zone.

Each counts what it makes against the rendering's budget. Like all filters they are called with MiniJinja's state.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cuework.engine.template_values import Box, Reading, json_text, spell


def _join(state: Any, value: Any, separator: str = "", attribute: str | None = None) -> str:
    parts = [spell(each[attribute] if attribute else each) for each in (value if value is not None else ())]
    reading_of(state).spend(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def _replace(state: Any, value: Any, old: str, new: str) -> str:
    text = spell(value)
    reading_of(state).spend(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _tojson(state: Any, value: Any) -> str:
    return json_text(value, reading_of(state))


def reading_of(state: Any) -> Reading:
    """The rendering that MiniJinja is at."""
    return state.lookup("_reading")


def _string(state: Any, value: Any) -> str:
    text = spell(value)
    reading_of(state).spend(len(text))
    return text


def _items(state: Any, value: Any) -> list[Any]:
    return [[key, _found(value, key)] for key in value] if isinstance(value, (Box, dict)) else []  # pyright: ignore[reportUnknownVariableType]


def _found(value: Any, key: Any) -> Any:
    try:
        return value[key]
    except KeyError:  # a null
        return None


def _is_none(value: Any) -> bool:
    return value is None


def _is_divisible_by(value: Any, number: Any) -> bool:
    """MiniJinja's own panics at zero."""
    return isinstance(value, int) and isinstance(number, int) and number != 0 and value % number == 0


def _striptags(state: Any, value: Any) -> str:
    text = spell(value)
    reading_of(state).spend(len(text))
    kept: list[str] = []
    inside = 0
    for character in text:
        inside += character == "<"
        if not inside:
            kept.append(character)
        inside -= character == ">" and inside > 0
    return "".join(kept)


def _moment(state: Any, value: Any, form: str) -> str:
    if not value:
        return ""
    at = datetime.fromisoformat(str(value))
    reading = reading_of(state)
    reading.spend(len(form))
    return (at.astimezone(reading.zone) if at.tzinfo else at).strftime(form[:100])


def _date(state: Any, value: Any, form: str = "%Y-%m-%d") -> str:
    return _moment(state, value, form)


def _time(state: Any, value: Any, form: str = "%H:%M") -> str:
    return _moment(state, value, form)


TESTS: Mapping[str, Callable[..., bool]] = {"none": _is_none, "divisibleby": _is_divisible_by}
FILTERS: Mapping[str, Callable[..., Any]] = {
    "string": _string,
    "join": _join,
    "replace": _replace,
    "tojson": _tojson,
    "items": _items,
    "striptags": _striptags,
    "date": _date,
    "time": _time,
}
