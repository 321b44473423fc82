"""Set-based writes: one statement for any number of rows.

One row travels as parameters, few as arrays (`insert ... select unnest`, `update ... from unnest`). Many travel by
binary COPY into a temporary table of the session and from there in one statement: PostgreSQL refuses COPY into
tables under row-level security, and even so this costs half of what arrays do (bench W2). A column that has one
value in all rows does not travel with them: it is a parameter of that statement.
The one place that spells this, so that another spelling (Citus wants several rows of values) is a change of
this file. Column names are ours, never a user's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, TypeAlias
from uuid import UUID

from cuework.db.pool import Connection

# Types that unnest cannot carry as themselves: arrays of arrays flatten, jsonb arrays pass the codec per element.
_AS_TEXT = {"jsonb", "text[]", "uuid[]", "integer[]"}
# What inserts and updates go through.
Writes: TypeAlias = "Connection | Together"
_Columns: TypeAlias = tuple[tuple[str, str], ...]
# From so many rows on, COPY's extra round trips cost less than what it saves.
COPY_FROM_ROWS = 100
_STAGED = "cw_staged_"


@dataclass(frozen=True, slots=True)
class _Part:
    """An insert, or an update by the first `keys` columns, among others of one statement."""

    table: str
    columns: _Columns
    tail: str
    single: bool
    keys: int = 0

    def sql(self, first: int) -> str:
        """The statement, its values' parameters numbered from `first`."""
        source, same = ("", tuple(range(len(self.columns)))) if self.single else (_unnest(self.columns, first), ())
        if self.keys:
            return _update_sql(self.table, self.columns, self.keys, self.tail, source, same, first).strip()
        return _insert_sql(self.table, self.columns, self.tail, source, same, first).strip()


class Together:
    """Small writes that nobody waits for, collected, and sent as one statement: a round trip instead of many.

    Stands in for the connection in `insert` and `update`. Everything else is carried out at once, before what was
    collected, so what is collected must not depend on it, nor be asked for before `send`. What is collected must not
    write one row twice, nor free a unique value and take it: the parts of one statement have no order.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._parts: list[_Part] = []
        self._values: list[Any] = []
        self._tenant_id: UUID | None = None

    def later(self, tenant_id: UUID, part: "_Part", values: Sequence[Sequence[Any]]) -> None:
        """The rows are written by the next `send`."""
        self._tenant_id = tenant_id
        self._parts.append(part)
        self._values.extend([column[0] for column in values] if part.single else values)

    async def send(self) -> None:
        """What was collected is written. Cost: one statement."""
        if self._parts:
            statement = _together_sql(tuple(self._parts))
            await self.connection.execute(statement, self._tenant_id, *self._values)
        self._parts, self._values = [], []

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        """As the connection does, at once."""
        return await self.connection.fetch(query, *arguments)

    async def execute(self, query: str, *arguments: Any) -> str:
        """As the connection does, at once."""
        return await self.connection.execute(query, *arguments)


def at_once(connection: "Writes") -> Connection:
    """The connection itself: what goes through it does not wait for `send`."""
    return connection.connection if isinstance(connection, Together) else connection


async def insert(
    connection: "Writes",
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
    Cost: one statement, or a part of the one that Together sends.
    """
    if not values or not values[0]:
        return []
    named = tuple(columns.items())
    if len(values[0]) >= COPY_FROM_ROWS:
        source, same = await _copy(at_once(connection), table, named, values)
        return await connection.fetch(_insert_sql(table, named, tail, source, same), tenant_id, *_first(values, same))
    if isinstance(connection, Together) and "returning" not in tail:
        connection.later(tenant_id, _Part(table, named, tail, len(values[0]) == 1), values)
        return []
    if len(values[0]) == 1:
        every = tuple(range(len(named)))
        return await connection.fetch(_insert_sql(table, named, tail, "", every), tenant_id, *_first(values, every))
    return await connection.fetch(_insert_sql(table, named, tail, _unnest(named), ()), tenant_id, *values)


async def update(
    connection: "Writes",
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
        source, same = await _copy(at_once(connection), table, named, values)
        statement = _update_sql(table, named, keys, tail, source, same)
        return await connection.fetch(statement, tenant_id, *_first(values, same))
    if isinstance(connection, Together) and "returning" not in tail:
        connection.later(tenant_id, _Part(table, named, tail, len(values[0]) == 1, keys), values)
        return []
    if len(values[0]) == 1:
        every = tuple(range(len(named)))
        statement = _update_sql(table, named, keys, tail, "", every)
        return await connection.fetch(statement, tenant_id, *_first(values, every))
    return await connection.fetch(_update_sql(table, named, keys, tail, _unnest(named), ()), tenant_id, *values)


def array_text(values: Iterable[Any]) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join([_quoted(str(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def _copy(
    connection: Connection, table: str, columns: _Columns, values: Sequence[Sequence[Any]]
) -> tuple[str, tuple[int, ...]]:
    """The rows are in a temporary table; the answer is its name, and which columns are not in it because all rows
    have the same value. The statement that reads it must empty it, as both of those here do.
    """
    same = tuple(place for place, column in enumerate(values) if _is_same(column))
    told = [place for place in range(len(columns)) if place not in same] or [0]
    staged = _staged(table, columns)
    spelled = ", ".join(f"{name} {_carrier(kind)}" for name, kind in columns)
    await connection.execute(f"create temp table if not exists {staged} ({spelled}); select cw_trim('{staged}')")
    await connection.copy_records_to_table(
        staged,
        records=zip(*[values[place] for place in told], strict=True),
        columns=[columns[place][0] for place in told],
    )
    return staged, same


def _is_same(column: Sequence[Any]) -> bool:
    """Whether every row has the first one's value. Cost: a comparison where it has not, as a rule."""
    first = column[0]
    return first == column[-1] and column.count(first) == len(column)


def _first(values: Sequence[Sequence[Any]], places: tuple[int, ...]) -> list[Any]:
    return [values[place][0] for place in places]


@cache
def _staged(table: str, columns: _Columns) -> str:
    digest = blake2b(repr(columns).encode(), digest_size=4).hexdigest()
    return f"{_STAGED}{table}_{digest}"


@cache
def _insert_sql(table: str, columns: _Columns, tail: str, source: str, same: tuple[int, ...], first: int = 2) -> str:
    names = ", ".join(name for name, _ in columns)
    values = ", ".join(_values(columns, same, first))
    return f"{_taken(source)}insert into {table} (tenant_id, {names}) select $1, {values}{_from(source)} {tail}"


@cache
def _update_sql(
    table: str, columns: _Columns, keys: int, tail: str, source: str, same: tuple[int, ...], first: int = 2
) -> str:
    values = list(zip((name for name, _ in columns), _values(columns, same, first), strict=True))
    sets = ", ".join(f"{name} = {value}" for name, value in values[keys:])
    named = [f"t.{name} = {value}" for name, value in values[:keys]]
    where = " and ".join(named + _among(columns[:keys], source, same, first))
    return f"{_taken(source)}update {table} as t set {sets}{_from(source)} where t.tenant_id = $1 and {where} {tail}"


def _taken(source: str) -> str:
    """What comes before a statement that reads a temporary table: its rows leave it as they are read."""
    return f"with u as (delete from {source} returning *) " if source.startswith(_STAGED) else ""


def _from(source: str) -> str:
    return " from u" if source.startswith(_STAGED) else f" from {source}" if source else ""


def _among(keys: _Columns, source: str, same: tuple[int, ...], first: int) -> list[str]:
    """The keys once more, as sets: whatever the planner believes of the table's size, it need not read all of it."""
    arrays = source.startswith("unnest")
    return [
        f"t.{name} = any(${place + first}::{kind}[])"
        if arrays
        else f"t.{name} = any(array(select {name} from {source}))"
        for place, (name, kind) in enumerate(keys)
        if place not in same
    ]


@lru_cache(maxsize=1000)
def _together_sql(parts: tuple[_Part, ...]) -> str:
    written: list[str] = []
    first = 2
    for part in parts:
        written.append(part.sql(first))
        first += len(part.columns)
    if len(written) == 1:
        return written[0]
    return "with " + ", ".join(f"part{n} as ({each})" for n, each in enumerate(written)) + " select"


def _unnest(columns: _Columns, first: int = 2) -> str:
    arrays = ", ".join(f"${n}::{_carrier(kind)}[]" for n, (_, kind) in enumerate(columns, start=first))
    return f"unnest({arrays}) as u({', '.join(name for name, _ in columns)})"


def _carrier(kind: str) -> str:
    return "text" if kind in _AS_TEXT else kind


def _values(columns: _Columns, same: tuple[int, ...], first: int = 2) -> list[str]:
    """How each column is read: from the rows, or from its parameter."""
    parameter = {place: number for number, place in enumerate(same, start=first)}
    spelled: list[str] = []
    for place, (name, kind) in enumerate(columns):
        value = f"${parameter[place]}::{_carrier(kind)}" if place in parameter else f"u.{name}"
        spelled.append(f"{value}::{kind}" if kind in _AS_TEXT else value)
    return spelled
