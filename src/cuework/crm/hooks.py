"""Inbound hooks: addresses that other systems call, each with an unguessable token that carries the tenant.

A token is shown once and kept as a hash. A delivery is an event without a record; one that is repeated with
the same message id is dropped. Must not know HTTP.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.errors import NotFound
from cuework.base.ids import new_id
from cuework.crm import setup
from cuework.crm.actor import Actor
from cuework.crm.catalog_cache import current_catalog
from cuework.crm.deletion import refuse_if_used
from cuework.crm.flush import flush
from cuework.crm.keys import hash_secret
from cuework.crm.setup import Table
from cuework.crm.write import new_world
from cuework.db.pool import Connection
from cuework.engine.events import Cause

HOOKS = Table("hooks", "hook", "id, key, name, hint, revision, created_at, updated_at")
_RECEIVED = """
insert into hook_receipts (tenant_id, hook_id, message_id) values ($1, $2, $3) on conflict do nothing returning true
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A hook's row, and its token for this one time."""

    row: Mapping[str, Any]
    token: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What another system sent. Shape: message_id tells repeated deliveries apart from new ones; None is new."""

    body: Any
    headers: Mapping[str, str]
    message_id: str | None = None


async def create_hook(connection: Connection, actor: Actor, values: Mapping[str, Any]) -> Made:
    """The hook takes deliveries. Errors: Conflict for a taken key."""
    secret = secrets.token_urlsafe(32)
    kept = {"token_hash": hash_secret(secret), "hint": secret[-4:]}
    row = await setup.create(connection, actor, HOOKS, {**values, **kept})
    return Made(row, spell_token(actor.tenant_id, secret))


async def rotate_hook(connection: Connection, actor: Actor, hook_id: UUID) -> Made:
    """The hook has another token, and the old one opens nothing any more. Errors: NotFound."""
    before = await setup.read(connection, actor.tenant_id, HOOKS, hook_id, locked=True)
    secret = secrets.token_urlsafe(32)
    changes = {"token_hash": hash_secret(secret), "hint": secret[-4:]}
    row = await setup.write(connection, actor, HOOKS, before, changes, verb="rotate")
    return Made(row, spell_token(actor.tenant_id, secret))


async def delete_hook(connection: Connection, actor: Actor, hook_id: UUID, *, anyway: bool) -> None:
    """The hook takes nothing any more. Errors: NotFound; Conflict names the workflows that use it."""
    before = await setup.read(connection, actor.tenant_id, HOOKS, hook_id, locked=True)
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


async def receive(connection: Connection, token: str, delivery: Delivery) -> UUID | None:
    """The event of the delivery is written and its id returned; None for one that was received already.

    Errors: NotFound for a token that opens nothing.
    """
    tenant_id = tenant_of(token)
    hook = await connection.fetchrow(
        "select id, key from hooks where tenant_id = $1 and token_hash = $2",
        tenant_id,
        hash_secret(token.partition("_")[2]),
    )
    if hook is None:
        raise NotFound("There is no such hook.")
    if delivery.message_id is not None and not await connection.fetchval(
        _RECEIVED, tenant_id, hook["id"], delivery.message_id
    ):
        return None
    world = await new_world(connection, await current_catalog(connection, tenant_id))
    data = {
        "body": delivery.body,
        "headers": dict(delivery.headers),
        "hook": hook["key"],
        "hook_key": hook["key"],
        "hook_id": hook["id"],
        "message_id": delivery.message_id or str(new_id()),
    }
    event = world.emit("webhook.received", None, None, {}, Cause("hook", hook["id"]), data)
    await flush(connection, tenant_id, world)
    return event.id
