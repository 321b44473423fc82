"""Records as one transaction sees them, and what it did to them: the pure half of the one write path.

A request or a pass loads rows into a World, changes them here, and flushes it (crm.flush) before it commits.
Every change bumps the revision and makes one event per step or request and record; a change that changes
nothing makes none. Nothing here reads a database, a clock or a random source: what is not loaded is a Need.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.engine.catalog import Catalog
from cuework.engine.events import LINKS, Cause, Event, Ref
from cuework.engine.records import RECORD_TYPES
from cuework.engine.rules import initial, settle
from cuework.engine.typed import typed

Row = dict[str, Any]


class Need(Exception):
    """The world cannot answer yet: whoever advances must fetch the answer and advance again."""

    def __init__(self, query: Any) -> None:
        super().__init__(query)
        self.query = query


class World:
    """Loaded rows, pending creations and updates, the events they make.

    Shape: `rows` maps Ref to row, None for one that is not there; `created` and `updated` are what
    a flush writes; `events` are in the order of happening.
    """

    __slots__ = ("answers", "catalog", "created", "events", "ids", "known_tags", "now", "outbox", "rows", "updated")

    def __init__(self, catalog: Catalog, now: datetime, ids: Iterator[UUID]) -> None:
        self.catalog = catalog
        self.now = now
        self.ids = ids
        self.rows: dict[Ref, Row | None] = {}
        self.created: dict[Ref, Row] = {}
        self.updated: dict[Ref, set[str]] = {}
        self.events: list[Event] = []
        self.answers: dict[Any, Any] = {}
        self.outbox: dict[str, list[Row]] = {}
        self.known_tags: set[str] = set()  # those that the tenant's list is known to hold

    def new_id(self) -> UUID:
        """An id of this transaction's own sequence."""
        return next(self.ids)

    def get(self, ref: Ref) -> Row | None:
        """The record's row, None if there is none. Errors: Need when nobody has looked yet."""
        try:
            return self.rows[ref]
        except KeyError:
            raise Need(ref) from None

    def append(self, table: str, row: Row) -> None:
        """A row of a table that has no revision of its own (activities, notifications, messages) will be written."""
        self.outbox.setdefault(table, []).append(row)

    def create(self, kind: str, values: Mapping[str, Any], cause: Cause, *, identity: UUID | None = None) -> Row:
        """The record exists with revision 1, and an event says so. Values are canonical (engine.values)."""
        ref = Ref(kind, identity or next(self.ids))
        row = initial(kind, values, self.catalog, self.now)
        row["id"] = ref.id
        row["revision"] = 1
        row["created_at"] = row["updated_at"] = self.now
        self.rows[ref] = row
        self.created[ref] = row
        changes: dict[str, tuple[Any, Any]] = {}
        for name, value in row.items():
            if (value or value.__class__ in _NUMBERS) and name not in _SILENT:
                changes[name] = (None, value)
        for key, value in (row.get("custom") or _EMPTY).items():
            if value or value.__class__ in _NUMBERS:
                changes[f"custom.{key}"] = (None, value)
        self.emit(f"{kind}.created", ref, row, changes, cause)
        return row

    def update(self, ref: Ref, values: Mapping[str, Any], cause: Cause, *, verb: str = "updated") -> dict[str, Any]:
        """The record has the values; the answer maps what really changed to (old, new), empty if nothing did."""
        row = self.get(ref)
        if row is None:
            return {}
        changes: dict[str, tuple[Any, Any]] = {}
        columns: list[str] = []
        for name, value in settle(ref.type, row, values, self.catalog, self.now).items():
            if name.startswith("custom."):
                _set_custom(row, name, value, changes)
                if name in changes:
                    columns.append("custom")
                continue
            old = row.get(name)
            if old != value:
                changes[name] = (old, value)
                row[name] = value
                columns.append(name)
        if changes:
            row["revision"] += 1
            row["updated_at"] = self.now
            if ref not in self.created:
                touched = self.updated.get(ref)
                if touched is None:
                    self.updated[ref] = set(columns)
                else:
                    touched.update(columns)
            self.emit(f"{ref.type}.{verb}", ref, row, changes, cause)
        return changes

    def emit(
        self,
        kind: str,
        ref: Ref | None,
        row: Row | None,
        changes: Mapping[str, tuple[Any, Any]],
        cause: Cause,
        data: Mapping[str, Any] | None = None,
    ) -> Event:
        """The event is among those a flush writes."""
        links: dict[str, UUID] = {}
        revision = 0
        if row is not None:
            revision = row["revision"]
            for name in _LINKS_OF.get(ref.type, LINKS) if ref is not None else LINKS:
                other = row.get(name)
                if other is not None:
                    links[name] = other
        event = Event(next(self.ids), kind, ref, revision, self.now, cause, changes, links, data or {})
        self.events.append(event)
        return event

    def ask(self, query: Any) -> Any:
        """The answer to a look-up. Errors: Need when it has not been fetched."""
        try:
            return self.answers[query]
        except KeyError:
            raise Need(query) from None


_LINKS_OF = {
    kind: tuple(name for name in LINKS if name in {relation.field for relation in record.relations.values()})
    for kind, record in RECORD_TYPES.items()
}
_NUMBERS = frozenset({bool, int, float})  # whose false values say something
_EMPTY: dict[str, Any] = {}
_SILENT = frozenset({"id", "revision", "created_at", "updated_at", "custom", "deleted_at"})


def as_of(kind: str, row: Row, later: Iterable[Mapping[str, tuple[Any, Any]]]) -> Row:
    """The row before later changes, which come newest first."""
    earlier = dict(row)
    earlier["custom"] = dict(row.get("custom") or {})
    for changes in later:
        for name, (old, _) in changes.items():
            if name.startswith("custom."):
                earlier["custom"][name[7:]] = old
            else:
                earlier[name] = typed(kind, name, old)
    return earlier


def user_row(catalog: Catalog, identity: UUID) -> Row | None:
    """A user as records refer to one."""
    user = catalog.user_by_id.get(identity)
    if user is None:
        return None
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "timezone": user.timezone,
        "active": user.active,
    }


def _set_custom(row: Row, name: str, value: Any, changes: dict[str, tuple[Any, Any]]) -> None:
    key = name[7:]
    custom: dict[str, Any] = row.get("custom") or {}
    if custom.get(key) != value:
        changes[name] = (custom.get(key), value)
        row["custom"] = {**custom, key: value} if value is not None else {k: v for k, v in custom.items() if k != key}
