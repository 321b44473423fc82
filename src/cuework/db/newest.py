"""Whether a database has the newest schema, found out without loading what migrates.

A start on a database that needs nothing is a start that loads no migration tools: they take longer than all
the rest.
"""

from pathlib import Path

import asyncpg

from cuework.base.errors import Unavailable
from cuework.db.logins import ROLES, Logins, make_login
from cuework.db.pool import Role

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


async def bring_to_newest(logins: Logins, /) -> None:
    """The database has Cuework's roles and the newest schema, and the login of run time may use it.

    Errors: as `migrate`; Unavailable if the login of run time lacks a role, with the SQL that grants it.
    """
    if await has_newest_schema(logins.running):
        return
    from cuework.db.migrate import migrate

    await migrate(logins.migrating, runs=logins.migrating == logins.running)
    if logins.ours:
        await make_login(logins.migrating)
    if not await has_newest_schema(logins.running):
        roles = " and ".join(ROLES)
        raise Unavailable(
            f"The schema is the newest, but the login of CUEWORK_DATABASE_URL cannot act as {roles}. "
            f"Let a superuser run once: grant {', '.join(ROLES)} to THAT_LOGIN;"
        )


async def has_newest_schema(dsn: str, /) -> bool:
    """Whether nothing needs to be migrated and this login can act as the application. Cost: one connection."""
    try:
        connection = await asyncpg.connect(dsn, server_settings={"role": Role.APP.value})
    except (
        asyncpg.InvalidAuthorizationSpecificationError,  # the login is not there yet
        asyncpg.InvalidParameterValueError,  # the role is not there yet
        asyncpg.InsufficientPrivilegeError,
    ):
        return False
    try:
        version = await connection.fetchval("select version_num from alembic_version")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        return False
    finally:
        await connection.close()
    return version == newest_revision()


def newest_revision() -> str:
    """The revision of the last migration. Its files are named after their revisions, which ascend."""
    return max(file.stem.partition("_")[0] for file in _VERSIONS.glob("[0-9]*.py"))
