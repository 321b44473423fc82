"""Loads published versions as plans: the triggers that take events, and the versions that executions are on.

A step that names what is gone (its team was deleted) fails when it is reached, and a trigger that does starts nothing.
A version that no longer compiles at all is loaded all the same: its executions fail with that reason. Nothing else is
disturbed. This module changes nothing and decides nothing about events.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

import structlog

from cuework.base.errors import Invalid
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.match import ActiveTrigger
from cuework.engine.plan import Plan, compile_plan
from cuework.engine.registry import NodeTypes
from cuework.workflows.broken import broken_plan

Key: TypeAlias = tuple[UUID, int]
"""A version: the workflow's id and the number."""

# A request that began before a span was closed may commit its event that much later, never more:
# the sessions' time limits end it.
STRAGGLERS_FOR = timedelta(minutes=5)

log = structlog.get_logger("cuework.workflows")

# An event's id begins with its time; min() knows no uuid before PostgreSQL 18.
_SPANS = """
select s.workflow_id, s.version, s.from_at, s.to_at, w.status = 'published' as open, w.key,
  (select v.definition from workflow_versions v
    where v.tenant_id = $1 and v.workflow_id = s.workflow_id and v.version = s.version
      and (s.workflow_id, s.version) not in (select * from unnest($3::uuid[], $4::int[]))) as definition
from workflow_spans s join workflows w on w.tenant_id = s.tenant_id and w.id = s.workflow_id
where s.tenant_id = $1 and (s.to_at is null or s.to_at > clock_timestamp() - $2::interval
  or s.to_at >= (
    select to_timestamp(('x' || left(replace(event_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
    from inbox where tenant_id = $1 and kind = 'event' and event_id is not null order by event_id limit 1
  ))
order by s.workflow_id, s.from_at
"""
_VERSIONS = """
select v.workflow_id, v.version, v.definition, w.key
from unnest($2::uuid[], $3::int[]) as k(workflow_id, version)
join workflow_versions v on v.tenant_id = $1 and v.workflow_id = k.workflow_id and v.version = k.version
join workflows w on w.tenant_id = $1 and w.id = v.workflow_id
"""


async def load_triggers(
    connection: Connection,
    tenant_id: UUID,
    catalog: Catalog,
    types: NodeTypes,
    *,
    known: Mapping[Key, Plan] | None = None,
) -> list[ActiveTrigger]:
    """Every version that an event of this tenant, pending or to come, can meet.

    Closed spans are among them for as long as an event from their time may still be pending. `open` is False
    where the workflow is paused or archived now. `known` are plans compiled against the same catalogue.
    Cost: one query, and compiling what is not known.
    """
    plans = dict(known or {})
    spans = await connection.fetch(
        _SPANS, tenant_id, STRAGGLERS_FOR, [workflow for workflow, _ in plans], [version for _, version in plans]
    )
    triggers: list[ActiveTrigger] = []
    for row in spans:
        key = (row["workflow_id"], row["version"])
        if key not in plans:
            plans[key] = _stored(row["definition"], types, catalog, key=key, name=row["key"])
        if plans[key].trigger.listens:
            triggers.append(ActiveTrigger(*key, plans[key], row["from_at"], row["to_at"], row["open"]))
    return triggers


async def load_plans(
    connection: Connection, tenant_id: UUID, catalog: Catalog, types: NodeTypes, versions: Iterable[Key]
) -> dict[Key, Plan]:
    """The plan of each of these versions; one that does not compile or is gone fails at its first step.

    Cost: one query.
    """
    wanted = sorted(set(versions))
    if not wanted:
        return {}
    columns = [key[0] for key in wanted], [key[1] for key in wanted]
    rows = {(row["workflow_id"], row["version"]): row for row in await connection.fetch(_VERSIONS, tenant_id, *columns)}
    return {
        key: _stored(row and row["definition"], types, catalog, key=key, name=row["key"] if row else "")
        for key in wanted
        for row in [rows.get(key)]
    }


def _stored(definition: Any, types: NodeTypes, catalog: Catalog, *, key: Key, name: str) -> Plan:
    """The plan of a version, None standing for the definition of one that is gone."""
    if definition is None:
        return _identified(broken_plan({}, types, catalog, "The version is not stored any more."), key, name)
    return plan_of(definition, types, catalog, key=key, name=name)


def plan_of(definition: Any, types: NodeTypes, catalog: Catalog, *, key: Key, name: str) -> Plan:
    """The version's plan, knowing its workflow and number; a failing one if it does not compile any more."""
    try:
        plan = compile_plan(definition, types, catalog, published=True)
        for why in [plan.gone, *(step.gone for step in plan.steps.values())]:
            if why is not None:
                log.warning("a published version names what is gone", workflow=name, version=key[1], reason=why)
    except Invalid as error:
        first = error.problems[0] if error.problems else None
        reason = f"{first.path}: {first.message}" if first else error.detail
        log.warning("a published version does not compile", workflow=name, version=key[1], reason=reason)
        plan = broken_plan(definition, types, catalog, reason)
    return _identified(plan, key, name)


def _identified(plan: Plan, key: Key, name: str) -> Plan:
    plan.workflow_id, plan.version = key
    plan.key = name or plan.key
    return plan
