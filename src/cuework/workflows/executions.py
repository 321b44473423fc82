"""Executions as lists show them, live and finished ones together, in order of what started them.

Pages go by id, which begins with the time; nothing here counts further than people read. Reads only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.time import utc_now
from cuework.db.pool import Connection
from cuework.engine.execution import end_words
from cuework.workflows.names import record_names, record_of

MOST = 10_000
LIVE = ("pending", "running", "waiting")
# An id is its event's time. Executions start later, by no more than this, or than clocks differ.
BACKLOG = "7 days"
SKEW = "5 minutes"

COLUMNS = """
  e.id, e.workflow_id, e.version, e.lane, e.status, e.reason, e.record_type, e.record_id, e.event_id, e.trigger_type,
  e.entry_key, e.test, e.has_errors, e.started_at, e.finished_at, e.updated_at, e.next_at, e.active_ms, e.revision,
  case when e.finished_at is not null then e.state ->> 'why' end as why
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; None means anything."""

    workflow_id: UUID | None = None
    status: str | None = None
    reason: str | None = None
    record_id: UUID | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    has_errors: bool | None = None
    test: bool | None = None
    ids: Sequence[UUID] | None = None

    def where(self, arguments: list[Any]) -> str:
        """SQL conditions on `e`, its arguments appended. Times prune by id, which begins with the event's time."""
        parts: list[str] = ["e.tenant_id = $1"]
        for column in ("workflow_id", "status", "reason", "record_id", "has_errors", "test"):
            value = getattr(self, column)
            if value is not None:
                arguments.append(value)
                parts.append(f"e.{column} = ${len(arguments)}")
        if self.ids is not None:
            arguments.append(self.ids)
            parts.append(f"e.id = any(${len(arguments)}::uuid[])")
        if self.from_at is not None:
            arguments.append(self.from_at)
            at = f"${len(arguments)}::timestamptz"
            parts.append(f"e.started_at >= {at} and e.id >= cw_uuid_floor({at} - interval '{BACKLOG}')")
        if self.to_at is not None:
            arguments.append(self.to_at)
            at = f"${len(arguments)}::timestamptz"
            parts.append(f"e.started_at < {at} and e.id < cw_uuid_floor({at} + interval '{SKEW}')")
        return " and ".join(parts)


def spelled(row: Mapping[str, Any], workflows: Mapping[UUID, str], names: Mapping[UUID, str]) -> dict[str, Any]:
    """The execution as the API shows it."""
    ended = row["finished_at"]
    elapsed = (ended or utc_now()) - row["started_at"]
    copied = ("id", "workflow_id", "version", "status", "reason", "has_errors", "test", "started_at", "finished_at")
    return {
        **{name: row[name] for name in copied},
        "workflow_name": workflows.get(row["workflow_id"]),
        "reason_text": end_words(row["reason"], row["why"]),
        "record": record_of(row, names),
        "trigger": {"event_id": row["event_id"], "type": row["trigger_type"]},
        "entry_key": row["entry_key"],
        "duration_ms": row["active_ms"],
        "elapsed_ms": max(row["active_ms"], int(elapsed.total_seconds() * 1000)),  # whatever this machine's clock says
        "next_at": row["next_at"],
        "updated_at": row["updated_at"],
        "revision": row["revision"],
    }


async def spell_all(connection: Connection, tenant_id: UUID, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The executions as the API shows them, with the names of their workflows and records. Cost: two queries."""
    if not rows:
        return []
    names = await record_names(connection, tenant_id, [(row["record_type"], row["record_id"]) for row in rows])
    workflows = await workflow_names(connection, tenant_id, {row["workflow_id"] for row in rows})
    return [spelled(row, workflows, names) for row in rows]


async def workflow_names(connection: Connection, tenant_id: UUID, ids: set[UUID]) -> dict[UUID, str]:
    """The name of each workflow."""
    query = "select id, name from workflows where tenant_id = $1 and id = any($2::uuid[])"
    return {row["id"]: row["name"] for row in await connection.fetch(query, tenant_id, list(ids))}


async def page(
    connection: Connection,
    tenant_id: UUID,
    wanted: Filter,
    *,
    limit: int,
    beyond: UUID | None = None,
    oldest_first: bool = False,
) -> tuple[list[dict[str, Any]], UUID | None]:
    """A page of executions and the id that the next goes on beyond; None on the last page. Cost: three queries."""
    arguments: list[Any] = [tenant_id]
    where = wanted.where(arguments)
    direction, behind = ("asc", ">") if oldest_first else ("desc", "<")
    if beyond is not None:
        arguments.append(beyond)
        where += f" and e.id {behind} ${len(arguments)}"
    query = f"select {COLUMNS} from {_source(wanted)} e where {where} order by e.id {direction} limit {int(limit) + 1}"
    rows = await connection.fetch(query, *arguments)
    shown = rows[:limit]
    return await spell_all(connection, tenant_id, shown), (shown[-1]["id"] if len(rows) > limit else None)


async def count(connection: Connection, tenant_id: UUID, wanted: Filter) -> dict[str, Any]:
    """How many there are, exact to MOST. Cost: reads at most that many index entries."""
    arguments: list[Any] = [tenant_id]
    where = wanted.where(arguments)
    query = f"select count(*) from (select from {_source(wanted)} e where {where} limit {MOST + 1}) as found"
    found = await connection.fetchval(query, *arguments)
    return {"count": min(found, MOST), "more": found > MOST, "text": f"{MOST:,}+" if found > MOST else str(found)}


def _source(wanted: Filter) -> str:
    """The table that can hold what is wanted, so that the other is not even looked at."""
    if wanted.status in LIVE:
        return "(select *, null::text as reason, null::timestamptz as finished_at from executions_live)"
    if wanted.status is not None or wanted.reason is not None:
        return "(select *, finished_at as updated_at, null::timestamptz as next_at from executions_done)"
    return "executions"
