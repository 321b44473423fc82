"""The fields of contacts, companies, deals, tasks and users, as data that API, conditions and forms share.

In memory a record is a plain dict (a "row") whose keys are these field names, which are the API's:
ids are UUID, `tags` is a list of str, `custom` is a dict of key to JSON value, a deal's `value` is Money
or None, instants are aware datetimes. A deal's row also has the derived keys `pipeline` and `stage`
(stable keys, which definitions compare); a contact's `lifecycle_stage` is a key too.

This file holds no values, no columns and no SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from cuework.engine.catalog import Catalog, CustomField

Row: TypeAlias = dict[str, Any]

CUSTOM = "custom"
CUSTOM_PREFIX = "custom."
MAX_SCORE = 1_000_000


class FieldType(StrEnum):
    """What a field holds. The first thirteen are also the types of custom fields."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATE_TIME = "date_time"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    USER = "user"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    UUID = "uuid"
    INTEGER = "integer"
    TAGS = "tags"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its API name, type, label, and the only values it may take.

    `choices` None means any value of the type. `required` fields may not be blank in a write. `most` is how far a
    whole number may be from zero.
    """

    key: str
    type: FieldType
    writable: bool
    label: str
    choices: tuple[str, ...] | None = None
    required: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A record reached through a field that holds its id."""

    name: str
    record_type: str
    field: str


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record with its standard fields and the records it leads to, both by name."""

    name: str
    fields: Mapping[str, Field]
    relations: Mapping[str, Relation]


def _type(name: str, fields: Iterable[Field], *relations: Relation) -> RecordType:
    return RecordType(
        name,
        MappingProxyType({field.key: field for field in fields}),
        MappingProxyType({relation.name: relation for relation in relations}),
    )


def _field(key: str, kind: FieldType, label: str = "", *choices: str, required: bool = False) -> Field:
    words = label or key.removesuffix("_id").replace("_", " ").capitalize()
    return Field(key, kind, True, words, choices or None, required)


def _set_by_the_system(*fields: Field) -> tuple[Field, ...]:
    return tuple(replace(field, writable=False) for field in fields)


def _frame(*fields: Field) -> tuple[Field, ...]:
    """The fields between those that every record has: the id first, the revision and times last."""
    first = _set_by_the_system(_field("id", FieldType.UUID, "Id"))
    last = _set_by_the_system(
        _field("revision", FieldType.REVISION),
        _field("created_at", FieldType.DATE_TIME, "Created"),
        _field("updated_at", FieldType.DATE_TIME, "Updated"),
    )
    return first + fields + last


_COMPANY = Relation("company", "company", "company_id")
_CONTACT = Relation("contact", "contact", "contact_id")
_DEAL = Relation("deal", "deal", "deal_id")
_OWNER = Relation("owner", "user", "owner_id")
_ASSIGNEE = Relation("assignee", "user", "assignee_id")

CONTACT = _type(
    "contact",
    _frame(
        _field("external_id", FieldType.TEXT, "External id"),
        _field("first_name", FieldType.TEXT),
        _field("last_name", FieldType.TEXT),
        _field("email", FieldType.EMAIL),
        _field("phone", FieldType.PHONE),
        _field("job_title", FieldType.TEXT),
        _field("company_id", FieldType.UUID),
        _field("owner_id", FieldType.USER),
        _field("lifecycle_stage", FieldType.CHOICE),
        replace(_field("lead_score", FieldType.INTEGER, required=True), most=MAX_SCORE),
        _field("tags", FieldType.TAGS),
        _field("source", FieldType.TEXT),
        _field("timezone", FieldType.TEXT, "Time zone"),
        _field("language", FieldType.TEXT),
        _field("country", FieldType.TEXT),
        _field("email_consent", FieldType.CHOICE, "Email consent", "unknown", "granted", "denied", required=True),
    ),
    _COMPANY,
    _OWNER,
)

COMPANY = _type(
    "company",
    _frame(
        _field("external_id", FieldType.TEXT, "External id"),
        _field("name", FieldType.TEXT, required=True),
        _field("domain", FieldType.TEXT),
        _field("phone", FieldType.PHONE),
        _field("owner_id", FieldType.USER),
    ),
    _OWNER,
)

DEAL = _type(
    "deal",
    _frame(
        _field("name", FieldType.TEXT, required=True),
        _field("value", FieldType.MONEY),
        _field("pipeline_id", FieldType.UUID, "Pipeline id", required=True),
        _field("stage_id", FieldType.UUID, "Stage id", required=True),
        *_set_by_the_system(_field("pipeline", FieldType.CHOICE), _field("stage", FieldType.CHOICE)),
        _field("status", FieldType.CHOICE, "", "open", "won", "lost", required=True),
        _field("contact_id", FieldType.UUID),
        _field("company_id", FieldType.UUID),
        _field("owner_id", FieldType.USER),
        *_set_by_the_system(_field("closed_at", FieldType.DATE_TIME, "Closed")),
    ),
    _CONTACT,
    _COMPANY,
    _OWNER,
)

TASK = _type(
    "task",
    _frame(
        _field("title", FieldType.TEXT, required=True),
        _field("description", FieldType.LONG_TEXT),
        _field("assignee_id", FieldType.USER),
        _field("team_id", FieldType.UUID),
        _field("due_at", FieldType.DATE_TIME, "Due"),
        _field("priority", FieldType.CHOICE, "", "low", "normal", "high", "urgent", required=True),
        _field("status", FieldType.CHOICE, "", "open", "done", "cancelled", required=True),
        _field("contact_id", FieldType.UUID),
        _field("company_id", FieldType.UUID),
        _field("deal_id", FieldType.UUID),
        *_set_by_the_system(
            _field("execution_id", FieldType.UUID), _field("completed_at", FieldType.DATE_TIME, "Completed")
        ),
    ),
    _CONTACT,
    _COMPANY,
    _DEAL,
    _ASSIGNEE,
)

USER = _type(
    "user",
    _set_by_the_system(
        _field("id", FieldType.UUID, "Id"),
        _field("email", FieldType.EMAIL),
        _field("name", FieldType.TEXT),
        _field("role", FieldType.CHOICE, "", "owner", "admin", "manager", "member", "viewer"),
        _field("timezone", FieldType.TEXT, "Time zone"),
        _field("active", FieldType.BOOLEAN),
    ),
)

RECORD_TYPES: Mapping[str, RecordType] = MappingProxyType(
    {record_type.name: record_type for record_type in (CONTACT, COMPANY, DEAL, TASK, USER)}
)


def schema(record_type: str, catalog: Catalog) -> dict[str, Field]:
    """Every field of a record type for one tenant: the standard ones, then its own as `custom.<key>`.

    Pipelines, deal stages and lifecycle stages are choices here, by stable key.
    Cost: builds the whole mapping; call it once per compilation, not per record.
    """
    fields = dict(RECORD_TYPES[record_type].fields)
    for key, choices in _choices_of_tenant(record_type, catalog).items():
        fields[key] = replace(fields[key], choices=choices)
    for custom in catalog.custom_fields.get(record_type, {}).values():
        fields[CUSTOM_PREFIX + custom.key] = _custom_field(custom)
    return fields


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None when nothing is close."""
    folded = {known.casefold(): known for known in words}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _choices_of_tenant(record_type: str, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    if record_type == "contact":
        return {"lifecycle_stage": catalog.lifecycle_stages}
    if record_type == "deal":
        stages = dict.fromkeys(stage.key for pipeline in catalog.pipelines for stage in pipeline.stages)
        return {"pipeline": tuple(catalog.pipeline_by_key), "stage": tuple(stages)}
    return {}


def _custom_field(custom: CustomField) -> Field:
    kind = FieldType(custom.type)
    choices = custom.options if kind in (FieldType.CHOICE, FieldType.MULTI_CHOICE) else None
    return Field(CUSTOM_PREFIX + custom.key, kind, True, custom.name, choices)
