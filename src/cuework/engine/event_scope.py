"""What triggers and their conditions see of an event: its record as it was then, related records as they are.

It is the Scope of an event, as a Context is that of a step. Must not decide anything.
"""

from collections.abc import Mapping
from typing import Any

from cuework.engine.catalog import Catalog
from cuework.engine.events import Event, Ref
from cuework.engine.records import RECORD_TYPES
from cuework.engine.typed import typed
from cuework.engine.world import Row, World, as_of, user_row


class EventScope:
    """An event's own values, as conditions read them: its record as it was then, related records as they are.

    Roots: the record's type, what it leads to, `record`, `form`, `trigger` and `data` (the event's data).
    """

    __slots__ = ("_rows", "catalog", "event", "now", "row", "world")

    def __init__(self, event: Event, row: Row | None, world: World) -> None:
        self.event = event
        self.row = row
        self.world = world
        self.now = event.occurred_at
        self.catalog: Catalog = world.catalog
        self._rows: dict[str, Row | None] = {event.record.type: row, "record": row} if event.record else {}

    def root(self, name: str) -> Mapping[str, Any] | None:
        """What a field path starts from. Errors: Need for a related record that is not loaded."""
        if name in self._rows:
            return self._rows[name]
        if name in ("data", "trigger"):
            return self.event.data
        if name == "form":
            return self.event.data.get("form")
        found = self._related(name)
        self._rows[name] = found
        return found

    def change(self, root: str, field: str) -> tuple[Any, Any] | None:
        """What the event changed about a field, as (old, new)."""
        record = self.event.record
        if record is None or root not in (record.type, "record"):
            return None
        changed = self.event.changes.get(field)
        return (typed(record.type, field, changed[0]), typed(record.type, field, changed[1])) if changed else None

    def before(self) -> "EventScope | None":
        """The same record before this event; None if the event created it or brought it back."""
        if self.row is None or self.event.type.endswith((".created", ".restored")):
            return None
        assert self.event.record is not None
        return EventScope(self.event, as_of(self.event.record.type, self.row, [self.event.changes]), self.world)

    def _related(self, name: str) -> Row | None:
        record = self.event.record
        relation = RECORD_TYPES[record.type].relations.get(name) if record and record.type in RECORD_TYPES else None
        value = self.row.get(relation.field) if self.row and relation else None
        if relation is None or value is None:
            return None
        if relation.record_type == "user":
            return user_row(self.catalog, value)
        return self.world.get(Ref(relation.record_type, value))
