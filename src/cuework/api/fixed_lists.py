"""Pages of lists that are no table's: what is shipped with the server, or found whole anyway. Pure.

Their order is fixed, and without a limit they are answered whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query

from cuework.api import cursors
from cuework.api.lists import MOST, Cursor

Item = TypeVar("Item")
_ORDER = "fixed"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for; None is all, from its beginning."""

    limit: int | None = None
    cursor: str | None = None


def _slice(
    limit: Annotated[int | None, Query(ge=1, le=MOST, description="How many at most; without it, all of them")] = None,
    cursor: Cursor = None,
) -> Slice:
    return Slice(limit, cursor or None)


AskedSlice = Annotated[Slice, Depends(_slice)]
"""limit and cursor of a list request."""


def slice_page(items: Sequence[Item], asked: Slice, identity: Callable[[Item], str], /) -> dict[str, Any]:
    """The page as `{"items": [...], "next_cursor": ...}`. Shape: identity tells each item from all others.

    Errors: Invalid for a cursor that is none of this list's.
    """
    start = 0 if asked.cursor is None else _after(items, asked.cursor, identity)
    end = len(items) if asked.limit is None else start + asked.limit
    shown = items[start:end]
    more = bool(shown) and end < len(items)
    return {"items": list(shown), "next_cursor": cursors.spell(_ORDER, None, identity(shown[-1])) if more else None}


def _after(items: Sequence[Item], cursor: str, identity: Callable[[Item], str]) -> int:
    _, last = cursors.read(cursor, _ORDER)
    for place, item in enumerate(items):
        if identity(item) == last:
            return place + 1
    raise cursors.refused()
