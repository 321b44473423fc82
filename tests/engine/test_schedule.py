"""When delays end: wall-clock days, absolute hours, clamped months, and clocks that change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuework.engine.schedule import (
    Span,
    Weekday,
    add,
    from_local,
    local_day,
    next_time,
    next_weekday,
    on_date,
    zone_named,
)

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    BERLIN,
    NEW_YORK,
    ZoneInfo("UTC"),
    ZoneInfo("Australia/Lord_Howe"),  # goes forward by half an hour
    ZoneInfo("America/Sao_Paulo"),  # midnight did not exist on some days
    ZoneInfo("Pacific/Apia"),  # skipped 30 December 2011
    ZoneInfo("Asia/Kathmandu"),
]
zones = st.sampled_from(ZONES)
instants = st.integers(1_100_000_000, 2_050_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
times = st.times().map(lambda at: at.replace(microsecond=0))


def local(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc, arg-type]


def test_a_day_is_wall_clock_and_24_hours_are_absolute() -> None:
    before_the_change = local(BERLIN, 2026, 3, 28, 9)
    assert add(Span(days=1), before_the_change, BERLIN) == local(BERLIN, 2026, 3, 29, 9)
    assert add(Span(seconds=86_400), before_the_change, BERLIN) == local(BERLIN, 2026, 3, 29, 10)


def test_a_months_end_clamps_and_a_chain_does_not_drift() -> None:
    anchor = local(BERLIN, 2026, 1, 31, 9)
    chain = [add(Span(months=1), anchor, BERLIN, times=count).astimezone(BERLIN) for count in range(1, 5)]
    assert [day.date() for day in chain] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]
    assert add(Span(months=1), local(BERLIN, 2028, 1, 31, 9), BERLIN) == local(BERLIN, 2028, 2, 29, 9)
    assert add(Span(months=1), local(BERLIN, 2026, 12, 31, 9), BERLIN) == local(BERLIN, 2027, 1, 31, 9)
    assert add(Span(months=1), local(BERLIN, 2026, 3, 31, 9), BERLIN, times=-1) == local(BERLIN, 2026, 2, 28, 9)


def test_a_local_time_that_does_not_exist_runs_at_the_first_instant_that_does() -> None:
    assert from_local(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert add(Span(days=1), local(BERLIN, 2026, 3, 28, 2, 30), BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    skipped_day = from_local(date(2011, 12, 30), time(9), ZoneInfo("Pacific/Apia"))
    assert skipped_day.astimezone(ZoneInfo("Pacific/Apia")) == local(ZoneInfo("Pacific/Apia"), 2011, 12, 31)


def test_a_local_time_that_exists_twice_runs_once_at_the_first() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert from_local(date(2026, 10, 25), time(2, 30), BERLIN) == first
    assert next_time(time(2, 30), first, BERLIN) == local(BERLIN, 2026, 10, 26, 2, 30)
    assert next_time(time(2, 30), first + timedelta(minutes=30), BERLIN) == local(BERLIN, 2026, 10, 26, 2, 30)


def test_a_date_is_met_at_a_time_of_day_with_an_offset_before_or_after() -> None:
    renewal = date(2026, 4, 1)
    week = Span(days=7)
    assert on_date(renewal, time(9), BERLIN) == local(BERLIN, 2026, 4, 1, 9)
    assert on_date(renewal, time(9), BERLIN, offset=week, before=True) == local(BERLIN, 2026, 3, 25, 9)
    assert on_date(renewal, time(9), BERLIN, offset=week) == local(BERLIN, 2026, 4, 8, 9)


def test_the_next_weekday_is_later_than_now_even_if_today_is_that_day() -> None:
    monday_nine = local(NEW_YORK, 2026, 3, 2, 9)
    assert next_weekday(Weekday.MONDAY, time(9), monday_nine - timedelta(minutes=1), NEW_YORK) == monday_nine
    assert next_weekday(Weekday.MONDAY, time(9), monday_nine, NEW_YORK) == local(NEW_YORK, 2026, 3, 9, 9)
    assert next_weekday(Weekday.SUNDAY, time(9), monday_nine, NEW_YORK) == local(NEW_YORK, 2026, 3, 8, 9)


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "Europe", "../etc/passwd", "\0"])
def test_a_name_that_is_no_zone_is_none(name: str | None) -> None:
    assert zone_named(name) is None


@given(instants, times, zones)
def test_every_day_runs_once_whatever_the_clocks_do(start: datetime, at: time, zone: ZoneInfo) -> None:
    runs = [start]
    for _ in range(12):
        runs.append(next_time(at, runs[-1], zone))
    days = [local_day(run, zone) for run in runs[1:]]
    assert days == sorted(days)
    gaps = {later - earlier for earlier, later in pairwise(days)}
    skipped = {timedelta(0), timedelta(2)} if zone.key in ("Pacific/Apia", "America/Sao_Paulo") else set[timedelta]()
    assert gaps <= {timedelta(1)} | skipped


@given(instants, st.integers(1, 60), zones)
def test_days_added_keep_the_local_time_where_it_exists(start: datetime, days: int, zone: ZoneInfo) -> None:
    begun = start.astimezone(zone)
    ended = add(Span(days=days), start, zone).astimezone(zone)
    if ended.date() == begun.date() + timedelta(days=days):
        exists = ended.replace(tzinfo=None) == datetime.combine(ended.date(), begun.time())
        assert exists or ended.time() > begun.time()


@given(instants, st.builds(Span, st.integers(0, 14), st.integers(0, 40), st.integers(0, 100_000)), zones)
def test_time_never_runs_backwards(start: datetime, span: Span, zone: ZoneInfo) -> None:
    assert add(span, start, zone) >= start - timedelta(hours=1 if span.days or span.months else 0)


@given(instants, times, zones)
def test_a_local_time_is_met_exactly_or_at_the_end_of_the_gap(start: datetime, at: time, zone: ZoneInfo) -> None:
    day = local_day(start, zone)
    instant = from_local(day, at, zone)
    met = instant.astimezone(zone).replace(tzinfo=None)
    wanted = datetime.combine(day, at)
    assert met == wanted or (
        met > wanted and (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wanted
    )
