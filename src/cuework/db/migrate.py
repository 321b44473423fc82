"""Brings a database to the newest schema, however many processes start at once.

Migrations run as cuework_owner, which is no superuser and is itself under forced row-level security:
a migration of data goes tenant by tenant (`for_each_tenant`).
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from cuework.base.errors import Unavailable
from cuework.db.pool import Role

_LOCK = 7309451
_HERE = Path(__file__).parent / "migrations"


async def migrate(dsn: str, revision: str = "head", *, runs: bool = True) -> None:
    """The database has Cuework's roles and the schema of `revision`; nothing changes if it had them.

    Shape: the login is made a member of the owner, and also of the roles of run time if it `runs` as well.
    Errors: Unavailable says which right the login lacks and the SQL that grants it.
    Cost: one connection; others who migrate at the same time wait for it.
    """
    await _make_roles(dsn, list(Role) if runs else [Role.OWNER])

    async def as_owner() -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(dsn, server_settings={"role": Role.OWNER.value, "lock_timeout": "60s"})

    engine = create_async_engine("postgresql+asyncpg://", async_creator=as_owner, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


def run_script(connection: Connection, script: str) -> None:
    """Every statement of the SQL text has run, in the migration's transaction."""
    driver: Any = connection.connection.driver_connection
    await_only(driver.execute(script))


def for_each_tenant(connection: Connection, statement: str) -> None:
    """The statement has run once inside every tenant; row-level security stays in force."""
    for (tenant_id,) in connection.execute(text("select tenant_id from tenant_directory order by 1")).all():
        connection.execute(text("select set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant_id)})
        connection.execute(text(statement))
    connection.execute(text("select set_config('app.tenant_id', '', true)"))


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def _make_roles(dsn: str, mine: Collection[Role]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            version = connection.get_server_version()
            if version.major < 15:
                raise Unavailable(f"PostgreSQL {version.major} is too old for Cuework: use 15 or newer.")
            for role in Role:
                await _make_role(connection, role, mine=role in mine)
            await connection.execute("grant usage, create on schema public to cuework_owner")
    except asyncpg.InsufficientPrivilegeError as error:
        raise Unavailable(f"{error}. Let a superuser run once: {_grants(mine)}") from error
    finally:
        await connection.close()


async def _make_role(connection: Any, role: Role, *, mine: bool) -> None:
    known = await connection.fetchrow(
        """select rolsuper, rolbypassrls, pg_has_role(current_user, oid, 'member') as mine
        from pg_roles where rolname = $1""",
        role.value,
    )
    if known is None:
        try:
            async with connection.transaction():
                await connection.execute(f"create role {role} nologin nosuperuser nobypassrls")
        except asyncpg.UniqueViolationError:
            pass  # another database of the same server is being set up at this moment
    elif known["rolsuper"] or known["rolbypassrls"]:
        raise Unavailable(f"The role {role} may bypass row-level security: alter role {role} nosuperuser nobypassrls;")
    if mine and (known is None or not known["mine"]):
        await connection.execute(f"grant {role} to current_user")


def _grants(mine: Collection[Role]) -> str:
    roles = " ".join(f"create role {role} nologin;" for role in Role)
    return f"{roles} grant {', '.join(mine)} to THAT_LOGIN; grant usage, create on schema public to cuework_owner;"
