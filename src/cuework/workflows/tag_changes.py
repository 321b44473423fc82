"""Renaming a tag, and merging one into another: the contacts that carry it follow, many of them by a job.

The first batch is written with the request, so that most changes are whole when it is answered. A job does the rest;
until it is done both tags are there. Workflows that name the tag are named first, for their definitions stay as they
are (docs/decisions/0015).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, Invalid, NotFound, Problem
from cuework.base.ids import new_id
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.bulk_write import Workflows
from cuework.crm.catalog import load_catalog, touch
from cuework.crm.deletion import refuse_if_used
from cuework.crm.retagging import Retag, retag_next
from cuework.crm.write import writer
from cuework.db.pool import Connection
from cuework.workflows import jobs

_TAGS = """
select name, color, created_at from tags where tenant_id = $1 and name = any($2::text[]) order by name for update
"""
_OFFER = """
insert into tags (tenant_id, name, color, created_at) values ($1, $2, $3, $4)
on conflict do nothing returning name, color, created_at
"""
_COLOR = "update tags set color = $3 where tenant_id = $1 and name = $2 returning name, color, created_at"
_UNDER_WAY = """
select id from jobs where tenant_id = $1 and kind = 'retag' and state = 'running'
  and (request ->> 'tag' = any($2::text[]) or request ->> 'into' = any($2::text[])) limit 1
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """The tag that is there now, how many contacts have followed, and the job that does the others."""

    tag: Mapping[str, Any]
    contacts: int = 0
    job_id: UUID | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What became of the contacts, for the log."""
        return {"contacts": self.contacts} | ({"job_id": self.job_id} if self.job_id else {})


async def change(
    connection: Connection,
    actor: Actor,
    name: str,
    changes: Mapping[str, Any],
    *,
    workflows: Workflows = Workflows.NONE,
    anyway: bool = False,
) -> Changed:
    """The tag has that color, and that name for all contacts who carry it.

    Errors: NotFound; Conflict for a name that another tag has, or while workflows use the old one, unless `anyway`.
    """
    before = (await _held(connection, actor, name))[name]
    new: str = changes.get("name") or name
    color = changes.get("color", before["color"])
    if new == name:
        row = await connection.fetchrow(_COLOR, actor.tenant_id, name, color)
        assert row is not None
        changed = Changed(dict(row))
    else:
        await _refuse_under_way(connection, actor, name, new)
        await refuse_if_used(connection, actor, "tag", name, anyway=anyway)
        row = await connection.fetchrow(_OFFER, actor.tenant_id, new, color, before["created_at"])
        if row is None:
            raise _taken(name, new)
        changed = await _begin(connection, actor, dict(row), Retag(name, new, workflows, new_id()))
    old = {"name": name, "color": before["color"]}
    after = {"name": new, "color": color} | (changed.told if new != name else {})
    if after != old:
        await _note(connection, actor, "tag.update", name, old, after)
    return changed


async def merge(
    connection: Connection,
    actor: Actor,
    name: str,
    into: str,
    *,
    workflows: Workflows = Workflows.NONE,
    anyway: bool = False,
) -> Changed:
    """Contacts who carried the tag carry the other one, once, and the tag is gone.

    Errors: NotFound; Invalid for another one that is not there; Conflict while workflows use it, unless `anyway`.
    """
    if name == into:
        raise Invalid("A tag cannot be merged into itself.", [Problem("into", "is the tag itself")])
    held = await _held(connection, actor, name, into)
    if into not in held:
        problem = Problem("into", "is no tag that there is")
        raise Invalid(f"There is no tag {into} to merge {name} into. To rename it, change its name.", [problem])
    await _refuse_under_way(connection, actor, name, into)
    await refuse_if_used(connection, actor, "tag", name, anyway=anyway)
    changed = await _begin(connection, actor, held[into], Retag(name, into, workflows, new_id()))
    old = {"name": name, "color": held[name]["color"]}
    await _note(connection, actor, "tag.merge", name, old, {"name": into, "color": held[into]["color"], **changed.told})
    return changed


async def _begin(connection: Connection, actor: Actor, tag: Mapping[str, Any], asked: Retag) -> Changed:
    """The first batch is written, and a job does the others if there are any."""
    by = writer(connection, await load_catalog(connection, actor.tenant_id), actor)
    first = await retag_next(by, asked)
    if first.left == 0:
        return Changed(tag, first.done)
    name = f"Tag {asked.tag} becomes {asked.into}"
    job_id = await jobs.start(connection, actor, "retag", asked.as_request(), name=name, total=first.left)
    return Changed(tag, first.done, job_id)


async def _held(connection: Connection, actor: Actor, *names: str) -> dict[str, dict[str, Any]]:
    """The tags that are there, which nobody else changes until the commit. Errors: NotFound for the first."""
    rows = await connection.fetch(_TAGS, actor.tenant_id, list(names))
    found = {row["name"]: dict(row) for row in rows}
    if names[0] not in found:
        raise NotFound(f"There is no tag {names[0]}.")
    return found


async def _refuse_under_way(connection: Connection, actor: Actor, *names: str) -> None:
    job_id = await connection.fetchval(_UNDER_WAY, actor.tenant_id, list(names))
    if job_id is not None:
        detail = "Contacts are being given another tag by a job that is not done yet. Wait for it, or cancel it."
        raise Conflict(detail, job_id=str(job_id))


def _taken(name: str, new: str) -> Conflict:
    return Conflict(
        f"There is a tag {new} already. To make one tag of both, merge {name} into it: "
        'POST /tags/{name}/merge with {"into": ...}.',
        [Problem("name", f"is that of another tag, {new}")],
        existing=new,
        merge={"into": new},
    )


async def _note(
    connection: Connection,
    actor: Actor,
    action: str,
    name: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    await audit.record(connection, actor, action, Subject("tag", None, name), before=before, after=after)
    await touch(connection, actor.tenant_id)
