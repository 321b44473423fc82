"""The databases that other tests stand on."""

import asyncpg
import pytest

from cuework.testing.postgres import SessionDatabases


@pytest.mark.parametrize("turn", [1, 2, 3])
async def test_each_test_gets_a_migrated_database_of_its_own(database_url: str, turn: int) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        tables = await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'")
        await connection.execute("create table left_by_a_test (turn int)")
    finally:
        await connection.close()
    assert tables > 10


async def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    try:
        assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'") == 0
    finally:
        await connection.close()


async def test_a_database_is_gone_after_its_test(databases: SessionDatabases) -> None:
    with databases.fresh_database() as url:
        connection = await asyncpg.connect(url)
        await connection.close()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)
