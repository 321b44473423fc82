"""The tenant's own settings: name, currency, time zone, business hours, holidays, exchange rates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cuework.base.errors import NotFound
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.catalog import touch
from cuework.crm.setup import check_revision
from cuework.db.pool import Connection

_COLUMNS = """tenant_id as id, slug, name, currency, timezone, business_hours, holidays, exchange_rates, revision,
created_at, updated_at"""


async def read_tenant(connection: Connection, tenant_id: UUID, *, locked: bool = False) -> dict[str, Any]:
    """The tenant and its settings."""
    lock = " for update" if locked else ""
    row = await connection.fetchrow(f"select {_COLUMNS} from tenants where tenant_id = $1{lock}", tenant_id)
    if row is None:
        raise NotFound("There is no such tenant.")
    return dict(row)


async def change_tenant(
    connection: Connection, actor: Actor, changes: Mapping[str, Any], *, expected: int | None
) -> dict[str, Any]:
    """The tenant has these settings. Errors: Stale."""
    before = await read_tenant(connection, actor.tenant_id, locked=True)
    check_revision(expected, before["revision"])
    if all(before[name] == value for name, value in changes.items()):
        return before
    sets = "".join(f"{name} = ${n}, " for n, name in enumerate(changes, start=2))
    row = await connection.fetchrow(
        f"update tenants set {sets}revision = revision + 1, updated_at = now() "
        f"where tenant_id = $1 returning {_COLUMNS}",
        actor.tenant_id,
        *changes.values(),
    )
    assert row is not None
    subject = Subject("tenant", actor.tenant_id, row["name"])
    old = {name: before[name] for name in changes}
    await audit.record(
        connection, actor, "tenant.update", subject, before=old, after={name: row[name] for name in changes}
    )
    await touch(connection, actor.tenant_id)
    return dict(row)
