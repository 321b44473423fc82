"""From draft to live and back: the preview, publishing, pausing, resuming, archiving, and older versions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import Field

from cuework.api.lists import AskedWhole, Sortable, Source, fetch_page
from cuework.api.models import Body, Page
from cuework.api.revisions import show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.workflow_models import (
    HeldExecutions,
    PublishedWorkflow,
    PublishPlan,
    ResumedWorkflow,
    Workflow,
    WorkflowVersion,
)
from cuework.base.errors import Invalid
from cuework.crm.actor import Actor
from cuework.crm.catalog import load_catalog
from cuework.crm.catalog_cache import current_catalog
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.plan import compile_plan
from cuework.workflows import difference, drafts, enrollment, jobs, listing, parking, publish, resuming
from cuework.workflows.vocabulary import installed

ROLES = {
    "plan_workflow": Role.MANAGER,
    "publish_workflow": Role.MANAGER,
    "pause_workflow": Role.MANAGER,
    "resume_workflow": Role.MANAGER,
    "get_held_executions": Role.VIEWER,
    "archive_workflow": Role.MANAGER,
    "list_workflow_versions": Role.VIEWER,
    "publish_workflow_version": Role.MANAGER,
}
router = Router("workflows")

Number = Annotated[int, Field(ge=1, le=2_147_483_647)]


class Preview(Body):
    """An older version to look at, instead of the draft."""

    version: Number | None = None


class Publish(Preview):
    """`hash` is the preview's: if the draft changed since, nothing is published."""

    hash: Annotated[str | None, Field(max_length=64)] = None
    note: Annotated[str, Field(max_length=2000)] = ""
    enroll_existing: bool = False


@router.post("/workflows/{workflow_id}/plan", response_model=PublishPlan, response_model_exclude_unset=True)
async def plan_workflow(tx: Tx, who: Who, workflow_id: UUID, body: Preview | None = None) -> dict[str, Any]:
    """What publishing would do, in words: nothing is done yet."""
    catalog = await current_catalog(tx, who.tenant_id)
    workflow = await drafts.load(tx, who.tenant_id, workflow_id)
    definition = await publish.chosen(tx, who.tenant_id, workflow, body.version if body else None)
    plan, problems = drafts.check(definition, installed(), catalog)
    live = None
    if workflow["published_version"] is not None:
        live = await publish.chosen(tx, who.tenant_id, workflow, workflow["published_version"])
    found = {"matching": 0, "matching_more": False, "matching_known": False}
    if plan is not None:
        found = await enrollment.matching(tx, plan, catalog)
    return {
        "hash": drafts.hash_of(definition),
        "diff": difference.difference(live, definition, installed()),
        "parked": await parking.parked(tx, who.tenant_id, workflow_id),
        **found,
        "problems": [{**problem.as_json(), "severity": "error"} for problem in problems],
    }


@router.post("/workflows/{workflow_id}/publish", response_model=PublishedWorkflow)
async def publish_workflow(
    response: Response, tx: Tx, who: Who, workflow_id: UUID, body: Publish | None = None
) -> dict[str, Any]:
    """The draft takes events from now on, as a new version; executions that run stay on theirs."""
    return await _publish(response, tx, who, workflow_id, body or Publish())


@router.post("/workflows/{workflow_id}/versions/{version}/publish", response_model=PublishedWorkflow)
async def publish_workflow_version(
    response: Response, tx: Tx, who: Who, workflow_id: UUID, version: Number, body: Publish | None = None
) -> dict[str, Any]:
    """An older version is published again, under a new number; the draft stays as it is."""
    wanted = (body or Publish()).model_copy(update={"version": version})
    if not wanted.note:
        wanted = wanted.model_copy(update={"note": f"Back to version {version}"})
    return await _publish(response, tx, who, workflow_id, wanted)


@router.post("/workflows/{workflow_id}/pause", response_model=Workflow)
async def pause_workflow(response: Response, tx: Tx, who: Who, workflow_id: UUID) -> dict[str, Any]:
    """Nothing new starts, and executions stay where they are until it is resumed; what is being sent is sent."""
    await publish.pause(tx, who, workflow_id)
    return await _shown(response, tx, who, workflow_id)


@router.get("/workflows/{workflow_id}/held", response_model=HeldExecutions)
async def get_held_executions(tx: Tx, who: Who, workflow_id: UUID) -> dict[str, Any]:
    """What waits for a paused workflow to be resumed."""
    return await resuming.counts(tx, who.tenant_id, workflow_id)


class Resume(Body):
    """What becomes of waits whose time came while it was paused.

    `run`: they are over now. `reschedule`: they last as much longer as the pause did. `skip`: they are over, and
    what follows them is left out: the next step after a delay, the timeout's steps after a wait.
    """

    overdue: resuming.Overdue = "run"


@router.post("/workflows/{workflow_id}/resume", response_model=ResumedWorkflow)
async def resume_workflow(
    response: Response, tx: Tx, who: Who, workflow_id: UUID, body: Resume | None = None
) -> dict[str, Any]:
    """The published version takes events again, from now on; what was held is sent on, spread over a while."""
    job_id = await publish.resume(tx, who, workflow_id, overdue=body.overdue if body else "run")
    return await _shown(response, tx, who, workflow_id) | {"job_id": job_id}


@router.post("/workflows/{workflow_id}/archive", response_model=Workflow)
async def archive_workflow(response: Response, tx: Tx, who: Who, workflow_id: UUID) -> dict[str, Any]:
    """It starts nothing any more and is out of the way; its history stays."""
    await publish.archive(tx, who, workflow_id)
    return await _shown(response, tx, who, workflow_id)


@router.get("/workflows/{workflow_id}/versions", response_model=Page[WorkflowVersion])
async def list_workflow_versions(tx: Tx, who: Who, workflow_id: UUID, asked: AskedWhole) -> dict[str, Any]:
    """The versions, the newest first."""
    await drafts.load(tx, who.tenant_id, workflow_id)
    number = Sortable("v.version", "integer")
    of_workflow = [who.tenant_id, workflow_id]
    source = Source(listing.VERSION_COLUMNS, listing.VERSIONS, of_workflow, {"version": number}, "-version", number)
    return await fetch_page(tx, asked, source, listing.spelled_version)


async def _publish(response: Response, tx: Connection, who: Actor, workflow_id: UUID, body: Publish) -> dict[str, Any]:
    catalog = await load_catalog(tx, who.tenant_id)
    total = await _count(tx, who, workflow_id, body.version, catalog) if body.enroll_existing else None
    published = await publish.publish(
        tx,
        who,
        workflow_id,
        installed(),
        catalog,
        note=body.note,
        expected_hash=body.hash,
        version=body.version,
    )
    job_id = None
    if body.enroll_existing:
        request = {"workflow_id": workflow_id, "version": published.version}
        job_id = await jobs.start(tx, who, "enroll_existing", request, name="Enroll what matches now", total=total)
    return await _shown(response, tx, who, workflow_id) | {"job_id": job_id}


async def _count(tx: Connection, who: Actor, workflow_id: UUID, version: int | None, catalog: Catalog) -> int | None:
    """How many records match now, None for more than are counted. Asked before publishing holds any lane."""
    workflow = await drafts.load(tx, who.tenant_id, workflow_id)
    plan = compile_plan(await publish.chosen(tx, who.tenant_id, workflow, version), installed(), catalog)
    found = await enrollment.matching(tx, plan, catalog)
    if not found["matching_known"]:
        raise Invalid("Which records match this trigger now cannot be told, so none can be enrolled with it.")
    return None if found["matching_more"] else found["matching"]


async def _shown(response: Response, tx: Connection, who: Actor, workflow_id: UUID) -> dict[str, Any]:
    shown = await listing.read(tx, who.tenant_id, workflow_id, installed())
    show_revision(response, shown["revision"])
    return shown
