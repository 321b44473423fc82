"""Proves that every event was handled or is pending: asks again which workflows it should have started.

Records are rebuilt from their events, revision by revision, and matched with the versions that were open at
the event's time. What passes the filter must have its execution, or a recorded reason for having none.
Triggers that read related records are left out: those are not known as they were. So are filters on money and
dates for events before the tenant's currency, rates or zone were last changed.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.ids import execution_id, id_sequence, milliseconds_of
from cuework.crm.events import EVENT_COLUMNS, event_of
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event, Ref
from cuework.engine.match import ActiveTrigger, TriggerIndex, passes
from cuework.engine.plan import Plan
from cuework.engine.records import RECORD_TYPES, FieldType, schema
from cuework.engine.registry import NodeTypes
from cuework.engine.rules import initial
from cuework.engine.typed import typed
from cuework.engine.world import Need, Row, World
from cuework.workflows.definitions import plan_of

_SPANS = """
select s.workflow_id, s.version, s.from_at, s.to_at, v.definition, w.key from workflow_spans s
join workflow_versions v on v.tenant_id = $1 and v.workflow_id = s.workflow_id and v.version = s.version
join workflows w on w.tenant_id = $1 and w.id = s.workflow_id
where s.tenant_id = $1
"""
# What is in quarantine is neither handled nor lost, and what was discarded from there is accounted for.
_PENDING = """
select event_id, payload -> 'only' as only from inbox where tenant_id = $1 and event_id is not null
union all select event_id, payload -> 'only' from quarantine where tenant_id = $1 and event_id is not null
"""
_EXPLAINED = """
select w.workflow_id, w.event_id
from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as w(workflow_id, event_id, execution_id)
where exists (select from executions_live l where l.tenant_id = $1 and l.id = w.execution_id)
   or exists (select from executions_done d where d.tenant_id = $1 and d.id = w.execution_id)
   or exists (select from misses m where m.tenant_id = $1 and m.workflow_id = w.workflow_id and m.event_id = w.event_id)
"""
_REFUSED = "select workflow_id, sum(refused) as refused from counters where tenant_id = $1 group by 1"
# Events of its last minute may have been handled by those who knew the settings of before.
_SETTINGS_SINCE = """
select max(at) + interval '1 minute' from audit where tenant_id = $1 and action = 'tenant.update'
  and after ?| array['currency', 'exchange_rates', 'timezone']
"""
_BY_SETTINGS = frozenset({FieldType.MONEY, FieldType.DATE, FieldType.DATE_TIME})
_PAGE = 5000


async def unhandled(
    connection: Connection, tenant_id: UUID, types: NodeTypes, catalog: Catalog
) -> list[dict[str, Any]]:
    """Events that passed a filter and yet have no execution and no reason. Cost: reads every retained event."""
    index = await _index(connection, tenant_id, types, catalog)
    pending: dict[UUID, set[str] | None] = {}  # None: for all workflows
    for row in await connection.fetch(_PENDING, tenant_id):
        known = pending.setdefault(row["event_id"], set())
        pending[row["event_id"]] = known | set(row["only"]) if row["only"] is not None and known is not None else None
    settings_since: datetime | None = await connection.fetchval(_SETTINGS_SINCE, tenant_id)
    found: list[dict[str, Any]] = []
    missing: list[tuple[ActiveTrigger, Event]] = []
    rows: dict[Ref, Row] = {}
    async for event in _events(connection, tenant_id):
        row = _replayed(rows, event, catalog)
        later = pending.get(event.id, frozenset[str]())
        if later is None or event.starts_nothing or not index.listens(event.type):
            continue
        started = _should_start(index, event, row, catalog)
        if settings_since is not None and event.occurred_at < settings_since:
            started = [trigger for trigger in started if not _reads_settings(trigger.plan, catalog)]
        missing += [(trigger, event) for trigger in started if str(trigger.workflow_id) not in later]
        if len(missing) >= _PAGE:  # nearly all have their execution: they are not kept until the end
            found += await _without_reason(connection, tenant_id, missing)
            missing = []
    return found + await _without_reason(connection, tenant_id, missing)


async def _index(connection: Connection, tenant_id: UUID, types: NodeTypes, catalog: Catalog) -> TriggerIndex:
    triggers: list[ActiveTrigger] = []
    for row in await connection.fetch(_SPANS, tenant_id):
        key = (row["workflow_id"], row["version"])
        plan = plan_of(row["definition"], types, catalog, key=key, name=row["key"])
        triggers.append(ActiveTrigger(*key, plan, row["from_at"], row["to_at"]))
    return TriggerIndex(triggers)


async def _events(connection: Connection, tenant_id: UUID) -> AsyncIterator[Event]:
    """All events, each record's in order of revision: the order of ids is that within one record."""
    query = f"select {EVENT_COLUMNS} from events where tenant_id = $1 order by id"
    async for row in connection.cursor(query, tenant_id, prefetch=_PAGE):
        yield event_of(row)


def _replayed(rows: dict[Ref, Row], event: Event, catalog: Catalog) -> Row | None:
    """The record right after the event."""
    ref = event.record
    if ref is None:
        return None
    if event.type.endswith(".created"):
        values = {name: typed(ref.type, name, new) for name, (_, new) in event.changes.items()}
        rows[ref] = initial(ref.type, values, catalog, event.occurred_at)
    row = rows.setdefault(ref, {"id": ref.id})
    for name, (_, new) in event.changes.items():
        if name.startswith("custom."):
            row["custom"] = {**(row.get("custom") or {}), name[7:]: new}
        else:
            row[name] = typed(ref.type, name, new)
    row |= {"id": ref.id, "revision": event.revision}
    return dict(row)


def _should_start(index: TriggerIndex, event: Event, row: Row | None, catalog: Catalog) -> list[ActiveTrigger]:
    world = World(catalog, event.occurred_at, id_sequence(milliseconds_of(event.id), 0))
    scope = EventScope(event, row, world)
    found: dict[int, ActiveTrigger] = {}
    try:
        for trigger in index.candidates(scope):
            if trigger.covers(event.occurred_at) and passes(trigger.plan, scope):
                found[id(trigger)] = trigger
    except Need:
        return []
    return list(found.values())


def _reads_settings(plan: Plan, catalog: Catalog) -> bool:
    """Whether what its filter says of a record may depend on the tenant's currency, rates or zone."""
    for root, name in plan.when.reads if plan.when is not None else ():
        kind = (plan.record_type or "") if root == "record" else root
        field = schema(kind, catalog).get(name) if kind in RECORD_TYPES else None
        if field is None or field.type in _BY_SETTINGS:  # what has no type compares as what it looks like
            return True
    return False


async def _without_reason(
    connection: Connection, tenant_id: UUID, missing: list[tuple[ActiveTrigger, Event]]
) -> list[dict[str, Any]]:
    if not missing:
        return []
    ids = [execution_id(event.id, trigger.workflow_id) for trigger, event in missing]
    explained = {
        (row["workflow_id"], row["event_id"])
        for row in await connection.fetch(
            _EXPLAINED, tenant_id, [t.workflow_id for t, _ in missing], [e.id for _, e in missing], ids
        )
    }
    left = [(t, e) for t, e in missing if (t.workflow_id, e.id) not in explained]
    refused: Mapping[UUID, int] = {r["workflow_id"]: r["refused"] for r in await connection.fetch(_REFUSED, tenant_id)}
    return [_finding(t, e) for t, e in left if not _was_refused(t, refused)]


def _was_refused(trigger: ActiveTrigger, refused: Mapping[UUID, int]) -> bool:
    """Only the last refusals of a workflow are kept in full; beyond those the counter vouches for them."""
    return refused.get(trigger.workflow_id, 0) > 100


def _finding(trigger: ActiveTrigger, event: Event) -> dict[str, Any]:
    return {"workflow": trigger.plan.name, "version": trigger.version, "event": str(event.id), "type": event.type}
