"""The instants that a delay may wait for, as definitions write them.

    until: 2026-12-24 09:00                          a date or date-time, local if it names no offset
    until: "{{ trigger.body.starts_at }}"            a template that gives one
    until: {field: deal.custom.renewal, before: 30 days, at: "09:00"}
    until: {weekday: monday, at: "09:00"}            the next one; without a weekday, the next such time

Must not know what happens when the instant is past: that is the delay's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cuework.base.patterns import CLOCK
from cuework.engine import schedule
from cuework.engine.binder import Binder
from cuework.engine.catalog import Catalog
from cuework.engine.context import Context
from cuework.engine.records import CUSTOM_PREFIX, RECORD_TYPES, FieldType, nearest, schema
from cuework.engine.schedule import Span, Weekday
from cuework.engine.templates import Template
from cuework.nodes.hints import FieldKey, hint
from cuework.nodes.moments import instant
from cuework.nodes.texts import Write, short, writer

Clock = Field(None, pattern=CLOCK, description="Time of day such as 09:00, local")
_INSTANTS = (FieldType.DATE, FieldType.DATE_TIME)


class UntilField(BaseModel):
    """A date or date-time field, moved by a span before or after it, at a time of day."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    field: FieldKey
    before: Span | None = None
    after: Span | None = None
    at: str | None = Clock

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.before is not None and self.after is not None:
            raise ValueError("say `before` or `after`, not both")
        return self


class UntilTime(BaseModel):
    """The next time of day, or the next such time on a weekday."""

    model_config = ConfigDict(extra="forbid")

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None = None
    at: str = Field("09:00", pattern=CLOCK, description="Time of day such as 09:00, local")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, or why there is none, and what was asked for in words."""

    at: datetime | None
    what: str


@dataclass(frozen=True, slots=True)
class BoundUntil:
    """An `until`, ready to be worked out."""

    text: Write | None = None
    root: str = ""
    name: str = ""
    span: Span | None = None
    times: int = 1
    clock: time | None = None
    weekday: Weekday | None = None

    def of(self, ctx: Context, zone: ZoneInfo) -> Moment:
        """The instant that is meant now. Errors: Need."""
        if self.text is not None:
            text = self.text(ctx).strip()
            return Moment(instant(text, zone), f"“{short(text)}”")
        if self.name:
            return self._of_field(ctx, zone)
        clock = self.clock or time(9)
        if self.weekday is None:
            return Moment(schedule.next_time(clock, ctx.now, zone), f"the next {clock:%H:%M}")
        what = f"{self.weekday.name.capitalize()} {clock:%H:%M}"
        return Moment(schedule.next_weekday(self.weekday, clock, ctx.now, zone), what)

    def _of_field(self, ctx: Context, zone: ZoneInfo) -> Moment:
        what = f"{self.root}.{self.name}"
        row = ctx.root(self.root)
        value: Any = None
        if row is not None:
            custom: Mapping[str, Any] = row.get("custom") or {}
            inner = self.name.removeprefix(CUSTOM_PREFIX)
            value = row.get(self.name) if inner == self.name else custom.get(inner)
        anchor = instant(value, zone, self.clock)
        if anchor is None or self.span is None:
            return Moment(anchor, what)
        way = "after" if self.times > 0 else "before"
        return Moment(schedule.add(self.span, anchor, zone, times=self.times), f"{self.span} {way} {what}")


def bind_until(until: Template | UntilField | UntilTime, binder: Binder) -> BoundUntil:
    """The `until` checked against the tenant's fields; problems go to the binder."""
    if isinstance(until, UntilTime):
        weekday = Weekday[until.weekday.upper()] if until.weekday else None
        return BoundUntil(clock=time.fromisoformat(until.at), weekday=weekday)
    if isinstance(until, UntilField):
        root, _, name = until.field.partition(".")
        _check_field(binder, root, name, until.field)
        clock = time.fromisoformat(until.at) if until.at else None
        return BoundUntil(
            root=root, name=name, span=until.before or until.after, times=-1 if until.before else 1, clock=clock
        )
    if "{{" not in until.source and instant(until.source, binder.catalog.zone) is None:
        binder.problem("until", f"“{until.source}” is no date or date-time.", "write it like 2026-12-24 09:00")
    return BoundUntil(text=writer(until, "until"))


def words_of(until: Template | UntilField | UntilTime) -> str:
    """The instant in words, for summaries."""
    if isinstance(until, UntilTime):
        return f"{(until.weekday or 'the next').capitalize() if until.weekday else 'the next'} {until.at}"
    if isinstance(until, UntilField):
        clock = f" at {until.at}" if until.at else ""
        if until.before is not None or until.after is not None:
            return f"{until.before or until.after} {'before' if until.before else 'after'} {until.field}{clock}"
        return f"{until.field}{clock}"
    return until.source


def _check_field(binder: Binder, root: str, name: str, path: str) -> None:
    fields = _fields(binder.catalog, binder.record_type, root)
    if fields is None:
        binder.problem("until.field", f"“{path}” names no record that this workflow has.", binder.record_type)
    elif name not in fields or fields[name] not in _INSTANTS:
        dated = [f"{root}.{key}" for key, kind in fields.items() if kind in _INSTANTS]
        what = "has no date in it" if name in fields else "does not exist"
        binder.problem(
            "until.field", f"The field “{path}” {what}.", nearest(path, dated) or f"there are: {', '.join(dated)}"
        )


def _fields(catalog: Catalog, record_type: str | None, root: str) -> dict[str, FieldType] | None:
    if record_type is None:
        return None
    relation = RECORD_TYPES[record_type].relations.get(root)
    kind = record_type if root in (record_type, "record") else relation.record_type if relation else None
    return None if kind is None else {key: field.type for key, field in schema(kind, catalog).items()}


__all__ = ["BoundUntil", "Moment", "UntilField", "UntilTime", "bind_until", "hint", "words_of"]
