"""An execution that failed or was cancelled goes on where it stood; nothing that it finished is done again.

    it failed at a step            it stands before that step
    it was cancelled by a person,  each token is where it was: a wait goes on until its own time or event; one that
    or its input was put aside     waited for an effect gets the outcome if there is one, else it waits for that
                                   delivery; only what was not delivered because the execution had ended is sent now,
                                   under the key that it has always had

Must not decide who may be retried: `workflows.retryable` does.
"""

from typing import Any
from uuid import UUID

from cuework.base.ids import derived_id
from cuework.engine.advance import cancel
from cuework.engine.execution import Execution, Token
from cuework.runtime.outcomes import deliver, was_left_out
from cuework.runtime.pass_state import PassState
from cuework.runtime.reading import effects_of, retryable_execution, take_out


async def revive(run: PassState, identity: UUID, *, latest: bool) -> None:
    """The execution is one that this pass moves; if it cannot go on any more, nothing happens."""
    execution = await retryable_execution(run.connection, run.tenant.id, identity)
    if execution is None or not await run.entry.revive(execution):
        return
    await take_out(run.connection, run.tenant.id, identity)
    if not execution.test:
        run.counts[execution.workflow_id, execution.version].undo(execution)
    tokens = execution.stood or _before_its_failure(execution)
    if latest:
        await _to_latest(run, execution, tokens)
    execution.tokens, execution.stood = tokens, []
    execution.status, execution.reason, execution.failure = "running", None, None
    run.revived.add(execution.id)
    await run.adopt(execution)
    await _wait_again(run, execution)
    if execution.workflow_id in run.tenant.paused:  # it goes on when that is resumed
        run.held.append((execution, "continue", None, None))
        waits = [token.wait for token in execution.tokens]
        waiting = all(wait is not None and wait["kind"] != "effect" for wait in waits)
        execution.status = "waiting" if waiting else "running"
        run.entry.note(execution)
    if execution.record is not None:
        # Held by somebody else means that, should they delete it, their event still finds the execution live.
        held = await run.fetch({execution.record})
        row = run.world.rows.get(execution.record)
        if not held and (row is None or row.get("deleted_at") is not None):
            cancel(execution, "record_deleted", run.move, run.lanes.now, "Its record was deleted.")
            run.entry.note(execution)


def _before_its_failure(execution: Execution) -> list[Token]:
    failed_at = (execution.failure or {})["at"]
    return [Token(failed_at, failed_at)]


async def _to_latest(run: PassState, execution: Execution, tokens: list[Token]) -> None:
    """On the newest published version, if it still has every step that the execution stands in."""
    version = await run.connection.fetchval(
        "select published_version from workflows where tenant_id = $1 and id = $2",
        run.tenant.id,
        execution.workflow_id,
    )
    key = (execution.workflow_id, version)
    await run.tenant.need_plans(run.connection, {key})
    if version is None or any(token.at not in run.tenant.plans[key].steps for token in tokens):
        return
    run.counts[execution.workflow_id, execution.version].started -= 1  # history will show it on the new version
    run.counts[execution.workflow_id, version].started += 1
    if version != execution.version:
        execution.ran_on.append((execution.seq, execution.version))  # the log is read with the version of its time
    execution.version = version
    for token in tokens:
        if token.wait is not None and token.wait.get("type") != run.tenant.plans[key].steps[token.at].type:
            token.wait = None  # it is another kind of step now: the execution stands before it


async def _wait_again(run: PassState, execution: Execution) -> None:
    """Tokens that waited do so again, with their timers, subscriptions and the outcomes that came meanwhile."""
    waiting = [token for token in execution.tokens if token.wait is not None]
    ids = {token.visit: derived_id(execution.id, token.at, "effect") for token in waiting}
    wanted = [ids[token.visit] for token in waiting if token.wait and token.wait["kind"] == "effect"]
    effects = await effects_of(run.connection, run.tenant.id, wanted) if wanted else {}
    for token in waiting:
        if token.wait is not None and token.wait["kind"] != "effect":
            token.wait.pop("news", None)
            run.move.waits.append((execution, token))
        else:
            _resume_effect(run, execution, token, effects.get(ids[token.visit]))


def _resume_effect(run: PassState, execution: Execution, token: Token, effect: Any) -> None:
    outcome = effect["outcome"] if effect is not None and effect["state"] == "done" else None
    if effect is None or (outcome is not None and was_left_out(outcome)):
        token.wait = None  # its step asks for it again, under the same key
        return
    if token.wait is not None:  # the time in which the execution had ended is no work
        token.wait["since"] = run.lanes.now.isoformat()
    if outcome is not None:
        deliver(execution, token.visit, outcome, effect["attempts"])
