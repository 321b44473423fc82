"""Publishing, pausing, resuming and archiving: which version takes events from when until when.

Rules
  * A version is immutable and numbered; publishing an older one again makes a new number.
  * The instant of a change is read while all lanes of the tenant are held, so no pass is under way: a pass
    holds a lane from before it reads the epoch until its commit, hence it saw all of the change or none.
  * Lock order: the workflow's row, then the lanes. Passes never lock a workflow's row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, NotFound
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.plan import Plan, compile_plan
from cuework.engine.registry import NodeTypes
from cuework.workflows import drafts, jobs, resuming
from cuework.workflows.resuming import Overdue

_HOLD = "select lane from lanes where tenant_id = $1 order by lane for update"
_VERSION = """
insert into workflow_versions (tenant_id, workflow_id, version, definition, hash, note, published_at, published_by,
  subscribes, watched)
select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8, $9
from workflow_versions where tenant_id = $1 and workflow_id = $2
returning version
"""
_CLOSE = "update workflow_spans set to_at = $3 where tenant_id = $1 and workflow_id = $2 and to_at is null"
_OPEN = "insert into workflow_spans (tenant_id, workflow_id, version, from_at) values ($1, $2, $3, $4)"
_STATE = """
update workflows set status = $3, published_version = $4, revision = revision + 1, updated_at = $5,
  paused_at = case $3 when 'paused' then $5 when 'archived' then paused_at end
where tenant_id = $1 and id = $2
"""
_BUMP = "update tenants set definitions_epoch = definitions_epoch + 1 where tenant_id = $1"


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication made."""

    version: int
    at: datetime
    plan: Plan


async def publish(
    connection: Connection,
    actor: Actor,
    workflow_id: UUID,
    types: NodeTypes,
    catalog: Catalog,
    *,
    note: str = "",
    expected_hash: str | None = None,
    version: int | None = None,
) -> Published:
    """The draft, or an older version, takes events from now on as a new version.

    Errors: NotFound; Invalid with every problem; Conflict when it is no longer what was previewed.
    """
    workflow = await drafts.load(connection, actor.tenant_id, workflow_id, lock=True)
    definition = await chosen(connection, actor.tenant_id, workflow, version)
    fingerprint = drafts.hash_of(definition)
    if expected_hash is not None and expected_hash != fingerprint:
        raise Conflict("The draft changed since the preview. Look at the preview again.", hash=fingerprint)
    plan = compile_plan(definition, types, catalog)
    at = await _hold_lanes(connection, actor.tenant_id)
    await _end_span(connection, actor.tenant_id, workflow_id, at)
    row = ({**definition, "key": workflow["key"]}, fingerprint, note, at, actor.user_id, plan.subscribes, plan.watched)
    number = await connection.fetchval(_VERSION, actor.tenant_id, workflow_id, *row)
    await connection.execute(_OPEN, actor.tenant_id, workflow_id, number, at)
    await _set_state(connection, actor, workflow, "published", number, at, action="workflow.publish", note=note)
    await _send_on(connection, actor, workflow, "run", at)
    return Published(number, at, plan)


async def pause(connection: Connection, actor: Actor, workflow_id: UUID) -> None:
    """Nothing new starts, and executions stay where they are: what comes for them is held until it is resumed.

    What is being sent is sent. Errors: NotFound, Conflict.
    """
    await _stop(connection, actor, workflow_id, "paused")


async def archive(connection: Connection, actor: Actor, workflow_id: UUID) -> None:
    """It starts nothing any more and is out of the way; executions go on, or stay held if it was paused.

    Errors: NotFound, Conflict.
    """
    await _stop(connection, actor, workflow_id, "archived")


async def resume(connection: Connection, actor: Actor, workflow_id: UUID, *, overdue: Overdue = "run") -> UUID | None:
    """Its published version takes events again, from now on, and what was held is sent on, spread (resuming).

    The answer is the job that sends it, None if nothing was held. Errors: NotFound, Conflict.
    """
    workflow = await drafts.load(connection, actor.tenant_id, workflow_id, lock=True)
    if workflow["status"] not in ("paused", "archived"):
        raise _not_allowed(workflow, "resumed")
    number = workflow["published_version"]
    if number is None:
        raise Conflict("No version of it was ever published. Publish it instead.")
    at = await _hold_lanes(connection, actor.tenant_id)
    await connection.execute(_OPEN, actor.tenant_id, workflow_id, number, at)
    note = None if overdue == "run" else f"What was overdue: {overdue}"
    await _set_state(connection, actor, workflow, "published", number, at, action="workflow.resume", note=note)
    return await _send_on(connection, actor, workflow, overdue, at)


async def chosen(
    connection: Connection, tenant_id: UUID, workflow: Mapping[str, Any], version: int | None
) -> dict[str, Any]:
    """The definition that is to be published: the draft, or that of an older version. Errors: NotFound."""
    if version is None:
        return workflow["definition"]
    query = "select definition from workflow_versions where tenant_id = $1 and workflow_id = $2 and version = $3"
    definition = await connection.fetchval(query, tenant_id, workflow["id"], version)
    if definition is None:
        raise NotFound(f"{workflow['name']} has no version {version}.")
    return definition


async def _stop(connection: Connection, actor: Actor, workflow_id: UUID, status: str) -> None:
    workflow = await drafts.load(connection, actor.tenant_id, workflow_id, lock=True)
    allowed = ("published",) if status == "paused" else ("draft", "published", "paused")
    if workflow["status"] not in allowed:
        raise _not_allowed(workflow, status)
    at = await _hold_lanes(connection, actor.tenant_id)
    await _end_span(connection, actor.tenant_id, workflow_id, at)
    action = "workflow.pause" if status == "paused" else "workflow.archive"
    await _set_state(connection, actor, workflow, status, workflow["published_version"], at, action=action)


async def _hold_lanes(connection: Connection, tenant_id: UUID) -> datetime:
    """No pass of the tenant is under way until the commit; the answer is the instant from which that holds.

    Cost: waits for the passes under way, each at most 500 inputs and what follows from them.
    """
    await connection.execute(_HOLD, tenant_id)
    return await connection.fetchval("select clock_timestamp()")


async def _end_span(connection: Connection, tenant_id: UUID, workflow_id: UUID, at: datetime) -> None:
    await connection.execute(_CLOSE, tenant_id, workflow_id, at)


async def _set_state(
    connection: Connection,
    actor: Actor,
    workflow: Mapping[str, Any],
    status: str,
    version: int | None,
    at: datetime,
    *,
    action: str,
    note: str | None = None,
) -> None:
    await connection.execute(_STATE, actor.tenant_id, workflow["id"], status, version, at)
    await connection.execute(_BUMP, actor.tenant_id)
    before = {"status": workflow["status"], "version": workflow["published_version"]}
    after = {"status": status, "version": version} | ({"note": note} if note else {})
    subject = Subject("workflow", workflow["id"], workflow["name"])
    await audit.record(connection, actor, action, subject, before=before, after=after)


async def _send_on(
    connection: Connection, actor: Actor, workflow: Mapping[str, Any], overdue: Overdue, at: datetime
) -> UUID | None:
    """What was held while it was paused is sent on by a job."""
    if workflow["paused_at"] is None:
        return None
    paused_for = at - workflow["paused_at"]
    request, total = await resuming.request_of(connection, actor.tenant_id, workflow["id"], overdue, paused_for)
    if total == 0:
        return None
    return await jobs.start(connection, actor, "resume", request, name=f"Resume {workflow['name']}", total=total)


def _not_allowed(workflow: Mapping[str, Any], wanted: str) -> Conflict:
    return Conflict(f"{workflow['name']} is {workflow['status']}, so it cannot be {wanted}.", state=workflow["status"])
