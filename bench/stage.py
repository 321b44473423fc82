"""The stage of a workload: a durable PostgreSQL of its own, migrated, and tenants with published workflows."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from cuework.base.ids import id_sequence, new_id
from cuework.base.time import milliseconds
from cuework.crm.actor import system
from cuework.crm.catalog import load_catalog
from cuework.crm.flush import flush
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db.embedded import EmbeddedPostgres
from cuework.db.migrate import migrate
from cuework.db.pool import Pool, Role, open_pool
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Cause
from cuework.engine.world import World
from cuework.nodes import discover
from cuework.workflows import drafts
from cuework.workflows.publish import publish
from cuework.workflows.text import parse

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
    directory: Path


@asynccontextmanager
async def stage(*, track_commit_timestamp: bool = False) -> AsyncIterator[Stage]:
    """A fresh database: embedded in a temporary directory, or at CUEWORK_BENCH_DATABASE_URL (it is emptied)."""
    directory = Path(tempfile.mkdtemp(prefix="cuework-bench-"))
    directory.chmod(0o755)
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
    try:
        yield Stage(dsn, pool, directory)
    finally:
        await pool.close()
        if server is not None:
            await asyncio.to_thread(server.stop)
        shutil.rmtree(directory, ignore_errors=True)


async def tenant_with(pool: Pool, name: str, *definitions: str) -> UUID:
    """A tenant with a sales team of one, and these workflows (YAML) published."""
    tenant_id = await create_tenant(pool, NewTenant(name))
    actor = system(tenant_id)
    async with tenant_transaction(pool, tenant_id) as connection:
        user, team = new_id(), new_id()
        await connection.execute(
            "insert into users (tenant_id, id, email, name, role) values ($1, $2, $3, 'Ada', 'owner')",
            tenant_id,
            user,
            f"ada@{name}.example",
        )
        await connection.execute(
            "insert into teams (tenant_id, id, key, name) values ($1, $2, 'sales', 'Sales')", tenant_id, team
        )
        await connection.execute(
            "insert into team_members (tenant_id, team_id, user_id) values ($1, $2, $3)", tenant_id, team, user
        )
        catalog = await load_catalog(connection, tenant_id)
        for text in definitions:
            data, _ = parse(text)
            workflow_id = await drafts.create(connection, actor, drafts.Draft(data, text))
            await publish(connection, actor, workflow_id, TYPES, catalog)
    return tenant_id


async def make_contacts(pool: Pool, tenant_id: UUID, count: int, *, inbox: bool, first: int = 0) -> list[UUID]:
    """Contacts exist with their events, through the product's own write path; with or without inputs for them."""
    ids: list[UUID] = []
    last = first + count
    for first in range(first, last, 1000):
        async with tenant_transaction(pool, tenant_id) as connection:
            catalog = await load_catalog(connection, tenant_id)
            now = await connection.fetchval("select clock_timestamp()")
            world = World(catalog, now, id_sequence(milliseconds(now), int.from_bytes(os.urandom(6), "big")))
            for number in range(first, min(first + 1000, last)):
                row = world.create("contact", _person(number), Cause("system"))
                ids.append(row["id"])
            await flush(connection, tenant_id, world, None if inbox else [])
    return ids


def _person(number: int) -> dict[str, object]:
    name = f"Person {number}"
    return {"first_name": name, "last_name": "Example", "email": f"p{number}@example.com", "source": "bench"}


async def release(pool: Pool, tenant_ids: list[UUID]) -> None:
    """Every event of these tenants becomes an input, the last act before the clock starts."""
    for tenant_id in tenant_ids:
        async with tenant_transaction(pool, tenant_id) as connection:
            await connection.execute(
                """insert into inbox (tenant_id, id, lane, kind, revision, event_id)
                select tenant_id, gen_random_uuid(), get_byte(uuid_send(record_id), 15) & 63, 'event', revision, id
                from events where tenant_id = $1 and type = 'contact.created'""",
                tenant_id,
            )


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
                await asyncio.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
