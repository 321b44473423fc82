"""GET /node-types: every trigger, flow step and action, with its form, exits, output, docs and sample."""

from typing import Annotated, Any, Literal

from pydantic import Field

from cuework.api.fixed_lists import AskedSlice, slice_page
from cuework.api.models import Answer, Page
from cuework.api.references import RecordKind
from cuework.api.roles import Role
from cuework.api.routing import Router
from cuework.nodes.catalog import catalog_entry
from cuework.workflows.definition_schema import definition_schema
from cuework.workflows.vocabulary import installed

ROLES = {"list_node_types": Role.VIEWER, "get_definition_schema": Role.VIEWER}
router = Router("node types")


JsonSchema = Annotated[dict[str, Any], Field(description="A JSON Schema (2020-12)")]


class _NodeType(Answer):
    type: str
    group: str
    title: str
    icon: str
    summary: Annotated[str, Field(description="The first sentence of its docs")]
    docs: str
    configuration: Annotated[
        dict[str, Any],
        Field(
            alias="schema",
            description="The JSON Schema of its own fields; x-hint says which control a field wants",
        ),
    ]
    sample: Annotated[dict[str, Any], Field(description="One as it stands in a definition")]


class TriggerType(_NodeType):
    """A type of trigger: which events it listens to, and which record its executions are about."""

    kind: Literal["trigger"]
    record_type: RecordKind | None
    listens: list[str]
    edge: Annotated[bool, Field(description="Whether it fires when its filter becomes true, not on each event")]


class StepType(_NodeType):
    """A type of step: how it can be left, and what later steps read as steps.<id>."""

    kind: Literal["flow", "change", "lookup", "effect"]
    exits: list[str]
    output: JsonSchema | None
    works_on: list[str]


class NodeTypes(Page[Annotated[TriggerType | StepType, Field(discriminator="kind")]]):
    """The vocabulary of workflows."""


@router.get("/node-types", response_model=NodeTypes)
async def list_node_types(asked: AskedSlice) -> dict[str, Any]:
    """The vocabulary of workflows: triggers first, each sorted by group and title, unless `sort` says otherwise."""
    page = slice_page(
        tuple(installed().all()),
        asked,
        lambda node: node.type,
        {"type": lambda node: node.type, "title": lambda node: node.title, "group": lambda node: node.group},
    )
    return page | {"items": [catalog_entry(node) for node in page["items"]]}


@router.get("/node-types/schema")
async def get_definition_schema() -> JsonSchema:
    """The JSON Schema of a whole definition, for editors and generators."""
    return definition_schema(installed())
