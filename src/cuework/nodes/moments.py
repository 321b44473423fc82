"""Instants as definitions write them: after a span, or at a date-time, a template, or a field of a record.

Local times are those of the execution's zone (contact, else tenant); which zone that was is said to the log.
Pure: the instant now comes from the context.
"""

from datetime import UTC, date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cuework.base.time import LAST_YEAR
from cuework.engine import schedule
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.readers import FIRST_DAY_YEAR
from cuework.engine.schedule import Span
from cuework.engine.templates import Template
from cuework.nodes.hints import hint
from cuework.nodes.texts import Write, short, writer

MIDNIGHT = time(0)


class Due(BaseModel):
    """When something is due: a span from now, or an instant."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    after: Span | None = Field(None, alias="in", description="This long after the step runs")
    at: Template | None = Field(
        None, description="A date or date-time such as 2026-12-24 17:00", json_schema_extra=hint("moment")
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.after is None) == (self.at is None):
            raise ValueError("say either `in` or `at`")
        return self

    def words(self) -> str:
        """When, for summaries."""
        return f"in {self.after}" if self.after is not None else f"at {self.at.source if self.at else ''}"


class Moment:
    """A bound Due. It remembers its last answer: in one pass all executions ask at the same instant."""

    __slots__ = ("_last", "after", "at")

    def __init__(self, after: Span | None, at: Write | None) -> None:
        self.after = after
        self.at = at
        self._last: tuple[datetime, ZoneInfo, datetime] | None = None

    def of(self, ctx: Context) -> datetime | None:
        """The instant in UTC; None for a text that says none, with a warning. Errors: Need."""
        zone, _ = ctx.zone()
        if self.after is not None:
            return self._after(self.after, ctx.now, zone)
        text = self.at(ctx) if self.at else ""
        found = instant(text, zone)
        if found is None:
            ctx.warn(f"“{short(text)}” is no date or date-time, so there is no due date.")
        return found

    def _after(self, span: Span, now: datetime, zone: ZoneInfo) -> datetime:
        last = self._last
        if last is None or last[0] is not now or last[1] is not zone:
            last = self._last = (now, zone, schedule.add(span, now, zone))
        return last[2]


def bind_due(due: Due | None, binder: Binder) -> Moment | None:
    """The due date, ready to be worked out; one that is written out is a date."""
    if due is None:
        return None
    if due.at is not None and due.at.is_literal and instant(due.at.source, binder.catalog.zone) is None:
        binder.problem("due.at", f"“{due.at.source}” is no date or date-time.", "write it like 2026-12-24 09:00")
    return Moment(due.after, writer(due.at) if due.at is not None else None)


def instant(value: Any, zone: ZoneInfo, at: time | None = None) -> datetime | None:
    """The instant in UTC of a date, a date-time or their ISO 8601 text, local ones in the zone; else None.

    Shape: `at` is the time of day for dates, and replaces that of date-times when given.
    """
    if isinstance(value, str):
        value = _parsed(value.strip())
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return schedule.from_local(value.date(), at or value.time(), zone)
        local = value.astimezone(zone)
        return schedule.from_local(local.date(), at or local.time(), zone) if at is not None else value.astimezone(UTC)
    if isinstance(value, date):
        return schedule.from_local(value, at or MIDNIGHT, zone)
    return None


def _parsed(text: str) -> date | datetime | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY_YEAR <= found.year <= LAST_YEAR else None  # what no field can hold cannot be moved either
