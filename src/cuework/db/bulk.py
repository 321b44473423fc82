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
    """An insert, or an update by the first `keys` columns, among others of one statement.

    Its rows come as one row's parameters (all columns are `same`), as arrays, or from the temporary table `staged`.
    """

    table: str
    columns: _Columns
    tail: str
    same: tuple[int, ...] = ()
    keys: int = 0
    staged: str = ""

    def sql(self, number: int, first: int) -> str:
        """The statement, its values' parameters numbered from `first`, its temporary table read as u and number."""
        single = len(self.same) == len(self.columns) and not self.staged
        rows = f"u{number} as u" if self.staged else "" if single else _unnest(self.columns, first)
        if self.keys:
            return _update_sql(self.table, self.columns, self.keys, self.tail, rows, self.same, first).strip()
        return _insert_sql(self.table, self.columns, self.tail, rows, self.same, first).strip()

    @property
    def parameters(self) -> int:
        """How many parameters its values take."""
        return len(self.same) if self.staged else len(self.columns)


class Together:
    """Writes that nobody waits for, collected, and sent as one statement: a round trip instead of many.

    Stands in for the connection in `insert` and `update`. Everything else is carried out at once, before what was
    collected, so what is collected must not depend on it, nor be asked for before `send`. What is collected must not
    write one row twice, nor free a unique value and take it: the parts of one statement have no order.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._parts: list[_Part] = []
        self._values: list[Any] = []
        self._copies: list[_Copy] = []
        self._tenant_id: UUID | None = None

    async def later(
        self, tenant_id: UUID, table: str, columns: _Columns, values: Sequence[Sequence[Any]], tail: str, keys: int = 0
    ) -> None:
        """The rows are written by the next `send`."""
        if len(values[0]) >= COPY_FROM_ROWS:
            copy = _copy_of(table, columns, values)
            if any(each.staged == copy.staged for each in self._copies):
                await self.send()  # two parts cannot read one temporary table
            self._copies.append(copy)
            part = _Part(table, columns, tail, copy.same, keys, copy.staged)
            self._values.extend(_first(values, copy.same))
        else:
            single = len(values[0]) == 1
            part = _Part(table, columns, tail, tuple(range(len(columns))) if single else (), keys)
            self._values.extend([column[0] for column in values] if single else values)
        self._tenant_id = tenant_id
        self._parts.append(part)

    async def send(self) -> None:
        """What was collected is written. Cost: one statement; with many rows, one before it and a COPY per table."""
        parts, values, copies = tuple(self._parts), self._values, self._copies
        self._parts, self._values, self._copies = [], [], []
        if copies:
            await _copy(self.connection, copies)
        if parts:
            await self.connection.execute(_together_sql(parts), self._tenant_id, *values)

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
    return await _write(connection, tenant_id, table, tuple(columns.items()), values, tail)


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
    return await _write(connection, tenant_id, table, tuple(columns.items()), values, tail, keys)


def array_text(values: Iterable[Any]) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join([_quoted(str(value)) for value in values]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def _write(
    connection: "Writes",
    tenant_id: UUID,
    table: str,
    columns: _Columns,
    values: Sequence[Sequence[Any]],
    tail: str,
    keys: int = 0,
) -> list[Any]:
    """An insert, or an update by the first `keys` columns."""
    if isinstance(connection, Together):
        if "returning" not in tail:
            await connection.later(tenant_id, table, columns, values, tail, keys)
            return []
        connection = connection.connection
    if len(values[0]) >= COPY_FROM_ROWS:
        copy = _copy_of(table, columns, values)
        await _copy(connection, [copy])
        part, values = _Part(table, columns, tail, copy.same, keys, copy.staged), _first(values, copy.same)
    elif len(values[0]) == 1:
        every = tuple(range(len(columns)))
        part, values = _Part(table, columns, tail, every, keys), _first(values, every)
    else:
        part = _Part(table, columns, tail, (), keys)
    return await connection.fetch(_together_sql((part,)), tenant_id, *values)


@dataclass(frozen=True, slots=True)
class _Copy:
    """Rows on their way into a temporary table, and which columns are not among them: all rows have the same value."""

    staged: str
    columns: _Columns
    values: Sequence[Sequence[Any]]
    same: tuple[int, ...]


def _copy_of(table: str, columns: _Columns, values: Sequence[Sequence[Any]]) -> _Copy:
    same = tuple(place for place, column in enumerate(values) if _is_same(column))
    return _Copy(_staged(table, columns), columns, values, same)


async def _copy(connection: Connection, copies: Sequence[_Copy]) -> None:
    """The rows are in their temporary tables. The statement that reads these empties them (`_together_sql`)."""
    await connection.execute(_make_ready(tuple((copy.staged, copy.columns) for copy in copies)))
    for copy in copies:
        told = [place for place in range(len(copy.columns)) if place not in copy.same] or [0]
        await connection.copy_records_to_table(
            copy.staged,
            records=zip(*[copy.values[place] for place in told], strict=True),
            columns=[copy.columns[place][0] for place in told],
        )


@lru_cache(maxsize=1000)
def _make_ready(tables: tuple[tuple[str, _Columns], ...]) -> str:
    """The session has the temporary tables, and none is large. Cost: what is there already is only looked at."""
    made = "".join(
        f"create temp table if not exists {staged} "
        f"({', '.join(f'{name} {_carrier(kind)}' for name, kind in columns)}); "
        for staged, columns in tables
    )
    return made + "select " + ", ".join(f"cw_trim('{staged}')" for staged, _ in tables)


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


def _insert_sql(table: str, columns: _Columns, tail: str, rows: str, same: tuple[int, ...], first: int) -> str:
    names = ", ".join(name for name, _ in columns)
    values = ", ".join(_values(columns, same, first))
    return f"insert into {table} (tenant_id, {names}) select $1, {values}{_from(rows)} {tail}"


def _update_sql(
    table: str, columns: _Columns, keys: int, tail: str, rows: str, same: tuple[int, ...], first: int
) -> str:
    """Each row is looked up by its keys and by nothing else (as in by_id), then changed where it lies.

    Who writes holds these rows' locks already: a row that moved meanwhile would be missed.
    """
    values = list(zip((name for name, _ in columns), _values(columns, same, first), strict=True))
    sets = ", ".join(f"{name} = {value}" for name, value in values[keys:])
    if not rows:
        named = " and ".join(f"t.{name} = {value}" for name, value in values[:keys])
        return f"update {table} as t set {sets} where t.tenant_id = $1 and {named} {tail}"
    named = " and ".join(f"c.{name} = {value}" for name, value in values[:keys])
    at = f"lateral (select c.ctid as at from {table} c where c.tenant_id = $1 and {named} offset 0) x"
    return f"update {table} as t set {sets} from {rows}, {at} where t.tenant_id = $1 and t.ctid = x.at {tail}"


def _from(rows: str) -> str:
    return f" from {rows}" if rows else ""


@lru_cache(maxsize=1000)
def _together_sql(parts: tuple[_Part, ...]) -> str:
    """One statement. Rows leave a temporary table as they are read."""
    taken: list[str] = []
    written: list[str] = []
    first = 2
    for number, part in enumerate(parts):
        if part.staged:
            taken.append(f"u{number} as (delete from {part.staged} returning *)")
        written.append(part.sql(number, first))
        first += part.parameters
    if len(written) == 1:
        return f"with {taken[0]} {written[0]}" if taken else written[0]
    return "with " + ", ".join([*taken, *(f"part{n} as ({each})" for n, each in enumerate(written))]) + " select"


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
