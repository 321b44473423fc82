"""Figures about executions, from counters: how many, how well, how long. Tests are never among them.

Counters are kept per version and minute, so a figure costs the same however many executions there were. Only
what lives now is counted in its table, and no further than people read. Reads only.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cuework.base.time import utc_now
from cuework.db.pool import Connection
from cuework.workflows.executions import MOST

BUCKETS = 24
MAX_POINTS = 120
_STEPS = [timedelta(minutes=n) for n in (1, 5, 10, 15, 30)] + [timedelta(hours=n) for n in (1, 3, 6, 12, 24, 168)]

_LIVE = f"""
select status, count(*) as found from (
  select status from executions_live where tenant_id = $1 and not test and ($2::uuid is null or workflow_id = $2)
    and ($3::timestamptz is null or started_at >= $3) and ($4::timestamptz is null or started_at < $4)
  limit {3 * MOST}) as live
group by status
"""
_NAMES = ("started", "completed", "failed", "cancelled", "with_errors", "refused")
_SUMS = ", ".join(f"sum({name}) as {name}" for name in _NAMES)
_COUNTED = f"""
select date_bin($5::interval, minute, timestamptz '2024-01-01 00:00Z') as at, {_SUMS}, sum(active_ms_sum) as active_ms
from counters where tenant_id = $1 and ($2::uuid is null or workflow_id = $2)
  and ($3::timestamptz is null or minute >= date_trunc('minute', $3)) and ($4::timestamptz is null or minute < $4)
group by 1 order by 1
"""
_HISTOGRAM = """
select h.place, sum(h.n) as n from counters c, unnest(c.histogram) with ordinality as h(n, place)
where c.tenant_id = $1 and ($2::uuid is null or c.workflow_id = $2)
  and ($3::timestamptz is null or c.minute >= date_trunc('minute', $3)) and ($4::timestamptz is null or c.minute < $4)
group by h.place order by h.place
"""
_FIRST = "select min(minute) from counters where tenant_id = $1 and ($2::uuid is null or workflow_id = $2)"


async def figures(
    connection: Connection,
    tenant_id: UUID,
    *,
    workflow_id: UUID | None = None,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> dict[str, Any]:
    """The figures of a stretch of time, of one workflow or all. Cost: four queries over counters and live rows."""
    scope = (tenant_id, workflow_id, from_at, to_at)
    begin = from_at or await connection.fetchval(_FIRST, tenant_id, workflow_id)
    step = step_for(begin, to_at)
    points = await connection.fetch(_COUNTED, *scope, step)
    live = {row["status"]: row["found"] for row in await connection.fetch(_LIVE, *scope)}
    histogram = [0] * BUCKETS
    for row in await connection.fetch(_HISTOGRAM, *scope):
        histogram[min(row["place"] - 1, BUCKETS - 1)] += int(row["n"])
    sums = {name: sum(int(row[name]) for row in points) for name in _NAMES}
    ended = sums["completed"] + sums["failed"] + sums["cancelled"]
    judged = sums["completed"] + sums["failed"]
    active_ms = sum(int(row["active_ms"]) for row in points)
    return {
        "total": sums["started"],
        **{status: live.get(status, 0) for status in ("pending", "running", "waiting")},
        **{name: sums[name] for name in ("completed", "failed", "cancelled", "with_errors", "refused")},
        "success_rate": (sums["completed"] - sums["with_errors"]) / judged if judged > 0 else None,
        "duration_ms": {"mean": round(active_ms / ended, 1) if ended > 0 else None, "p95": quantile(histogram, 0.95)},
        "histogram": histogram,
        "series": _series(points, begin, to_at, step),
        "series_step_s": int(step.total_seconds()),
    }


def step_for(begin: datetime | None, end: datetime | None) -> timedelta:
    """The finest step that draws the stretch with at most MAX_POINTS points."""
    span = (end or utc_now()) - (begin or utc_now())
    return next((step for step in _STEPS if span <= step * MAX_POINTS), _STEPS[-1])


def quantile(histogram: Sequence[int], share: float) -> float | None:
    """The duration below which that share lies, in ms; None for no durations.

    Shape: bucket i holds durations under 2**i ms and not under those of the bucket before; within a bucket
    they are taken to be spread evenly.
    """
    wanted = share * sum(histogram)
    below = 0
    for place, n in enumerate(histogram):
        if n > 0 and below + n >= wanted:
            low, high = (0 if place == 0 else 2 ** (place - 1)), 2**place
            return round(low + (high - low) * (wanted - below) / n, 1)
        below += n
    return None


def _series(
    points: Iterable[Mapping[str, Any]], begin: datetime | None, end: datetime | None, step: timedelta
) -> list[dict[str, Any]]:
    """Every step of the stretch, those in which nothing happened too."""
    by_at = {row["at"]: row for row in points}
    if begin is None:
        return []
    origin = datetime(2024, 1, 1, tzinfo=UTC)
    at = origin + step * ((begin - origin) // step)
    until = end or utc_now()
    shown: list[dict[str, Any]] = []
    while at < until and len(shown) <= MAX_POINTS * 4:
        row = by_at.get(at)
        counts = {name: int(row[name]) if row else 0 for name in ("completed", "failed", "cancelled")}
        shown.append({"at": at, "total": int(row["started"]) if row else 0} | counts)
        at += step
    return shown
