"""Decides which matches become executions: re-entry rests on the unique key of enrollments, not on a query.

Rows are inserted sorted, on conflict do nothing, before anything is decided; who inserts has entered,
the others read the winner's row under its lock. So one order id entering from two lanes enters once.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cuework.base.ids import execution_id
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.engine.advance import begin
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Cause, Event, Ref
from cuework.engine.execution import Execution
from cuework.engine.match import ActiveTrigger

Key = tuple[UUID, str]


@dataclass(slots=True)
class Start:
    """An event that passed a trigger's filter and may now enter, as the execution of that id."""

    id: UUID
    trigger: ActiveTrigger
    event: Event
    entry_key: str
    lane: int
    snapshot: dict[str, object] | None


@dataclass(slots=True)
class Enrollment:
    """A row of enrollments as this pass sees it; `stored` is what the table holds of it."""

    execution_id: UUID
    active: bool
    count: int
    entered_at: datetime
    stored: tuple[UUID, bool, int] | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A start that entered nothing."""

    start: Start
    reason: str
    by: UUID | None = None


def start_of(trigger: ActiveTrigger, scope: EventScope, lane: int, key: str | None = None) -> Start:
    """The start of a hit, with its entry key: the record's id unless the workflow says otherwise (§3).

    Errors: TemplateFailed when the key's template cannot be rendered and no key is given.
    """
    event = scope.event
    template = trigger.plan.entry_key
    if key is None and template is not None:
        key = template.render(scope)[0].strip()[:300]
    elif key is None:
        key = str(event.record.id if event.record else event.id)
    snapshot = dict(scope.row) if scope.row is not None else None  # steps will change the row itself
    return Start(execution_id(event.id, trigger.workflow_id), trigger, event, key or str(event.id), lane, snapshot)


def execution_of(start: Start, now: datetime) -> Execution:
    """The execution that a start becomes; it stands before its first step."""
    event, trigger = start.event, start.trigger
    identity = start.id
    cause = Cause(
        "workflow",
        trigger.workflow_id,
        identity,
        event.root_id,
        event.cause.hops + 1,
        (*event.cause.workflows, trigger.workflow_id),
        event.cause.batch_id,
        event.cause.bulk,
    )
    seen = {"type": trigger.plan.trigger.type, "event": event.type, "event_id": event.id, "at": event.occurred_at}
    execution = Execution(
        id=identity,
        workflow_id=trigger.workflow_id,
        version=trigger.version,
        record=_about(start),
        lane=start.lane,
        event_id=event.id,
        trigger_type=trigger.plan.trigger.type,
        entry_key=start.entry_key,
        started_at=now,
        cause=cause,
        trigger={**event.data, **seen, "changes": event.changes, "record": start.snapshot},
    )
    begin(execution, trigger.plan.first)
    return execution


def _about(start: Start) -> Ref | None:
    return start.event.record if start.trigger.plan.record_type is not None else None


class Entry:
    """The enrollments that one pass touches."""

    def __init__(self, connection: Connection, tenant_id: UUID, now: datetime) -> None:
        self.connection = connection
        self.tenant_id = tenant_id
        self.now = now
        self.rows: dict[Key, Enrollment] = {}
        self._over: set[UUID] = set()  # executions that ended in this pass, which the table does not know yet

    async def read(self, starts: list[Start]) -> set[Key]:
        """Every key's row is locked and known; the answer are the keys that this pass inserted: they have entered.

        Cost: one statement when all are new, two when some were there.
        """
        wanted = {
            (start.trigger.workflow_id, start.entry_key): start
            for start in starts
            if start.trigger.plan.settings.re_entry != "every_event"
        }
        fresh = sorted((key for key in wanted if key not in self.rows), key=lambda key: (key[0].bytes, key[1]))
        if not fresh:
            return set()
        ids = [wanted[key].id for key in fresh]
        inserted = await bulk.insert(
            self.connection,
            self.tenant_id,
            "enrollments",
            {"workflow_id": "uuid", "entry_key": "text", "execution_id": "uuid", "entered_at": "timestamptz"},
            [[key[0] for key in fresh], [key[1] for key in fresh], ids, [self.now] * len(fresh)],
            tail="on conflict do nothing returning workflow_id, entry_key",
        )
        entered: set[Key] = {(row["workflow_id"], row["entry_key"]) for row in inserted}
        for key, identity in zip(fresh, ids, strict=True):
            if key in entered:
                self.rows[key] = Enrollment(identity, False, 1, self.now, (identity, False, 1))
        await self._read_known([key for key in fresh if key not in entered])
        return entered

    async def _read_known(self, keys: list[Key]) -> None:
        if not keys:
            return
        query = """select e.workflow_id, e.entry_key, e.execution_id, e.active, e.count, e.entered_at
            from enrollments e join unnest($2::uuid[], $3::text[]) as k(workflow_id, entry_key)
              using (workflow_id, entry_key)
            where e.tenant_id = $1 and e.workflow_id = any($2::uuid[]) and e.entry_key = any($3::text[])
            order by e.workflow_id, e.entry_key for update of e"""
        found = await self.connection.fetch(query, self.tenant_id, [key[0] for key in keys], [key[1] for key in keys])
        for row in found:
            stored = (row["execution_id"], row["active"], row["count"])
            active = row["active"] and row["execution_id"] not in self._over
            known = Enrollment(row["execution_id"], active, row["count"], row["entered_at"], stored)
            self.rows[row["workflow_id"], row["entry_key"]] = known

    def decide(self, start: Start, entered: set[Key]) -> Refused | UUID | None:
        """None: enter. A UUID: enter, and that earlier execution restarts. Refused: not, and why."""
        settings = start.trigger.plan.settings
        key = (start.trigger.workflow_id, start.entry_key)
        if settings.re_entry == "every_event":
            return None
        row = self.rows[key]
        if key in entered and row.execution_id == start.id:
            return None
        if settings.re_entry == "once":
            return Refused(start, "once", row.execution_id)
        if settings.re_entry == "one_active" and row.active:
            return Refused(start, "already_active", row.execution_id)
        earlier = row.execution_id if row.active else None
        row.execution_id, row.count, row.entered_at = start.id, row.count + 1, self.now
        return earlier

    async def revive(self, execution: Execution) -> bool:
        """Whether the execution may live again: not while another one is active under its key, else the key is its."""
        key = (execution.workflow_id, execution.entry_key)
        if key not in self.rows:
            await self._read_known([key])
        row = self.rows.get(key)  # none if every event may enter
        if row is None:
            return True
        if row.active and row.execution_id != execution.id:
            return False
        row.execution_id, row.active = execution.id, True
        return True

    def note(self, execution: Execution) -> None:
        """The enrollment says whether its execution is active."""
        if execution.ended:
            self._over.add(execution.id)
        row = self.rows.get((execution.workflow_id, execution.entry_key))
        if row is not None and row.execution_id == execution.id:
            row.active = not execution.ended

    async def write(self, together: bulk.Together, ended: list[Execution]) -> None:
        """Changed rows are stored when all is sent; rows of executions that ended are not active any more."""
        changed = [
            (key, row) for key, row in self.rows.items() if row.stored != (row.execution_id, row.active, row.count)
        ]
        await bulk.update(
            together,
            self.tenant_id,
            "enrollments",
            {"workflow_id": "uuid", "entry_key": "text", "execution_id": "uuid", "active": "boolean"}
            | {"count": "integer", "entered_at": "timestamptz"},
            [
                [key[0] for key, _ in changed],
                [key[1] for key, _ in changed],
                [row.execution_id for _, row in changed],
                [row.active for _, row in changed],
                [row.count for _, row in changed],
                [row.entered_at for _, row in changed],
            ],
            keys=2,
        )
        others = [each for each in ended if (each.workflow_id, each.entry_key) not in self.rows]
        if others:
            await self.connection.execute(
                """update enrollments e set active = false
                from unnest($2::uuid[], $3::text[], $4::uuid[]) as u(workflow_id, entry_key, execution_id)
                where e.tenant_id = $1 and e.workflow_id = any($2::uuid[]) and e.entry_key = any($3::text[])
                  and e.workflow_id = u.workflow_id and e.entry_key = u.entry_key
                  and e.execution_id = u.execution_id and e.active""",
                self.tenant_id,
                [each.workflow_id for each in others],
                [each.entry_key for each in others],
                [each.id for each in others],
            )
