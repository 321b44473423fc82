"""Deliveries to hooks: the hook that a token opens, whether a delivery is signed as it requires, and its event.

A delivery is an event without a record; one that is repeated with the same message id is dropped. Must not know
HTTP, nor how hooks are set up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.errors import NotFound
from cuework.base.ids import new_id
from cuework.channels.secrets import Keyring
from cuework.crm import hook_signatures as signatures
from cuework.crm.catalog_cache import current_catalog
from cuework.crm.flush import flush
from cuework.crm.hook_signatures import Kind, Signed
from cuework.crm.hooks import opened, tenant_of
from cuework.crm.keys import hash_secret
from cuework.crm.write import new_world
from cuework.db.pool import Connection
from cuework.engine.events import Cause

_FIND = """
select id, key, signature, signature_header, secret, secret_key_id, clock_timestamp() as now,
  coalesce(previous_secret_until > clock_timestamp(), false) as previous_counts
from hooks where tenant_id = $1 and token_hash = $2
"""
_RECEIVED = """
insert into hook_receipts (tenant_id, hook_id, message_id) values ($1, $2, $3) on conflict do nothing returning true
"""


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as a delivery finds it. Shape: secrets are those that a signature may be by."""

    tenant_id: UUID
    id: UUID
    key: str
    signature: Kind
    header: str | None
    secrets: Sequence[str] = field(repr=False)
    now: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """What another system sent. Shape: message_id tells repeated deliveries apart from new ones; None is new."""

    body: Any
    headers: Mapping[str, str]
    message_id: str | None = None


async def find_hook(connection: Connection, keyring: Keyring, token: str, /) -> Hook:
    """The hook that the token opens. Errors: NotFound for a token that opens nothing."""
    tenant_id = tenant_of(token)
    row = await connection.fetchrow(_FIND, tenant_id, hash_secret(token.partition("_")[2]))
    if row is None:
        raise NotFound("There is no such hook.")
    kind = Kind(row["signature"])
    known = {} if kind is Kind.NONE else opened(keyring, tenant_id, row["id"], row)
    names = ("current", "previous") if row["previous_counts"] else ("current",)
    accepted = [known[name] for name in names if name in known]
    return Hook(tenant_id, row["id"], row["key"], kind, row["signature_header"], accepted, row["now"])


def check_signature(hook: Hook, headers: Mapping[str, str], body: bytes, /) -> None:
    """Nothing happens if the delivery is signed as the hook requires. Errors: SignatureRefused.

    Shape: header names are in small letters; body is what came in, byte for byte.
    """
    signed = Signed(headers, body, hook.now)
    if hook.signature is Kind.STANDARD:
        signatures.verify_standard(signed, hook.secrets)
    elif hook.signature is Kind.HEADER:
        signatures.verify_header(signed, hook.secrets, header=hook.header or "")


async def receive(connection: Connection, hook: Hook, delivery: Delivery, /) -> UUID | None:
    """The event of the delivery is written and its id returned; None for one that was received already."""
    if delivery.message_id is not None and not await connection.fetchval(
        _RECEIVED, hook.tenant_id, hook.id, delivery.message_id
    ):
        return None
    world = await new_world(connection, await current_catalog(connection, hook.tenant_id))
    data = {
        "body": delivery.body,
        "headers": dict(delivery.headers),
        "hook": hook.key,
        "hook_key": hook.key,
        "hook_id": hook.id,
        "message_id": delivery.message_id or str(new_id()),
    }
    event = world.emit("webhook.received", None, None, {}, Cause("hook", hook.id), data)
    await flush(connection, hook.tenant_id, world)
    return event.id
