"""What comes for executions of a paused workflow is held until somebody resumes it (§29).

A pass that meets such an input puts it into `held` as it came, instead of moving the execution; resuming sends it
again (workflows.resuming). So nothing looks through what waits, and an input is in one place at any time. Ending,
by a person or because the record is gone, works as always, and takes what was held along.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cuework.base.json import dumps_text
from cuework.db import bulk
from cuework.engine.execution import Execution
from cuework.runtime.pass_state import PassState

_HELD = {"workflow_id": "uuid", "execution_id": "uuid", "visit": "text", "kind": "text", "lane": "smallint"} | {
    "priority": "smallint",
    "payload": "jsonb",
}
_FORGET = """
delete from held where tenant_id = $1 and workflow_id = any($2::uuid[]) and execution_id = any($3::uuid[])
"""


async def write_held(run: PassState, ended: Sequence[Execution]) -> None:
    """What the pass held is stored; what was held for executions that ended is gone.

    Cost: nothing if no workflow is paused, nor was lately.
    """
    holding = run.tenant.holding
    if not holding:
        return
    rows = [each for each in run.held if not each[0].ended]
    columns: list[list[Any]] = [
        [execution.workflow_id for execution, _, _, _ in rows],
        [execution.id for execution, _, _, _ in rows],
        [visit or "" for _, _, visit, _ in rows],
        [kind for _, kind, _, _ in rows],
        [execution.lane for execution, _, _, _ in rows],
        [1 if execution.cause.bulk else 0 for execution, _, _, _ in rows],
        [dumps_text(payload) if payload is not None else None for _, _, _, payload in rows],
    ]
    await bulk.insert(run.connection, run.tenant.id, "held", _HELD, columns, tail="on conflict do nothing")
    gone: list[UUID] = [each.id for each in ended if each.workflow_id in holding]
    if gone:
        await run.connection.execute(_FORGET, run.tenant.id, sorted(holding), gone)
