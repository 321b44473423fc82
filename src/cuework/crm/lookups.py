"""Answers what steps ask inside a pass's transaction, for the whole batch at once.

Whoever calls has flushed pending writes, so an answer sees what earlier steps wrote.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from cuework.base import json
from cuework.base.errors import Invalid
from cuework.base.ids import id_at
from cuework.base.time import milliseconds
from cuework.crm.condition_sql import where_sql
from cuework.crm.events import EVENT_COLUMNS, event_of
from cuework.crm.rotations import turns_of
from cuework.crm.rows import TABLES, load, row_of
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.comparisons import money_factor
from cuework.engine.events import Event, Ref
from cuework.engine.lookups import EventsSince, FindByField, FindRecords, LeastLoaded, NextInRotation
from cuework.engine.world import World

_LATER = Ref("", UUID(int=0))  # somebody else is about to make it
_FOLDED = {"email": "lower(email)", "domain": "lower(domain)", "external_id": "external_id"}


async def fetch_records(connection: Connection, tenant_id: UUID, world: World, refs: Iterable[Ref]) -> set[Ref]:
    """The records are in the world, locked; the answer are those that somebody else holds right now.

    A record found late is never waited for: waiting out of order is how two passes deadlock.
    Cost: one query per type, one more where some are missing.
    """
    wanted = [ref for ref in refs if ref not in world.rows]
    found = await load(connection, tenant_id, wanted, world.catalog, lock="for no key update skip locked")
    missing = [ref for ref in wanted if found[ref] is None]
    held = {ref for ref in missing if await _exists(connection, tenant_id, ref)} if missing else set[Ref]()
    for ref, row in found.items():
        if ref not in held:
            world.rows[ref] = row
    return held


async def answer(
    connection: Connection, tenant_id: UUID, world: World, asked: Sequence[tuple[Any, str, Any]]
) -> set[Any]:
    """Every question has its answer in the world; returned are the questions that must be asked later.

    Questions that are asked together are answered as if one after the other: what is not there is somebody's to
    make first, and whoever was chosen as least loaded has one more.

    Shape: asked holds (execution id, visit, query). Cost: a query or two each, but for turns, which are taken together.
    """
    postponed: set[Any] = set()
    in_turn = [query for _, _, query in asked if isinstance(query, (NextInRotation, LeastLoaded))]
    turns = await turns_of(connection, tenant_id, in_turn)
    absent: set[FindByField] = set()
    for question in asked:
        query = question[2]
        match query:
            case FindByField():
                ref = await _find_or_claim(connection, tenant_id, query) if query not in absent else _LATER
                if ref is None:
                    absent.add(query)
                elif ref is _LATER or await fetch_records(connection, tenant_id, world, [ref]):
                    postponed.add(question)
                    continue
                world.answers[question] = ref
            case FindRecords():
                world.answers[question] = await _found(connection, tenant_id, world, query)
            case NextInRotation():
                world.answers[question] = turns.next_of(query)
            case LeastLoaded():
                world.answers[question] = turns.least_loaded(query)
            case EventsSince():
                world.answers[question] = await _events_since(connection, tenant_id, world, query)
            case _:
                raise TypeError(f"Nobody answers a {type(query).__name__}.")
    await turns.store()
    return postponed


async def _exists(connection: Connection, tenant_id: UUID, ref: Ref) -> bool:
    table = TABLES[ref.type].name
    return await connection.fetchval(
        f"select exists (select from {table} where tenant_id = $1 and id = $2)", tenant_id, ref.id
    )


async def _find_or_claim(connection: Connection, tenant_id: UUID, query: FindByField) -> Ref | None:
    """The record; None if there is none, and then nobody else may make it before the commit; or _LATER.

    Without the claim two passes that find nothing would both create it, and the unique index stop one of them.
    """
    ref = await _find_by_field(connection, tenant_id, query)
    if ref is not None:
        return ref
    name = f"{tenant_id}:{query.type}:{query.field}:{query.value.lower()}"
    claimed = await connection.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", name)
    return await _find_by_field(connection, tenant_id, query) if claimed else _LATER


async def _find_by_field(connection: Connection, tenant_id: UUID, query: FindByField) -> Ref | None:
    table = TABLES[query.type].name
    column = _FOLDED[query.field]
    value = "lower($2)" if column.startswith("lower") else "$2"
    identity = await connection.fetchval(
        f"""select id from {table} where tenant_id = $1 and {column} = {value} and {query.field} is not null
        and deleted_at is null order by created_at, id limit 1""",
        tenant_id,
        query.value,
    )
    return Ref(query.type, identity) if identity is not None else None


async def _found(connection: Connection, tenant_id: UUID, world: World, query: FindRecords) -> Any:
    """The rows; the error where the condition or the order cannot be searched by."""
    try:
        return await _find(connection, tenant_id, world, query)
    except Invalid as error:
        return error


async def _find(connection: Connection, tenant_id: UUID, world: World, query: FindRecords) -> list[dict[str, Any]]:
    table = TABLES[query.type]
    where, values = where_sql(json.loads(query.condition), query.type, world.catalog, now=world.now, first=3)
    order, more = _order(query.sort.removeprefix("-"), query.type, world.catalog, first=len(values) + 3)
    direction = "desc" if query.sort.startswith("-") else "asc"
    rows = await connection.fetch(
        f"""select {table.select} from {table.name} r where r.tenant_id = $1 and r.deleted_at is null and {where}
        order by {order} {direction} nulls last, r.id limit $2""",
        tenant_id,
        query.limit,
        *values,
        *more,
    )
    return [row_of(query.type, row, world.catalog) for row in rows]


def _order(name: str, kind: str, catalog: Catalog, *, first: int) -> tuple[str, list[Any]]:
    """What is sorted by, and its parameters: stages and pipelines in their own order, money by what it is worth."""
    if name in TABLES[kind].columns:
        return f"r.{name}", []
    if (kind, name) == ("deal", "value"):
        factors = {code: money_factor(code, catalog) for code in (*catalog.rates, catalog.currency)}
        known = {code: Decimal(each.numerator) / each.denominator for code, each in factors.items() if each}
        rates = f"unnest(${first}::text[], ${first + 1}::numeric[]) as rate(code, worth)"
        worth = f"(select rate.worth from {rates} where rate.code = r.value_currency)"
        return f"r.value_amount * {worth}", [list(known), list(known.values())]
    if (kind, name) in (("deal", "stage"), ("deal", "pipeline")):
        stages = list(catalog.stage_by_id) if name == "stage" else [each.id for each in catalog.pipelines]
        return f"array_position(${first}::uuid[], r.{name}_id)", [stages]
    raise Invalid(f"A {kind} cannot be sorted by {name[:80]}.")


async def _events_since(connection: Connection, tenant_id: UUID, world: World, query: EventsSince) -> list[Event]:
    """Those of the log, then those that this pass has made and not written yet."""
    rows = await connection.fetch(
        f"""select {EVENT_COLUMNS} from events where tenant_id = $1 and record_id = $2 and type = any($3::text[])
        and (occurred_at, id) > ($4, $5) and id >= $6 order by id limit $7""",
        tenant_id,
        query.record,
        list(query.types),
        query.since,
        query.mark,
        id_at(milliseconds(query.since), 0) if query.after is None else UUID(int=query.after.int + 1),
        query.limit,
    )
    logged = [event_of(row) for row in rows]
    known = {event.id for event in logged}
    pending = [event for event in world.events if query.asks_for(event) and event.id not in known]
    return [*logged, *pending][: query.limit]
