"""The models of records, made from engine.records: what the OpenAPI document shows of every field.

Values are not judged here: engine.values does that with the tenant's set-up at hand, for the API, forms and
workflows alike, so that one value is right or wrong everywhere. These models only say what may be sent.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from cuework.crm.read import has_custom_fields
from cuework.engine.records import CUSTOM, RECORD_TYPES, FieldType
from cuework.engine.records import Field as RecordField

_TEXT = {"type": "string", "maxLength": 500}
_SCHEMAS: dict[FieldType, dict[str, Any]] = {
    FieldType.LONG_TEXT: {"type": "string", "maxLength": 50_000},
    FieldType.NUMBER: {"type": "number"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.REVISION: {"type": "integer"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.DATE_TIME: {"type": "string", "format": "date-time"},
    FieldType.EMAIL: {"type": "string", "format": "email", "maxLength": 254},
    FieldType.URL: {"type": "string", "format": "uri"},
    FieldType.UUID: {"type": "string", "format": "uuid"},
    FieldType.USER: {"type": "string", "format": "uuid", "description": "A user, by id or email"},
    FieldType.TAGS: {"type": "array", "items": {"type": "string"}},
    FieldType.MONEY: {
        "type": "object",
        "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
        "required": ["amount", "currency"],
        "examples": [{"amount": "1200.00", "currency": "EUR"}],
    },
}
_CUSTOM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": True,
    "description": "The tenant's own fields, by key",
}
_NEVER_BLANK = frozenset({FieldType.TAGS, FieldType.REVISION})
_SYSTEM = frozenset({"id", "created_at", "updated_at"})


class RecordFields(BaseModel):
    """Fields to set: those left out stay as they are, null makes one blank."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})

    def sent(self) -> dict[str, Any]:
        """What the client sent, unknown fields too."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class RecordAnswer(BaseModel):
    """A record as it is answered."""


def fields_model(kind: str) -> type[RecordFields]:
    """What a client may send of that record type."""
    writable = {key: field for key, field in RECORD_TYPES[kind].fields.items() if field.writable}
    parts: dict[str, Any] = {key: _part(field, None) for key, field in writable.items()}
    if has_custom_fields(kind):
        parts[CUSTOM] = (Annotated[Any, WithJsonSchema(_CUSTOM)], None)
    return create_model(f"{kind.capitalize()}Fields", __base__=RecordFields, __doc__=RecordFields.__doc__, **parts)


def answer_model(kind: str, more: Mapping[str, Any] | None = None) -> type[RecordAnswer]:
    """What a client gets of that record type; `more` are fields that only answers to reading have."""
    parts: dict[str, Any] = {key: _part(field, ...) for key, field in RECORD_TYPES[kind].fields.items()}
    if has_custom_fields(kind):
        parts[CUSTOM] = (Annotated[Any, WithJsonSchema(_CUSTOM)], ...)
    parts |= {name: (annotation, None) for name, annotation in (more or {}).items()}
    return create_model(kind.capitalize(), __base__=RecordAnswer, __doc__=f"A {kind}.", **parts)


def _part(field: RecordField, default: Any) -> Any:
    return Annotated[Any, WithJsonSchema(_schema_of(field))], Field(default, title=field.label)


def _schema_of(field: RecordField) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS.get(field.type, _TEXT))
    if field.choices:
        schema = {"type": "string", "enum": list(field.choices)}
    if not (field.required or field.type in _NEVER_BLANK or field.key in _SYSTEM):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema
