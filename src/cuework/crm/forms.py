"""Forms: what they ask, where the answers go, and which consent they ask for.

A form's id carries its tenant (the last half of both is the same), so that a public address with the id alone
finds it under row-level security. Must not read answers: form_answers does.
"""

from collections.abc import Mapping, Sequence
from secrets import randbits
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, Invalid, NotFound, Problem
from cuework.base.ids import id_at
from cuework.base.time import milliseconds, utc_now
from cuework.crm import setup
from cuework.crm.actor import Actor
from cuework.crm.catalog import load_catalog
from cuework.crm.deletion import refuse_if_used
from cuework.crm.form_answers import HONEYPOT
from cuework.crm.setup import Table
from cuework.crm.tenants import slug_of
from cuework.db.pool import Connection, Pool
from cuework.engine.catalog import Catalog
from cuework.engine.records import CUSTOM_PREFIX, FieldType, nearest, schema
from cuework.engine.records import Field as RecordField

FORMS = Table(
    "forms",
    "form",
    "id, key, name, fields, settings, consent_version, revision, created_at, updated_at, deleted_at",
    kept_out=frozenset({"deleted_at"}),
)
_OPEN = frozenset(
    {"first_name", "last_name", "email", "phone", "job_title", "timezone", "language", "country"}
)  # what the public may write; custom fields too
_TAIL = (1 << 62) - 1
_INSERT = f"""
insert into forms (tenant_id, id, key, name, fields, settings) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing returning {FORMS.shown}
"""
_OF_KEY = f"select {FORMS.shown} from forms where tenant_id = $1 and key = $2 and deleted_at is null"
_TENANT = """
select tenant_id from tenant_directory where right(tenant_id::text, 17) = right($1::uuid::text, 17)
"""


async def create_form(connection: Connection, actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """The form is open at its hosted page. Errors: Invalid names what is wrong; Conflict for a taken key."""
    key = values.get("key") or slug_of(values["name"]) or "form"
    fields, settings = values.get("fields", []), values.get("settings", {})
    check_fields(fields, await load_catalog(connection, actor.tenant_id))
    row = await connection.fetchrow(
        _INSERT, actor.tenant_id, _new_form_id(actor.tenant_id), key, values["name"], fields, settings
    )
    if row is None:
        raise await _taken(connection, actor.tenant_id, key)
    await setup.note(connection, actor, FORMS, "create", after=dict(row))
    return dict(row)


async def change_form(
    connection: Connection,
    actor: Actor,
    form_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected: int | None,
    anyway: bool = False,
) -> dict[str, Any]:
    """The form has these values; a changed consent text is a new consent version.

    Errors: as create; Stale; Conflict names the workflows that use its old key or a field that is left out, unless
    `anyway`.
    """
    before = await read_form(connection, actor.tenant_id, form_id, locked=True)
    setup.check_revision(expected, before["revision"])
    changes = dict(changes)
    if "fields" in changes:
        check_fields(changes["fields"], await load_catalog(connection, actor.tenant_id))
        await _refuse_to_drop_fields(connection, actor, before, changes["fields"], anyway=anyway)
        if _consent_texts(changes["fields"]) != _consent_texts(before["fields"]):
            changes["consent_version"] = before["consent_version"] + 1
    if all(before[name] == value for name, value in changes.items()):
        return before
    if "key" in changes and changes["key"] != before["key"]:
        await refuse_if_used(connection, actor, "form", before["key"], anyway=anyway)
        if await connection.fetchrow(_OF_KEY, actor.tenant_id, changes["key"]) is not None:
            raise await _taken(connection, actor.tenant_id, changes["key"])
    return await setup.write(connection, actor, FORMS, before, changes)


async def _refuse_to_drop_fields(
    connection: Connection,
    actor: Actor,
    before: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    *,
    anyway: bool,
) -> None:
    kept = {field["key"] for field in fields}
    for field in before["fields"]:
        if field["key"] not in kept:
            key = f"{before['key']}.{field['key']}"
            await refuse_if_used(connection, actor, "answer", key, anyway=anyway, part=f"the field “{field['label']}”")


async def delete_form(
    connection: Connection, actor: Actor, form_id: UUID, *, anyway: bool, expected: int | None = None
) -> None:
    """The form is closed; its submissions are kept. Errors: Conflict names the workflows that use it."""
    before = await read_form(connection, actor.tenant_id, form_id, locked=True)
    setup.check_revision(expected, before["revision"])
    await refuse_if_used(connection, actor, "form", before["key"], anyway=anyway)
    await setup.write(connection, actor, FORMS, before, {"deleted_at": utc_now()}, verb="delete")


async def read_form(connection: Connection, tenant_id: UUID, form_id: UUID, *, locked: bool = False) -> dict[str, Any]:
    """The form. Errors: NotFound, also for a deleted one."""
    row = await setup.read(connection, tenant_id, FORMS, form_id, locked=locked)
    if row["deleted_at"] is not None:
        raise NotFound(f"There is no form {form_id}.")
    return row


async def read_form_by_key(connection: Connection, tenant_id: UUID, key: str) -> dict[str, Any]:
    """The form. Errors: NotFound."""
    row = await connection.fetchrow(_OF_KEY, tenant_id, key)
    if row is None:
        raise NotFound("There is no such form.")
    return dict(row)


async def find_tenant_of_form(connection: "Connection | Pool", form_id: UUID) -> UUID | None:
    """The tenant whose form may have that id. Cost: one scan of the directory of tenants."""
    return await connection.fetchval(_TENANT, form_id)


def check_fields(fields: Sequence[Mapping[str, Any]], catalog: Catalog) -> None:
    """Nothing happens if a form can have these fields. Errors: Invalid names every problem."""
    problems: list[Problem] = []
    targets = schema("contact", catalog)
    seen: set[str] = set()
    for index, field in enumerate(fields):
        for name, message, suggestion in _faults(field, targets, catalog, seen):
            problems.append(Problem(f"fields.{index}.{name}", message, suggestion))
        seen |= {field["key"], f"> {field.get('maps_to')}"}
    if not any(field.get("maps_to") == "email" and field["type"] == "email" for field in fields):
        problems.append(Problem("fields", "a form needs a field of the type email that maps to email"))
    if problems:
        raise Invalid(f"{problems[0].path}: {problems[0].message}", problems)


def _faults(
    field: Mapping[str, Any], targets: Mapping[str, RecordField], catalog: Catalog, seen: set[str]
) -> list[tuple[str, str, str | None]]:
    faults: list[tuple[str, str, str | None]] = []
    if field["key"] in seen:
        faults.append(("key", f"there is another field {field['key']}", None))
    if field["key"] == HONEYPOT:
        faults.append(("key", f"{HONEYPOT} is taken by the form itself", None))
    if field["type"] == "choice" and not field.get("options"):
        faults.append(("options", "a choice needs options", None))
    if field["type"] == "consent" and not field.get("text"):
        faults.append(("text", "a consent needs its text", None))
    if (target := field.get("maps_to")) is not None:
        faults += _mapping_faults(field, target, targets, catalog, seen)
    return faults


def _mapping_faults(
    field: Mapping[str, Any], target: str, targets: Mapping[str, RecordField], catalog: Catalog, seen: set[str]
) -> list[tuple[str, str, str | None]]:
    known = [name for name in targets if name in _OPEN or name.startswith(CUSTOM_PREFIX)]
    if field["type"] == "consent":
        return [("maps_to", "a consent sets email_consent by itself", None)]
    if target not in known:
        return [("maps_to", f"a form cannot fill {target!r}", nearest(target, known))]
    if f"> {target}" in seen:
        return [("maps_to", f"another field fills {target} already", None)]
    if target == "email" and field["type"] != "email":
        return [("maps_to", "only a field of the type email fills email", None)]
    choices = targets[target].choices
    options: Sequence[str] = field.get("options") or ()
    strays = [option for option in options if choices is not None and option not in choices]
    if strays:
        return [("options", f"{strays[0]!r} is no option of {target}", nearest(strays[0], choices or ()))]
    kinds = _FITS.get(targets[target].type)
    if kinds is not None and field["type"] not in kinds:
        return [("maps_to", f"a field of the type {field['type']} does not fit {target}", None)]
    return []


# Which form fields can fill a record's field of that type; the others take any text.
_FITS: Mapping[FieldType, frozenset[str]] = {
    FieldType.NUMBER: frozenset({"number"}),
    FieldType.MONEY: frozenset({"number"}),
    FieldType.BOOLEAN: frozenset({"checkbox"}),
    FieldType.CHOICE: frozenset({"choice"}),
    FieldType.MULTI_CHOICE: frozenset({"choice"}),
    FieldType.EMAIL: frozenset({"email"}),
    FieldType.PHONE: frozenset({"phone", "text"}),
    FieldType.USER: frozenset(),
}


def _consent_texts(fields: Sequence[Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    return [(field["key"], field.get("text")) for field in fields if field["type"] == "consent"]


def _new_form_id(tenant_id: UUID) -> UUID:
    return id_at(milliseconds(utc_now()), randbits(12) << 62 | tenant_id.int & _TAIL)


async def _taken(connection: Connection, tenant_id: UUID, key: str) -> Conflict:
    row = await connection.fetchrow(_OF_KEY, tenant_id, key)
    problem = Problem("key", "is taken")
    existing = row["id"] if row else None
    return Conflict(f"There is a form with the key {key} already.", [problem], existing_id=existing)
