"""Enrolling records by hand, and trying a definition on a record without doing anything."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from cuework.api.explain_models import RehearsedExecution
from cuework.api.models import Body
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.workflow_models import Enrolled, EnrolledRecord
from cuework.base.errors import Conflict, Invalid, Problem
from cuework.crm.catalog_cache import current_catalog
from cuework.engine.events import Ref
from cuework.workflows import drafts, enrollment, publish, rehearsal
from cuework.workflows.definitions import load_plans
from cuework.workflows.vocabulary import installed

# Enrolling makes a published workflow act, which its author allowed; members may. A test shows what a draft
# would do with any record, and is part of writing workflows.
ROLES = {"enroll_records": Role.MEMBER, "rehearse_workflow": Role.MANAGER}
router = Router("workflows")


class Enroll(Body):
    """Which records: `record_ids`, or one as `record_id`. None for a workflow that is not about records."""

    record_ids: list[UUID] = Field(default_factory=list[UUID], max_length=enrollment.MOST_BY_HAND)
    record_id: UUID | None = None
    record_type: Annotated[str | None, Field(max_length=20)] = None


@router.post("/workflows/{workflow_id}/enroll", status_code=202)
async def enroll_records(tx: Tx, who: Who, workflow_id: UUID, body: Enroll | None = None) -> Enrolled:
    """The records will enter, whatever the trigger's filter says; suppression and re-entry still hold."""
    wanted = body or Enroll()
    key = await enrollment.published_plan_key(tx, who.tenant_id, workflow_id)
    catalog = await current_catalog(tx, who.tenant_id)
    plan = (await load_plans(tx, who.tenant_id, catalog, installed(), [key]))[key]
    if wanted.record_type is not None and wanted.record_type != plan.record_type:
        problem = Problem("record_type", f"The workflow is about {plan.record_type or 'no'} records.")
        raise Invalid(f"A {wanted.record_type} cannot enter this workflow.", [problem])
    ids = [*wanted.record_ids, *([wanted.record_id] if wanted.record_id else [])]
    found = await enrollment.enroll(tx, who, workflow_id, plan, ids)
    items = [EnrolledRecord(record_id=each.record_id, execution_id=each.execution_id) for each in found]
    return Enrolled(accepted=len(items), items=items)


class Rehearsal(Body):
    """What to try: the draft or a version, on a record as it is now, or on an event as it happened."""

    record_id: UUID | None = None
    record_type: Annotated[str | None, Field(max_length=20)] = None
    event_id: UUID | None = None
    version: Annotated[int | None, Field(ge=1, le=2_147_483_647)] = None


@router.post("/workflows/{workflow_id}/test", response_model=RehearsedExecution, response_model_exclude_unset=True)
async def rehearse_workflow(tx: Tx, who: Who, workflow_id: UUID, body: Rehearsal | None = None) -> dict[str, Any]:
    """What the workflow would do, step by step, with time travelled through its waits. Nothing is done or kept."""
    wanted = body or Rehearsal()
    catalog = await current_catalog(tx, who.tenant_id)
    workflow = await drafts.load(tx, who.tenant_id, workflow_id)
    definition = await publish.chosen(tx, who.tenant_id, workflow, wanted.version)
    plan, problems = drafts.check(definition, installed(), catalog)
    if plan is None:
        raise Invalid("The definition has problems, so it cannot be tried.", problems)
    plan.workflow_id, plan.version, plan.key = workflow_id, wanted.version or 0, workflow["key"]
    about = Ref(plan.record_type, wanted.record_id) if plan.record_type and wanted.record_id else None
    if wanted.record_type is not None and wanted.record_type != plan.record_type:
        raise Conflict(f"The workflow is about {plan.record_type or 'no'} records, not about a {wanted.record_type}.")
    return await rehearsal.rehearse(tx, who.tenant_id, plan, catalog, record=about, event_id=wanted.event_id)
