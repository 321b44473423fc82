"""Which login does what: one migrates the schema, another one runs, and can become neither owner nor superuser.

`set role` alone keeps nobody in: whoever gets a statement into a connection can take the role off again and is
what the login is. So on a database of our own the processes run as a login that is a member of the two roles of
run time and has no right besides. On an operator's database the login is the operator's choice; `strengths`
says what is wrong with it.

Must not migrate, and must not know how a server is started.
"""

from dataclasses import dataclass

import asyncpg

from cuework.base.settings import Settings
from cuework.db.pool import Role

LOGIN = "cuework_login"
NARROWER = 'docs/operations.md, "Your own PostgreSQL", has the SQL for a login that may only run.'
ROLES = (Role.APP, Role.WORKER)
_LOCK = 7309453

_MADE = """
select not (rolsuper or rolbypassrls or rolinherit or rolcreaterole or rolcreatedb or rolreplication)
  and rolcanlogin and not pg_has_role(oid, $2, 'member') as narrow,
  (select array_agg(name) from unnest($3::text[]) as name where not pg_has_role(r.oid, name, 'member')) as lacking
from pg_roles r where rolname = $1
"""
_STRENGTHS = """
select session_user::text as login, rolsuper, rolbypassrls, rolcreaterole,
  exists (select from pg_roles other where other.rolname = $1
    and pg_has_role(session_user, other.oid, 'member')) as owns,
  exists (select from pg_roles other where (other.rolsuper or other.rolbypassrls)
    and pg_has_role(session_user, other.oid, 'member')) as reaches_bypass
from pg_roles where rolname = session_user
"""


@dataclass(frozen=True, slots=True)
class Logins:
    """The URLs of one database. Shape: ours, if the database is Cuework's own and `running` is made by it."""

    running: str
    migrating: str
    ours: bool = False

    @classmethod
    def configured(cls, settings: Settings, /) -> "Logins | None":
        """The operator's logins; None where the embedded database is used."""
        if not settings.database_url:
            return None
        return cls(settings.database_url, settings.migration_url or settings.database_url)


async def make_login(dsn: str, /) -> None:
    """The login of run time exists and may only take the roles of run time. The URL is a superuser's."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            found = await connection.fetchrow(_MADE, LOGIN, Role.OWNER.value, [role.value for role in ROLES])
            if found is None:
                await connection.execute(f"create role {LOGIN} login noinherit")
            elif not found["narrow"]:
                await connection.execute(
                    f"alter role {LOGIN} login noinherit nosuperuser nobypassrls nocreaterole nocreatedb noreplication"
                )
                await connection.execute(f"revoke {Role.OWNER} from {LOGIN}")
            for role in ROLES if found is None else found["lacking"] or ():
                await connection.execute(f"grant {role} to {LOGIN}")
    finally:
        await connection.close()


async def strengths(dsn: str, /) -> list[str]:
    """What this login may do that running does not need, each as a sentence; empty for a login that is narrow.

    Errors: asyncpg's and OSError when the database cannot be asked.
    """
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        found = await connection.fetchrow(_STRENGTHS, Role.OWNER.value)
    finally:
        await connection.close()
    assert found is not None
    login = f"The login {found['login']}"
    if found["rolsuper"]:
        return [f"{login} is a superuser: a statement that got in could read every tenant and change the server."]
    told = {
        "reaches_bypass": f"{login} may bypass row-level security: a statement that got in could read every tenant.",
        "owns": f"{login} may act as {Role.OWNER}: a statement that got in could switch row-level security off.",
        "rolcreaterole": f"{login} may make roles: a statement that got in could give itself rights.",
    }
    return [sentence for name, sentence in told.items() if found[name]]
