"""Migrations on databases that are not empty, and by many processes at once."""

import asyncio
import sys
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from cuework.db.migrate import for_each_tenant, migrate
from cuework.db.pool import Role, open_pool
from cuework.nodes import discover
from cuework.testing.office import Office, open_office

CHANGE = "update contacts set source = 'migrated'"
WELCOME = "name: Tag\ntrigger: {type: contact.created}\nsteps: [{type: contact.add_tag, tag: x}]"


async def test_a_migration_of_data_changes_every_tenant_and_no_other_way_changes_any(database_url: str) -> None:
    """Row-level security is forced on the owner of the tables as well: a plain statement finds no rows."""
    await _two_tenants(database_url)
    await _as_migration(database_url, lambda connection: connection.execute(text(CHANGE)))
    assert await _sources(database_url) == {None: 4}
    await _as_migration(database_url, lambda connection: for_each_tenant(connection, CHANGE))
    assert await _sources(database_url) == {"migrated": 4}


async def test_a_migration_of_data_that_fails_half_way_changes_nothing(database_url: str) -> None:
    first, second = await _two_tenants(database_url)
    later = max(first.tenant_id, second.tenant_id)
    broken = (
        f"update contacts set source = 'migrated', lead_score = case tenant_id when '{later}' then 1 / 0 else 1 end"
    )
    with pytest.raises(Exception, match="division by zero"):
        await _as_migration(database_url, lambda connection: for_each_tenant(connection, broken))
    assert await _sources(database_url) == {None: 4}


async def test_the_steps_from_the_first_schema_to_the_newest_keep_what_is_there(empty_database_url: str) -> None:
    await migrate(empty_database_url, "0001")
    owner = await asyncpg.connect(empty_database_url)
    await owner.execute(
        """insert into tenant_directory values ('old', '01a203b0-0000-7000-8000-000000000001');
        insert into tenants (tenant_id, slug, name) values ('01a203b0-0000-7000-8000-000000000001', 'old', 'Old');
        insert into contacts (tenant_id, id, first_name, created_at, updated_at)
        select '01a203b0-0000-7000-8000-000000000001', gen_random_uuid(), 'P' || n, now(), now()
        from generate_series(1, 100) as n"""
    )
    await migrate(empty_database_url)
    assert await owner.fetchval("select count(*) from contacts") == 100
    await owner.close()


@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
async def test_several_processes_that_migrate_at_once_agree(empty_database_url: str, *, full: bool) -> None:
    if full:
        await migrate(empty_database_url)
        await _two_tenants(empty_database_url)
    code = "import asyncio, sys; from cuework.db.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, empty_database_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    said = [(await process.communicate())[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    if not full:
        await _two_tenants(empty_database_url)
    assert await _sources(empty_database_url) == {None: 4}


async def _two_tenants(url: str) -> tuple[Office, Office]:
    """Two tenants whose workflows have run."""
    pool = await open_pool(url, Role.APP, size=2, name="tests")
    types = discover()
    offices = await open_office(pool, "one", types), await open_office(pool, "two", types)
    for office in offices:
        await office.publish(WELCOME)
        await office.create_many("contact", [{"first_name": "Ada"}, {"first_name": "Ben"}])
        await office.work()
        assert await office.verdict() == {}
    await pool.close()
    return offices


async def _as_migration(url: str, change: Callable[[Connection], object]) -> None:
    """As db.migrate runs one: the owner's connection, one transaction."""

    async def as_owner() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(url, server_settings={"role": Role.OWNER.value})

    engine = create_async_engine("postgresql+asyncpg://", async_creator=as_owner, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(change)
    finally:
        await engine.dispose()


async def _sources(url: str) -> dict[str | None, int]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("select source, count(*)::int as n from contacts group by 1")
    await connection.close()
    return {row["source"]: row["n"] for row in rows}
