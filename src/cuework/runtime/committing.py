"""Writes all that a pass came to, in the one order that locks allow: records first, counters last."""

import time
from collections.abc import Sequence
from datetime import timedelta

from cuework.crm.flush import flush_records, send, write_events
from cuework.db import bulk
from cuework.engine.execution import Execution
from cuework.runtime import ages
from cuework.runtime.claim import Input
from cuework.runtime.holding import write_held
from cuework.runtime.misses import write_misses
from cuework.runtime.pass_state import PassState
from cuework.runtime.writing import Writer

_MS = timedelta(milliseconds=1)
_WAKE = """
insert into inbox (tenant_id, id, lane, kind, execution_id, visit)
select $1, u.id, u.lane, 'wake', u.execution_id, u.visit
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::smallint[]) as u(id, execution_id, visit, lane)
"""


async def write_pass(run: PassState) -> None:
    """Everything that the pass decided is written in its transaction. Cost: one statement for most of it."""
    together = bulk.Together(run.connection)
    writer = Writer(together, run.tenant.id, run.lanes.now)
    spent = time.monotonic() - run.began
    over_at = run.lanes.now + timedelta(seconds=spent)
    everyone = [*run.fresh.values(), *run.lived.values()]
    for execution in everyone:
        execution.revision += 1
        lasted = (over_at - execution.started_at) // _MS  # a delivery's time begins within the pass that asked for it
        execution.active_ms = min(execution.active_ms + int(spent * 1000), lasted)
    await flush_records(together, run.tenant.id, run.world, recurring=True)
    await write_events(together, run.tenant.id, run.world.events)
    await send(together, run.tenant.id, run.outgoing)
    fresh, lived = list(run.fresh.values()), list(run.lived.values())
    ended = [each for each in lived if each.ended]
    await writer.finished([each for each in fresh if each.ended], ended, over_at)
    alive = [each for each in lived if not each.ended]
    new = [each for each in fresh if not each.ended] + [each for each in alive if each.id in run.revived]
    ages.begin(run, new)
    await writer.alive(new, [each for each in alive if each.id not in run.revived])
    await writer.steps(run.move.steps)
    ages.drop(run, ended)
    await writer.waits(run.move)
    await writer.ages([each for each in run.ages.values() if not each.ended])
    await writer.effects([each for each in run.move.effects if not each[0].ended])
    await writer.inputs([(each, "continue", None, None) for each in run.move.more if not each.ended])
    await _send_back(run, writer)
    await write_held(run, ended)
    await run.entry.write(together, ended)
    await write_misses(run.connection, run.tenant.id, run.refused, run.lanes.now)
    _count(run, everyone)
    await writer.counters(run.counts, run.slot)
    await together.send()


async def _send_back(run: PassState, writer: Writer) -> None:
    """Inputs that must come again, and wake-ups for executions of lanes that others hold."""
    await writer.again([each for each in run.postponing.again if not _has_ended(run, each[0])])
    if run.woken_elsewhere:
        await run.connection.execute(
            _WAKE,
            run.tenant.id,
            [next(run.world.ids) for _ in run.woken_elsewhere],
            [each for each, _, _ in run.woken_elsewhere],
            [visit for _, visit, _ in run.woken_elsewhere],
            [lane for _, _, lane in run.woken_elsewhere],
        )


def _has_ended(run: PassState, each: Input) -> bool:
    execution = run.lived.get(each.execution_id) or run.fresh.get(each.execution_id) if each.execution_id else None
    return execution is not None and execution.ended


def _count(run: PassState, everyone: Sequence[Execution]) -> None:
    for execution in everyone:
        if execution.test:
            continue
        count = run.counts[execution.workflow_id, execution.version]
        count.started += execution.id in run.fresh
        if execution.ended:
            count.end(execution)
    for refused in run.refused:
        run.counts[refused.start.trigger.workflow_id, refused.start.trigger.version].refused += 1
