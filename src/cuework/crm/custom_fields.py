"""The fields a tenant adds to contacts, companies and deals. Key and type never change: values rest on them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cuework.base.errors import Invalid, Problem
from cuework.crm import setup
from cuework.crm.actor import Actor
from cuework.crm.deletion import refuse_if_used
from cuework.crm.setup import Table
from cuework.db.pool import Connection

CUSTOM_FIELDS = Table(
    "custom_fields",
    "custom_field",
    "id, record_type, key, name, type, options, position, revision, created_at, updated_at",
)
_CHOICES = {"choice", "multi_choice"}


async def create_custom_field(connection: Connection, actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """Records of that type have the field. Errors: Conflict; Invalid for choices missing or out of place."""
    _check_options(values["type"], values["options"])
    return await setup.create(connection, actor, CUSTOM_FIELDS, values)


async def change_custom_field(
    connection: Connection,
    actor: Actor,
    field_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected: int | None,
    anyway: bool = False,
) -> dict[str, Any]:
    """The field has these values of name, options and position; records keep the options that they hold.

    Errors: Conflict names the workflows that use an option which is left out, unless `anyway`.
    """
    before = await setup.read(connection, actor.tenant_id, CUSTOM_FIELDS, field_id, locked=True, expected=expected)
    if "options" in changes:
        _check_options(before["type"], changes["options"])
        await _refuse_to_drop_options(connection, actor, before, changes["options"], anyway=anyway)
    return await setup.change(connection, actor, CUSTOM_FIELDS, field_id, changes, expected=expected)


async def delete_custom_field(
    connection: Connection, actor: Actor, field_id: UUID, *, anyway: bool, expected: int | None = None
) -> None:
    """Records have the field no more. Errors: Conflict names the workflows that use it, unless `anyway`."""
    before = await setup.read(connection, actor.tenant_id, CUSTOM_FIELDS, field_id, locked=True, expected=expected)
    name = _name(before)
    await refuse_if_used(connection, actor, "field", name, anyway=anyway)
    await setup.remove(connection, actor, CUSTOM_FIELDS, before)


async def _refuse_to_drop_options(
    connection: Connection, actor: Actor, before: Mapping[str, Any], options: Sequence[str], *, anyway: bool
) -> None:
    for option in before["options"]:
        if option not in options:
            key = f"{_name(before)}={option}"
            await refuse_if_used(connection, actor, "choice", key, anyway=anyway, part=f"the option “{option}”")


def _name(field: Mapping[str, Any]) -> str:
    return f"{field['record_type']}.custom.{field['key']}"


def _check_options(kind: str, options: Sequence[str]) -> None:
    if kind in _CHOICES and not options:
        raise Invalid(f"A field of the type {kind} needs options.", [Problem("options", "is empty")])
    if kind not in _CHOICES and options:
        raise Invalid(f"A field of the type {kind} has no options.", [Problem("options", "must be empty")])
    if len(set(options)) != len(options):
        raise Invalid("An option is there twice.", [Problem("options", "has one twice")])
