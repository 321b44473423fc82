"""Whether a database has the newest schema, found out without loading what migrates.

A start on a database that needs nothing is a start that loads no migration tools: they take longer than all
the rest.
"""

from pathlib import Path

import asyncpg

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


async def bring_to_newest(dsn: str, /) -> None:
    """The database has Cuework's roles and the newest schema. Errors: as `migrate`."""
    if not await has_newest_schema(dsn):
        from cuework.db.migrate import migrate

        await migrate(dsn)


async def has_newest_schema(dsn: str, /) -> bool:
    """Whether nothing needs to be migrated. Cost: one connection."""
    connection = await asyncpg.connect(dsn)
    try:
        version = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
    return version == newest_revision()


def newest_revision() -> str:
    """The revision of the last migration. Its files are named after their revisions, which ascend."""
    return max(file.stem.partition("_")[0] for file in _VERSIONS.glob("[0-9]*.py"))
