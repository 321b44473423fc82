"""Sign-in by password: finds the login in the one global table, then works inside its tenant.

Must not know about cookies. What is wrong with an attempt is never told: unknown emails, wrong passwords and
deactivated users answer the same, after the same time.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cuework.base.errors import Conflict, Forbidden, NotSignedIn
from cuework.base.ids import new_id
from cuework.crm import passwords
from cuework.crm.tenants import find_tenant
from cuework.db.pool import Connection, Pool

SESSION_FOR = timedelta(days=14)

_LOGINS = """
select l.tenant_id, l.user_id, l.password_hash, d.slug from logins l join tenant_directory d using (tenant_id)
where l.email = $1 and ($2::uuid is null or l.tenant_id = $2) order by d.slug limit 20
"""
_START = """
insert into sessions (tenant_id, id, secret_hash, user_id, csrf_token, expires_at, ip, user_agent)
select $1, $2, $3, u.id, $5, now() + $6::interval, $7, $8
from users u where u.tenant_id = $1 and u.id = $4 and u.deactivated_at is null
returning id
"""


@dataclass(frozen=True, slots=True)
class Login:
    """A person in a tenant whose password was right."""

    tenant_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to start: hashes and tokens were made by the caller."""

    secret_hash: bytes
    csrf_token: str
    ip: str | None
    user_agent: str | None


async def check_password(pool: Pool, email: str, password: str, *, tenant: str | None) -> Login:
    """Who has that email and password. Errors: NotSignedIn; Conflict where there are several."""
    tenant_id = await find_tenant(pool, tenant) if tenant else None
    found = await pool.fetch(_LOGINS, email.strip().lower(), tenant_id) if tenant_id or not tenant else []
    right = [row for row in found if await passwords.matches(password, row["password_hash"])]
    if not found:
        await passwords.matches(password, None)
    if not right:
        raise refused()
    if len(right) > 1:
        slugs = [row["slug"] for row in right]
        raise Conflict(f"You belong to several tenants: say which in 'tenant' ({', '.join(slugs)}).", tenants=slugs)
    return Login(right[0]["tenant_id"], right[0]["user_id"])


async def start_session(connection: Connection, login: Login, wanted: NewSession, /) -> UUID:
    """The person is signed in; the session's id is returned. Errors: NotSignedIn if deactivated."""
    session_id = await connection.fetchval(
        _START,
        login.tenant_id,
        new_id(),
        wanted.secret_hash,
        login.user_id,
        wanted.csrf_token,
        SESSION_FOR,
        wanted.ip,
        wanted.user_agent,
    )
    if session_id is None:
        raise refused()
    return session_id


async def end_session(connection: Connection, tenant_id: UUID, session_id: UUID, /) -> None:
    """That session is over."""
    await connection.execute("delete from sessions where tenant_id = $1 and id = $2", tenant_id, session_id)


async def end_sessions_of(connection: Connection, tenant_id: UUID, user_id: UUID, *, but: UUID | None = None) -> None:
    """That person is signed out everywhere but in that session."""
    await connection.execute(
        "delete from sessions where tenant_id = $1 and user_id = $2 and id is distinct from $3",
        tenant_id,
        user_id,
        but,
    )


def refused() -> NotSignedIn:
    """The one answer to every wrong attempt."""
    return NotSignedIn("The email or the password is wrong.")


async def check_own_password(connection: Connection, tenant_id: UUID, user_id: UUID, password: str) -> None:
    """Nothing happens if that is the person's password. Errors: Forbidden."""
    hashed = await connection.fetchval(
        "select password_hash from logins where tenant_id = $1 and user_id = $2", tenant_id, user_id
    )
    if not await passwords.matches(password, hashed):
        raise Forbidden("The current password is wrong.")
