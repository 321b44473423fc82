"""W2: contact created -> tag, +10 score, task, activity. Burn-down of committed events by one worker process.

(a) 20,000 events of one tenant; (b) the same number over 1,000 tenants by Zipf 1.1. The limit is B2 (limits.py).
"""

import asyncio
import pstats
import statistics
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from bench.limits import b2
from bench.stage import WELCOME, Stage, make_contacts, release, stage, tenant_with, worker

EVENTS = 20_000
TENANTS = 1_000
console = Console()


async def run(*, runs: int, size: int | None, profile: bool) -> dict[str, Any]:
    """The figures of W2 and the limit beside them, medians of the runs."""
    count = size or EVENTS
    one: list[float] = []
    many: list[float] = []
    limit: list[float] = []
    async with stage() as place:
        for number in range(runs):
            tenant_id = await tenant_with(place.pool, f"one-{number}", WELCOME)
            await make_contacts(place.pool, tenant_id, count, inbox=False)
            one.append(await burn_down(place, [tenant_id], count))
            limit.append(await b2(place, tenant_id))
            console.print(f"run {number + 1}: one tenant {one[-1]:,.0f}/s, limit B2 {limit[-1]:,.0f}/s")
        for number in range(runs):
            tenants = await _many_tenants(place, count, number)
            many.append(await burn_down(place, tenants, count))
            console.print(f"run {number + 1}: {len(tenants)} tenants {many[-1]:,.0f}/s")
        if profile:
            await _profile(place, count)
    return _report(one, many, limit, count)


async def burn_down(place: Stage, tenants: list[UUID], count: int, profile: Path | None = None) -> float:
    """Executions per second, from the commit that makes the events inputs to the last one committed."""
    async with worker(place, profile=profile) as process:
        began = await release(place, tenants)
        async with place.pool.acquire() as connection:
            while await _pending(connection):
                if process.returncode is not None:
                    raise RuntimeError(f"The worker ended before its work: exit code {process.returncode}.")
                await asyncio.sleep(0.05)
        spent = time.perf_counter() - began
    done = 0
    for tenant_id in tenants:
        async with place.pool.acquire() as connection, connection.transaction():
            await connection.execute(f"set local app.tenant_id = '{tenant_id}'")
            done += await connection.fetchval("select count(*) from executions_done where status = 'completed'")
    if done != count:
        raise AssertionError(f"{count} executions were due, {done} completed")
    return count / spent


async def _pending(connection: Any) -> bool:
    """Whether inputs are left, as the discovery role sees it."""
    async with connection.transaction():
        await connection.execute("set local role cuework_worker")
        return await connection.fetchval("select exists (select from inbox)")


async def _many_tenants(place: Stage, count: int, number: int) -> list[UUID]:
    weights = [1 / (rank**1.1) for rank in range(1, TENANTS + 1)]
    total = sum(weights)
    shares = [int(count * weight / total) for weight in weights]
    shares[0] += count - sum(shares)
    tenants: list[UUID] = []
    for rank, share in enumerate(shares):
        tenant_id = await tenant_with(place.pool, f"many-{number}-{rank}", WELCOME)
        await make_contacts(place.pool, tenant_id, share, inbox=False)
        tenants.append(tenant_id)
    return tenants


async def _profile(place: Stage, count: int) -> None:
    tenant_id = await tenant_with(place.pool, "profiled", WELCOME)
    await make_contacts(place.pool, tenant_id, count, inbox=False)
    path = place.directory / "worker.prof"
    await burn_down(place, [tenant_id], count, profile=path)
    stats = pstats.Stats(str(path))
    stats.sort_stats("tottime").print_stats(35)


def _report(one: list[float], many: list[float], limit: list[float], count: int) -> dict[str, Any]:
    rate, spread, bound = (statistics.median(each) for each in (one, many, limit))
    table = Table(title=f"W2 welcome, {count:,} events, one worker process, medians of {len(one)}")
    for name in ("", "executions/s", "share of B2", "goal"):
        table.add_column(name)
    table.add_row("B2, the limit", f"{bound:,.0f}", "1", "")
    table.add_row("(a) one tenant", f"{rate:,.0f}", f"{rate / bound:.2f}", "0.6")
    table.add_row(
        "(b) 1,000 tenants, Zipf 1.1", f"{spread:,.0f}", f"{spread / bound:.2f}", f"half of (a): {rate / bound / 2:.2f}"
    )
    console.print(table)
    return {"b2": bound, "one": rate, "many": spread, "share": rate / bound, "share_many": spread / bound}
