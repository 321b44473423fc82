"""Moves one execution as far as it can go.

Rules
  * Pure: the world is given, time is the world's, changes go to the world, the rest into a Move.
  * A step that needs what nobody loaded raises Need; whoever calls fetches it and calls again. What was done
    before is kept in the execution (its token has moved on), so calling again never repeats a step.
  * A token waits in its step (`wait`), or stands before it. News of what it waits for is put into `news`
    by `wake`; the step's node then says what follows.
  * At most VISITS steps a call; an execution that could go on says so (`more`).
"""

import traceback
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cuework.base.errors import CueworkError
from cuework.engine.context import Context
from cuework.engine.ends import planned_end
from cuework.engine.execution import SENTENCES, Execution, StepLog, Token
from cuework.engine.move import Move
from cuework.engine.outcome import (
    NEXT,
    SKIP_NEXT,
    Change,
    Create,
    Done,
    Effect,
    Fail,
    Listen,
    Outcome,
    Skip,
    Sleep,
    Stop,
    Update,
)
from cuework.engine.plan import ERROR, PlanStep
from cuework.engine.world import Need

VISITS = 500
_LONGEST_ERROR = 500
BROKEN = "version_broken"
GONE = "step_broken"
LEFT_OUT = "left_out"


def wake(execution: Execution, visit: str, news: str, data: Mapping[str, Any] | None = None) -> bool:
    """The token that waits at the visit has news; False if none waits there any more, which is no error."""
    for token in execution.tokens:
        if token.visit == visit and token.wait is not None:
            known = token.wait.get("news")
            # What came first holds; a mere check yields to real news, and events to the end of the wait, which asks
            # for them too and does not come again.
            if known is None or known[0] == "check" or (known[0] == "event" and news == "due"):
                token.wait["news"] = [news, data or {}]
            return True
    return False


def advance(ctx: Context, move: Move) -> None:
    """Every token of the execution stands in a wait, or the execution has ended.

    Errors: Need, before the step that has the need has changed anything.
    """
    execution = ctx.execution
    if ctx.watch and not execution.ended:
        for token in [each for each in execution.tokens if each.wait and each.wait["kind"] == "effect"]:
            if token.wait and "news" in token.wait:  # what was sent is in the log, whatever ends it now
                _visit(ctx, token, move)
        if not execution.ended and _ended_as_planned(ctx, move):
            return
    ctx.watch = False
    visits = 0
    while execution.reason is None:
        token = _ready(execution)
        if token is None:
            break
        if visits == VISITS:
            move.more.append(execution)
            break
        visits += 1
        _visit(ctx, token, move)
    if execution.reason is not None:
        return
    if not execution.tokens:
        execution.end("completed")
    else:
        waiting = all(token.wait and token.wait["kind"] != "effect" for token in execution.tokens)
        execution.status = "waiting" if waiting else "running"


def begin(execution: Execution, first: str | None) -> None:
    """The execution stands before its first step."""
    execution.tokens = [Token(first, first)] if first is not None else []


def cancel(execution: Execution, reason: str, move: Move, now: datetime, why: str) -> None:
    """The execution ends for a reason; what it waited in is logged as cancelled."""
    for token in execution.tokens:
        if token.wait is not None:
            move.left.append((execution, token.visit))
            _log(execution, move, token, "cancelled", token.wait.get("type", ""), _since(token, now), now, {"why": why})
    execution.end(reason)


def grow_too_old(execution: Execution, move: Move, now: datetime) -> None:
    """The execution has timed out; it may be retried where it stood."""
    message = "It was not done in the longest time that its workflow allows."
    execution.stood = [Token(each.at, each.visit, each.wait) for each in execution.tokens]
    for first in execution.tokens[:1]:
        execution.failure = {"at": first.at, "visit": first.visit, "code": "timed_out", "message": message}
    cancel(execution, "timed_out", move, now, message)


def _lost(ctx: Context, token: Token, move: Move) -> None:
    """The step is not there: its version cannot be used, or was changed under it, which publishing prevents."""
    if ctx.plan.broken is not None:
        _break_off(ctx, token, ctx.plan.broken, move)
        return
    ctx.execution.failure = {"at": token.at, "message": f"The version has no step “{token.at}”."}
    ctx.execution.end("version_removed")


def _break_off(ctx: Context, token: Token, why: str, move: Move) -> None:
    """The execution has failed because its version cannot be used; once it can, a retry goes on where it stood."""
    execution, wait = ctx.execution, token.wait or {}
    message = f"The published version cannot be used any more: {why}"
    execution.stood = [Token(each.at, each.visit, _before_news(each.wait)) for each in execution.tokens]
    execution.failure = {"at": token.at, "visit": token.visit, "code": BROKEN, "message": message}
    execution.why = "Its published version cannot be used any more."
    execution.has_errors = True
    detail = {"input": wait.get("input"), "error": {"code": BROKEN, "message": message}}
    _log(execution, move, token, "failed", wait.get("type", ""), _since(token, ctx.now), ctx.now, detail)
    if token.wait is not None:
        move.left.append((execution, token.visit))
    execution.tokens.remove(token)
    cancel(execution, "failed", move, ctx.now, execution.why)


def _before_news(wait: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: part for name, part in wait.items() if name != "news"} if wait is not None else None


def _ended_as_planned(ctx: Context, move: Move) -> bool:
    reason = planned_end(ctx)
    if reason is not None:
        ctx.execution.why = "Its exit condition came to hold." if reason == "exited" else None
        cancel(ctx.execution, reason, move, ctx.now, ctx.execution.why or SENTENCES[reason])
    return reason is not None


def _ready(execution: Execution) -> Token | None:
    for token in execution.tokens:
        if token.wait is None or "news" in token.wait:
            return token
    return None


def _visit(ctx: Context, token: Token, move: Move) -> None:
    step = ctx.plan.steps.get(token.at)
    if step is None:
        _lost(ctx, token, move)
        return
    ctx.visit, ctx.warnings, ctx.asked = token.visit, [], None
    now = ctx.world.now
    waited = token.wait
    outcome = _outcome(ctx, step, waited)
    if waited is None and isinstance(outcome, Done):  # what nearly every visit is
        _done(ctx, token, step, outcome, move, now)
        return
    if waited is not None and not isinstance(outcome, (Listen, Sleep)):
        move.left.append((ctx.execution, token.visit))
    started = _since(token, now)
    match outcome:
        case Done():
            _done(ctx, token, step, outcome, move, started)
        case Sleep():
            _sleep(ctx, token, step, outcome, move)
        case Listen():
            _listen(ctx, token, step, outcome, move)
        case Effect():
            if not _ended_as_planned(ctx, move):
                _effect(ctx, token, step, outcome, move)
        case Skip():
            detail = {"input": _input(ctx, outcome.input), "why": outcome.why, "reason": outcome.reason}
            _log(ctx.execution, move, token, "skipped", step.type, started, now, detail, ctx.warnings)
            _go(ctx.execution, token, step.next)
        case Stop():
            detail = {"input": ctx.asked, "why": outcome.why}
            _log(ctx.execution, move, token, "completed", step.type, started, now, detail, ctx.warnings)
            ctx.execution.tokens.remove(token)
            ctx.execution.why = f"The step “{step.id}” ended it as planned."
            cancel(ctx.execution, outcome.reason, move, now, "The execution ended.")
        case Fail():
            _fail(ctx, token, step, outcome, move, started)


def _outcome(ctx: Context, step: PlanStep, waited: Mapping[str, Any] | None) -> Outcome:
    if waited is None and step.disabled:
        return Skip("disabled", "The step is disabled.")
    if step.gone is not None and (waited is None or waited["kind"] == "listen"):
        return Fail(GONE, f"This step cannot be done any more: {step.gone}")
    try:
        if waited is None:
            return step.node.run(ctx)
        news, data = waited["news"]
        if waited["kind"] == "sleep":
            return Done(waited["output"], exit=waited["exit"], input=waited["input"], why=waited["why"])
        if waited["kind"] == "effect":
            return _delivered(step, ctx, waited, data)
        return step.node.woken(ctx, news, waited)
    except Need:
        raise
    except CueworkError as error:  # a template that cannot be rendered, a value that cannot be kept
        return Fail(error.code, error.detail)
    except Exception as error:  # noqa: BLE001 - a node that raises fails its step and nothing else
        return Fail("node_error", f"{type(error).__name__}: {error}", trace=traceback.format_exc(limit=8))


def _delivered(step: PlanStep, ctx: Context, waited: Mapping[str, Any], outcome: Mapping[str, Any]) -> Outcome:
    """An effect's result, as its channel reported it, becomes the step's outcome."""
    if outcome.get("skipped"):
        return Skip(outcome["skipped"], outcome.get("message") or "It was not sent.", waited["input"])
    if not outcome.get("ok"):
        error = outcome.get("error", {})
        return Fail(error.get("code", "failed"), error.get("message", "It failed."), input=waited["input"])
    answer = step.node.woken(ctx, "result", outcome.get("output") or {})
    return (
        Done(answer.output, answer.changes, answer.exit, waited["input"], answer.why)
        if isinstance(answer, Done)
        else answer
    )


def _done(ctx: Context, token: Token, step: PlanStep, done: Done, move: Move, started: datetime) -> None:
    execution, changes = ctx.execution, done.changes
    if len(changes) > 1:  # all are loaded before the first is made: a Need must not split a step
        for change in changes:
            if not isinstance(change, Create) and change.record is not None:
                ctx.world.get(change.record)
    detail: dict[str, Any] = {}
    if done.input or ctx.asked:
        detail["input"] = _input(ctx, done.input)
    if done.output:
        detail["output"] = done.output
    if changes:
        changed: list[dict[str, Any]] = []
        for change in changes:
            _apply(ctx, change, changed)
        if changed:
            detail["changes"] = changed
    _remember(execution, step, done.output)
    if done.why:
        detail["why"] = done.why
    _log(execution, move, token, "completed", step.type, started, ctx.world.now, detail, ctx.warnings)
    if done.exit == SKIP_NEXT:
        _leave_out_next(ctx, token, step, move)
    else:
        _go(execution, token, step.next if done.exit == NEXT else step.exits.get(done.exit, step.next))


def _remember(execution: Execution, step: PlanStep, output: Mapping[str, Any]) -> None:
    """Later steps read what the step gave; nothing of an earlier try that failed."""
    if output:
        execution.outputs[step.id] = output
    elif execution.outputs:
        execution.outputs.pop(step.id, None)


def _leave_out_next(ctx: Context, token: Token, step: PlanStep, move: Move) -> None:
    """The next step of the same list, never one after that list, is skipped."""
    following = ctx.plan.steps[step.next] if step.next is not None else None
    if following is None or following.path.rpartition(".")[0] != step.path.rpartition(".")[0]:
        _go(ctx.execution, token, step.next)
        return
    left_out, now = Token(following.id, following.id), ctx.world.now
    detail = {"reason": LEFT_OUT, "why": f"The step “{step.id}” left it out."}
    _log(ctx.execution, move, left_out, "skipped", following.type, now, now, detail)
    _go(ctx.execution, token, following.next)


def _apply(ctx: Context, change: Change, told: list[dict[str, Any]]) -> None:
    """The change is in the world; `told` has what it changed, as the log shows it. Errors: Need, before anything."""
    world, cause = ctx.world, ctx.execution.cause
    if isinstance(change, Update):
        changes = world.update(change.record, change.values, cause)
        if changes:
            record = {"type": change.record.type, "id": str(change.record.id)}
            for name, (old, new) in changes.items():
                told.append({"record": record, "field": name, "old": old, "new": new})
    elif isinstance(change, Create):
        world.create(change.type, change.values, cause, identity=change.id)
        told.append({"record": {"type": change.type, "id": str(change.id)}, "created": True})
    else:
        row = world.get(change.record) if change.event is not None and change.record is not None else None
        world.append(change.table, dict(change.row))
        if change.event is not None and change.record is not None:
            world.emit(change.event, change.record, row, {}, cause, {"text": change.row.get("text")})


def _sleep(ctx: Context, token: Token, step: PlanStep, sleep: Sleep, move: Move) -> None:
    wait = {"kind": "sleep", "until": sleep.until.isoformat(), "why": sleep.why, "output": dict(sleep.output)}
    wait |= {"input": _input(ctx, sleep.input), "exit": sleep.exit}
    _wait(ctx, token, step, wait, move)


def _listen(ctx: Context, token: Token, step: PlanStep, listen: Listen, move: Move) -> None:
    if not step.node.subscribes:
        error = f"{step.type} waits for events, and does not say that it may."
        _fail(ctx, token, step, Fail("node_error", error), move, ctx.now)
        return
    heard = {"events": list(listen.events), "records": [str(each) for each in listen.records]}
    if token.wait is not None and token.wait["kind"] == "listen":  # asked again, and still waiting
        token.wait.pop("news", None)
        ctx.forget_answers()
        if listen.records and heard["records"] != token.wait["records"]:
            token.wait |= heard
            move.left.append((ctx.execution, token.visit))  # its timer is made anew with its subscriptions
            move.waits.append((ctx.execution, token))
        return
    wait: dict[str, Any] = {"kind": "listen", "until": listen.until.isoformat() if listen.until else None}
    wait |= {"why": listen.why} | heard
    wait |= {"input": _input(ctx, listen.input), "mark": str(ctx.new_id())}
    _wait(ctx, token, step, wait, move)


def _effect(ctx: Context, token: Token, step: PlanStep, effect: Effect, move: Move) -> None:
    move.effects.append((ctx.execution, step, effect))
    wait = {"kind": "effect", "until": None, "why": "It is being sent.", "input": _input(ctx, effect.input)}
    _wait(ctx, token, step, wait, move)


def _wait(ctx: Context, token: Token, step: PlanStep, wait: dict[str, Any], move: Move) -> None:
    wait |= {"since": ctx.now.isoformat(), "type": step.type}
    if ctx.warnings:
        wait["warnings"] = list(ctx.warnings)
    token.wait = wait
    move.waits.append((ctx.execution, token))


def _fail(ctx: Context, token: Token, step: PlanStep, fail: Fail, move: Move, started: datetime) -> None:
    execution = ctx.execution
    error = {"code": fail.code, "message": fail.message, "trace": fail.trace}
    detail = {"input": _input(ctx, fail.input), "error": {name: part for name, part in error.items() if part}}
    _log(execution, move, token, "failed", step.type, started, ctx.now, detail, ctx.warnings)
    execution.has_errors = True
    if step.on_error == "stop":
        execution.failure = {"at": step.id, "visit": token.visit, "code": fail.code, "message": fail.message}
        execution.tokens.remove(token)
        cancel(execution, "failed", move, ctx.now, "Another step failed.")
    else:
        execution.outputs[step.id] = {"error": {"code": fail.code, "message": fail.message[:_LONGEST_ERROR]}}
        _go(execution, token, step.exits[ERROR] if step.on_error == "steps" else step.next)


def _input(ctx: Context, given: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What the step's log keeps of its input: what templates came to, and what the node says itself."""
    return given if ctx.asked is None else ctx.asked if given is None else {**ctx.asked, **given}


def _go(execution: Execution, token: Token, where: str | None) -> None:
    if where is None:
        execution.tokens.remove(token)
    else:
        token.at = token.visit = where
        token.wait = None


def _since(token: Token, now: datetime) -> datetime:
    return datetime.fromisoformat(token.wait["since"]) if token.wait and "since" in token.wait else now


def _log(
    execution: Execution,
    move: Move,
    token: Token,
    status: str,
    kind: str,
    started: datetime,
    finished: datetime,
    detail: dict[str, Any],
    warnings: list[str] | None = None,
) -> None:
    attempts = 1
    if token.wait is not None:
        attempts = int(token.wait.get("attempts", 1))
        warnings = [*token.wait.get("warnings", ()), *(warnings or ())]
    if warnings:
        detail["warnings"] = warnings
    move.steps.append(
        StepLog(execution.id, execution.seq, token.visit, kind, status, attempts, started, finished, detail)
    )
    execution.seq += 1
