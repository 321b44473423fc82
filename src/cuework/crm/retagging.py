"""Contacts that carry one tag carry another instead, a batch at a time, through the one write path.

Each contact has a new revision and an event, as by any mass edit (docs/decisions/0015). Contacts that somebody holds
right now are left for later, so a batch waits for nobody. Must not know HTTP, and must not begin jobs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from cuework.crm.bulk_write import Workflows
from cuework.crm.catalog import touch
from cuework.crm.flush import flush, flush_quietly
from cuework.crm.rows import load
from cuework.crm.write import Writer, new_world
from cuework.engine.events import Ref

BATCH = 500

# In order of id, so that a batch goes on where the one before ended and reads each contact once.
_CARRIERS = """
select id from contacts
where tenant_id = $1 and id > $2 and $3 = any(tags) and deleted_at is null and not id = any($4::uuid[])
order by id limit $5 for no key update skip locked
"""
_LEFT = "select count(*) from contacts where tenant_id = $1 and $2 = any(tags) and deleted_at is null"
_FORGET = "delete from tags where tenant_id = $1 and name = $2"


@dataclass(frozen=True, slots=True)
class Retag:
    """Which tag gives way to which, what that may start, and the batch that the events name."""

    tag: str
    into: str
    workflows: Workflows
    batch_id: UUID

    def as_request(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {"tag": self.tag, "into": self.into, "workflows": self.workflows.value, "batch_id": self.batch_id}


@dataclass(frozen=True, slots=True)
class Progress:
    """What a batch did, and how many carry the tag still.

    Shape: after is where the next batch goes on; None behind the last contact, and then who is left was held by
    somebody, or was given the tag meanwhile.
    """

    done: int
    after: UUID | None
    left: int


def retag_of(request: Mapping[str, Any]) -> Retag:
    """What a job was asked for."""
    batch_id = UUID(str(request["batch_id"]))
    return Retag(request["tag"], request["into"], Workflows(request["workflows"]), batch_id)


async def retag_next(by: Writer, asked: Retag, *, after: UUID | None = None, busy: Collection[UUID] = ()) -> Progress:
    """The next contacts behind that id carry the other tag; behind the last one, the tag is not offered any more.

    Shape: busy are contacts that the caller's transaction has read already and may yet write.
    Cost: reads the contacts until the batch is full, and behind the last one all of them.
    """
    place = (after or UUID(int=0), asked.tag, list(busy), BATCH)
    rows = await by.connection.fetch(_CARRIERS, by.tenant_id, *place)
    if rows:
        await _write(by, asked, [Ref("contact", row["id"]) for row in rows])
    if len(rows) == BATCH and after is not None:  # how many are left is asked for in the first and in the last batch
        return Progress(len(rows), rows[-1]["id"], 0)
    left: int = await by.connection.fetchval(_LEFT, by.tenant_id, asked.tag)
    if left == 0:
        await by.connection.execute(_FORGET, by.tenant_id, asked.tag)
        await touch(by.connection, by.tenant_id)
    return Progress(len(rows), rows[-1]["id"] if len(rows) == BATCH and left else None, left)


async def _write(by: Writer, asked: Retag, refs: list[Ref]) -> None:
    found = await load(by.connection, by.tenant_id, refs, by.catalog)
    world = await new_world(by.connection, by.catalog)
    world.rows.update(found)
    cause = replace(by.cause, batch_id=asked.batch_id, bulk=True)
    for ref, row in found.items():
        if row is not None:
            tags = [asked.into if tag == asked.tag else tag for tag in row["tags"]]
            world.update(ref, {"tags": tags}, cause)  # which keeps one of each
    write = flush_quietly if asked.workflows is Workflows.NONE else flush
    await write(by.connection, by.tenant_id, world)
