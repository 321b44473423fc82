"""JSON in one spelling: orjson, UUIDs as strings, instants as RFC 3339, decimals as strings."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from cuework.base.time import rfc3339

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def dumps(value: Any, /) -> bytes:
    """UTF-8 JSON. Errors: TypeError names a value that has no spelling."""
    return orjson.dumps(value, default=_spell, option=_OPTIONS)


def dumps_text(value: Any, /) -> str:
    """JSON as text, as PostgreSQL parameters want it."""
    return orjson.dumps(value, default=_spell, option=_OPTIONS).decode()


def loads(text: bytes | str, /) -> Any:
    """Errors: orjson.JSONDecodeError (a ValueError) says where the text is wrong."""
    return orjson.loads(text)


def _spell(value: Any) -> Any:
    spell = _SPELLINGS.get(value.__class__)
    if spell is not None:
        return spell(value)
    for known in _SUBCLASSED:  # the database driver has an UUID of its own
        if isinstance(value, known):
            spell = _SPELLINGS[value.__class__] = _SPELLINGS[known]
            return spell(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    spelled = getattr(value, "as_json", None)
    if spelled is not None:
        return spelled()
    raise TypeError(f"{type(value).__name__} has no JSON spelling")


_SPELLINGS: dict[type, Callable[[Any], str]] = {UUID: str, datetime: rfc3339, date: date.isoformat, Decimal: str}
_SUBCLASSED = tuple(_SPELLINGS)
