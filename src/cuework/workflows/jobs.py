"""Work on many records or executions, done in batches: each batch is one pass's, and asks for the next.

A job's progress is its row, written in the batch's own transaction; so a process that dies in between repeats
nothing and leaves nothing out. `advance` is called by the worker for the command {"do": "job", "job_id"}.
A batch holds the job's row, and so does who cancels it: a batch counts whole or not at all, and none comes after.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from cuework.base.errors import Conflict, NotFound
from cuework.base.ids import lane_of, new_id
from cuework.crm import audit
from cuework.crm.actor import Actor, Role
from cuework.crm.audit import Subject
from cuework.crm.retagging import retag_next, retag_of
from cuework.crm.rows import TABLES
from cuework.crm.write import writer
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.registry import NodeTypes
from cuework.workflows import bulk_control, enrollment, resuming
from cuework.workflows.definitions import load_plans

_LOAD = "select kind, state, request from jobs where tenant_id = $1 and id = $2 for update"
_HOLD = "select kind, name, state, done from jobs where tenant_id = $1 and id = $2 for update"
_CANCEL = "update jobs set state = 'cancelled', finished_at = clock_timestamp() where tenant_id = $1 and id = $2"
_CREATE = """
insert into jobs (tenant_id, id, kind, name, state, request, total, created_by)
values ($1, $2, $3, $4, 'running', $5, $6, $7)
"""
_PROGRESS = """
update jobs set done = done + $3, request = $4, state = $5, error = $6,
  finished_at = case when $5 = 'running' then null else clock_timestamp() end
where tenant_id = $1 and id = $2
"""
_NEXT = """
insert into inbox (tenant_id, id, lane, kind, priority, payload, due_at)
values ($1, $2, $3, 'command', 1, $4, clock_timestamp() + $5::interval)
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did.

    Shape: after is where the next goes on, None when there is none; then how long to wait; keeps is for its request.
    """

    done: int
    after: UUID | None
    wait_for: timedelta = timedelta(0)
    error: str | None = None
    keeps: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Means:
    """What a batch works with. Shape: busy are records that the caller's transaction has read and may yet write."""

    connection: Connection
    actor: Actor
    catalog: Catalog
    types: NodeTypes
    busy: Collection[UUID] = ()


_Work: TypeAlias = Callable[[Means, Mapping[str, Any]], Awaitable[Batch]]


async def start(
    connection: Connection, actor: Actor, kind: str, request: Mapping[str, Any], *, name: str, total: int | None
) -> UUID:
    """The job exists and its first batch will be done soon. Errors: KeyError for an unknown kind."""
    assert kind in _WORK
    identity = new_id()
    by = {"actor": {"type": actor.type, "id": actor.id, "name": actor.name}}
    row = (kind, name, {**request, **by}, total, actor.user_id)
    await connection.execute(_CREATE, actor.tenant_id, identity, *row)
    await _ask_for_next(connection, actor.tenant_id, identity, timedelta(0))
    return identity


async def advance(
    connection: Connection,
    tenant_id: UUID,
    catalog: Catalog,
    types: NodeTypes,
    job_id: UUID,
    *,
    busy: Collection[UUID] = (),
) -> None:
    """One batch of the job is done in the caller's transaction; a job that ended or is gone is left alone."""
    job = await connection.fetchrow(_LOAD, tenant_id, job_id)
    if job is None or job["state"] != "running" or job["kind"] not in _WORK:
        return
    request: dict[str, Any] = job["request"]
    means = Means(connection, _actor(tenant_id, request.get("actor") or {}), catalog, types, busy)
    batch = await _WORK[job["kind"]](means, request)
    state = "running" if batch.after else "failed" if batch.error else "done"
    progress = {**request, **batch.keeps, "after": batch.after} if batch.after else request
    await connection.execute(_PROGRESS, tenant_id, job_id, batch.done, progress, state, batch.error)
    if batch.after:
        await _ask_for_next(connection, tenant_id, job_id, batch.wait_for)


async def cancel(connection: Connection, actor: Actor, job_id: UUID) -> None:
    """The job does no more; what it did stays done, and its count is exact. One cancelled before stays as it is.

    A batch that is still to come, also from quarantine, finds nothing to do.
    Errors: NotFound; Conflict for one that has ended, or that has to come to its end. Cost: waits for a batch.
    """
    job = await connection.fetchrow(_HOLD, actor.tenant_id, job_id)
    if job is None:
        raise NotFound(f"There is no job {job_id}.")
    if job["state"] == "cancelled":
        return
    if job["state"] not in ("queued", "running"):
        raise Conflict(f"{job['name'] or 'The job'} has ended already: it is {job['state']}.", state=job["state"])
    if job["kind"] == "resume":  # what it has not sent on yet would be held for ever
        raise Conflict(
            "What resuming a workflow sends on cannot be left halfway. Pause the workflow again: that stops it, and "
            "the rest stays held."
        )
    await connection.execute(_CANCEL, actor.tenant_id, job_id)
    before, after = {"state": job["state"]}, {"state": "cancelled", "done": job["done"]}
    await audit.record(connection, actor, "job.cancel", Subject("job", job_id, job["name"]), before=before, after=after)


async def _enroll_existing(means: Means, request: Mapping[str, Any]) -> Batch:
    """The next records that match the workflow's trigger will enter it, at bulk priority."""
    key = (UUID(request["workflow_id"]), int(request["version"]))
    tenant_id = means.actor.tenant_id
    plan = (await load_plans(means.connection, tenant_id, means.catalog, means.types, [key]))[key]
    chosen = enrollment.selection(plan, means.catalog)
    if chosen is None:
        return Batch(0, None, error="The version's trigger cannot be asked of records any more.")
    number = len(chosen.values) + 1
    table = TABLES[chosen.record_type].name
    query = f"""select r.id from {table} r where {chosen.where} and r.id > ${number}
    order by r.id limit {enrollment.BATCH}"""
    after = UUID(str(request.get("after") or UUID(int=0)))
    rows = await means.connection.fetch(query, *chosen.values, after)
    ids = [row["id"] for row in rows]
    if ids:
        await enrollment.send(means.connection, means.actor, key[0], chosen.record_type, ids, priority=1)
    return Batch(len(ids), ids[-1] if len(ids) == enrollment.BATCH else None)


async def _control_many(means: Means, request: Mapping[str, Any]) -> Batch:
    """The next executions of the filter are told what to do, no faster than the rate."""
    done, after, wait_for = await bulk_control.tell_next(means.connection, means.actor, request)
    return Batch(done, after, wait_for)


async def _resume(means: Means, request: Mapping[str, Any]) -> Batch:
    """The next executions of a workflow that was paused have what was held for them."""
    done, after, wait_for = await resuming.send_next(means.connection, means.actor.tenant_id, request)
    return Batch(done, after, wait_for)


async def _retag(means: Means, request: Mapping[str, Any]) -> Batch:
    """The next contacts carry the other tag; who was passed over has a turn at the end, for a minute or so."""
    after = UUID(str(request["after"])) if request.get("after") else None
    by = writer(means.connection, means.catalog, means.actor)
    did = await retag_next(by, retag_of(request), after=after, busy=means.busy)
    if did.after is not None or did.left == 0:
        return Batch(did.done, did.after)
    turn = int(request.get("turn") or 0) + 1
    if turn > _TURNS:
        error = f"{did.left} carry the tag still: they were held each time, or something gives it to them again."
        return Batch(did.done, None, error=error)
    return Batch(did.done, UUID(int=0), timedelta(seconds=1), keeps={"turn": turn})


async def _ask_for_next(connection: Connection, tenant_id: UUID, job_id: UUID, wait_for: timedelta) -> None:
    payload = {"do": "job", "job_id": job_id}
    await connection.execute(_NEXT, tenant_id, new_id(), lane_of(job_id), payload, wait_for)


def _actor(tenant_id: UUID, by: Mapping[str, Any]) -> Actor:
    identity = UUID(str(by["id"])) if by.get("id") else None
    return Actor(str(by.get("type", "system")), identity, str(by.get("name", "Cuework")), Role.MANAGER, tenant_id)


_TURNS = 60
_WORK: Mapping[str, _Work] = {
    "enroll_existing": _enroll_existing,
    "executions": _control_many,
    "resume": _resume,
    "retag": _retag,
}
KINDS = tuple(_WORK)
"""Every kind of job."""
