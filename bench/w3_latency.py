"""W3: W2's work at 20 contacts a second. Event committed -> last action committed, p50 and p99.

Each contact is committed by a client of its own that rings the bell as a serving process does. The moment of
its commit is taken when the commit returned; the moment of the last action's when a second connection that
is told of it reads the finished execution's own commit time (track_commit_timestamp).
"""

import asyncio
import statistics
import time
from typing import Any
from uuid import UUID

import asyncpg
from rich.console import Console

from bench.stage import WELCOME, Stage, make_contacts, stage, tenant_with, worker
from cuework.runtime.bell import Bell

RATE = 20
SECONDS = 60
console = Console()


async def run(*, runs: int, size: int | None, profile: bool) -> dict[str, Any]:
    """p50 and p99 in milliseconds, medians of the runs; beside them the time of one durable commit."""
    figures: list[tuple[float, float]] = []
    async with stage(track_commit_timestamp=True) as place:
        commit = await _one_commit(place)
        async with worker(place):
            for number in range(runs):
                tenant_id = await tenant_with(place.pool, f"latency-{number}", WELCOME)
                await _play(place, tenant_id, 20)  # warm
                figures.append(await _play(place, tenant_id, size or RATE * SECONDS, warm=20))
                console.print(f"run {number + 1}: p50 {figures[-1][0]:.1f} ms, p99 {figures[-1][1]:.1f} ms")
    p50, p99 = (statistics.median(each[index] for each in figures) for index in (0, 1))
    console.print(
        f"W3 at {RATE}/s: p50 {p50:.1f} ms (goal 5), p99 {p99:.1f} ms (goal 15); one durable commit {commit:.2f} ms"
    )
    return {"p50": p50, "p99": p99, "commit_ms": commit}


async def _play(place: Stage, tenant_id: UUID, count: int, warm: int = 0) -> tuple[float, float]:
    bell = Bell(place.dsn)
    await bell.start()
    ids: list[UUID] = []
    began = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        ids += await make_contacts(place.pool, tenant_id, 1, inbox=True, start=number + warm)
        bell.ring(tenant_id)
    connection = await asyncpg.connect(place.dsn)
    while await connection.fetchval("select count(*) from inbox where tenant_id = $1", tenant_id):
        await asyncio.sleep(0.05)
    rows = await connection.fetch(
        """select extract(epoch from pg_xact_commit_timestamp(d.xmin) - pg_xact_commit_timestamp(e.xmin)) * 1000 as ms
        from executions_done d join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
        where d.tenant_id = $1 and d.record_id = any($2::uuid[])""",
        tenant_id,
        ids,
    )
    await connection.close()
    await bell.stop()
    late = sorted(float(row["ms"]) for row in rows)
    if len(late) != count:
        raise AssertionError(f"{count} executions were due, {len(late)} are done")
    return late[len(late) // 2], late[int(len(late) * 0.99)]


async def _one_commit(place: Stage) -> float:
    connection = await asyncpg.connect(place.dsn)
    await connection.execute("create table public.bench_commit (n int)")
    timings: list[float] = []
    for number in range(200):
        began = time.perf_counter()
        await connection.execute("insert into public.bench_commit values ($1)", number)
        timings.append((time.perf_counter() - began) * 1000)
    await connection.execute("drop table public.bench_commit")
    await connection.close()
    return statistics.median(timings)
