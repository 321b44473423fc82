"""Drafts: what people are still writing. A draft may be saved while it is wrong; only publishing insists.

Every change is one row and one line in the audit log. Must not touch versions, spans or executions.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import orjson

from cuework.base.errors import Conflict, Invalid, NotFound, Problem
from cuework.base.ids import new_id
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.setup import check_revision
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.plan import Plan, compile_plan
from cuework.engine.registry import NodeTypes
from cuework.workflows.cautions import cautions
from cuework.workflows.chain_loops import loops
from cuework.workflows.steps import with_ids

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
UNNAMED = "Untitled workflow"

_LOAD = """
select id, key, name, status, paused_at, definition, source, published_version, owner_id, folder, tags, revision,
  created_at, updated_at
from workflows where tenant_id = $1 and id = $2
"""
_INSERT = """
insert into workflows (tenant_id, id, key, name, definition, source, owner_id, folder, tags)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_SAVE = """
update workflows set name = $3, definition = $4, source = $5, owner_id = $6, folder = $7, tags = $8,
  revision = revision + 1, updated_at = clock_timestamp()
where tenant_id = $1 and id = $2
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be saved. Shape: source is the YAML it was written in, None when it came as JSON."""

    definition: Mapping[str, Any]
    source: str | None = None
    owner_id: UUID | None = None


def check(definition: Any, types: NodeTypes, catalog: Catalog) -> tuple[Plan | None, list[Problem]]:
    """The plan, or every problem that keeps it from being published."""
    try:
        return compile_plan(definition, types, catalog), []
    except Invalid as error:
        return None, list(error.problems) or [Problem("", error.detail)]


async def review(
    connection: Connection,
    tenant_id: UUID,
    definition: Mapping[str, Any],
    types: NodeTypes,
    catalog: Catalog,
    *,
    workflow_id: UUID | None = None,
) -> list[Problem]:
    """Every problem; of a definition without any, what it warns of. Cost: at most one query."""
    plan, problems = check(definition, types, catalog)
    if plan is None:
        return problems
    return [*cautions(definition, plan, catalog), *await loops(connection, tenant_id, workflow_id, definition, types)]


def hash_of(definition: Mapping[str, Any]) -> str:
    """A fingerprint of a definition, whatever the order of its fields. Its key, which never changes, is left out."""
    told = {name: value for name, value in definition.items() if name != "key"}
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def storable(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition as it is kept: every step with its id. Errors: Invalid for what JSON cannot hold."""
    try:
        orjson.dumps(kept := with_ids(definition))
    except (TypeError, RecursionError) as error:
        raise Invalid("The definition cannot be kept.", [Problem("", f"{error}.")]) from None
    return kept


async def load(connection: Connection, tenant_id: UUID, workflow_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    """The workflow's row, locked until the commit if so asked. Errors: NotFound."""
    row = await connection.fetchrow(_LOAD + ("for update" if lock else ""), tenant_id, workflow_id)
    if row is None:
        raise NotFound(f"There is no workflow {workflow_id}.")
    return dict(row)


async def create(connection: Connection, actor: Actor, draft: Draft, *, key: str | None = None) -> UUID:
    """A new workflow exists as a draft. Errors: Conflict names the workflow that has its key; Invalid."""
    definition = storable(draft.definition)
    name = _name(definition) or UNNAMED
    wanted = _wanted_key(definition.get("key") if key is None else key)
    chosen = wanted or await _free_key(connection, actor.tenant_id, _slug(name))
    identity = new_id()
    if wanted:
        await _refuse_taken(connection, actor.tenant_id, wanted)
    row = (name, definition, draft.source, draft.owner_id or actor.user_id, *_shelf(definition))
    await connection.execute(_INSERT, actor.tenant_id, identity, chosen, *row)
    after = {"key": chosen, "name": name, "definition": definition}
    await audit.record(connection, actor, "workflow.create", Subject("workflow", identity, name), after=after)
    return identity


async def save(
    connection: Connection, actor: Actor, workflow_id: UUID, draft: Draft, *, expected: int | None = None
) -> None:
    """The workflow's draft is this one, right or wrong. Errors: NotFound; Stale; Invalid for another key."""
    old = await load(connection, actor.tenant_id, workflow_id, lock=True)
    check_revision(expected, old["revision"])
    definition = storable(draft.definition)
    if definition.get("key") not in (None, old["key"]):
        problem = Problem("key", f"The workflow's key is {old['key']} and stays so.", "leave it out, or duplicate")
        raise Invalid("A workflow keeps its key.", [problem])
    name = _name(definition) or old["name"]
    owner_id = draft.owner_id or old["owner_id"]
    row = (name, definition, draft.source, owner_id, *_shelf(definition))
    await connection.execute(_SAVE, actor.tenant_id, workflow_id, *row)
    before = {"name": old["name"], "definition": old["definition"], "owner_id": old["owner_id"]}
    after = {"name": name, "definition": definition, "owner_id": owner_id}
    subject = Subject("workflow", workflow_id, name)
    await audit.record(connection, actor, "workflow.save", subject, before=before, after=after)


async def duplicate(connection: Connection, actor: Actor, workflow_id: UUID, *, name: str | None = None) -> UUID:
    """A new draft with the same definition, under another name and key. Errors: NotFound."""
    old = await load(connection, actor.tenant_id, workflow_id)
    title = (name or f"Copy of {old['name']}")[:200]
    definition = {**old["definition"], "name": title}
    definition.pop("key", None)
    return await create(connection, actor, Draft(definition))


async def delete(connection: Connection, actor: Actor, workflow_id: UUID, *, expected: int | None = None) -> None:
    """A draft that was never published is gone. Errors: NotFound; Stale; Conflict for any other workflow."""
    old = await load(connection, actor.tenant_id, workflow_id, lock=True)
    check_revision(expected, old["revision"])
    if old["published_version"] is not None:
        raise Conflict(f"{old['name']} was published, so its history stays. Archive it instead.")
    await connection.execute("delete from workflows where tenant_id = $1 and id = $2", actor.tenant_id, workflow_id)
    before = {"key": old["key"], "name": old["name"], "definition": old["definition"]}
    subject = Subject("workflow", workflow_id, old["name"])
    await audit.record(connection, actor, "workflow.delete", subject, before=before)


async def find(connection: Connection, tenant_id: UUID, key: str) -> UUID | None:
    """The workflow of that key."""
    return await connection.fetchval("select id from workflows where tenant_id = $1 and key = $2", tenant_id, key)


def _name(definition: Mapping[str, Any]) -> str | None:
    name = definition.get("name")
    return name.strip()[:200] or None if isinstance(name, str) else None


def _shelf(definition: Mapping[str, Any]) -> tuple[str | None, list[str]]:
    """Where the list of workflows shows it: folder and tags, as far as they are right."""
    folder, tags = definition.get("folder"), definition.get("tags")
    kept = [tag[:100] for tag in cast("list[Any]", tags) if isinstance(tag, str)] if isinstance(tags, list) else []
    return (folder[:100] if isinstance(folder, str) and folder else None), kept[:20]


def _wanted_key(key: Any) -> str | None:
    if key is None:
        return None
    if not isinstance(key, str) or KEY.fullmatch(key) is None:
        raise Invalid("This is no key for a workflow.", [Problem("key", "use 1 to 80 of a-z, 0-9 and hyphens")])
    return key


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:70].strip("-") or "workflow"


async def _free_key(connection: Connection, tenant_id: UUID, slug: str) -> str:
    """The slug, or the slug with the first number that makes it free."""
    query = "select key from workflows where tenant_id = $1 and (key = $2 or key like $3)"
    taken = {row["key"] for row in await connection.fetch(query, tenant_id, slug, f"{slug}-%")}
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(key for key in numbered if key not in taken)


async def _refuse_taken(connection: Connection, tenant_id: UUID, key: str) -> None:
    existing = await find(connection, tenant_id, key)
    if existing is not None:
        problem = Problem("key", f"The key {key} is taken.", "choose another, or leave it out")
        raise Conflict(f"There is a workflow with the key {key}.", [problem], existing_id=str(existing))
