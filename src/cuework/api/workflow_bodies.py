"""Definitions as they come in: JSON or YAML, bare or wrapped. Problems of YAML know their lines.

Must not save or publish anything. What is no mapping, or cannot be read at all, is refused here; what is merely
wrong comes through, with its problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from starlette.requests import Request

from cuework.api.bodies import check_json, parse_json
from cuework.base.errors import Invalid, Malformed, Problem
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.registry import NodeTypes
from cuework.workflows import drafts, text

_YAML = {"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"}
_WRAPPED = {"definition", "name", "key", "owner_id", "folder", "tags"}

_OPEN = {"type": "object", "additionalProperties": True}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A definition: as JSON, bare or as `{definition, name?, key?, owner_id?}`, or as YAML",
        "content": {"application/json": {"schema": _OPEN}, "application/yaml": {"schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A definition that came in. `marks` say where its parts stood, if it was YAML."""

    definition: dict[str, Any]
    key: str | None = None
    owner_id: UUID | None = None
    source: str | None = None
    marks: text.Marks | None = None

    def located(self, problems: list[Problem]) -> list[Problem]:
        """The problems, with lines where there are any."""
        if self.marks is None:
            return problems
        found = [self.marks.locate(each) for each in problems]
        return sorted(found, key=lambda each: (each.line or 0, each.column or 0))

    async def review(
        self, tx: Connection, types: NodeTypes, catalog: Catalog, workflow_id: UUID | None = None
    ) -> list[Problem]:
        """What keeps it from being published, or what it warns of."""
        found = await drafts.review(tx, catalog.tenant_id, self.definition, types, catalog, workflow_id=workflow_id)
        return self.located(found)

    def draft(self) -> drafts.Draft:
        """What is to be saved."""
        return drafts.Draft(self.definition, self.source, self.owner_id)


async def read_definition(request: Request) -> Sent:
    """The definition in the body. Errors: Malformed with the place, Invalid for a wrapping that is none."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _YAML:
        return read_yaml(body)
    return _unwrapped(parse_json(body))


def read_yaml(body: bytes) -> Sent:
    """The definition in the YAML. Errors: Malformed with line and column."""
    try:
        source = body.decode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        problem = Problem("", "The text is not UTF-8.", line=line, column=1)
        raise Malformed(f"The text is not UTF-8 (line {line}).", [problem]) from None
    definition, marks = text.parse(source)
    check_json(definition)
    return Sent(definition, source=source, marks=marks)


def _unwrapped(value: Any) -> Sent:
    if not isinstance(value, dict):
        problem = Problem("", "A definition is a mapping with name, trigger and steps.", line=1, column=1)
        raise Malformed("The body is no definition.", [problem])
    sent = cast("dict[str, Any]", value)
    if "definition" not in sent and ("trigger" in sent or "steps" in sent):
        return Sent(sent)
    if unknown := [name for name in sent if name not in _WRAPPED]:
        raise Invalid(f"There is no field {unknown[0]} here.", [Problem(name, "is not known") for name in unknown])
    definition = sent.get("definition", {})
    if not isinstance(definition, dict):
        raise Malformed("The definition is no mapping.", [Problem("definition", "is no mapping")])
    return Sent(_filled(cast("dict[str, Any]", definition), sent), sent.get("key"), _owner(sent.get("owner_id")))


def _filled(definition: dict[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with the name, folder and tags that were said beside it."""
    beside = {name: sent[name] for name in ("name", "folder", "tags") if sent.get(name) is not None}
    return {**definition, **beside}


def _owner(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise Invalid("owner_id is no id.", [Problem("owner_id", "is no id")]) from None
