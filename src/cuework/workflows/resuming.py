"""What a paused workflow holds, and sending it on when the workflow is resumed: spread, so that no wave hits (§29).

A job sends it in batches, the oldest executions first, at RATE a second, or faster so that it takes LONGEST at most.
If the workflow is paused again meanwhile, the job ends; what is left stays held, and is sent as it is chosen then.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from cuework.base.errors import NotFound
from cuework.db.pool import Connection

Overdue: TypeAlias = Literal["run", "reschedule", "skip"]

BATCH = 200
RATE = 20
LONGEST = timedelta(minutes=15)
MOST = 10_000

_COUNTS = f"""
select w.paused_at,
  (select count(*) from (select from executions_live l
    where l.tenant_id = $1 and l.workflow_id = $2 limit {MOST}) as parked) as parked,
  (select count(*) from (select from held h
    where h.tenant_id = $1 and h.workflow_id = $2 and h.kind = 'due' limit {MOST}) as due) as overdue,
  (select count(*) from (select distinct h.execution_id from held h where h.tenant_id = $1 and h.workflow_id = $2
    and not exists (select from held d where d.tenant_id = $1 and d.workflow_id = $2
      and d.execution_id = h.execution_id and d.kind = 'due') limit {MOST}) as news) as news
from workflows w where w.tenant_id = $1 and w.id = $2
"""
_HELD_BY = "select count(distinct execution_id) from held where tenant_id = $1 and workflow_id = $2"
_OVER = """
update jobs set state = 'done', finished_at = clock_timestamp()
where tenant_id = $1 and kind = 'resume' and state = 'running' and request ->> 'workflow_id' = $2::text
"""
_PAUSED = "select paused_at is not null from workflows where tenant_id = $1 and id = $2"
# In the order in which they came, each execution's a hair apart, so that what came first is handled first.
_SEND = """
with chosen as (select distinct execution_id from held where tenant_id = $1 and workflow_id = $2
  order by execution_id limit $3),
gone as (delete from held h using chosen c
  where h.tenant_id = $1 and h.workflow_id = $2 and h.execution_id = c.execution_id
  returning h.execution_id, h.visit, h.kind, h.lane, h.priority, h.payload, h.at),
placed as (select *, dense_rank() over (order by execution_id) - 1 as place,
  row_number() over (partition by execution_id order by at) as turn from gone),
sent as (insert into inbox (tenant_id, id, lane, kind, priority, execution_id, visit, payload, due_at)
  select $1, gen_random_uuid(), lane, kind, priority, execution_id, nullif(visit, ''),
    case when kind = 'due' then $5::jsonb else payload end,
    clock_timestamp() + place * $4::interval + turn * interval '1 microsecond'
  from placed)
select execution_id from chosen order by execution_id
"""


async def counts(connection: Connection, tenant_id: UUID, workflow_id: UUID) -> dict[str, Any]:
    """How many executions stand still, and what waits for resuming; each counted to MOST. Errors: NotFound."""
    row = await connection.fetchrow(_COUNTS, tenant_id, workflow_id)
    if row is None:
        raise NotFound(f"There is no workflow {workflow_id}.")
    return dict(row)


async def request_of(
    connection: Connection, tenant_id: UUID, workflow_id: UUID, overdue: Overdue, paused_for: timedelta
) -> tuple[dict[str, Any], int]:
    """What the job is asked for, and how many executions it is about; an earlier one of the workflow is over.

    All lanes are the caller's, so none of its batches is under way.
    """
    await connection.execute(_OVER, tenant_id, str(workflow_id))
    total: int = await connection.fetchval(_HELD_BY, tenant_id, workflow_id)
    rate = max(float(RATE), total / LONGEST.total_seconds())
    chosen = {"overdue": overdue, "by_s": paused_for.total_seconds()}
    return {"workflow_id": workflow_id, "rate": rate, **chosen}, total


async def send_next(
    connection: Connection, tenant_id: UUID, request: Mapping[str, Any]
) -> tuple[int, UUID | None, timedelta]:
    """The next executions have what was held for them. The answer: how many, the last, how long to wait before more."""
    workflow_id = UUID(str(request["workflow_id"]))
    if await connection.fetchval(_PAUSED, tenant_id, workflow_id) is not False:
        return 0, None, timedelta(0)
    every = timedelta(seconds=1 / float(request["rate"]))
    chosen = {"overdue": request["overdue"], "by_s": request["by_s"]}
    rows = await connection.fetch(_SEND, tenant_id, workflow_id, BATCH, every, chosen)
    return len(rows), rows[-1]["execution_id"] if len(rows) == BATCH else None, len(rows) * every
