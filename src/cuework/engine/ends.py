"""Ends that a workflow's settings plan: its goal, its suppression, its exit condition, and the age it may reach.

Goal and suppression keep a record out; inside, all three conditions are looked at whenever the execution is about to
move, at every event of its record, and before each send (§10, §16). The age has a timer beside those of waits (§20).
"""

from cuework.engine.conditions import Condition
from cuework.engine.context import Context
from cuework.engine.scope import Scope

AGE = "@age"
"""The visit that the timer of an execution's age names; no step's id begins so."""


def kept_out(suppress: Condition | None, goal: Condition | None, scope: Scope) -> str | None:
    """Why the record does not enter, None if it may. Errors: Need."""
    if suppress is not None and suppress.test(scope):
        return "suppressed"
    return "goal_met" if goal is not None and goal.test(scope) else None


def planned_end(ctx: Context) -> str | None:
    """The reason for which the execution ends now, None if it goes on. Errors: Need."""
    plan = ctx.plan
    if not plan.watched:
        return None
    out = kept_out(plan.suppress, plan.goal, ctx)
    return out or ("exited" if plan.exit is not None and plan.exit.test(ctx) else None)
