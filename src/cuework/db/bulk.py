"""Set-based writes: one statement for any number of rows.

Few rows travel as arrays (`insert ... select unnest`, `update ... from unnest`): one round trip. Many travel by
binary COPY into a temporary table of the session and from there in one statement: PostgreSQL refuses COPY into
tables under row-level security, and even so this costs half of what arrays do (bench W2).
The one place that spells this, so that another spelling (Citus wants several rows of values) is a change of
this file. Column names are ours, never a user's.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection

# Types that unnest cannot carry as themselves: arrays of arrays flatten, jsonb arrays pass the codec per element.
_AS_TEXT = {"jsonb", "text[]", "uuid[]", "integer[]"}
# From so many rows on, COPY's extra round trips cost less than what it saves.
COPY_FROM_ROWS = 100


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
    named = tuple(columns.items())
    if len(values[0]) >= COPY_FROM_ROWS:
        source = await _copy(connection, table, named, values)
        return await connection.fetch(_insert_sql(table, named, tail, source), tenant_id)
    return await connection.fetch(_insert_sql(table, named, tail, _unnest(named)), tenant_id, *values)


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
    named = tuple(columns.items())
    if len(values[0]) >= COPY_FROM_ROWS:
        source = await _copy(connection, table, named, values)
        return await connection.fetch(_update_sql(table, named, keys, tail, source), tenant_id)
    return await connection.fetch(_update_sql(table, named, keys, tail, _unnest(named)), tenant_id, *values)


def array_text(values: Iterable[Any]) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join([_quoted(str(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def _copy(
    connection: Connection, table: str, columns: tuple[tuple[str, str], ...], values: Sequence[Sequence[Any]]
) -> str:
    """The rows are in a temporary table that empties itself at the commit; the answer is how to read it.

    Within one transaction a table may be filled again: what is in it was used by the statement before.
    """
    names = [name for name, _ in columns]
    staged = _staged(table, columns)
    spelled = ", ".join(f"{name} {_carrier(kind)}" for name, kind in columns)
    await connection.execute(
        f"create temp table if not exists {staged} ({spelled}) on commit delete rows; delete from {staged}"
    )
    await connection.copy_records_to_table(staged, records=zip(*values, strict=True), columns=names)
    return f"{staged} as u"


@cache
def _staged(table: str, columns: tuple[tuple[str, str], ...]) -> str:
    digest = blake2b(repr(columns).encode(), digest_size=4).hexdigest()
    return f"cw_staged_{table}_{digest}"


@cache
def _insert_sql(table: str, columns: tuple[tuple[str, str], ...], tail: str, source: str) -> str:
    names = ", ".join(name for name, _ in columns)
    return f"insert into {table} (tenant_id, {names}) select $1, {_selected(columns)} from {source} {tail}"


@cache
def _update_sql(table: str, columns: tuple[tuple[str, str], ...], keys: int, tail: str, source: str) -> str:
    sets = ", ".join(f"{name} = {_cast(name, kind)}" for name, kind in columns[keys:])
    where = " and ".join(f"t.{name} = u.{name}" for name, _ in columns[:keys])
    return f"update {table} as t set {sets} from {source} where t.tenant_id = $1 and {where} {tail}"


def _unnest(columns: tuple[tuple[str, str], ...]) -> str:
    arrays = ", ".join(f"${n}::{_carrier(kind)}[]" for n, (_, kind) in enumerate(columns, start=2))
    return f"unnest({arrays}) as u({', '.join(name for name, _ in columns)})"


def _carrier(kind: str) -> str:
    return "text" if kind in _AS_TEXT else kind


def _selected(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(_cast(name, kind) for name, kind in columns)


def _cast(name: str, kind: str) -> str:
    return f"u.{name}::{kind}" if kind in _AS_TEXT else f"u.{name}"
