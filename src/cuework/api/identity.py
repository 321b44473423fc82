"""Finds out who asks, from an API key or a session cookie. Both carry their tenant, so that row-level
security is on before anything is looked up.

Must not decide what the actor may do: see routing.
"""

import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from cuework.base.errors import Forbidden, NotSignedIn
from cuework.crm.actor import Actor, Role
from cuework.crm.keys import hash_secret
from cuework.db.pool import Connection

COOKIE = "cuework_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = {"GET", "HEAD", "OPTIONS"}

_FIND_SESSION = """
select s.secret_hash, s.csrf_token, u.id, u.name, u.email, u.role
from sessions s join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
where s.tenant_id = $1 and s.id = $2 and s.expires_at > now() and u.deactivated_at is null
"""
_FIND_KEY = """
select id, name, role, last_used_at is null or last_used_at < now() - interval '1 minute' as stale
from api_keys
where tenant_id = $1 and secret_hash = $2 and revoked_at is null
  and (expires_at is null or expires_at > now())
"""
# Skips the row while another request marks it: nobody waits for this.
_MARK_USED = """
update api_keys set last_used_at = now() where tenant_id = $1 and id = (
  select id from api_keys where tenant_id = $1 and id = $2 for update skip locked)
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request showed: an API key's hash, or a session's id and secret hash. Not checked yet."""

    tenant_id: UUID
    secret_hash: bytes
    session_id: UUID | None = None


def read_credentials(request: Request, /) -> Credentials:
    """What the request shows. Errors: NotSignedIn where it shows nothing that can be valid."""
    header = request.headers.get("authorization")
    if header is not None:
        return _read_key(header)
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        raise NotSignedIn("Send an API key as 'Authorization: Bearer KEY', or sign in at /api/v1/session.")
    return _read_cookie(cookie)


async def authenticate(connection: Connection, request: Request, shown: Credentials, /) -> Actor:
    """Who showed these credentials. Errors: NotSignedIn; Forbidden without the CSRF token of the session."""
    actor = await (_by_session if shown.session_id else _by_key)(connection, request, shown)
    if actor.session_id is not None and request.method not in _SAFE:
        _check_csrf(request, actor)
    return actor


def new_secret() -> str:
    """A secret nobody can guess: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def spell_cookie(tenant_id: UUID, session_id: UUID, secret: str, /) -> str:
    """The session cookie's value."""
    return f"{tenant_id.hex}.{session_id.hex}.{secret}"


def address_of(request: Request, /) -> str | None:
    """The address that the request came from, as the server sees it."""
    return request.client.host if request.client else None


def agent_of(request: Request, /) -> str | None:
    """The program that the request says it comes from, shortened and without what cannot be stored."""
    said = request.headers.get("user-agent")
    return said.replace("\0", "")[:300] if said else None


def _read_key(header: str) -> Credentials:
    scheme, _, key = header.partition(" ")
    parts = key.strip().split("_", 2)
    if scheme.lower() != "bearer" or len(parts) != 3 or parts[0] != "cw":
        raise NotSignedIn("The Authorization header is not 'Bearer cw_...', as Cuework's API keys are.")
    return Credentials(_uuid(parts[1]), hash_secret(parts[2]))


def _read_cookie(cookie: str) -> Credentials:
    parts = cookie.split(".", 2)
    if len(parts) != 3:
        raise NotSignedIn("The session cookie is not one of Cuework's. Sign in again.")
    return Credentials(_uuid(parts[0]), hash_secret(parts[2]), _uuid(parts[1]))


def _uuid(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotSignedIn("The key or session is not valid.") from None


async def _by_session(connection: Connection, request: Request, shown: Credentials) -> Actor:
    row = await connection.fetchrow(_FIND_SESSION, shown.tenant_id, shown.session_id)
    if row is None or not hmac.compare_digest(row["secret_hash"], shown.secret_hash):
        raise NotSignedIn("The session has ended. Sign in again.")
    return Actor(
        "user",
        row["id"],
        row["name"],
        Role.named(row["role"]),
        shown.tenant_id,
        email=row["email"],
        session_id=shown.session_id,
        csrf_token=row["csrf_token"],
        ip=address_of(request),
        user_agent=agent_of(request),
    )


async def _by_key(connection: Connection, request: Request, shown: Credentials) -> Actor:
    row = await connection.fetchrow(_FIND_KEY, shown.tenant_id, shown.secret_hash)
    if row is None:
        raise NotSignedIn("The API key is not valid: it is unknown, expired or revoked.")
    if row["stale"]:
        await connection.execute(_MARK_USED, shown.tenant_id, row["id"])
    return Actor(
        "api_key",
        row["id"],
        row["name"],
        Role.named(row["role"]),
        shown.tenant_id,
        ip=address_of(request),
        user_agent=agent_of(request),
    )


def _check_csrf(request: Request, actor: Actor) -> None:
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), (actor.csrf_token or "").encode()):
        raise Forbidden(f"Send the session's csrf_token (from GET /me) in the header {CSRF_HEADER}.")
