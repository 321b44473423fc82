"""Inbound hooks: addresses that other systems call, each with an unguessable token that carries the tenant.

A token is shown once and kept as a hash. A hook may require a signature: its secret is shown once and kept
sealed, and after a change the one before goes on for a while. Must not know HTTP, nor take deliveries.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cuework.base.errors import Invalid, NotFound, Problem
from cuework.base.ids import new_id
from cuework.channels.secrets import Keyring, SecretUnreadable, open_sealed, seal
from cuework.crm import hook_signatures as signatures
from cuework.crm import setup
from cuework.crm.actor import Actor
from cuework.crm.deletion import refuse_if_used
from cuework.crm.hook_signatures import Kind
from cuework.crm.keys import hash_secret
from cuework.crm.setup import Table
from cuework.db.pool import Connection

HOOKS = Table(
    "hooks",
    "hook",
    """id, key, name, hint, signature, signature_header, previous_secret_until, revision, created_at, updated_at""",
)
_SEALED = "select secret, secret_key_id from hooks where tenant_id = $1 and id = $2"


@dataclass(frozen=True, slots=True)
class Made:
    """A hook's row, and its token and secret for this one time. Shape: None for what was not made here."""

    row: Mapping[str, Any]
    token: str | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Required:
    """The signature that a hook is to require.

    Shape: header for Kind.HEADER alone; secret is the sender's, None makes one; the secret before counts for
    `overlap` longer.
    """

    kind: Kind
    header: str | None = None
    secret: str | None = None
    overlap: timedelta = timedelta()


async def create_hook(
    connection: Connection,
    actor: Actor,
    keyring: Keyring,
    values: Mapping[str, Any],
    required: Required,
) -> Made:
    """The hook takes deliveries. Errors: Conflict for a taken key; Invalid for a secret that cannot be used."""
    token, hook_id = secrets.token_urlsafe(32), new_id()
    kept = {"token_hash": hash_secret(token), "hint": token[-4:]}
    columns, secret = _signature_columns(required), _secret_of(required)
    if secret is not None:
        columns |= _sealed(keyring, actor.tenant_id, hook_id, {"current": secret})
    row = await setup.create(connection, actor, HOOKS, {**values, **kept, **columns}, row_id=hook_id)
    return Made(row, spell_token(actor.tenant_id, token), None if required.secret else secret)


async def rotate_hook(connection: Connection, actor: Actor, hook_id: UUID, *, expected: int | None = None) -> Made:
    """The hook has another token, and the old one opens nothing any more. Errors: NotFound."""
    before = await setup.read(connection, actor.tenant_id, HOOKS, hook_id, locked=True, expected=expected)
    token = secrets.token_urlsafe(32)
    changes = {"token_hash": hash_secret(token), "hint": token[-4:]}
    row = await setup.write(connection, actor, HOOKS, before, changes, verb="rotate")
    return Made(row, spell_token(actor.tenant_id, token))


async def require_signature(
    connection: Connection,
    actor: Actor,
    keyring: Keyring,
    hook_id: UUID,
    required: Required,
    *,
    expected: int | None = None,
) -> Made:
    """Deliveries are signed from now on, by a new secret; or need not be. Errors: NotFound, Invalid."""
    before = await setup.read(connection, actor.tenant_id, HOOKS, hook_id, locked=True, expected=expected)
    changes = _signature_columns(required) | {"secret": None, "secret_key_id": None, "previous_secret_until": None}
    secret = _secret_of(required)
    if secret is not None:
        kept = {"current": secret}
        if required.overlap and before["signature"] == required.kind:
            kept |= await _previous(connection, keyring, actor.tenant_id, hook_id)
            changes["previous_secret_until"] = await connection.fetchval("select now() + $1", required.overlap)
        changes |= _sealed(keyring, actor.tenant_id, hook_id, kept)
    row = await setup.write(connection, actor, HOOKS, before, changes, verb="set_signature")
    return Made(row, secret=None if required.secret else secret)


async def delete_hook(
    connection: Connection, actor: Actor, hook_id: UUID, *, anyway: bool, expected: int | None = None
) -> None:
    """The hook takes nothing any more. Errors: NotFound; Conflict names the workflows that use it."""
    before = await setup.read(connection, actor.tenant_id, HOOKS, hook_id, locked=True, expected=expected)
    await refuse_if_used(connection, actor, "hook", before["key"], anyway=anyway)
    await connection.execute(
        "delete from hook_receipts where tenant_id = $1 and hook_id = $2", actor.tenant_id, hook_id
    )
    await setup.remove(connection, actor, HOOKS, before)


def spell_token(tenant_id: UUID, secret: str, /) -> str:
    """The token as it is shown once."""
    return f"{tenant_id.hex}_{secret}"


def tenant_of(token: str, /) -> UUID:
    """The tenant that the token names. Errors: NotFound for what is no token."""
    try:
        return UUID(hex=token.partition("_")[0])
    except ValueError:
        raise NotFound("There is no such hook.") from None


def opened(keyring: Keyring, tenant_id: UUID, hook_id: UUID, row: Any) -> dict[str, str]:
    """The hook's secrets, `current` and perhaps `previous`. Errors: SecretUnreadable."""
    known = open_sealed(keyring, tenant_id, hook_id, sealed=row["secret"], sealed_with=row["secret_key_id"])
    return {name: value for name in ("current", "previous") if (value := known.reveal(name))}


def _signature_columns(required: Required) -> dict[str, Any]:
    if (required.kind is Kind.HEADER) != (required.header is not None):
        wrong = "is needed: the signature is in it" if required.header is None else "is of the kind header alone"
        raise Invalid("The signature is not complete.", [Problem("header", wrong)])
    return {"signature": required.kind.value, "signature_header": required.header}


def _secret_of(required: Required) -> str | None:
    """The secret that the hook is to have; None if it needs none. Errors: Invalid."""
    if required.kind is Kind.NONE:
        if required.secret is not None:
            raise Invalid("Without a signature there is no secret.", [Problem("secret", "is not used")])
        return None
    if required.secret is None:
        return signatures.new_secret(required.kind)
    signatures.check_secret(required.kind, required.secret)
    return required.secret


async def _previous(connection: Connection, keyring: Keyring, tenant_id: UUID, hook_id: UUID) -> dict[str, str]:
    """The secret that goes on for a while; nothing if it cannot be opened any more: a new one mends that."""
    sealed = await connection.fetchrow(_SEALED, tenant_id, hook_id)
    try:
        return {"previous": opened(keyring, tenant_id, hook_id, sealed)["current"]}
    except SecretUnreadable:
        return {}


def _sealed(keyring: Keyring, tenant_id: UUID, hook_id: UUID, kept: Mapping[str, str]) -> dict[str, Any]:
    sealed, key_id = seal(keyring, tenant_id, hook_id, kept)
    return {"secret": sealed, "secret_key_id": key_id}
