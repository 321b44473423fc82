"""Which workflows use a part of the set-up: asked before it is deleted, so that they can be named.

Reads definitions as plain data, by the words that refer to things; it never compiles them, so that a broken
definition counts too. It may name a workflow too many, never one too few.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from cuework.db.pool import Connection

UNNAMED = ""
"""The key of the connection that an email without `connection` goes out by."""

# The properties whose values refer to a thing of that kind.
_PROPERTIES = {
    "team": {"team", "teams"},
    "pipeline": {"pipeline", "pipelines"},
    "stage": {"stage", "stages", "from", "to", "from_stage", "to_stage"},
    "lifecycle_stage": {"stage", "stages", "lifecycle_stage", "from", "to"},
    "form": {"form", "forms"},
    "connection": {"connection"},
    "hook": {"hook", "hooks", "webhook"},
    "tag": {"tag", "tags"},
}
# The ends of fields that a condition compares with a key of that kind.
_FIELDS = {
    "pipeline": {"pipeline"},
    "stage": {"stage"},
    "lifecycle_stage": {"lifecycle_stage"},
    "tag": {"tags"},
}
_DEFINITIONS = """
select w.id, w.key, w.name, w.definition as draft, v.definition as published
from workflows w
left join workflow_versions v
  on v.tenant_id = w.tenant_id and v.workflow_id = w.id and v.version = w.published_version
where w.tenant_id = $1 and w.status <> 'archived'
order by w.name, w.id
"""


@dataclass(frozen=True, slots=True)
class Use:
    """A workflow that uses the thing."""

    id: UUID
    key: str
    name: str


async def using(connection: Connection, tenant_id: UUID, kind: str, keys: Iterable[str]) -> list[Use]:
    """The workflows whose draft or published version refers to it by one of these keys.

    Shape: kind is one of team, user (the key is the email), pipeline, stage, lifecycle_stage, form, connection
    (which may be UNNAMED), hook, tag, field (the key is like contact.custom.budget), choice (of such a field: the key
    is like contact.custom.budget=high) or answer (of a form: the key is like contact-us.topic).
    Cost: reads every definition of the tenant.
    """
    wanted = {key.casefold() for key in keys}
    rows = await connection.fetch(_DEFINITIONS, tenant_id)
    return [
        Use(row["id"], row["key"], row["name"])
        for row in rows
        if _refers(row["draft"], kind, wanted) or (row["published"] and _refers(row["published"], kind, wanted))
    ]


def _refers(definition: Any, kind: str, wanted: set[str]) -> bool:
    if kind == "field":
        return any(_has_field(definition, key.partition(".custom.")[2]) for key in wanted)
    if kind == "choice":
        return any(_has_choice(definition, *key.split("=", 1)) for key in wanted)
    if kind == "answer":
        return any(_reads_answer(definition, *key.rsplit(".", 1)) for key in wanted)
    if any(found.casefold() in wanted for found in _named(definition, kind)):
        return True
    # A user's email says itself who is meant, wherever it stands; other keys do in quotes, as expressions write them.
    said = wanted if kind == "user" else {f"{quote}{key}{quote}" for key in wanted if key for quote in "'\""}
    return any(each in text.casefold() for text in _texts(definition) for each in said)


def _has_field(definition: Any, name: str) -> bool:
    told = re.compile(rf"\bcustom\.{re.escape(name)}\b|\bcustom\[.{re.escape(name)}.\]")
    return any(told.search(text) for text in _texts(definition)) or name in _custom_names(definition)


def _has_choice(definition: Any, field: str, choice: str) -> bool:
    """Whether the field is there, and the choice: alone, between commas, or in quotes as expressions write it."""
    if not _has_field(definition, field.partition(".custom.")[2]):
        return False
    quoted = [f"{quote}{choice}{quote}" for quote in "'\""]
    for text in _texts(definition):
        plain = text.casefold()
        if choice in [part.strip() for part in (plain, *plain.split(","))] or any(each in plain for each in quoted):
            return True
    return False


def _reads_answer(definition: Any, form: str, answer: str) -> bool:
    told = re.compile(rf"\bform\.{re.escape(answer)}\b|\bform\[.{re.escape(answer)}.\]", re.IGNORECASE)
    return _refers(definition, "form", {form}) and any(told.search(text) for text in _texts(definition))


def _named(value: Any, kind: str) -> Iterator[str]:
    """The values of properties and clauses that refer to things of that kind."""
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _named(each, kind)
    elif isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if kind == "connection" and node.get("type") == "email.send" and not node.get("connection"):
            yield UNNAMED
        field = str(node.get("field", "")).rpartition(".")[2]
        if field in _FIELDS.get(kind, ()):
            yield from _texts(node.get("value"))
        for name, each in node.items():
            if name in _PROPERTIES.get(kind, ()):
                yield from _plain_texts(each)
            yield from _named(each, kind)


def _custom_names(value: Any) -> set[str]:
    """The names inside every `custom: {...}`."""
    names: set[str] = set()
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            names |= _custom_names(each)
    elif isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            if name == "custom" and isinstance(each, dict):
                names |= set(cast("dict[str, Any]", each))
            names |= _custom_names(each)
    return names


def _plain_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (each for each in cast("list[Any]", value) if isinstance(each, str))


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, names of properties too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            yield name
            yield from _texts(each)
