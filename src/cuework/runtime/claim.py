"""Takes inputs: finds tenants with work, locks free lanes of one, and removes what they will handle.

Removing happens in the pass's transaction, so inputs of a pass that dies are simply still there.
Lanes are the locks, never single inbox rows: whoever holds a lane alone moves its executions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.crm.events import EVENT_COLUMNS, event_from
from cuework.db.pool import Connection
from cuework.engine.events import Event

BATCH = 500


@dataclass(slots=True)
class Input:
    """One thing to handle. Shape: kind is event, check, wake, effect, command, continue or due (a timer)."""

    id: UUID | None
    kind: str
    lane: int
    priority: int
    revision: int
    event_id: UUID | None
    execution_id: UUID | None
    visit: str | None
    payload: Mapping[str, Any] | None
    attempts: int
    postponed: int = 0  # how often it was put off
    event: Event | None = None

    def journal(self) -> str:
        """How a worker's journal names it."""
        return str(self.id) if self.id else f"{self.execution_id}/{self.visit}"


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes that a pass holds, and the tenant's state under that lock."""

    lanes: tuple[int, ...]
    now: datetime
    epoch: int
    suspects: bool = False  # inputs are among them that were in flight when a process died
    timers: bool = True  # timers are due in them


_OWN = 11  # columns of a taken row that are the input's, before those of its event and the last


# Each tenant once, the longest waiting first. The second column tells the next wake-up when nothing is due.
_DISCOVER = """
select tenant_id, min(due_at) as due_at, count(*)::integer as inputs from (
  (select tenant_id, due_at from inbox where due_at <= clock_timestamp() order by due_at limit $1)
  union all
  (select tenant_id, due_at from timers where due_at <= clock_timestamp() order by due_at limit $1)
) as due group by tenant_id order by 2
"""
# Each tenant once, however long the queues: jumps from tenant to tenant in the indexes.
_JUMP = """
with recursive {name}_of(tenant_id) as (
  (select tenant_id from {name} order by tenant_id limit 1)
  union all
  select (select t.tenant_id from {name} t where t.tenant_id > f.tenant_id order by t.tenant_id limit 1)
  from {name}_of f where f.tenant_id is not null
)
select tenant_id from {name}_of f where tenant_id is not null
  and exists (select from {name} t where t.tenant_id = f.tenant_id and t.due_at <= clock_timestamp())
"""
_EVERYBODY = f"({_JUMP.format(name='inbox')}) union ({_JUMP.format(name='timers')})"
_NEXT = """
select least((select min(due_at) from inbox), (select min(due_at) from timers)) - clock_timestamp() as after
"""
# The index of the queue's order is there for those who name attempts, as these do, and not for looking ids up (0012).
# Lanes in the order of their oldest due input; as many free ones as should fill the batch. The epoch is read by
# a volatile function, and outside the CTE that locks: the statement's own snapshot, and what is selected beside
# `for update`, may be older than the publication that held the lanes until just before.
_LOCK = """
with due as materialized (
  (select lane, due_at, 0 as timer from inbox where tenant_id = $1 and priority = 0 and due_at <= clock_timestamp()
   and attempts >= 0 order by due_at limit $2 * 4)
  union all
  (select lane, due_at, 0 from inbox where tenant_id = $1 and priority > 0 and due_at <= clock_timestamp()
   and attempts >= 0 order by priority, due_at limit $2)
  union all
  (select lane, due_at, 1 from timers where tenant_id = $1 and due_at <= clock_timestamp() order by due_at limit $2 * 4)
), per as (select lane, count(*) as inputs, sum(timer) as timers, min(due_at) as oldest from due group by lane
), locked as materialized (
  select l.lane, per.timers
  from lanes l join per using (lane)
  where l.tenant_id = $1
  order by per.oldest
  limit (select ceil($2 * count(*)::numeric / greatest(sum(inputs), $2)) from per)
  for update of l skip locked
)
select l.lane, clock_timestamp() as now, l.timers,
  exists (select from inbox s where s.tenant_id = $1 and s.lane = l.lane and s.attempts > 0
    and s.due_at <= clock_timestamp()) as suspect,
  cw_definitions_epoch($1) as epoch
from locked l
"""
# Whether anything was put off is asked here, not when locking: who held a lane before may just have put it off.
# Events are looked up one by one (`offset 0` leaves no choice), and what is taken is deleted where it lies: where the
# planner expects one input, it would compare every input with every event, and with every id.
_TAKE_INBOX = """
with chosen as (
  select ctid as at from inbox
  where tenant_id = $1 and lane = any($2::smallint[]) and due_at <= clock_timestamp() and attempts = 0
  order by priority, due_at, revision limit $3
), taken as (
  delete from inbox i using chosen c where i.tenant_id = $1 and i.ctid = c.at
  returning i.id, i.kind, i.lane, i.priority, i.revision, i.event_id, i.execution_id, i.visit, i.payload, i.attempts,
    i.postponed, i.due_at
)
select t.id, t.kind, t.lane, t.priority, t.revision, t.event_id, t.execution_id, t.visit, t.payload, t.attempts,
  t.postponed, {event}, f.put_off
from (select exists (select from inbox p where p.tenant_id = $1 and p.lane = any($2::smallint[]) and p.postponed > 0)
  as put_off) f left join taken t on true
  left join lateral (select * from events v where v.tenant_id = $1 and v.id = t.event_id offset 0) e on true
order by t.priority, t.due_at, t.revision
"""
_TAKE_TIMERS = """
with chosen as (
  select ctid as at from timers
  where tenant_id = $1 and lane = any($2::smallint[]) and due_at <= clock_timestamp() order by due_at limit $3
)
delete from timers t using chosen c where t.tenant_id = $1 and t.ctid = c.at
returning t.execution_id, t.visit, t.lane
"""
_TAKE = _TAKE_INBOX.format(event=", ".join(f"e.{name} as of_{name}" for name in EVENT_COLUMNS.split(", ")))
# One that was in flight when a process died: alone, before anything else of its lane.
_TAKE_SUSPECT = _TAKE.replace("and attempts = 0", "and attempts > 0")


async def discover(worker: Connection, limit: int = 2000) -> list[UUID]:
    """Tenants with due inputs, the longest waiting first. The connection is a cuework_worker's.

    Cost: a window of the queues; where they are longer, a look-up per tenant with anything in them.
    """
    rows = await worker.fetch(_DISCOVER, limit)
    found = [row["tenant_id"] for row in rows]
    if sum(row["inputs"] for row in rows) < limit:
        return found
    known = set(found)  # a long queue of few tenants must not hide the others behind it
    others = [row["tenant_id"] for row in await worker.fetch(_EVERYBODY) if row["tenant_id"] not in known]
    return others + found


async def next_due_after(worker: Connection) -> float | None:
    """Seconds until the next input is due, None if none is waiting."""
    after = await worker.fetchval(_NEXT)
    return after.total_seconds() if after is not None else None


async def lock_lanes(connection: Connection, tenant_id: UUID, batch: int = BATCH) -> Lanes | None:
    """Free lanes with due inputs are locked until the transaction ends; None if there are none."""
    rows = await connection.fetch(_LOCK, tenant_id, batch)
    if not rows:
        return None
    lanes = tuple(row["lane"] for row in rows)
    some = (any(row[name] for row in rows) for name in ("suspect", "timers"))
    return Lanes(lanes, rows[0]["now"], rows[0]["epoch"], *some)


async def take(connection: Connection, tenant_id: UUID, lanes: Lanes, batch: int = BATCH) -> tuple[list[Input], bool]:
    """Due inputs of those lanes, removed: interactive ones first, each record's in order of revision.

    An input that was in flight when a process died comes alone, so that nothing else suffers if it was the cause.
    Timers take half of a batch, and more only where nothing else is due: often thousands ring at the same time of day.
    Shape: the inputs, and whether any of these lanes' were put off.
    """
    half = max(1, batch // 2)
    if lanes.suspects:
        timers, rows = [], await connection.fetch(_TAKE_SUSPECT, tenant_id, lanes.lanes, 1)
    else:
        timers = await connection.fetch(_TAKE_TIMERS, tenant_id, lanes.lanes, half) if lanes.timers else []
        rows = await connection.fetch(_TAKE, tenant_id, lanes.lanes, batch - len(timers))
    taken = [_input(row) for row in rows if row["id"] is not None]  # one row without an input if there is none
    left = batch - len(timers) - len(taken)
    if left > 0 and len(timers) == half:
        timers += await connection.fetch(_TAKE_TIMERS, tenant_id, lanes.lanes, left)
    return [_due(row) for row in timers] + taken, rows[0]["put_off"]


def _input(row: Mapping[str, Any]) -> Input:
    """The input of a claimed row, with its event if the log still has it: what follows from it is as urgent as it."""
    values = tuple(row.values())
    taken = Input(*values[:_OWN], event=event_from(*values[_OWN:-1]) if values[_OWN] is not None else None)
    if taken.event is not None:
        taken.event.cause.bulk = taken.priority > 0
    return taken


def _due(row: Mapping[str, Any]) -> Input:
    return Input(None, "due", row["lane"], 0, 0, None, row["execution_id"], row["visit"], None, 0)
