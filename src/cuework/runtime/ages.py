"""How old executions may grow (§20): the instant is kept with the execution, and a timer of its own rings then.

What rings before that instant has no effect: it was held or sent before the execution was retried, or was put off.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from cuework.engine.advance import grow_too_old
from cuework.engine.ends import AGE
from cuework.engine.execution import Execution
from cuework.runtime.pass_state import PassState


def begin(run: PassState, executions: Sequence[Execution]) -> None:
    """Each that begins, or begins again, may grow as old as its version allows from now on."""
    for execution in executions:
        context = run.contexts.get(execution.id)
        limit = context.plan.settings.max_age if context is not None else None
        execution.too_old_at = run.lanes.now + limit.fixed if limit is not None else None
        if execution.too_old_at is not None:
            run.ages[execution.id] = execution


def ring(run: PassState, execution: Execution, chosen: Mapping[str, Any]) -> None:
    """Its time is over, and it ends; or resuming chose that it lives as much longer as the pause was."""
    if execution.ended or execution.too_old_at is None:
        return
    if chosen.get("overdue") == "reschedule":
        execution.too_old_at += timedelta(seconds=float(chosen.get("by_s") or 0))
        run.ages[execution.id] = execution
    elif execution.too_old_at <= run.lanes.now:
        grow_too_old(execution, run.move, run.lanes.now)
        run.entry.note(execution)
    else:
        run.ages[execution.id] = execution  # what rang may have been its timer, a hair before the pass's instant


def drop(run: PassState, ended: Sequence[Execution]) -> None:
    """What ended has no timer any more."""
    run.move.left.extend((each, AGE) for each in ended if each.too_old_at is not None)
