"""Writes what a World holds: the database half of the one write path, for requests and passes alike.

Everything is set-based: one statement per table, whatever the number of rows. The caller's transaction
makes records, events and inbox true together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from cuework.base.ids import lane_of, new_id
from cuework.base.json import dumps_text
from cuework.crm.rows import LOCK_ORDER, TABLES, columns_of
from cuework.crm.uniqueness import unique_key
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.engine.events import Event, Ref
from cuework.engine.world import Row, World

_EVENT = {
    "id": "uuid",
    "type": "text",
    "record_type": "text",
    "record_id": "uuid",
    "revision": "bigint",
    "occurred_at": "timestamptz",
    "changes": "jsonb",
    "data": "jsonb",
    "actor_type": "text",
    "actor_id": "uuid",
    "execution_id": "uuid",
    "root_id": "uuid",
    "hops": "smallint",
    "workflows": "uuid[]",
    "batch_id": "uuid",
}
_INBOX = {
    "id": "uuid",
    "lane": "smallint",
    "kind": "text",
    "priority": "smallint",
    "revision": "bigint",
    "event_id": "uuid",
}
# Tables that steps append to: column types, in the order of insertion.
APPENDED: Mapping[str, Mapping[str, str]] = {
    "activities": {"id": "uuid", "type": "text", "record_type": "text", "record_id": "uuid", "text": "text"}
    | {"actor_type": "text", "actor_id": "uuid", "execution_id": "uuid", "occurred_at": "timestamptz"},
    "notifications": {"id": "uuid", "user_id": "uuid", "text": "text", "link": "text", "record_type": "text"}
    | {"record_id": "uuid", "execution_id": "uuid", "created_at": "timestamptz"},
}


async def flush(connection: Connection, tenant_id: UUID, world: World, inbox: Sequence[Event] | None = None) -> None:
    """Everything pending in the world is written, and the world has nothing pending any more.

    Shape: inbox are the events that must be handled later; None means all of them.
    Errors: asyncpg.IntegrityConstraintViolationError, after which the transaction is lost.
    Cost: a statement per table that is updated or gets many rows, and one for all else.
    """
    together = bulk.Together(connection)
    await flush_records(together, tenant_id, world)
    await write_events(together, tenant_id, world.events)
    await send(together, tenant_id, world.events if inbox is None else inbox)
    await together.send()
    world.events = []


async def flush_quietly(connection: Connection, tenant_id: UUID, world: World) -> None:
    """Everything pending is written, as by `flush`, and starts nothing: its events say so. Shape: they have a batch."""
    world.events = [event.quieted() for event in world.events]
    await flush(connection, tenant_id, world, [])


async def flush_records(connection: bulk.Writes, tenant_id: UUID, world: World, *, recurring: bool = False) -> None:
    """Pending records and appended rows are written, so that queries see them; events stay pending.

    Shape: recurring says that the same fields change again and again, as by steps: then updates may travel with
    inserts, at the price of a statement for each combination.
    """
    if world.created or world.updated:
        for kind in LOCK_ORDER:
            created = [row for ref, row in world.created.items() if ref.type == kind]
            updated = {ref: fields for ref, fields in world.updated.items() if ref.type == kind}
            alone = bool(updated) and (bool(created) or not recurring)
            if world.created and alone and isinstance(connection, bulk.Together):
                await connection.send()  # it may refer to new records of the kinds before it
            # What an update frees, a new record may take: the update comes before, and by itself.
            await _update_records(bulk.at_once(connection) if alone else connection, tenant_id, kind, updated, world)
            await _insert_records(connection, tenant_id, kind, created, world.known_tags)
        world.created, world.updated = {}, {}
    for table, rows in world.outbox.items():
        columns = APPENDED[table]
        await bulk.insert(connection, tenant_id, table, columns, [[row.get(name) for row in rows] for name in columns])
    world.outbox = {}


async def write_events(connection: bulk.Writes, tenant_id: UUID, events: Sequence[Event]) -> None:
    """The events are in the log."""
    if events:
        columns = [
            [event.id for event in events],
            [event.type for event in events],
            [event.record.type if event.record else None for event in events],
            [event.record.id if event.record else None for event in events],
            [event.revision for event in events],
            [event.occurred_at for event in events],
            [dumps_text(event.changes) for event in events],
            [_data(event) for event in events],
            [event.cause.actor_type for event in events],
            [event.cause.actor_id for event in events],
            [event.cause.execution_id for event in events],
            [event.root_id for event in events],
            [event.cause.hops for event in events],
            [_visited(event.cause.workflows) for event in events],
            [event.cause.batch_id for event in events],
        ]
        await bulk.insert(connection, tenant_id, "events", _EVENT, columns)


async def send(connection: bulk.Writes, tenant_id: UUID, events: Sequence[Event]) -> None:
    """Each event is an input of its record's lane."""
    if events:
        columns: list[list[Any]] = [
            [new_id() for _ in events],
            [lane_of(event.record.id if event.record else event.id) for event in events],
            ["event"] * len(events),
            [1 if event.cause.bulk else 0 for event in events],
            [event.revision for event in events],
            [event.id for event in events],
        ]
        await bulk.insert(connection, tenant_id, "inbox", _INBOX, columns)


@lru_cache(maxsize=1000)
def _visited(workflows: tuple[UUID, ...]) -> str:
    """Most events of a pass come from a few chains."""
    return bulk.array_text(workflows)


def _data(event: Event) -> str | None:
    if event.links:
        return dumps_text({**event.data, "links": event.links})
    return dumps_text(event.data) if event.data else None


async def _insert_records(
    connection: bulk.Writes, tenant_id: UUID, kind: str, rows: Sequence[Row], known_tags: set[str]
) -> None:
    if rows:
        table = TABLES[kind]
        # In one order everywhere: batches with the same emails wait for each other, and never in a circle.
        rows = sorted(rows, key=unique_key(kind))
        await bulk.insert(connection, tenant_id, table.name, table.columns, _columns(kind, table.columns, rows))
        await _remember_tags(connection, tenant_id, kind, rows, known_tags)


async def _update_records(
    connection: bulk.Writes, tenant_id: UUID, kind: str, touched: Mapping[Ref, set[str]], world: World
) -> None:
    if not touched:
        return
    table = TABLES[kind]
    fields = set[str]().union(*touched.values())
    names = ["id", *columns_of(kind, sorted(fields)), "revision", "updated_at"]
    rows = [row for ref in touched if (row := world.rows[ref]) is not None]
    columns = {name: table.columns[name] for name in names}
    await bulk.update(connection, tenant_id, table.name, columns, _columns(kind, columns, rows))
    if "tags" in fields:
        await _remember_tags(connection, tenant_id, kind, rows, world.known_tags)


async def _remember_tags(
    connection: bulk.Writes, tenant_id: UUID, kind: str, rows: Iterable[Row], known: set[str]
) -> None:
    """Tags in use are in the tenant's list of tags."""
    if kind == "contact":
        tags = sorted({tag for row in rows for tag in row["tags"]} - known)
        if tags:
            await bulk.insert(
                connection, tenant_id, "tags", {"name": "text"}, [tags], tail="on conflict (tenant_id, name) do nothing"
            )
            known.update(tags)


def _columns(kind: str, columns: Mapping[str, str], rows: Sequence[Row]) -> list[list[Any]]:
    return [[value(row) for row in rows] for value in (_reader(kind, name) for name in columns)]


def _reader(kind: str, column: str) -> Callable[[Row], Any]:
    if column == "custom":
        return lambda row: dumps_text(row["custom"]) if row["custom"] else "{}"
    if column == "tags":
        return lambda row: bulk.array_text(row["tags"])
    if column == "value_amount":
        return lambda row: row["value"].minor if row["value"] is not None else None
    if column == "value_currency":
        return lambda row: row["value"].currency if row["value"] is not None else None
    return itemgetter(column)
