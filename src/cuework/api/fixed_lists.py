"""Pages of lists that are no table's: what is shipped with the server, or found whole anyway. Pure.

They have an order of their own unless another is asked for, and without a limit they are answered whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query

from cuework.api import cursors
from cuework.api.lists import MOST, Cursor, Sort, sort_of

Item = TypeVar("Item")
_OWN = "fixed"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for; None is all, from its beginning."""

    limit: int | None = None
    cursor: str | None = None
    sort: str | None = None


def _slice(
    limit: Annotated[int | None, Query(ge=1, le=MOST, description="How many at most; without it, all of them")] = None,
    cursor: Cursor = None,
    sort: Sort = None,
) -> Slice:
    return Slice(limit, cursor or None, sort or None)


AskedSlice = Annotated[Slice, Depends(_slice)]
"""limit, cursor and sort of a list request."""


def slice_page(
    items: Sequence[Item],
    asked: Slice,
    identity: Callable[[Item], str],
    sortable: Mapping[str, Callable[[Item], str]],
    /,
) -> dict[str, Any]:
    """The page as `{"items": [...], "next_cursor": ...}`.

    Shape: identity tells each item from all others; sortable gives the text that each field sorts by, without regard
    to case. Errors: Invalid for a cursor or sort that is none of this list's.
    """
    order = asked.sort or _OWN
    if asked.sort is not None:
        name, descending = sort_of(asked.sort, sortable)
        field = sortable[name]
        items = sorted(items, key=lambda item: (field(item).casefold(), identity(item)), reverse=descending)
    start = 0 if asked.cursor is None else _after(items, asked.cursor, order, identity)
    end = len(items) if asked.limit is None else start + asked.limit
    shown = items[start:end]
    more = bool(shown) and end < len(items)
    return {"items": list(shown), "next_cursor": cursors.spell(order, None, identity(shown[-1])) if more else None}


def _after(items: Sequence[Item], cursor: str, order: str, identity: Callable[[Item], str]) -> int:
    _, last = cursors.read(cursor, order)
    for place, item in enumerate(items):
        if identity(item) == last:
            return place + 1
    raise cursors.refused()
