"""JSON in one spelling: orjson, UUIDs as strings, instants as RFC 3339, decimals as strings."""

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
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):  # subclasses, which orjson does not know
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    spelled = getattr(value, "as_json", None)
    if spelled is not None:
        return spelled()
    raise TypeError(f"{type(value).__name__} has no JSON spelling")
