"""Creates, changes, deletes and restores one record for a request: the row, its event and its input, or nothing.

Loads under lock into a World, changes there, flushes; the caller's transaction commits. Many records at once
are bulk_write's. Must not know HTTP, and must not write a record past the World.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import randbits
from typing import Any
from uuid import UUID

from cuework.base.errors import Invalid, NotFound, Problem, Stale
from cuework.base.ids import id_sequence
from cuework.base.time import milliseconds
from cuework.crm.actor import Actor
from cuework.crm.flush import flush
from cuework.crm.references import check_references
from cuework.crm.rows import load
from cuework.crm.uniqueness import unique_or_conflict
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.events import Cause, Ref
from cuework.engine.values import coerce_fields
from cuework.engine.world import Row, World


@dataclass(frozen=True, slots=True)
class Writer:
    """A request's transaction, the tenant's set-up, and who or what makes the changes."""

    connection: Connection
    catalog: Catalog
    cause: Cause

    @property
    def tenant_id(self) -> UUID:
        """The tenant of the transaction."""
        return self.catalog.tenant_id


def writer(connection: Connection, catalog: Catalog, actor: Actor, /) -> Writer:
    """A writer in the actor's name."""
    return Writer(connection, catalog, Cause(actor.type, actor.id))


async def new_world(connection: Connection, catalog: Catalog, /) -> World:
    """A world of now, by the database's clock: events, publications and waits of all machines share it.

    Make it after the locks are held, so that a record's later event is not the earlier one. Cost: one round trip.
    """
    now = await connection.fetchval("select clock_timestamp()")
    return World(catalog, now, id_sequence(milliseconds(now), randbits(48)))


async def create(by: Writer, kind: str, fields: Mapping[str, Any]) -> Row:
    """The record exists. Shape: fields as the API spells them. Errors: Invalid; Conflict for a taken email or id."""
    values = await checked(by, kind, fields)
    world = await new_world(by.connection, by.catalog)
    row = world.create(kind, values, by.cause)
    require(kind, row)
    async with unique_or_conflict(by.connection, by.tenant_id, kind, values):
        await flush(by.connection, by.tenant_id, world)
    return row


async def update(by: Writer, ref: Ref, fields: Mapping[str, Any], *, expected: int | None = None) -> Row:
    """The record has these fields, the others as they were; what changes nothing makes no event.

    Errors: NotFound; Stale if it has not the expected revision; Invalid; Conflict.
    """
    row = await _locked(by, ref, expected)
    values = await checked(by, ref.type, fields, row)
    world = await new_world(by.connection, by.catalog)
    world.rows[ref] = row
    if world.update(ref, values, by.cause):
        async with unique_or_conflict(by.connection, by.tenant_id, ref.type, values):
            await flush(by.connection, by.tenant_id, world)
    return row


async def delete(by: Writer, ref: Ref, *, expected: int | None = None) -> Row:
    """The record is out of sight until it is restored. Errors: NotFound, Stale."""
    row = await _locked(by, ref, expected)
    return await _set_deleted(by, ref, row, deleted=True)


async def restore(by: Writer, ref: Ref, *, expected: int | None = None) -> Row:
    """A deleted record is back; one that is not deleted stays as it is.

    Errors: NotFound, Stale; Conflict if its email was given to another contact meanwhile.
    """
    row = await _locked(by, ref, expected, deleted=True)
    return row if row["deleted_at"] is None else await _set_deleted(by, ref, row, deleted=False)


async def checked(by: Writer, kind: str, fields: Mapping[str, Any], row: Row | None = None) -> dict[str, Any]:
    """The fields as canonical values. Errors: Invalid names every field that is wrong."""
    values, problems = coerce_fields(kind, fields, by.catalog, row=row)
    found = await check_references(by.connection, by.catalog, kind, [("", values, row)])
    problems = [*problems, *found[0]]
    if problems:
        raise Invalid(_sentence(problems), problems)
    return values


def require(kind: str, row: Row) -> None:
    """Nothing happens if a new record has what its type cannot be without. Errors: Invalid."""
    if problems := missing(kind, row):
        raise Invalid(_sentence(problems), problems)


def missing(kind: str, row: Row) -> list[Problem]:
    """What a new record lacks."""
    if kind in _NAMED and not row[_NAMED[kind]]:
        return [Problem(_NAMED[kind], "is required")]
    if kind == "deal" and row["stage_id"] is None:
        return [Problem("pipeline_id", "there is no pipeline with a stage; make one first")]
    return []


_NAMED = {"company": "name", "deal": "name", "task": "title"}


async def _locked(by: Writer, ref: Ref, expected: int | None, *, deleted: bool = False) -> Row:
    row = (await load(by.connection, by.tenant_id, [ref], by.catalog))[ref]
    if row is None or (row["deleted_at"] is not None and not deleted):
        raise NotFound(f"There is no {ref.type} {ref.id}.")
    if expected is not None and row["revision"] != expected:
        now = row["revision"]
        raise Stale(f"It has revision {now} now, not {expected}. Read it again, then repeat your change.", revision=now)
    return row


async def _set_deleted(by: Writer, ref: Ref, row: Row, *, deleted: bool) -> Row:
    world = await new_world(by.connection, by.catalog)
    world.rows[ref] = row
    at = world.now if deleted else None
    world.update(ref, {"deleted_at": at}, by.cause, verb="deleted" if deleted else "restored")
    async with unique_or_conflict(by.connection, by.tenant_id, ref.type, {} if deleted else row):
        await flush(by.connection, by.tenant_id, world)
    return row


def _sentence(problems: list[Problem]) -> str:
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{first.path}: {first.message}{more}" if first.path else first.message + more
