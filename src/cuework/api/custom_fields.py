"""/custom-fields: what a tenant adds to contacts, companies and deals."""

from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from cuework.api.lists import BY_NAME, AskedWhole, Sortable, fetch_page, set_up_source
from cuework.api.models import Answer, Body, Changes, Instant, Key, Name, Page, Position
from cuework.api.revisions import IfMatch, shown
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.patterns import FIELD_KEY
from cuework.crm import custom_fields, setup
from cuework.crm.custom_fields import CUSTOM_FIELDS

ROLES = {
    "list_custom_fields": Role.VIEWER,
    "get_custom_field": Role.VIEWER,
    "create_custom_field": Role.ADMIN,
    "change_custom_field": Role.ADMIN,
    "delete_custom_field": Role.ADMIN,
}
router = Router("custom fields")
# By record type, then by position, as one text: a list is sorted by one column, and ties are broken by the id.
_SORTABLE = {"position": Sortable("record_type || lpad(position::text, 10, '0') || key", "text"), **BY_NAME}
RecordType = Literal["contact", "company", "deal"]
FieldType = Literal[
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "date_time",
    "boolean",
    "choice",
    "multi_choice",
    "user",
    "url",
    "email",
    "phone",
]
Options = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=500)]
FieldKey = Annotated[Key, Field(pattern=FIELD_KEY)]


class CustomField(Answer):
    """A field of a record type; `options` are the choices of choice fields."""

    id: UUID
    record_type: RecordType
    key: str
    name: str
    type: FieldType
    options: list[str]
    position: int
    revision: int
    created_at: Instant
    updated_at: Instant


class NewCustomField(Body):
    """A field to add; key and type never change."""

    record_type: RecordType
    key: FieldKey
    name: Name
    type: FieldType
    options: Options = Field(default_factory=list)
    position: Position = 0


class CustomFieldChanges(Changes):
    """What may change."""

    name: Name = ""
    options: Options = Field(default_factory=list)
    position: Position = 0


@router.get("/custom-fields", response_model=Page[CustomField])
async def list_custom_fields(
    tx: Tx, who: Who, asked: AskedWhole, record_type: RecordType | None = None
) -> dict[str, Any]:
    """Every field, by record type and place."""
    source = set_up_source(CUSTOM_FIELDS, who.tenant_id, _SORTABLE, "position")
    if record_type is not None:
        source = replace(
            source, from_where=f"{source.from_where} and record_type = $2", arguments=[who.tenant_id, record_type]
        )
    return await fetch_page(tx, asked, source)


@router.post("/custom-fields", status_code=201)
async def create_custom_field(response: Response, tx: Tx, who: Who, body: NewCustomField) -> CustomField:
    """Records of that type have the field."""
    return shown(response, CustomField, await custom_fields.create_custom_field(tx, who, body.model_dump()))


@router.get("/custom-fields/{field_id}")
async def get_custom_field(response: Response, tx: Tx, who: Who, field_id: UUID) -> CustomField:
    """One field."""
    return shown(response, CustomField, await setup.read(tx, who.tenant_id, CUSTOM_FIELDS, field_id))


@router.patch("/custom-fields/{field_id}")
async def change_custom_field(
    response: Response,
    tx: Tx,
    who: Who,
    field_id: UUID,
    body: CustomFieldChanges,
    expected: IfMatch,
    force: bool = False,
) -> CustomField:
    """The field has these values; refused while workflows use an option that is left out, unless forced."""
    changed = await custom_fields.change_custom_field(tx, who, field_id, body.sent(), expected=expected, anyway=force)
    return shown(response, CustomField, changed)


@router.delete("/custom-fields/{field_id}", status_code=204)
async def delete_custom_field(tx: Tx, who: Who, field_id: UUID, expected: IfMatch, force: bool = False) -> None:
    """Records have the field no more; refused while workflows use it, unless forced."""
    await custom_fields.delete_custom_field(tx, who, field_id, anyway=force, expected=expected)
