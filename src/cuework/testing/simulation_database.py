"""A connection and a pool that answer the runtime's own statements from tables in memory.

The simulation runs the real pass, entering, writing, claiming and settling; this is all that stands in for
PostgreSQL. A statement is known by its shape; one that nobody knows stops the run and is named, so that the
runtime cannot drift away unnoticed. Every statement ends in a pause: others may go on there, as on a server.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg

from cuework.base import json
from cuework.testing.simulation_tables import KEYS, Key, Pause, Row, Tables, Transaction, Violated

Answer: TypeAlias = Callable[["SimulatedConnection", "Statement", tuple[Any, ...]], Awaitable[list[Row]]]

_JSON = frozenset({"state", "detail", "payload", "changes", "data", "outcome", "request", "policy", "custom"})
_DEFAULTS: Mapping[str, Row] = {
    "inbox": {"priority": 0, "revision": 0, "event_id": None, "execution_id": None, "visit": None}
    | {"payload": None, "attempts": 0, "postponed": 0},
    "effects": {"state": "queued", "attempts": 0, "epoch": 0, "outcome": None, "finished_at": None},
    "messages": {"message_id": None, "attempts": 0, "error": None, "sent_at": None},
    "enrollments": {"active": False, "count": 1},
    "rotations": {"last_user_id": None, "turns": 0},
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement's text on one line, what answers it, and the parts that its shape names."""

    text: str
    answer: Answer
    parts: tuple[str, ...]


class Language:
    """The statements that a store knows, by their shapes; what was understood once costs nothing again."""

    def __init__(self, shapes: Sequence[tuple[str, Answer]]) -> None:
        self.shapes = shapes
        self._known: dict[str, Statement] = {}

    def understood(self, query: str) -> Statement:
        """What the statement asks for. Errors: Violated if its shape is not known."""
        known = self._known.get(query)
        if known is not None:
            return known
        text = " ".join(query.split())
        for shape, answer in self.shapes:
            found = re.match(shape, text)
            if found is not None:
                statement = Statement(text, answer, tuple(part or "" for part in found.groups()))
                return self._known.setdefault(query, statement)
        raise Violated(f"The simulation does not know this statement; teach it in simulation_statements: {text}")


class Database:
    """The tables, the clock that statements read, the statements that it knows, and what is told of each commit."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        committed: Callable[[Transaction], None],
        language: Language,
    ) -> None:
        self.language = language
        self.tables = Tables()
        self.clock = clock
        self.committed = committed
        self.broken: frozenset[str] = frozenset()  # promises that this store breaks, to see whether that is noticed

    def connect(self) -> "SimulatedConnection":
        """A new connection."""
        return SimulatedConnection(self)


class SimulatedConnection:
    """What the runtime uses of an asyncpg connection."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transaction: Transaction | None = None
        self.closed = False

    def is_closed(self) -> bool:
        """Whether its process or session is gone."""
        return self.closed

    def drop(self) -> None:
        """The session is gone; what it had not committed never was."""
        self.closed = True
        self._end(commit=False)

    async def execute(self, query: str, *arguments: Any) -> str:
        """The statement is carried out."""
        await self.fetch(query, *arguments)
        return ""

    async def fetchrow(self, query: str, *arguments: Any) -> Row | None:
        """The first row."""
        rows = await self.fetch(query, *arguments)
        return rows[0] if rows else None

    async def fetchval(self, query: str, *arguments: Any) -> Any:
        """The first column of the first row."""
        row = await self.fetchrow(query, *arguments)
        return next(iter(row.values())) if row else None

    async def fetch(self, query: str, *arguments: Any) -> list[Row]:
        """The statement's rows. Errors: InterfaceError on a connection that is gone; Violated names an unknown one."""
        if self.closed:
            raise asyncpg.InterfaceError("connection is closed")
        rows: list[Row] = []
        for text, values in _parts(query, arguments):
            statement = self.database.language.understood(text)
            rows = await statement.answer(self, statement, values)
        await Pause()
        if self.closed:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        return rows

    @property
    def own(self) -> Transaction:
        """The transaction that is open. Errors: Violated if none is; ConnectionDoesNotExistError."""
        if self.closed:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        if self.transaction is None:
            raise Violated("A statement ran outside any transaction.")
        return self.transaction

    def rows(self, table: str) -> Iterable[Row]:
        """The table as this connection sees it."""
        return self.database.tables.view(table, self.own)

    async def locked(self, table: str, *key: Any) -> Row | None:
        """The row, after a wait for its lock, as it is then."""
        await self.database.tables.lock(table, key, self.own)
        return self.database.tables.get(table, key, self.own)

    def write(self, table: str, row: Row) -> None:
        """The row will be so."""
        self.database.tables.write(table, row, self.own)

    async def delete(self, table: str, keys: Iterable[Key]) -> list[Row]:
        """The rows will be gone; the answer are those that were there."""
        gone: list[Row] = []
        for key in keys:
            row = await self.locked(table, *key)
            if row is not None:
                gone.append(row)
                self.database.tables.delete(table, key, self.own)
        return gone

    async def begin(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """A transaction is open."""
        if self.transaction is not None:
            raise Violated("A transaction began inside another one.")
        self.transaction = Transaction()
        return []

    async def commit(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """What was written is true."""
        self._end(commit=True)
        return []

    async def rollback(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """What was written never was."""
        self._end(commit=False)
        return []

    async def insert(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """Rows are there, as `on conflict` says where their key is taken. Errors: UniqueViolationError."""
        table, names, types, tail = statement.parts
        returned: list[Row] = []
        for row in _rows(names, types, arguments[1:]):
            whole = _DEFAULTS.get(table, {}) | row
            if table == "inbox":
                whole.setdefault("due_at", self.database.clock())
            key = tuple(whole[name] for name in KEYS[table])
            taken = await self.locked(table, *key)
            if taken is None or ("unique" in self.database.broken and "nothing" in tail):
                self.write(table, whole)
                returned.append(whole)
            elif "do update" in tail:
                self.write(table, _merged(table, taken, whole))
            elif "do nothing" not in tail:
                raise asyncpg.UniqueViolationError(f"{table} has {key} already")
        return returned if "returning" in tail else []

    async def update(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """The rows named by their keys have the other values."""
        table, types, names, _ = statement.parts
        for row in _rows(names, types, arguments[1:]):
            before = await self.locked(table, *(row[name] for name in KEYS[table]))
            if before is not None:
                self.write(table, before | row)
        return []

    async def insert_one(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """The same of one row, whose values are parameters."""
        table, names, types, tail = statement.parts
        casts = [_last_cast(each) for each in types.split(", ")]
        selected = ", ".join(f"u.{name}{cast}" for name, cast in zip(names.split(", "), casts, strict=True))
        several = Statement(statement.text, statement.answer, (table, names, selected, tail or ""))
        return await self.insert(several, (arguments[0], *([value] for value in arguments[1:])))

    async def update_one(self, statement: Statement, arguments: tuple[Any, ...]) -> list[Row]:
        """The same of one row, whose values are parameters."""
        table, sets, where = statement.parts
        told = re.findall(r"(\w+) = \$(\d+)(::[\w\[\]:]+)", f"{where}, {sets}")
        types = ", ".join(f"u.{name}{_last_cast(cast)}" for name, _, cast in told)
        names = ", ".join(name for name, _, _ in told)
        several = Statement(statement.text, statement.answer, (table, types, names, ""))
        return await self.update(several, (arguments[0], *([arguments[int(n) - 1]] for _, n, _ in told)))

    def _end(self, *, commit: bool) -> None:
        ended, self.transaction = self.transaction, None
        if ended is None or ended.ended:
            return
        if commit:
            if "inbox" in self.database.broken:  # what was handled stays
                inbox = ended.writes.get("inbox", {})
                ended.writes["inbox"] = {key: row for key, row in inbox.items() if row is not None}
            if "check" in self.database.broken:  # a wait is stored without the check that follows it
                inbox = ended.writes.get("inbox", {})
                ended.writes["inbox"] = {key: r for key, r in inbox.items() if r is None or r["kind"] != "check"}
            if "torn" in self.database.broken:  # steps are lost on the way
                ended.writes.pop("steps", None)
            self.database.committed(ended)
        self.database.tables.end(ended, commit=commit)


class SimulatedPool:
    """What the runtime uses of an asyncpg pool: connections, each for one process."""

    def __init__(self, connection: SimulatedConnection) -> None:
        self.connection = connection

    def acquire(self) -> "SimulatedPool":
        """The connection, for a while."""
        return self

    async def __aenter__(self) -> SimulatedConnection:
        return self.connection

    async def __aexit__(self, *_: object) -> None:
        return None


def shown(row: Row, *names: str) -> Row:
    """Columns of a stored row as a query answers them; all of them if none is named. JSON is fresh each time."""
    chosen = names or row
    return {name: opened(row.get(name)) if name in _JSON else row.get(name) for name in chosen}


def opened(value: Any) -> Any:
    """A stored JSON value, read."""
    return json.loads(value) if isinstance(value, str) else value


def _last_cast(spelled: str) -> str:
    """What text is read as: ::jsonb of $2::text::jsonb; nothing where the parameter is what it is."""
    found = re.search(r"::text(::[\w\[\]]+)$", spelled)
    return found[1] if found else ""


def _parts(query: str, arguments: tuple[Any, ...]) -> list[tuple[str, tuple[Any, ...]]]:
    """The statement, or the writes that db.bulk sends together as one, each with arguments of its own."""
    if not query.startswith("with part0 as ("):
        return [(query, arguments)]
    parts = re.split(r"\), part\d+ as \(|\) select$", query.removeprefix("with part0 as ("))[:-1]
    return [_alone(part, arguments) for part in parts]


def _alone(part: str, arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """One of several statements, its parameters numbered as if it were the only one."""
    numbers = sorted({int(n) for n in re.findall(r"\$(\d+)", part)})
    place = {n: str(at) for at, n in enumerate(numbers, start=1)}
    return re.sub(r"\$(\d+)", lambda found: "$" + place[int(found[1])], part), tuple(arguments[n - 1] for n in numbers)


def _rows(names: str, types: str, columns: tuple[Any, ...]) -> list[Row]:
    readers = [_reader(name, kind) for name, kind in _kinds(names, types)]
    fields = [name for name, _ in _kinds(names, types)]
    return [
        {name: read(value) for name, read, value in zip(fields, readers, values, strict=True)}
        for values in zip(*columns, strict=True)
    ]


@cache
def _kinds(names: str, selected: str) -> tuple[tuple[str, str], ...]:
    casts = dict(re.findall(r"u\.(\w+)::([\w\[\]]+)", selected))
    return tuple((name, casts.get(name, "")) for name in names.split(", "))


def _reader(name: str, kind: str) -> Callable[[Any], Any]:
    if kind.endswith("[]"):
        convert: Callable[[Any], Any] = {"uuid[]": UUID, "integer[]": int}.get(kind, str)
        return lambda text: [convert(each) for each in cast("list[Any]", json.loads(f"[{text[1:-1]}]"))]
    return lambda value: value


def _merged(table: str, old: Row, new: Row) -> Row:
    if table == "counters":
        sums = {name: old[name] + new[name] for name in old if name not in (*KEYS[table], "histogram")}
        return old | sums | {"histogram": [a + b for a, b in zip(old["histogram"], new["histogram"], strict=True)]}
    if table == "effects":
        kept = {name: old[name] for name in ("epoch", "execution_id", "visit", "key", "kind", "lane")}
        return new | kept
    if table == "messages":
        kept = {name: old[name] for name in ("message_id", "attempts", "sent_at", "created_at")}
        return new | kept
    return new
