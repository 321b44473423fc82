"""When a delay ends: spans by the wall clock of a zone, dates with offsets, weekdays and times of day.

Rules
  * Days, weeks and months are wall-clock in the zone; hours, minutes and seconds are absolute.
  * A month's end clamps: 31 January and a month is 28 or 29 February. Count several months at once from the
    same anchor (`times`), and a chain never drifts.
  * A local time that does not exist (the clocks went forward) becomes the first instant that does; one that
    exists twice (they went back) is its first, once.

No clock: the instant now comes in as an argument.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from cuework.engine.spans import Span

__all__ = [
    "Span",
    "Weekday",
    "add",
    "from_local",
    "local_day",
    "next_time",
    "next_weekday",
    "on_date",
    "zone_named",
]

_DAY = timedelta(days=1)


class Weekday(IntEnum):
    """Days as datetime counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def zone_named(name: str | None, /) -> ZoneInfo | None:
    """The zone of that name, or None if there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # a directory of the zone data is an OSError
        return None


def add(span: Span, at: datetime, zone: ZoneInfo, *, times: int = 1) -> datetime:
    """The instant a span after `at`, in UTC; `times` counts it several times from the same anchor.

    A negative `times` goes back.
    """
    moved = at.astimezone(UTC)
    if span.months or span.days:
        local = at.astimezone(zone)
        day = _plus_months(local.date(), span.months * times) + _DAY * (span.days * times)
        # The same side of a repeated hour only matters where the day did not change.
        moved = moved if day == local.date() else from_local(day, local.timetz().replace(tzinfo=None, fold=0), zone)
    return moved + timedelta(seconds=span.seconds * times)


def from_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one instant of a local day and time: the first if it exists twice, the next if it does not."""
    local = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _first_after_gap(local, zone)


def on_date(day: date, at: time, zone: ZoneInfo, *, offset: Span | None = None, before: bool = False) -> datetime:
    """The instant of a date field at a time of day, moved by a wall-clock offset after it, or before it."""
    anchor = from_local(day, at, zone)
    return anchor if offset is None else add(offset, anchor, zone, times=-1 if before else 1)


def next_time(at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The next instant after now whose local time of day is that."""
    today = now.astimezone(zone).date()
    return next(instant for instant in _days_at(today, at, zone, step=1) if instant > now)


def next_weekday(weekday: Weekday, at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The next instant after now that is that weekday at that local time."""
    today = now.astimezone(zone).date()
    first = today + _DAY * ((weekday - today.weekday()) % 7)
    return next(instant for instant in _days_at(first, at, zone, step=7) if instant > now)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in the zone."""
    return at.astimezone(zone).date()


def _days_at(first: date, at: time, zone: ZoneInfo, *, step: int) -> list[datetime]:
    """Three candidates suffice: a zone may skip one whole day, never two."""
    return [from_local(first + _DAY * (step * count), at, zone) for count in range(3)]


def _plus_months(day: date, months: int) -> date:
    if not months:
        return day
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _first_after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jumped over a local time that does not exist."""
    low = local.replace(fold=1).astimezone(UTC)  # read with the offset after the jump: before it
    high = local.replace(fold=0).astimezone(UTC)  # read with the offset before the jump: after it
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(microseconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high
