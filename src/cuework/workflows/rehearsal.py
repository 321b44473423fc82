"""Tries a plan on a record or an event: what it would do, with time travelled through its waits (§33).

The real engine runs over real rows inside a savepoint that is rolled back, so look-ups see what earlier steps
would have written, and nothing stays. No effect is performed: each is shown, and taken to succeed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from secrets import randbits
from typing import Any
from uuid import UUID

from cuework.base import json
from cuework.base.errors import Conflict, Invalid, NotFound, Problem
from cuework.base.ids import id_sequence, lane_of, new_id
from cuework.base.time import milliseconds
from cuework.crm.events import load_events
from cuework.crm.flush import flush_records
from cuework.crm.lookups import answer
from cuework.crm.rows import load
from cuework.db.pool import Connection
from cuework.engine.advance import advance, begin, wake
from cuework.engine.catalog import Catalog
from cuework.engine.context import Context
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Cause, Event, Ref
from cuework.engine.execution import Execution, Token, end_words
from cuework.engine.move import Move
from cuework.engine.plan import Plan, PlanStep
from cuework.engine.world import Need, Row, World
from cuework.workflows.step_inputs import RawSteps
from cuework.workflows.timeline import finished_step
from cuework.workflows.vocabulary import installed

MAX_TURNS = 5_000


@dataclass(slots=True)
class _Stage:
    """What one rehearsal works on."""

    connection: Connection
    tenant_id: UUID
    plan: Plan
    world: World
    move: Move = field(default_factory=Move)
    would: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    async def fetch(self, query: Any) -> None:
        """The world can answer the query. Errors: Conflict when somebody holds a record that is asked for."""
        if isinstance(query, Ref):
            catalog = self.world.catalog
            self.world.rows.update(await load(self.connection, self.tenant_id, [query], catalog, lock=""))
            return
        await flush_records(self.connection, self.tenant_id, self.world)
        if await answer(self.connection, self.tenant_id, self.world, [query]):
            raise Conflict("A record that the test asks for is being changed right now. Try again.")


async def rehearse(
    connection: Connection,
    tenant_id: UUID,
    plan: Plan,
    catalog: Catalog,
    *,
    record: Ref | None,
    event_id: UUID | None,
) -> dict[str, Any]:
    """What the plan would do, as the API shows an execution. Errors: NotFound, Invalid without a record it needs."""
    now: datetime = await connection.fetchval("select clock_timestamp()")
    world = World(catalog, now, id_sequence(milliseconds(now), randbits(48)))
    stage = _Stage(connection, tenant_id, plan, world)
    await connection.execute("savepoint rehearsal")
    try:
        event = await _event(stage, record, event_id)
        row = await _row(stage, event.record)
        entry = await _entry(stage, EventScope(event, row, world), real=event_id is not None)
        execution = _execution(plan, event, row, now)
        waits = await _play(stage, Context(execution, plan, world))
    finally:
        await connection.execute("rollback to savepoint rehearsal")
    return _shown(stage, execution, event, entry, waits)


async def _event(stage: _Stage, record: Ref | None, event_id: UUID | None) -> Event:
    """The event that starts it: a recorded one, or a hand's on the record."""
    if event_id is not None:
        found = (await load_events(stage.connection, stage.tenant_id, [event_id])).get(event_id)
        if found is None:
            raise NotFound(f"There is no event {event_id}.")
        return found
    kind = stage.plan.record_type
    if kind is not None and record is None:
        raise Invalid(f"Say which {kind} to test with.", [Problem("record_id", "is required")])
    return Event(new_id(), "manual", record, 0, stage.world.now, Cause("user"))


async def _row(stage: _Stage, record: Ref | None) -> Row | None:
    if record is None:
        return None
    await stage.fetch(record)
    row = stage.world.rows[record]
    if row is None or row["deleted_at"] is not None:
        raise NotFound(f"There is no {record.type} {record.id}.")
    return row


async def _entry(stage: _Stage, scope: EventScope, *, real: bool) -> dict[str, Any]:
    """Whether the trigger's filter lets it in, clause by clause. Without a real event only the condition is asked."""
    plan = stage.plan
    while True:
        try:
            miss = None
            if real:
                listens = scope.event.type in plan.trigger.listens
                miss = plan.trigger.miss(scope.event, scope) if listens else "The trigger does not listen to this."
            clauses = plan.when.explain(scope) if plan.when is not None else []
            holds = plan.when.test(scope) if plan.when is not None else True
        except Need as need:
            await stage.fetch(need.query)
        else:
            return {"passes": holds and miss is None, "miss": miss, "clauses": [asdict(each) for each in clauses]}


def _execution(plan: Plan, event: Event, row: Row | None, now: datetime) -> Execution:
    identity = new_id()
    seen = {"type": plan.trigger.type, "event": event.type, "event_id": event.id, "at": event.occurred_at}
    workflow_id = plan.workflow_id or identity
    execution = Execution(
        id=identity,
        workflow_id=workflow_id,
        version=plan.version,
        record=event.record if plan.record_type is not None else None,
        lane=lane_of(identity),
        event_id=event.id,
        trigger_type=plan.trigger.type,
        entry_key=str(event.record.id if event.record else event.id),
        started_at=now,
        cause=Cause("workflow", workflow_id, identity, event.root_id, 1, (workflow_id,)),
        trigger={**event.data, **seen, "changes": event.changes, "record": dict(row) if row is not None else None},
        test=True,
    )
    begin(execution, plan.first)
    return execution


async def _play(stage: _Stage, ctx: Context) -> str | None:
    """The execution has gone as far as it can; the answer says what it would wait for without end."""
    for _ in range(MAX_TURNS):
        try:
            advance(ctx, stage.move)
        except Need as need:
            await stage.fetch(need.query)
            continue
        if ctx.execution.ended:
            return None
        if not any(token.wait is None or "news" in token.wait for token in ctx.execution.tokens):
            token = _next_token(ctx.execution)
            if token is None:
                return next((t.wait["why"] for t in ctx.execution.tokens if t.wait), None)
            _travel(stage, ctx, token)
    raise Conflict("The workflow goes on and on; the test stopped after its first steps.")


def _next_token(execution: Execution) -> Token | None:
    """The token that moves next: one that sends, else the one whose time comes first."""
    sends = [token for token in execution.tokens if token.wait and token.wait["kind"] == "effect"]
    timed = [token for token in execution.tokens if token.wait and token.wait.get("until")]
    return sends[0] if sends else min(timed, key=lambda t: (t.wait or {})["until"], default=None)


def _travel(stage: _Stage, ctx: Context, token: Token) -> None:
    """What the token waits for has come: its time, or an answer that all is well."""
    wait = token.wait or {}
    if wait["kind"] != "effect":
        stage.world.now = max(stage.world.now, datetime.fromisoformat(wait["until"]))
        wake(ctx.execution, token.visit, "due")
        return
    _, step, effect = next(sent for sent in reversed(stage.move.effects) if sent[1].id == token.at)
    stage.would[token.visit] = {"kind": effect.kind, "request": effect.request}
    wanted = step.node.Output.model_fields if step.node.Output is not None else {}
    said: dict[str, Any] = {
        "status": 200,
        "recipient": effect.request.get("to"),
        "message_id": None,
        "headers": {},
        "body": None,
    }
    output = {name: value for name, value in said.items() if name in wanted}
    wake(ctx.execution, token.visit, "result", {"ok": True, "output": output})


def _shown(
    stage: _Stage, execution: Execution, event: Event, entry: Mapping[str, Any], waits: str | None
) -> dict[str, Any]:
    raw_steps = {step.id: _raw(step) for step in stage.plan.steps.values()}
    steps = [_step(stage, asdict(log), raw_steps) for log in stage.move.steps]
    shown = {
        "test": True,
        "workflow_id": stage.plan.workflow_id,
        "version": stage.plan.version or None,
        "record": event.record.as_json() if event.record else None,
        "trigger": {"event_id": event.id, "type": execution.trigger_type, "event_type": event.type},
        "filter": entry,
        "status": execution.status,
        "reason": execution.reason,
        "reason_text": end_words(execution.reason, execution.why) or (f"It would wait: {waits}" if waits else None),
        "has_errors": execution.has_errors,
        "error": execution.failure,
        "started_at": execution.started_at,
        "ends_at": stage.world.now if execution.ended else None,
        "steps": steps,
    }
    return json.loads(json.dumps(shown))


def _raw(step: PlanStep) -> dict[str, Any]:
    """The step as it was written."""
    return {
        "type": step.type,
        "note": step.note,
        **step.node.model_dump(mode="json", by_alias=True, exclude_unset=True),
    }


def _step(stage: _Stage, log: Mapping[str, Any], raw_steps: RawSteps) -> dict[str, Any]:
    step = finished_step(log, raw_steps, installed())
    would = stage.would.get(step["visit"])
    if would is not None:
        step["why"] = "Nothing was sent: this is what it would send."
    return step | {"would_send": would}
