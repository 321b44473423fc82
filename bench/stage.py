"""The stage of a workload: a durable PostgreSQL of its own, migrated, and tenants with published workflows."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from cuework.db.embedded import EmbeddedPostgres
from cuework.db.migrate import migrate
from cuework.db.pool import Pool, Role, open_pool
from cuework.nodes import discover
from cuework.runtime.bell import Bell
from cuework.testing.office import Office, open_office

TYPES = discover()
WELCOME = """
name: Welcome new contacts
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new-contact}
  - {id: score, type: contact.add_score, points: 10}
  - {id: task, type: task.create, title: "Welcome {{ contact.first_name }}", assign_to: {team: sales}, due: {in: 1 day}}
  - {id: note, type: activity.log, text: "Welcome workflow ran"}
"""


@dataclass
class Stage:
    """Where a workload plays. `admin` is a superuser's URL, for limits and for looking."""

    dsn: str
    pool: Pool
    bell: Bell
    directory: Path


@asynccontextmanager
async def stage(*, track_commit_timestamp: bool = False) -> AsyncIterator[Stage]:
    """A fresh database: embedded in a temporary directory, or at CUEWORK_BENCH_DATABASE_URL (it is emptied)."""
    directory = Path(tempfile.mkdtemp(prefix="cuework-bench-"))
    directory.chmod(0o755)  # noqa: ASYNC240 - nothing else runs yet
    url = os.environ.get("CUEWORK_BENCH_DATABASE_URL")
    server = None if url else EmbeddedPostgres(directory / "postgres")
    dsn = url or await asyncio.to_thread(server.start)  # type: ignore[union-attr]
    if track_commit_timestamp and server is not None:
        connection = await asyncpg.connect(dsn)
        await connection.execute("alter system set track_commit_timestamp = on")
        await connection.close()
        await asyncio.to_thread(server.stop)
        dsn = await asyncio.to_thread(server.start)
    if url:
        connection = await asyncpg.connect(url)
        await connection.execute("drop schema public cascade; create schema public")
        await connection.close()
    await migrate(dsn)
    pool = await open_pool(dsn, Role.APP, size=4, name="bench")
    bell = Bell(dsn)
    await bell.start()
    try:
        yield Stage(dsn, pool, bell, directory)
    finally:
        await bell.stop()
        await pool.close()
        if server is not None:
            await asyncio.to_thread(server.stop)
        shutil.rmtree(directory, ignore_errors=True)


async def tenant_with(pool: Pool, name: str, *definitions: str) -> UUID:
    """A tenant with a sales team, and these workflows (YAML) published."""
    office = await open_office(pool, name, TYPES)
    for text in definitions:
        await office.publish(text)
    return office.tenant_id


async def make_contacts(pool: Pool, tenant_id: UUID, count: int, *, inbox: bool, start: int = 0) -> list[UUID]:
    """Contacts exist with their events, through the product's own write path; with or without inputs for them."""
    office = Office(pool, tenant_id, TYPES)
    ids: list[UUID] = []
    for first in range(start, start + count, 1000):
        people = [_person(number) for number in range(first, min(first + 1000, start + count))]
        ids += await office.create_many("contact", people, quiet=not inbox)
    return ids


def _person(number: int) -> dict[str, object]:
    name = f"Person {number}"
    return {"first_name": name, "last_name": "Example", "email": f"p{number}@example.com", "source": "bench"}


async def release(place: Stage, tenant_ids: list[UUID]) -> float:
    """Every event of these tenants has become an input by one commit, whose instant is the answer (perf_counter).

    The bell rings after it, as after a request.
    """
    async with place.pool.acquire() as connection, connection.transaction():
        for tenant_id in tenant_ids:
            await connection.execute(f"set local app.tenant_id = '{tenant_id}'")
            await connection.execute(
                """insert into inbox (tenant_id, id, lane, kind, revision, event_id)
                select tenant_id, gen_random_uuid(), get_byte(uuid_send(record_id), 15) & 63, 'event', revision, id
                from events where tenant_id = $1 and type = 'contact.created'""",
                tenant_id,
            )
    committed = time.perf_counter()
    for tenant_id in tenant_ids:
        place.bell.ring(tenant_id)
    return committed


@asynccontextmanager
async def worker(place: Stage, *, profile: Path | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """One worker process, started as an operator would; it has reported itself before the block begins."""
    environment = {**os.environ, "CUEWORK_DATABASE_URL": place.dsn, "CUEWORK_DATA": str(place.directory)}
    command = [sys.executable, "-m", "cuework", "worker"]
    if profile is not None:
        command = [sys.executable, "-m", "cProfile", "-o", str(profile), "-m", "cuework", "worker"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with place.pool.acquire() as connection:
            while not await connection.fetchval("select exists (select from processes where pid = $1)", process.pid):
                if process.returncode is not None:
                    raise RuntimeError(f"The worker ended before it began: exit code {process.returncode}.")
                await asyncio.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
