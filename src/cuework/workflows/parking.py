"""Where executions of a workflow stand now, by version and step: what publishing leaves on older versions.

Reads only. Live executions are counted no further than people read.
"""

from typing import Any
from uuid import UUID

from cuework.db.pool import Connection

MOST = 10_000

_PARKED = f"""
select version, step, count(*) as executions from (
  select l.version, t.token ->> 'at' as step
  from executions_live l, jsonb_array_elements(l.state -> 'tokens') as t(token)
  where l.tenant_id = $1 and l.workflow_id = $2 and not l.test limit {MOST}) as parked
group by version, step order by version desc, step
"""


async def parked(connection: Connection, tenant_id: UUID, workflow_id: UUID) -> list[dict[str, Any]]:
    """How many executions stand at each step of each version; they stay on their version. Cost: one query."""
    return [dict(row) for row in await connection.fetch(_PARKED, tenant_id, workflow_id)]
