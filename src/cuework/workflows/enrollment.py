"""Enrolling by hand: chosen records, or all that match a workflow's filter now.

It writes commands only; the pass that holds a record's lane enters it, or says why not (suppressed, once, already
active). Enrolling skips the trigger's filter, never the suppression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, Invalid, NotFound, Problem
from cuework.base.ids import execution_id, lane_of, new_id
from cuework.base.json import dumps_text
from cuework.base.time import utc_now
from cuework.crm.actor import Actor
from cuework.crm.condition_sql import where_sql
from cuework.crm.rows import TABLES
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.plan import Plan

MOST = 10_000
MOST_BY_HAND = 1_000
BATCH = 500
_INBOX = {"id": "uuid", "lane": "smallint", "kind": "text", "priority": "smallint", "payload": "jsonb"}
# What these triggers say besides their condition, as a state that records are in.
_STATES: Mapping[str, Mapping[str, Any]] = {
    "deal.won": {"field": "deal.status", "op": "eq", "value": "won"},
    "deal.lost": {"field": "deal.status", "op": "eq", "value": "lost"},
}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A record that will enter, and the execution that it becomes unless it is refused."""

    record_id: UUID | None
    execution_id: UUID


@dataclass(frozen=True, slots=True)
class Selection:
    """Records that match a trigger now, as SQL. Shape: where uses $n for the values, $1 is the tenant."""

    record_type: str
    where: str
    values: tuple[Any, ...]


def selection(plan: Plan, catalog: Catalog) -> Selection | None:
    """The records that match the trigger now; None where that cannot be asked of records alone."""
    if plan.record_type is None or plan.record_type not in TABLES:
        return None
    parts = [part for part in (plan.trigger.when, _STATES.get(plan.trigger.type)) if part is not None]
    for (root, field), keys in plan.trigger.keys().items():
        if root != plan.record_type:
            return None
        parts.append({"field": f"{root}.{field}", "op": "in", "value": list(keys)})
    try:
        where, values = where_sql({"all": parts}, plan.record_type, catalog, now=utc_now(), first=2)
    except Invalid:
        return None
    return Selection(
        plan.record_type, f"r.tenant_id = $1 and r.deleted_at is null and {where}", (catalog.tenant_id, *values)
    )


async def matching(connection: Connection, plan: Plan, catalog: Catalog) -> dict[str, Any]:
    """How many records match now: exact to 10,000. Cost: reads the records until then."""
    chosen = selection(plan, catalog)
    if chosen is None:
        return {"matching": 0, "matching_more": False, "matching_known": False}
    table = TABLES[chosen.record_type].name
    query = f"select count(*) from (select from {table} r where {chosen.where} limit {MOST + 1}) as found"
    found = await connection.fetchval(query, *chosen.values)
    return {"matching": min(found, MOST), "matching_more": found > MOST, "matching_known": True}


async def enroll(
    connection: Connection, actor: Actor, workflow_id: UUID, plan: Plan, record_ids: Sequence[UUID]
) -> list[Enrolled]:
    """Each record will enter; for a workflow without records, one execution starts.

    Errors: Invalid names records that are not there or do not fit; Conflict for too many.
    """
    kind = plan.record_type
    if kind is None:
        if record_ids:
            problem = Problem("record_ids", "The workflow is not about records.", "leave it out")
            raise Invalid("This workflow starts without a record.", [problem])
        return await send(connection, actor, workflow_id, None, [None])
    if not record_ids:
        raise Invalid(f"Say which {kind} to enroll.", [Problem("record_ids", "is required")])
    if len(record_ids) > MOST_BY_HAND:
        raise Conflict(f"Enroll at most {MOST_BY_HAND} records at once.")
    wanted = list(dict.fromkeys(record_ids))
    table = TABLES[kind].name
    query = f"select id from {table} where tenant_id = $1 and id = any($2::uuid[]) and deleted_at is null"
    there = {row["id"] for row in await connection.fetch(query, actor.tenant_id, wanted)}
    if missing := [identity for identity in wanted if identity not in there]:
        problems = [Problem("record_ids", f"There is no {kind} {identity}.") for identity in missing]
        raise Invalid(f"There is no {kind} {missing[0]}.", problems)
    return await send(connection, actor, workflow_id, kind, wanted)


async def send(
    connection: Connection,
    actor: Actor,
    workflow_id: UUID,
    kind: str | None,
    record_ids: Sequence[UUID | None],
    *,
    priority: int = 0,
) -> list[Enrolled]:
    """The commands are in the lanes of their records. Cost: one statement."""
    ids = [new_id() for _ in record_ids]
    payloads = [
        {
            "do": "enroll",
            "workflow_id": workflow_id,
            "record": {"type": kind, "id": record} if record is not None else None,
            "actor_id": actor.id,
        }
        for record in record_ids
    ]
    columns: list[list[Any]] = [
        ids,
        [lane_of(record or identity) for record, identity in zip(record_ids, ids, strict=True)],
        ["command"] * len(ids),
        [priority] * len(ids),
        [dumps_text(payload) for payload in payloads],
    ]
    await bulk.insert(connection, actor.tenant_id, "inbox", _INBOX, columns)
    pairs = zip(record_ids, ids, strict=True)
    return [Enrolled(record, execution_id(identity, workflow_id)) for record, identity in pairs]


async def published_plan_key(connection: Connection, tenant_id: UUID, workflow_id: UUID) -> tuple[UUID, int]:
    """The version that takes events now. Errors: NotFound; Conflict if the workflow is not on."""
    query = "select name, status, published_version from workflows where tenant_id = $1 and id = $2"
    row = await connection.fetchrow(query, tenant_id, workflow_id)
    if row is None:
        raise NotFound(f"There is no workflow {workflow_id}.")
    if row["status"] != "published":
        first = "Resume" if row["status"] == "paused" else "Publish"
        raise Conflict(f"{row['name']} is {row['status']}, so nothing can enter it. {first} it first.")
    return workflow_id, row["published_version"]
