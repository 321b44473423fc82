"""Connections to providers: where they are, and credentials that go in and never come out.

Credentials are sealed for this tenant and connection; here they are neither opened nor shown.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, Invalid, Problem
from cuework.base.ids import new_id
from cuework.channels.provider import Account, Checked
from cuework.channels.registry import check_credentials, checked_config, credential_of, goes_elsewhere, sealed_secret
from cuework.channels.secrets import Keyring
from cuework.crm import audit, setup
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.deletion import refuse_if_used
from cuework.crm.setup import Table
from cuework.db.pool import Connection
from cuework.workflows.references import UNNAMED

CONNECTIONS = Table(
    "connections",
    "connection",
    """id, key, name, type, config, secret is not null as has_secret, checked_at, check_error, revision, created_at,
    updated_at""",
    kept_out=frozenset({"checked_at", "check_error"}),
)
_INSERT = f"""
insert into connections (tenant_id, id, key, name, type, config, secret, secret_key_id)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning {CONNECTIONS.shown}
"""
_ACCOUNT = """
select id, key, type, config, secret, secret_key_id, revision from connections where tenant_id = $1 and id = $2
"""
_FIRST = "select id from connections where tenant_id = $1 and type = $2 order by created_at, key limit 1"
_CHECKED = """
update connections set checked_at = now(), check_error = $4 where tenant_id = $1 and id = $2 and revision = $3
"""


async def create_connection(
    connection: Connection, actor: Actor, keyring: Keyring, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The connection exists, its credentials sealed. Errors: Invalid for its configuration; Conflict."""
    kind, row_id = values["type"], new_id()
    config = checked_config(kind, values["config"])
    sealed, key_id = None, None
    secret: Mapping[str, str] = values.get("secret") or {}
    if any(secret.values()):
        check_credentials(kind, config, secret)
        sealed, key_id = sealed_secret(keyring, actor.tenant_id, row_id, kind, secret)
    row = await connection.fetchrow(
        _INSERT, actor.tenant_id, row_id, values["key"], values["name"], kind, config, sealed, key_id
    )
    if row is None:
        raise await _taken(connection, actor.tenant_id, values["key"])
    await setup.note(connection, actor, CONNECTIONS, "create", after=dict(row))
    return dict(row)


async def change_connection(
    connection: Connection,
    actor: Actor,
    keyring: Keyring,
    connection_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected: int | None,
) -> dict[str, Any]:
    """The connection has these values; without new credentials the stored ones stay.

    Those that are stored go to no other host: whoever moves the connection enters them again. Errors: Invalid.
    """
    before = await setup.read(connection, actor.tenant_id, CONNECTIONS, connection_id, locked=True)
    setup.check_revision(expected, before["revision"])
    columns = {name: value for name, value in changes.items() if name != "secret"}
    if "config" in columns:
        columns["config"] = checked_config(before["type"], columns["config"])
    secret = _credentials(before, columns.get("config", before["config"]), changes.get("secret"))
    if secret is None and all(before[name] == value for name, value in columns.items()):
        return before
    if secret is not None:
        sealed, key_id = None, None
        if any(secret.values()):
            sealed, key_id = sealed_secret(keyring, actor.tenant_id, connection_id, before["type"], secret)
        columns |= {"secret": sealed, "secret_key_id": key_id}
        await _note_new_secret(connection, actor, before)
    columns |= {"checked_at": None, "check_error": None}
    return await setup.write(connection, actor, CONNECTIONS, before, columns)


async def delete_connection(
    connection: Connection, actor: Actor, connection_id: UUID, *, anyway: bool, expected: int | None = None
) -> None:
    """The connection and its credentials are gone. Errors: Conflict names the workflows that use it."""
    before = await setup.read(connection, actor.tenant_id, CONNECTIONS, connection_id, locked=True, expected=expected)
    keys = [before["key"]]
    if before["type"] == "smtp" and await connection.fetchval(_FIRST, actor.tenant_id, "smtp") == connection_id:
        keys.append(UNNAMED)
    await refuse_if_used(connection, actor, "connection", *keys, anyway=anyway)
    await setup.remove(connection, actor, CONNECTIONS, before)


async def read_account(connection: Connection, tenant_id: UUID, connection_id: UUID) -> Account:
    """The connection as a channel takes it, credentials still sealed. Errors: NotFound."""
    await setup.read(connection, tenant_id, CONNECTIONS, connection_id)
    row = await connection.fetchrow(_ACCOUNT, tenant_id, connection_id)
    assert row is not None
    return Account(
        tenant_id,
        row["id"],
        row["key"],
        row["type"],
        row["config"],
        sealed=row["secret"],
        sealed_with=row["secret_key_id"],
        revision=row["revision"],
    )


async def keep_check(connection: Connection, account: Account, checked: Checked) -> None:
    """The row says when it was checked and what was wrong, if it has not changed since."""
    error = None if checked.ok else checked.message
    await connection.execute(_CHECKED, account.tenant_id, account.id, account.revision, error)


def _credentials(
    before: Mapping[str, Any], config: Mapping[str, Any], sent: Mapping[str, str] | None
) -> Mapping[str, str] | None:
    """The credentials to store, None if they stay: none are kept that the new configuration would never use.

    Errors: Invalid if the stored ones would go elsewhere, or those that are sent would go nowhere.
    """
    kind = before["type"]
    if sent is not None:
        check_credentials(kind, config, sent)
        return sent
    if not before["has_secret"] or not goes_elsewhere(kind, before["config"], config):
        return None
    name = credential_of(kind, config)
    if name is None:
        return {}
    problem = Problem(f"secret.{name}", "is required where the address changes: what is stored does not go there")
    raise Invalid(f"The connection goes elsewhere now, so enter the {name} again.", [problem])


async def _note_new_secret(connection: Connection, actor: Actor, row: Mapping[str, Any]) -> None:
    subject = Subject("connection", row["id"], row["name"])
    await audit.record(connection, actor, "connection.set_secret", subject)


async def _taken(connection: Connection, tenant_id: UUID, key: str) -> Conflict:
    existing = await connection.fetchval("select id from connections where tenant_id = $1 and key = $2", tenant_id, key)
    problem = Problem("key", "is taken")
    return Conflict(f"There is a connection with the key {key} already.", [problem], existing_id=existing)
