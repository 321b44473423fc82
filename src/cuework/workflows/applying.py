"""Brings workflows from files into a tenant and back: known by their key, so that a file can be applied again.

Nothing changes where the file says what is there already. The caller's transaction makes several files one change.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from cuework.base.errors import Invalid
from cuework.crm.actor import Actor
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.registry import NodeTypes
from cuework.workflows import drafts, publish, text
from cuework.workflows.drafts import Draft, hash_of


class Change(StrEnum):
    """What applying a file came to."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one file. Shape: version is the number that was published, None if none was."""

    id: UUID
    key: str
    name: str
    change: Change
    version: int | None = None

    def as_json(self) -> dict[str, object]:
        """As the command line prints it."""
        return {"id": self.id, "key": self.key, "name": self.name, "change": self.change, "version": self.version}


async def apply(
    connection: Connection,
    actor: Actor,
    source: str,
    types: NodeTypes,
    catalog: Catalog,
    *,
    published: bool = False,
    note: str = "",
) -> Applied:
    """The workflow with the file's key has the file's definition as its draft, and live if so asked.

    A file without a key makes a new workflow each time. Errors: Malformed, Invalid with lines.
    """
    definition, marks = text.parse(source)
    problems = drafts.check(definition, types, catalog)[1]
    if problems:
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        raise text.located(Invalid(f"The definition has {count}.", problems), marks)
    key = definition.get("key")
    identity = await drafts.find(connection, actor.tenant_id, key) if key else None
    change = Change.CREATED
    if identity is None:
        identity = await drafts.create(connection, actor, Draft(definition, source))
    else:
        old = await drafts.load(connection, actor.tenant_id, identity, lock=True)
        change = Change.UNCHANGED
        if hash_of(old["definition"]) != hash_of(drafts.storable(definition)) or old["source"] != source:
            change = Change.UPDATED
            await drafts.save(connection, actor, identity, Draft(definition, source))
    row = await drafts.load(connection, actor.tenant_id, identity)
    version = None
    if published and not await _is_live(connection, actor.tenant_id, row["id"], hash_of(row["definition"])):
        version = (await publish.publish(connection, actor, identity, types, catalog, note=note)).version
    return Applied(identity, row["key"], row["name"], change, version)


async def export(connection: Connection, tenant_id: UUID, keys: list[str]) -> dict[str, str]:
    """The drafts as YAML by key, as they were written or as they read best; no keys mean all that are not archived.

    Errors: NotFound is the caller's: a key that is not there is not in the answer.
    """
    query = """select key, name, definition, source from workflows
    where tenant_id = $1 and (key = any($2::text[]) or ($2 = '{}' and status <> 'archived')) order by key"""
    rows = await connection.fetch(query, tenant_id, keys)
    return {row["key"]: _with_key(row["source"], row["key"], row["name"], row["definition"]) for row in rows}


def _with_key(source: str | None, key: str, name: str, definition: dict[str, object]) -> str:
    """The text, which names its key: so that applying it elsewhere, or again, finds the same workflow."""
    if source is not None and text.parse(source)[0].get("key") == key:
        return source
    return text.dump({"name": name, **definition, "key": key})


async def _is_live(connection: Connection, tenant_id: UUID, workflow_id: UUID, fingerprint: str) -> bool:
    query = """select exists (select from workflows w join workflow_versions v
      on v.tenant_id = w.tenant_id and v.workflow_id = w.id and v.version = w.published_version
    where w.tenant_id = $1 and w.id = $2 and w.status = 'published' and v.hash = $3)"""
    return await connection.fetchval(query, tenant_id, workflow_id, fingerprint)
