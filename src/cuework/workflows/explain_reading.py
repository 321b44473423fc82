"""What an explanation rests on, read from the store: spans, executions, events and refusals. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.crm.events import EVENT_COLUMNS, event_of
from cuework.db.pool import Connection
from cuework.engine.events import Event, Ref

# So far back an explanation looks; a record with more events since is told by its latest ones.
EVENTS = 500
EXECUTIONS = 5


@dataclass(frozen=True, slots=True)
class Span:
    """When a version took events."""

    version: int
    from_at: datetime
    to_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether an event of that instant was this version's."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)


@dataclass(slots=True)
class Trace:
    """What became of one event. Shape: outcome is a code, reason its sentence, clauses how the filter came out."""

    event: Event
    version: int | None
    outcome: str
    reason: str | None
    clauses: Sequence[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        event = {"event_id": self.event.id, "type": self.event.type, "occurred_at": self.event.occurred_at}
        told = {"outcome": self.outcome, "reason": self.reason, "version": self.version}
        return (
            event
            | told
            | {"values": {name: new for name, (_, new) in self.event.changes.items()}, "clauses": self.clauses}
        )


async def read_spans(connection: Connection, tenant_id: UUID, workflow_id: UUID) -> list[Span]:
    """When which version took events, the first span first."""
    query = """select version, from_at, to_at from workflow_spans where tenant_id = $1 and workflow_id = $2
    order by from_at"""
    rows = await connection.fetch(query, tenant_id, workflow_id)
    return [Span(row["version"], row["from_at"], row["to_at"]) for row in rows]


async def read_executions(
    connection: Connection, tenant_id: UUID, workflow_id: UUID, record: Ref
) -> list[Mapping[str, Any]]:
    """The record's latest executions of the workflow, the newest first, with the event that started each."""
    query = f"""
    select e.id, e.version, e.status, e.reason, e.has_errors, e.started_at, e.finished_at, e.next_at, e.state,
      case when e.finished_at is not null then e.state ->> 'why' end as why,
      e.trigger_type, v.type as event_type, v.changes as event_changes, v.occurred_at, v.actor_type
    from executions e left join events v on v.tenant_id = e.tenant_id and v.id = e.event_id
    where e.tenant_id = $1 and e.workflow_id = $2 and e.record_id = $3 and e.record_type = $4
    order by e.id desc limit {EXECUTIONS}"""
    return await connection.fetch(query, tenant_id, workflow_id, record.id, record.type)


async def read_events(connection: Connection, tenant_id: UUID, record: Ref) -> list[Event]:
    """The record's latest events, the newest first."""
    query = f"""select {EVENT_COLUMNS} from events where tenant_id = $1 and record_id = $2 and record_type = $3
    order by id desc limit {EVENTS}"""
    return [event_of(row) for row in await connection.fetch(query, tenant_id, record.id, record.type)]


async def read_misses(
    connection: Connection, tenant_id: UUID, workflow_id: UUID, event_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """Why events that passed the filter started nothing, as far as that is kept."""
    query = """select event_id, reason from misses
    where tenant_id = $1 and workflow_id = $2 and event_id = any($3::uuid[])"""
    rows = await connection.fetch(query, tenant_id, workflow_id, list(event_ids))
    return {row["event_id"]: row["reason"] for row in rows}


async def read_refused_enrollment(
    connection: Connection, tenant_id: UUID, workflow_id: UUID, record: Ref
) -> Mapping[str, Any] | None:
    """Why and when the record was last enrolled by hand and did not enter, as far as that is kept."""
    query = """select m.reason, m.at from misses m
    where m.tenant_id = $1 and m.workflow_id = $2 and m.record_type = $3 and m.record_id = $4
      and not exists (select from events e where e.tenant_id = $1 and e.id = m.event_id)
    order by m.at desc limit 1"""
    return await connection.fetchrow(query, tenant_id, workflow_id, record.type, record.id)
