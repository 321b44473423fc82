"""Lifecycle stages and tags: words that contacts carry, kept as lists of their own so that they can be offered.

A stage's key is what contacts hold; a tag is its own key. What contacts still carry is not deleted.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, NotFound, Problem
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.catalog import touch
from cuework.crm.deletion import refuse_if_used
from cuework.db.pool import Connection

_NEW_STAGE = """
insert into lifecycle_stages (tenant_id, key, name, position)
values ($1, $2, $3,
  coalesce($4::int, (select coalesce(max(position), 0) + 1 from lifecycle_stages where tenant_id = $1)))
on conflict do nothing returning key, name, position
"""
_CHANGE_STAGE = """
update lifecycle_stages set name = coalesce($3, name), position = coalesce($4::int, position)
where tenant_id = $1 and key = $2 returning key, name, position
"""
_IN_STAGE = """
select exists (select from contacts where tenant_id = $1 and lifecycle_stage = $2 and deleted_at is null)
"""
_WITH_TAG = "select exists (select from contacts where tenant_id = $1 and $2 = any(tags) and deleted_at is null)"


async def create_lifecycle_stage(
    connection: Connection, actor: Actor, *, key: str, name: str, position: int | None
) -> dict[str, Any]:
    """Contacts can be in that stage. Errors: Conflict."""
    row = await connection.fetchrow(_NEW_STAGE, actor.tenant_id, key, name, position)
    if row is None:
        raise Conflict(f"There is a lifecycle stage {key} already.", [Problem("key", "is taken")])
    await _note(connection, actor, "lifecycle_stage.create", key, after=dict(row))
    return dict(row)


async def change_lifecycle_stage(
    connection: Connection, actor: Actor, key: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """The stage has that name and place. Errors: NotFound."""
    before = await _stage(connection, actor.tenant_id, key)
    row = await connection.fetchrow(_CHANGE_STAGE, actor.tenant_id, key, changes.get("name"), changes.get("position"))
    assert row is not None
    await _note(connection, actor, "lifecycle_stage.update", key, before=before, after=dict(row))
    return dict(row)


async def delete_lifecycle_stage(connection: Connection, actor: Actor, key: str, *, anyway: bool) -> None:
    """The stage is gone. Errors: NotFound; Conflict if contacts are in it, or workflows use it."""
    before = await _stage(connection, actor.tenant_id, key)
    if await connection.fetchval(_IN_STAGE, actor.tenant_id, key):
        raise Conflict(f"There are contacts in the stage {key}. Move them first.")
    await refuse_if_used(connection, actor, "lifecycle_stage", key, anyway=anyway)
    await connection.execute("delete from lifecycle_stages where tenant_id = $1 and key = $2", actor.tenant_id, key)
    await _note(connection, actor, "lifecycle_stage.delete", key, before=before)


async def create_tag(connection: Connection, actor: Actor, name: str, color: str | None) -> dict[str, Any]:
    """The tag is offered. Errors: Conflict if it is there already."""
    row = await connection.fetchrow(
        """insert into tags (tenant_id, name, color) values ($1, $2, $3) on conflict do nothing
        returning name, color, created_at""",
        actor.tenant_id,
        name,
        color,
    )
    if row is None:
        raise Conflict(f"There is a tag {name} already.", [Problem("name", "is taken")])
    await _note(connection, actor, "tag.create", name, after={"color": color})
    return dict(row)


async def delete_tag(connection: Connection, actor: Actor, name: str, *, anyway: bool) -> None:
    """The tag is offered no more. Errors: NotFound; Conflict while contacts carry it or workflows use it."""
    known = await connection.fetchval(
        "select name from tags where tenant_id = $1 and name = $2 for update", actor.tenant_id, name
    )
    if known is None:
        raise NotFound(f"There is no tag {name}.")
    if await connection.fetchval(_WITH_TAG, actor.tenant_id, name):
        raise Conflict(f"There are contacts with the tag {name}. Remove it from them first.")
    await refuse_if_used(connection, actor, "tag", name, anyway=anyway)
    await connection.execute("delete from tags where tenant_id = $1 and name = $2", actor.tenant_id, name)
    await _note(connection, actor, "tag.delete", name, before={"name": name})


async def _stage(connection: Connection, tenant_id: UUID, key: str) -> dict[str, Any]:
    row = await connection.fetchrow(
        "select key, name, position from lifecycle_stages where tenant_id = $1 and key = $2 for update",
        tenant_id,
        key,
    )
    if row is None:
        raise NotFound(f"There is no lifecycle stage {key}.")
    return dict(row)


async def _note(
    connection: Connection,
    actor: Actor,
    action: str,
    name: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = Subject(action.partition(".")[0], None, name)
    await audit.record(connection, actor, action, subject, before=before, after=after)
    await touch(connection, actor.tenant_id)
