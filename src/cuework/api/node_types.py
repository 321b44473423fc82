"""GET /node-types: every trigger, flow step and action, with its form, exits, output, docs and sample."""

from typing import Any

from cuework.api.roles import Role
from cuework.api.routing import Router
from cuework.nodes.catalog import catalog_entry
from cuework.workflows.definition_schema import definition_schema
from cuework.workflows.vocabulary import installed

ROLES = {"list_node_types": Role.VIEWER, "get_definition_schema": Role.VIEWER}
router = Router("node types")


@router.get("/node-types")
async def list_node_types() -> dict[str, Any]:
    """The vocabulary of workflows: triggers first, each sorted by group and title."""
    return {"items": [catalog_entry(node) for node in installed().all()], "next_cursor": None}


@router.get("/node-types/schema")
async def get_definition_schema() -> dict[str, Any]:
    """The JSON Schema of a whole definition, for editors and generators."""
    return definition_schema(installed())
