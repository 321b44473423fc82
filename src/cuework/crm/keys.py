"""API keys: made once, shown once, kept as hashes, each with a role, an end, and its tenant in it.

Must not know about HTTP.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.errors import Forbidden, Invalid, NotFound, Problem
from cuework.base.ids import new_id
from cuework.base.time import utc_now
from cuework.crm import audit
from cuework.crm.actor import Actor, Role
from cuework.crm.audit import Subject
from cuework.db.pool import Connection

SHOWN = "id, name, role, hint, created_by, created_at, expires_at, last_used_at, revoked_at"
_INSERT = f"""
insert into api_keys (tenant_id, id, name, role, secret_hash, hint, created_by, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning {SHOWN}
"""
_REVOKE = f"""
update api_keys set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2
returning {SHOWN}
"""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to make; without an end it works until it is revoked."""

    name: str
    role: Role
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MadeKey:
    """The key itself, for this one time, and its row."""

    key: str
    row: Any


async def create_key(connection: Connection, actor: Actor, wanted: NewKey, /) -> MadeKey:
    """The key works. Errors: Forbidden for a role above the actor's; Invalid for an end in the past."""
    if wanted.role > actor.role:
        raise Forbidden(f"You cannot give the role {wanted.role.spelled}: yours is {actor.role.spelled}.")
    if wanted.expires_at is not None and wanted.expires_at <= utc_now():
        raise Invalid("The key would have expired already.", [Problem("expires_at", "lies in the past")])
    secret = secrets.token_urlsafe(32)
    row = await connection.fetchrow(
        _INSERT,
        actor.tenant_id,
        new_id(),
        wanted.name,
        wanted.role.spelled,
        hash_secret(secret),
        secret[-4:],
        actor.user_id,
        wanted.expires_at,
    )
    assert row is not None
    after = {"role": row["role"], "expires_at": row["expires_at"]}
    await audit.record(connection, actor, "api_key.create", _subject(row), after=after)
    return MadeKey(spell_key(actor.tenant_id, secret), row)


async def revoke_key(connection: Connection, actor: Actor, key_id: UUID, /) -> None:
    """The key works no more. Errors: NotFound."""
    row = await connection.fetchrow(_REVOKE, actor.tenant_id, key_id)
    if row is None:
        raise NotFound(f"There is no API key {key_id}.")
    await audit.record(connection, actor, "api_key.revoke", _subject(row), after={"role": row["role"]})


def spell_key(tenant_id: UUID, secret: str, /) -> str:
    """The API key as it is shown once."""
    return f"cw_{tenant_id.hex}_{secret}"


def hash_secret(secret: str, /) -> bytes:
    """What is kept of a secret. It has enough entropy for a plain hash."""
    return hashlib.sha256(secret.encode()).digest()


def _subject(row: Any) -> Subject:
    return Subject("api_key", row["id"], row["name"])
