"""Workflows: the list, drafts in JSON and YAML, and the shipped examples. Publishing is workflow_versions'."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from cuework.api.fixed_lists import AskedSlice, slice_page
from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Body, Page
from cuework.api.revisions import IfMatch, etag, show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.workflow_bodies import BODY, Sent, read_definition
from cuework.api.workflow_models import CheckedWorkflow, Validation, Workflow, WorkflowExample, WorkflowStatus
from cuework.base.errors import Invalid, Malformed, Problem
from cuework.crm.catalog_cache import current_catalog
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.workflows import drafts, examples, listing, text
from cuework.workflows.describe import start_words, step_words
from cuework.workflows.vocabulary import installed, trigger_summary

ROLES = {
    "list_workflows": Role.VIEWER,
    "get_workflow": Role.VIEWER,
    "get_workflow_yaml": Role.VIEWER,
    "list_workflow_examples": Role.VIEWER,
    "validate_workflow": Role.MANAGER,
    "create_workflow": Role.MANAGER,
    "save_workflow": Role.MANAGER,
    "duplicate_workflow": Role.MANAGER,
    "delete_workflow": Role.MANAGER,
}
router = Router("workflows")

# Problems leave out what they have not.
CHECKED: dict[str, Any] = {"response_model": CheckedWorkflow, "response_model_exclude_unset": True}
YAML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/yaml": {"schema": {"type": "string"}}}}}
SORTABLE = {
    "name": Sortable("lower(w.name)", "text"),
    "created_at": Sortable("w.created_at", "timestamptz"),
    "updated_at": Sortable("w.updated_at", "timestamptz"),
}


class Yaml(Response):
    """A text in YAML."""

    media_type = "application/yaml"


@router.get("/workflows", response_model=Page[Workflow])
async def list_workflows(
    tx: Tx,
    who: Who,
    asked: Asked,
    status: WorkflowStatus | None = None,
    folder: Annotated[str | None, Query(max_length=100)] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str | None, Query(max_length=200, description="Part of the name")] = None,
) -> dict[str, Any]:
    """A page of workflows with their state and what they did lately."""
    arguments: list[Any] = [who.tenant_id]
    conditions = ["w.tenant_id = $1"]
    for condition, value in (
        ("w.status = ${}", status),
        ("w.folder = ${}", folder),
        ("${} = any(w.tags)", tag),
        ("strpos(lower(w.name), lower(${})) > 0", q),
    ):
        if value is not None:
            arguments.append(value)
            conditions.append(condition.format(len(arguments)))
    where = f"workflows w where {' and '.join(conditions)}"
    source = Source(listing.COLUMNS, where, arguments, SORTABLE, "name", Sortable("w.id", "uuid"))
    return await fetch_page(tx, asked, source, lambda row: listing.spelled(row, installed()))


@router.get("/workflow-examples", response_model=Page[WorkflowExample])
async def list_workflow_examples(asked: AskedSlice) -> dict[str, Any]:
    """The examples that are shipped, to begin with."""
    page = slice_page(
        examples.shipped(),
        asked,
        lambda each: each.key,
        {"key": lambda each: each.key, "name": lambda each: each.name},
    )
    return page | {"items": [each.as_json() for each in page["items"]]}


@router.post("/workflows", status_code=201, openapi_extra=BODY, **CHECKED)
async def create_workflow(request: Request, response: Response, tx: Tx, who: Who) -> dict[str, Any]:
    """A new draft, with the problems that it still has. Nothing runs before it is published."""
    sent = await read_definition(request)
    catalog = await current_catalog(tx, who.tenant_id)
    _check_owner(sent, catalog)
    identity = await drafts.create(tx, who, sent.draft(), key=sent.key)
    response.headers["Location"] = f"/api/v1/workflows/{identity}"
    return await _answer(tx, response, identity, catalog, await sent.review(tx, installed(), catalog, identity))


@router.post("/workflows/validate", openapi_extra=BODY, response_model=Validation, response_model_exclude_unset=True)
async def validate_workflow(request: Request, tx: Tx, who: Who) -> dict[str, Any]:
    """What is wrong with a definition, or what it warns of, and where. Nothing is saved."""
    try:
        sent = await read_definition(request)
    except Malformed as error:
        problems = error.problems or (Problem("", error.detail),)
        return {"valid": False, "problems": _spelled(problems), "definition": None, "trigger_summary": None}
    catalog = await current_catalog(tx, who.tenant_id)
    key = sent.key or sent.definition.get("key")
    known = await drafts.find(tx, who.tenant_id, key) if isinstance(key, str) else None
    problems = await sent.review(tx, installed(), catalog, known)
    return {
        "valid": all(problem.severity == "warning" for problem in problems),
        "problems": _spelled(problems),
        "definition": drafts.storable(sent.definition),
        "trigger_summary": trigger_summary(sent.definition, installed()),
    }


@router.get("/workflows/{workflow_id}", **CHECKED)
async def get_workflow(response: Response, tx: Tx, who: Who, workflow_id: UUID) -> dict[str, Any]:
    """One workflow, with the problems of its draft."""
    catalog = await current_catalog(tx, who.tenant_id)
    return await _answer(tx, response, workflow_id, catalog)


@router.put("/workflows/{workflow_id}", openapi_extra=BODY, **CHECKED)
async def save_workflow(
    request: Request, response: Response, tx: Tx, who: Who, workflow_id: UUID, expected: IfMatch
) -> dict[str, Any]:
    """The draft is saved even while it is wrong; its problems are in the answer."""
    sent = await read_definition(request)
    catalog = await current_catalog(tx, who.tenant_id)
    _check_owner(sent, catalog)
    await drafts.save(tx, who, workflow_id, sent.draft(), expected=expected)
    return await _answer(tx, response, workflow_id, catalog, await sent.review(tx, installed(), catalog, workflow_id))


@router.get("/workflows/{workflow_id}/yaml", response_class=Yaml, responses=YAML)
async def get_workflow_yaml(tx: Tx, who: Who, workflow_id: UUID) -> Response:
    """The draft as YAML: as it was written, or as it reads best."""
    row = await drafts.load(tx, who.tenant_id, workflow_id)
    source = row["source"] or text.dump({"name": row["name"], "key": row["key"], **row["definition"]})
    return Yaml(source, headers={"ETag": etag(row["revision"])})


class Duplicate(Body):
    """What the copy is called."""

    name: Annotated[str | None, Field(min_length=1, max_length=200)] = None


@router.post("/workflows/{workflow_id}/duplicate", status_code=201, **CHECKED)
async def duplicate_workflow(
    response: Response, tx: Tx, who: Who, workflow_id: UUID, body: Duplicate | None = None
) -> dict[str, Any]:
    """A new draft with the same definition."""
    identity = await drafts.duplicate(tx, who, workflow_id, name=body.name if body else None)
    return await _answer(tx, response, identity, await current_catalog(tx, who.tenant_id))


@router.delete("/workflows/{workflow_id}", status_code=204)
async def delete_workflow(tx: Tx, who: Who, workflow_id: UUID, expected: IfMatch) -> None:
    """A draft that was never published is gone; what ran once is archived instead, so that its history stays."""
    await drafts.delete(tx, who, workflow_id, expected=expected)


async def _answer(
    tx: Connection,
    response: Response,
    workflow_id: UUID,
    catalog: Catalog,
    problems: Sequence[Problem] | None = None,
) -> dict[str, Any]:
    shown = await listing.read(tx, catalog.tenant_id, workflow_id, installed())
    if problems is None:
        problems = await drafts.review(
            tx, catalog.tenant_id, shown["definition"], installed(), catalog, workflow_id=workflow_id
        )
    show_revision(response, shown["revision"])
    definition, types = shown["definition"], installed()
    words = {"start_words": start_words(definition, types), "step_words": step_words(definition, types)}
    return shown | words | {"problems": _spelled(problems)}


def _spelled(problems: Sequence[Problem]) -> list[Mapping[str, Any]]:
    return [{**problem.as_json(), "severity": problem.severity} for problem in problems]


def _check_owner(sent: Sent, catalog: Catalog) -> None:
    if sent.owner_id is not None and sent.owner_id not in catalog.user_by_id:
        raise Invalid(f"There is no user {sent.owner_id}.", [Problem("owner_id", "is no user")])
