"""Workflows as lists and pages show them: their state, and what they did lately, for any number in one query.

Reads only. What a version is and what a draft may be is decided elsewhere.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cuework.base.errors import NotFound
from cuework.db.pool import Connection
from cuework.engine.registry import NodeTypes
from cuework.workflows.drafts import hash_of
from cuework.workflows.vocabulary import trigger_summary

# Counting stops here: nobody needs to know more than that there are more.
MOST = 10_000

# Each look-up walks an index from its end, or counters, whose rows are folded hourly.
COLUMNS = f"""
  w.id, w.key, w.name, w.status, w.paused_at, w.definition, w.published_version, w.owner_id, w.folder, w.tags,
  w.revision, w.created_at, w.updated_at,
  (select v.hash from workflow_versions v
   where v.tenant_id = w.tenant_id and v.workflow_id = w.id and v.version = w.published_version) as published_hash,
  (select v.definition -> 'trigger' from workflow_versions v
   where v.tenant_id = w.tenant_id and v.workflow_id = w.id and v.version = w.published_version) as published_trigger,
  (select count(*) from (select from executions_live l
     where l.tenant_id = w.tenant_id and l.workflow_id = w.id and not l.test limit {MOST}) as live) as active,
  greatest(
    (select l.started_at from executions_live l where l.tenant_id = w.tenant_id and l.workflow_id = w.id
     order by l.id desc limit 1),
    (select d.started_at from executions_done d where d.tenant_id = w.tenant_id and d.workflow_id = w.id
     order by d.id desc limit 1)) as last_execution_at,
  (select coalesce(sum(c.started), 0) from counters c
   where c.tenant_id = w.tenant_id and c.workflow_id = w.id) as total,
  (select coalesce(sum(c.failed + c.with_errors), 0) from counters c
   where c.tenant_id = w.tenant_id and c.workflow_id = w.id
     and c.minute >= clock_timestamp() - interval '7 days') as errors_7d
"""
VERSION_COLUMNS = """
  v.version, v.note, v.published_at, v.published_by, u.name as publisher, v.definition, v.hash,
  exists (select from workflow_spans s where s.tenant_id = v.tenant_id and s.workflow_id = v.workflow_id
    and s.version = v.version and s.to_at is null) as live
"""
VERSIONS = """
workflow_versions v left join users u on u.tenant_id = v.tenant_id and u.id = v.published_by
where v.tenant_id = $1 and v.workflow_id = $2
"""
_COPIED = ("id", "key", "name", "status", "definition", "owner_id", "folder", "tags")
_TIMES = ("paused_at", "last_execution_at", "revision", "created_at", "updated_at")


def spelled(row: Mapping[str, Any], types: NodeTypes) -> dict[str, Any]:
    """The workflow as the API shows it. Shape: row has COLUMNS."""
    live = row["status"] == "published"
    version = row["published_version"]
    return {
        **{name: row[name] for name in _COPIED},
        "published": [{"version": version, "share": 100}] if live and version is not None else [],
        "published_version": version,
        "trigger_summary": _trigger_summary(row, types),
        "has_unpublished_changes": row["published_hash"] is None or hash_of(row["definition"]) != row["published_hash"],
        **{name: row[name] for name in _TIMES},
        "errors_7d": int(row["errors_7d"]),
        "stats": {"active": row["active"], "total": int(row["total"])},
    }


def _trigger_summary(row: Mapping[str, Any], types: NodeTypes) -> str | None:
    """The draft's trigger in words; without one that can be told, the published one's, which starts it."""
    return trigger_summary(row["definition"], types) or trigger_summary({"trigger": row["published_trigger"]}, types)


async def read(connection: Connection, tenant_id: UUID, workflow_id: UUID, types: NodeTypes) -> dict[str, Any]:
    """One workflow as the API shows it. Errors: NotFound. Cost: one query."""
    query = f"select {COLUMNS} from workflows w where w.tenant_id = $1 and w.id = $2"
    row = await connection.fetchrow(query, tenant_id, workflow_id)
    if row is None:
        raise NotFound(f"There is no workflow {workflow_id}.")
    return spelled(row, types)


def spelled_version(row: Mapping[str, Any]) -> dict[str, Any]:
    """The version as the API shows it: who published it, and whether it takes events. Shape: VERSION_COLUMNS."""
    by = {"id": row["published_by"], "name": row["publisher"]} if row["published_by"] else None
    names = ("version", "note", "published_at", "definition", "hash", "live")
    return {**{name: row[name] for name in names}, "published_by": by}
