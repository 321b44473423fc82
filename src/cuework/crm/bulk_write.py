"""Creates and changes up to a thousand records at once: what is wrong fails alone, the rest commits together.

A handful of statements whatever the number of items: one that loads and locks, one that checks references, one
or two for uniqueness, one insert or update per table. Must not write past the World.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from cuework.base.errors import Problem, Unavailable
from cuework.base.ids import new_id
from cuework.crm.flush import flush, flush_quietly
from cuework.crm.references import check_references
from cuework.crm.rows import load
from cuework.crm.uniqueness import Taken, find_taken
from cuework.crm.write import Writer, missing, new_world
from cuework.engine.events import Ref
from cuework.engine.values import coerce_fields
from cuework.engine.world import Row, World

MOST = 1_000
_TRIES = 3


class Workflows(StrEnum):
    """What the changes start: nothing, workflows at bulk priority, or workflows once somebody released them."""

    NONE = "none"
    BULK = "bulk"
    HOLD = "hold"


@dataclass(slots=True)
class Item:
    """One record of the batch, and what became of it.

    Shape: path is its place in the request (create.0); status is created, updated, unchanged or failed.
    """

    operation: str
    index: int
    sent: Any
    ref: Ref | None = None
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    row: Row | None = None
    problems: list[Problem] = field(default_factory=list[Problem])
    status: str = "failed"

    @property
    def path(self) -> str:
        """Where it stands in the request."""
        return f"{self.operation}.{self.index}"

    def refuse(self, name: str, message: str) -> None:
        """The item fails, for this reason."""
        self.problems.append(Problem(f"{self.path}.{name}" if name else self.path, message))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was written; its events carry the id."""

    id: UUID
    items: Sequence[Item]


async def write_many(
    by: Writer, kind: str, creates: Sequence[Any], updates: Sequence[Any], workflows: Workflows
) -> Batch:
    """Every valid item is written, each other one says why not.

    Errors: Unavailable if other writers took the same emails three times in a row meanwhile.
    """
    batch_id = new_id()
    by = replace(by, cause=replace(by.cause, batch_id=batch_id, bulk=True))
    for _ in range(_TRIES):
        items = _items(kind, creates, updates)
        await by.connection.execute("savepoint before_batch")
        try:
            await _write(by, kind, items, workflows)
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            await by.connection.execute("rollback to savepoint before_batch")
        else:
            return Batch(batch_id, items)
    raise Unavailable("Other requests write the same records right now. Nothing was changed; try again in a moment.")


def _items(kind: str, creates: Sequence[Any], updates: Sequence[Any]) -> list[Item]:
    items = [Item("create", index, sent) for index, sent in enumerate(creates)]
    items += [Item("update", index, sent) for index, sent in enumerate(updates)]
    seen: dict[UUID, str] = {}
    for item in items:
        if not isinstance(item.sent, Mapping):
            item.refuse("", "is no object of fields")
        elif item.operation == "update":
            _identify(kind, item, seen)
    return items


def _identify(kind: str, item: Item, seen: dict[UUID, str]) -> None:
    try:
        identity = UUID(str(item.sent.get("id")))
    except ValueError:
        item.refuse("id", "is required: the id of the record to change")
        return
    if identity in seen:
        item.refuse("id", f"is in this request already, as {seen[identity]}")
        return
    seen[identity] = item.path
    item.ref = Ref(kind, identity)


async def _write(by: Writer, kind: str, items: Sequence[Item], workflows: Workflows) -> None:
    await _load(by, items)
    for item in _sound(items):
        sent = {name: value for name, value in item.sent.items() if name != "id" or item.operation == "create"}
        item.values, problems = coerce_fields(kind, sent, by.catalog, item.path, row=item.row)
        item.problems += problems
    sound = _sound(items)
    checked = [(item.path, item.values, item.row) for item in sound]
    for item, problems in zip(sound, await check_references(by.connection, by.catalog, kind, checked), strict=True):
        item.problems += problems
    await _refuse_taken(by, kind, _sound(items))
    world = await new_world(by.connection, by.catalog)
    for item in _sound(items):
        _apply(by, kind, item, world)
    write = flush_quietly if workflows is Workflows.NONE else flush
    await write(by.connection, by.tenant_id, world)


async def _load(by: Writer, items: Sequence[Item]) -> None:
    refs = [item.ref for item in items if item.ref is not None]
    rows = await load(by.connection, by.tenant_id, refs, by.catalog) if refs else {}
    for item in items:
        if item.ref is not None:
            row = rows[item.ref]
            if row is None or row["deleted_at"] is not None:
                item.refuse("id", f"there is no {item.ref.type} {item.ref.id}")
            item.row = row


async def _refuse_taken(by: Writer, kind: str, items: Sequence[Item]) -> None:
    """Items whose email or external id another record has, or an item before them, fail."""
    wanted = [item.values for item in items]
    for name, owners in (await find_taken(by.connection, by.tenant_id, kind, wanted)).items():
        claimed: dict[str, str] = {}
        for item in items:
            value = item.values.get(name)
            if value is None or item.problems:
                continue
            key = Taken.key(name, value)
            owner = owners.get(key)
            if owner is not None and (item.ref is None or owner.id != item.ref.id):
                item.refuse(name, f"belongs to {kind} {owner.id}{owner.state}")
            elif key in claimed:
                item.refuse(name, f"is that of {claimed[key]} in this request too")
            else:
                claimed[key] = item.path


def _apply(by: Writer, kind: str, item: Item, world: World) -> None:
    if item.ref is not None:
        world.rows[item.ref] = item.row
        item.status = "updated" if world.update(item.ref, item.values, by.cause) else "unchanged"
        return
    before = len(world.events)
    row = world.create(kind, item.values, by.cause)
    ref = Ref(kind, row["id"])
    if lacking := missing(kind, row):
        del world.rows[ref], world.created[ref], world.events[before:]
        for problem in lacking:
            item.refuse(problem.path, problem.message)
        return
    item.ref, item.status = ref, "created"


def _sound(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.problems]
