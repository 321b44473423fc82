"""Tables in memory with what the runtime relies on in PostgreSQL: transactions, row locks, unique keys.

Rules
  * Read committed: a statement sees what was committed, and what its own transaction wrote.
  * A row that is written or locked belongs to its transaction until the end; others wait, or skip it.
  * A commit is all or nothing. Who waits in a circle is told so.

Must not know what the tables mean: `simulation_database` speaks the runtime's statements over them.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[Any, ...]

# The columns that a row is unique by, tenant_id left out: there is one tenant.
KEYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "companies",
            "contacts",
            "deals",
            "tasks",
            "events",
            "inbox",
            "effects",
            "messages",
            "misses",
            "activities",
            "notifications",
            "executions_live",
            "executions_done",
            "quarantine",
        ),
        ("id",),
    ),
    "lanes": ("lane",),
    "tenants": ("tenant_id",),
    "timers": ("execution_id", "visit"),
    "subscriptions": ("execution_id", "visit", "event_type", "record_id"),
    "enrollments": ("workflow_id", "entry_key"),
    "steps": ("execution_id", "seq"),
    "counters": ("workflow_id", "version", "minute", "slot"),
    "rotations": ("pool",),
    "workflow_spans": ("workflow_id", "from_at"),
    "tags": ("name",),
    "held": ("workflow_id", "execution_id", "visit", "kind"),
    "paused": ("workflow_id",),
}


class Violated(BaseException):  # no Exception: the runtime's own handlers must not take it for a bad input
    """A promise does not hold; the text says which, and of what."""


class Pause:
    """Awaited where a statement ends or waits: others may go on here."""

    def __await__(self) -> Generator[None, None, None]:
        yield


@dataclass(eq=False, slots=True)
class Transaction:
    """What one connection wrote and locked since it began. Shape: a None in writes is a row that is deleted."""

    writes: dict[str, dict[Key, Row | None]] = field(default_factory=dict[str, dict[Key, Row | None]])
    locks: set[tuple[str, Key]] = field(default_factory=set[tuple[str, Key]])
    waits_for: "Transaction | None" = None
    ended: bool = False

    @property
    def blocked(self) -> bool:
        """Whether it waits for a row of another one that has not ended."""
        return self.waits_for is not None and not self.waits_for.ended


class Tables:
    """Committed rows by table and key, and who holds which row."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, Row]] = {name: {} for name in KEYS}
        self.holders: dict[tuple[str, Key], Transaction] = {}

    def view(self, table: str, of: Transaction) -> Iterator[Row]:
        """The table's rows as the transaction sees them, oldest first. The rows must not be changed in place."""
        own = of.writes.get(table)
        if not own:
            yield from list(self.rows[table].values())
            return
        for key, row in list(self.rows[table].items()):
            mine = own.get(key, row)
            if mine is not None:
                yield mine
        for key, row in list(own.items()):
            if row is not None and key not in self.rows[table]:
                yield row

    def get(self, table: str, key: Key, of: Transaction) -> Row | None:
        """One row as the transaction sees it."""
        own = of.writes.get(table)
        return own[key] if own is not None and key in own else self.rows[table].get(key)

    async def lock(self, table: str, key: Key, of: Transaction) -> None:
        """The row is the transaction's, once whoever has it ends. Errors: DeadlockDetectedError."""
        while not self.try_lock(table, key, of):
            of.waits_for = self.holders[table, key]
            other: Transaction | None = of.waits_for
            while other is not None:
                if other is of:
                    of.waits_for = None
                    raise asyncpg.DeadlockDetectedError("deadlock detected")
                other = other.waits_for
            await Pause()
            if of.ended:
                raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        of.waits_for = None

    def try_lock(self, table: str, key: Key, of: Transaction) -> bool:
        """Whether the row is the transaction's now."""
        holder = self.holders.setdefault((table, key), of)
        if holder is of:
            of.locks.add((table, key))
        return holder is of

    def write(self, table: str, row: Row, of: Transaction) -> None:
        """The row is as given once the transaction commits. Its lock is held."""
        key = tuple(row[name] for name in KEYS[table])
        of.writes.setdefault(table, {})[key] = row

    def delete(self, table: str, key: Key, of: Transaction) -> None:
        """The row is gone once the transaction commits. Its lock is held."""
        of.writes.setdefault(table, {})[key] = None

    def end(self, of: Transaction, *, commit: bool) -> None:
        """Every write is true, or none is; the locks are free."""
        for table, rows in of.writes.items() if commit else ():
            for key, row in rows.items():
                if row is None:
                    self.rows[table].pop(key, None)
                else:
                    self.rows[table][key] = row
        for held in of.locks:
            del self.holders[held]
        of.ended = True
