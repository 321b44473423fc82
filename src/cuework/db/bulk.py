"""Set-based writes over arrays: one statement for any number of rows.

The one place that spells `insert ... select unnest` and `update ... from unnest`, so that another
spelling (Citus wants several rows of values) is a change of this file. Column names are ours, never a user's.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection

# Types that unnest cannot carry as themselves: arrays of arrays flatten, jsonb arrays pass the codec per element.
_AS_TEXT = {"jsonb", "text[]", "uuid[]", "integer[]"}


async def insert(
    connection: Connection,
    tenant_id: UUID,
    table: str,
    columns: Mapping[str, str],
    values: Sequence[Sequence[Any]],
    *,
    tail: str = "",
) -> list[Any]:
    """The rows are inserted; with `tail` (on conflict, returning) what it returns.

    Shape: columns maps name to PostgreSQL type, without tenant_id; values holds one sequence per column,
    all of one length. jsonb comes as JSON text, array columns as PostgreSQL array literals (see `array_text`).
    Cost: one statement.
    """
    if not values or not values[0]:
        return []
    return await connection.fetch(_insert_sql(table, tuple(columns.items()), tail), tenant_id, *values)


async def update(
    connection: Connection,
    tenant_id: UUID,
    table: str,
    columns: Mapping[str, str],
    values: Sequence[Sequence[Any]],
    *,
    keys: int = 1,
    tail: str = "",
) -> list[Any]:
    """The rows named by the first `keys` columns get the other columns' values. Shape and cost as `insert`."""
    if not values or not values[0]:
        return []
    return await connection.fetch(_update_sql(table, tuple(columns.items()), keys, tail), tenant_id, *values)


def array_text(values: Iterable[Any]) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join([_quoted(str(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _insert_sql(table: str, columns: tuple[tuple[str, str], ...], tail: str) -> str:
    names = ", ".join(name for name, _ in columns)
    return (
        f"insert into {table} (tenant_id, {names}) "
        f"select $1, {_selected(columns)} from {_unnest(columns)} {tail}"
    )


@cache
def _update_sql(table: str, columns: tuple[tuple[str, str], ...], keys: int, tail: str) -> str:
    sets = ", ".join(f"{name} = {_cast(name, kind)}" for name, kind in columns[keys:])
    where = " and ".join(f"t.{name} = u.{name}" for name, _ in columns[:keys])
    return f"update {table} as t set {sets} from {_unnest(columns)} where t.tenant_id = $1 and {where} {tail}"


def _unnest(columns: tuple[tuple[str, str], ...]) -> str:
    arrays = ", ".join(f"${n}::{_carrier(kind)}[]" for n, (_, kind) in enumerate(columns, start=2))
    return f"unnest({arrays}) as u({', '.join(name for name, _ in columns)})"


def _carrier(kind: str) -> str:
    return "text" if kind in _AS_TEXT else kind


def _selected(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(_cast(name, kind) for name, kind in columns)


def _cast(name: str, kind: str) -> str:
    return f"u.{name}::{kind}" if kind in _AS_TEXT else f"u.{name}"
