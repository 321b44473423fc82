"""Triggers on changed fields: which field, from which value, to which. Shared by the `updated` triggers.

Values are compared as rows hold them; they are read once, when the trigger is bound. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from cuework.base.errors import Invalid
from cuework.engine import records
from cuework.engine.binder import Binder
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.node import Trigger
from cuework.engine.readers import as_stored
from cuework.engine.records import CUSTOM_PREFIX, FieldType, nearest, schema
from cuework.engine.values import coerce
from cuework.nodes.bound import keep
from cuework.nodes.hints import FieldKey, either, hint

ABSENT: Any = object()


class FieldChange(BaseModel):
    """A field, and what it changed from and to; left out means any value, null means blank."""

    model_config = ConfigDict(extra="forbid")

    field: FieldKey
    before: Any = Field(default_factory=lambda: ABSENT, alias="from", json_schema_extra=hint("value"))
    after: Any = Field(default_factory=lambda: ABSENT, alias="to", json_schema_extra=hint("value"))

    def words(self, verb: str = "") -> str:
        """The change, for summaries; with a verb, "lifecycle stage changes to customer"."""
        words = f"{self.field.removeprefix(CUSTOM_PREFIX).removesuffix('_id').replace('_', ' ')}{verb}"
        if self.before is not ABSENT:
            words += f" from {_told(self.before)}"
        return words if self.after is ABSENT else f"{words} to {_told(self.after)}"


@dataclass(frozen=True, slots=True)
class BoundChange:
    """A field change whose values are read; None for either side means any value."""

    field: str
    before: tuple[Any, ...] | None
    after: tuple[Any, ...] | None

    def made_by(self, scope: EventScope, record_type: str) -> bool:
        """Whether the event changed the field like that."""
        changed = scope.change(record_type, self.field)
        if changed is None:
            return False
        old, new = changed
        return (self.before is None or _comparable(old) in self.before) and (
            self.after is None or _comparable(new) in self.after
        )


class RecordUpdated(Trigger):
    """What the `updated` triggers share: they listen to one type's changes, of some fields or of any."""

    fields: list[FieldChange] = Field(
        default_factory=list[FieldChange],
        max_length=50,
        description="Changes of which one suffices; empty: any change",
        json_schema_extra=hint("field_changes"),
    )

    _changes: tuple[BoundChange, ...] = PrivateAttr(())

    def bind(self, binder: Binder) -> None:
        """The fields exist, and their values fit them."""
        keep(self, _changes=bind_changes(self.fields, self.record_type or "", binder))

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """None of the wanted changes is among those of the event."""
        if not self._changes or any(change.made_by(scope, self.record_type or "") for change in self._changes):
            return None
        changed = ", ".join(event.changes) or "nothing"
        return f"It changed {changed}, not {either([each.words() for each in self.fields])}."

    def summary(self) -> str:
        """Which changes start it."""
        if not self.fields:
            return f"When a {self.record_type} changes"
        if len(self.fields) == 1:
            return f"When a {self.record_type}’s {self.fields[0].words(' changes')}"
        return f"When a {self.record_type} changes: {either([each.words() for each in self.fields])}"


def bind_changes(changes: list[FieldChange], record_type: str, binder: Binder) -> tuple[BoundChange, ...]:
    """The changes with their values as rows hold them; problems go to the binder."""
    known = schema(record_type, binder.catalog)
    found: list[BoundChange] = []
    for index, change in enumerate(changes):
        name = change.field.removeprefix(f"{record_type}.")
        field = known.get(name)
        path = f"fields.{index}"
        if field is None or field.type is FieldType.REVISION:
            binder.problem(f"{path}.field", f"A {record_type} has no field “{change.field}”.", nearest(name, known))
            continue
        before = _read(field, change.before, binder, f"{path}.from")
        found.append(BoundChange(name, before, _read(field, change.after, binder, f"{path}.to")))
    return tuple(found)


def _read(field: records.Field, value: Any, binder: Binder, path: str) -> tuple[Any, ...] | None:
    """The values that may be; one that is no list counts as a list of one, but for fields that hold lists."""
    if value is ABSENT:
        return None
    holds_lists = field.type in (FieldType.TAGS, FieldType.MULTI_CHOICE)
    wanted: list[Any] = value if isinstance(value, list) and not holds_lists else [value]  # pyright: ignore[reportUnknownVariableType]
    found: list[Any] = []
    for each in wanted:
        try:
            read = None if each is None else coerce(field, each, binder.catalog, f"{binder.path}.{path}")
        except Invalid as error:
            if not (binder.published and field.choices is not None):
                binder.problems.extend(error.problems)
                continue
            read = each  # a choice that was taken off its list, which records may hold still
        found.append(_comparable(as_stored(read) if field.key.startswith(CUSTOM_PREFIX) else read))
    return tuple(found)


def _comparable(value: Any) -> Any:
    """Texts without regard to case, blanks alike, lists in no order."""
    if value in ("", None) or value == []:
        return None
    if isinstance(value, str):
        return fold(value)
    return frozenset(_comparable(each) for each in value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _told(value: Any) -> str:
    if value is None:
        return "blank"
    if isinstance(value, Mapping):
        return " ".join(str(each) for each in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return either([str(each) for each in value]) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
