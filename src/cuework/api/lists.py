"""Lists: filter, sort, and keyset pages that stay right while rows come and go.

A resource gives its columns, source and sortable columns; this file writes the page's SQL. Everything a
client sends goes in as a parameter. Short lists, such as of set-up, answer whole where no limit is asked for.
What is no rows of the database is sliced by api.fixed_lists.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends, Query

from cuework.api import cursors
from cuework.api.bodies import parse_json
from cuework.api.suggestions import nearest
from cuework.base.errors import Invalid, Problem
from cuework.crm.setup import Table
from cuework.db.pool import Connection

MOST = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """What a client asked of a list. Shape: filter is the parsed condition, not checked yet; limit None is all."""

    limit: int | None = 50
    cursor: str | None = None
    sort: str | None = None
    filter: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Sortable:
    """A column that a list can be sorted by: its SQL and its PostgreSQL type."""

    sql: str
    type: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list comes from.

    Shape: columns and from_where are SQL that use $1.. of arguments; from_where ends in a condition
    ("contacts c where c.tenant_id = $1"); id is the column that breaks ties. default as in `sort`, for
    example "-created_at".
    """

    columns: str
    from_where: str
    arguments: Sequence[Any]
    sortable: Mapping[str, Sortable]
    default: str
    id: Sortable = field(default_factory=lambda: Sortable("id", "uuid"))


BY_NAME: Mapping[str, Sortable] = {
    "name": Sortable("lower(name)", "text"),
    "created_at": Sortable("created_at", "timestamptz"),
}
"""What every list of named things can be sorted by."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most")]
Cursor = Annotated[str | None, Query(max_length=2_000, description="next_cursor of the page before")]
_AnyLimit = Annotated[int | None, Query(ge=1, le=MOST, description="How many at most; without it, all of them")]
Sort = Annotated[str | None, Query(max_length=100, description="A field; with - before it, descending")]
_Filter = Annotated[str | None, Query(max_length=20_000, description="A condition as JSON")]


def _listing(limit: Limit = 50, cursor: Cursor = None, sort: Sort = None) -> Listing:
    return Listing(limit, cursor or None, sort or None)


Asked = Annotated[Listing, Depends(_listing)]
"""limit, cursor and sort of a list request."""


def _whole(limit: _AnyLimit = None, cursor: Cursor = None, sort: Sort = None) -> Listing:
    return Listing(limit, cursor or None, sort or None)


AskedWhole = Annotated[Listing, Depends(_whole)]
"""limit, cursor and sort of a short list, such as of set-up: without a limit it is answered whole."""


def _filtered(asked: Asked, filter: _Filter = None) -> Listing:  # noqa: A002 - the API's word
    return replace(asked, filter=parse_filter(filter))


AskedOfRecords = Annotated[Listing, Depends(_filtered)]
"""limit, cursor, sort and filter of a list of records."""


def parse_filter(text: str | None, /) -> Mapping[str, Any] | None:
    """The condition; None for no text. Errors: Invalid if it is no JSON object."""
    if not text:
        return None
    try:
        parsed = parse_json(text, name="The filter")
    except Invalid as error:
        places = [replace(each, path=f"query.filter.{each.path}".rstrip(".")) for each in error.problems]
        raise Invalid(error.detail, places) from None
    if not isinstance(parsed, dict):
        raise Invalid("filter must be a condition, a JSON object.", [Problem("query.filter", "is no JSON object")])
    return parsed  # pyright: ignore[reportUnknownVariableType]


async def fetch_page(
    connection: Connection, asked: Listing, source: Source, spell: Callable[[Any], Any] = dict, /
) -> dict[str, Any]:
    """The page as `{"items": [...], "next_cursor": ...}`; each row goes through `spell`.

    Errors: Invalid for an unknown sort, or a cursor that is none of this list's. Cost: one query.
    """
    name, descending = sort_of(asked.sort or source.default, source.sortable)
    column = source.sortable[name]
    arguments = list(source.arguments)
    after = _after(asked, source, f"{'-' if descending else ''}{name}", arguments)
    direction = "desc" if descending else "asc"
    nulls = " nulls last" if column.nullable else ""
    same = column.sql == source.id.sql
    order = f"{column.sql} {direction}{nulls}" + ("" if same else f", {source.id.sql} {direction}")
    sql = (
        f"select {source.columns}, ({column.sql})::text as _sorted_by, ({source.id.sql})::text as _last_id "
        f"from {source.from_where}{after} order by {order}"
    )
    if asked.limit is not None:
        sql += f" limit {int(asked.limit) + 1}"
    rows = await _fetch(connection, sql, arguments, asked)
    shown = rows[: asked.limit]
    cursor = None
    if len(rows) > len(shown):
        last = shown[-1]
        cursor = cursors.spell(f"{'-' if descending else ''}{name}", last["_sorted_by"], last["_last_id"])
    return {"items": [spell(row) for row in shown], "next_cursor": cursor}


def sort_of(text: str, sortable: Collection[str]) -> tuple[str, bool]:
    """The field of a `sort`, and whether it is descending. Errors: Invalid names the fields that there are."""
    name = text.removeprefix("-")
    if name not in sortable:
        raise Invalid(
            f"This list cannot be sorted by {name!r}; it can by {', '.join(sortable)}.",
            [Problem("query.sort", "is not a field to sort by", nearest(name, sortable))],
        )
    return name, text.startswith("-")


def set_up_source(
    table: Table, tenant_id: UUID, sortable: Mapping[str, Sortable] = BY_NAME, default: str = "name"
) -> Source:
    """Every row of a table of set-up."""
    return Source(table.shown, f"{table.name} where tenant_id = $1", [tenant_id], sortable, default)


async def _fetch(connection: Connection, sql: str, arguments: list[Any], asked: Listing) -> list[Any]:
    try:
        return await connection.fetch(sql, *arguments)
    except asyncpg.DataError:
        if asked.cursor is None:
            raise
        raise cursors.refused() from None  # somebody wrote it: the values in it are none of the columns'


def _after(asked: Listing, source: Source, sort: str, arguments: list[Any]) -> str:
    """The condition for rows behind the cursor; adds its arguments."""
    if asked.cursor is None:
        return ""
    value, last_id = cursors.read(asked.cursor, sort)
    column = source.sortable[sort.removeprefix("-")]
    beyond = "<" if sort.startswith("-") else ">"
    arguments.append(last_id)
    the_id = f"${len(arguments)}::text::{source.id.type}"
    if column.sql == source.id.sql:
        return f" and {source.id.sql} {beyond} {the_id}"
    if value is None:
        return f" and {column.sql} is null and {source.id.sql} {beyond} {the_id}"
    arguments.append(value)
    the_value = f"${len(arguments)}::text::{column.type}"
    behind = f"({column.sql}, {source.id.sql}) {beyond} ({the_value}, {the_id})"
    return f" and ({behind} or {column.sql} is null)" if column.nullable else f" and {behind}"
