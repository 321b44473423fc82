"""Runs a workflow in memory: the real engine over a store that is a dictionary, for tests of nodes and definitions.

    scenario = Scenario(definition)
    execution = scenario.happens(scenario.creates("contact", first_name="Ada"))
    [contact] = scenario.all("contact")
    assert contact["tags"] == ["new-contact"]

Time moves only by `pass_time`. Look-ups are answered as the store answers them. Nothing leaves the process: effects
are kept for the test to look at and to answer with `deliver`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cuework.base import json
from cuework.base.ids import execution_id, id_sequence, lane_of
from cuework.engine.advance import advance, begin, wake
from cuework.engine.catalog import Catalog
from cuework.engine.context import Context
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Cause, Event, Ref
from cuework.engine.execution import Execution, StepLog, restore
from cuework.engine.match import passes
from cuework.engine.move import Move
from cuework.engine.outcome import Effect
from cuework.engine.plan import Plan, compile_plan
from cuework.engine.registry import NodeTypes
from cuework.engine.world import Need, Row, World
from cuework.nodes import discover
from cuework.testing.answers import Answers
from cuework.testing.small_world import CATALOG
from cuework.workflows.step_inputs import input_of, steps_by_id

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
WORKFLOW_ID = UUID("0190f000-0000-7000-8000-000000000001")
MAX_NEEDS = 1000


@dataclass(slots=True)
class Sent:
    """An effect that a step asked for, and the execution and visit that wait for its outcome."""

    execution: Execution
    visit: str
    effect: Effect


@dataclass(slots=True)
class Scenario:
    """One workflow of one tenant, its records, and everything that its executions did."""

    definition: Mapping[str, Any]
    catalog: Catalog = CATALOG
    now: datetime = START
    types: NodeTypes = field(default_factory=discover)
    seed: int = 1
    records: dict[Ref, Row] = field(default_factory=dict[Ref, Row])
    events: list[Event] = field(default_factory=list[Event])
    steps: list[StepLog] = field(default_factory=list[StepLog])
    sent: list[Sent] = field(default_factory=list[Sent])
    rows: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    executions: list[Execution] = field(default_factory=list[Execution])
    plan: Plan = field(init=False)
    answers: Answers = field(init=False)
    _sequence: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._compile(published=False)
        self._sequence = id_sequence(int(self.now.timestamp() * 1000), self.seed)

    def sets_up(self, catalog: Catalog) -> None:
        """The tenant has another set-up; the version is published already."""
        self.catalog = catalog
        self._compile(published=True)

    def _compile(self, *, published: bool) -> None:
        self.plan = compile_plan(self.definition, self.types, self.catalog, published=published)
        self.plan.workflow_id, self.plan.version = WORKFLOW_ID, 1
        self.answers = Answers(self.records, self.events, self.catalog)

    # Records and what happens to them

    def add(self, kind: str, **values: Any) -> Ref:
        """A record is there, without any event to tell of it. Values are canonical."""
        world = self._world()
        row = world.create(kind, values, Cause("system"))
        self.records.update((ref, each) for ref, each in world.rows.items() if each is not None)
        return Ref(kind, row["id"])

    def row(self, ref: Ref) -> Row:
        """The record as it is now."""
        return self.records[ref]

    def creates(self, kind: str, **values: Any) -> Event:
        """A person creates a record; the answer is the event that says so."""
        world = self._world()
        world.create(kind, values, Cause("user"))
        return self._kept(world)

    def changes(self, ref: Ref, **values: Any) -> Event:
        """A person changes a record. Errors: IndexError if nothing changed."""
        world = self._world()
        world.rows[ref] = self.records[ref]
        world.update(ref, values, Cause("user"))
        return self._kept(world)

    def event(self, kind: str, ref: Ref | None = None, **data: Any) -> Event:
        """Something that is no change of a field happens, such as form.submitted."""
        world = self._world()
        row = self.records[ref] if ref is not None else None
        world.emit(kind, ref, row, {}, Cause("user"), data)
        return self._kept(world)

    # Executions

    def starts(self, event: Event) -> bool:
        """Whether the event passes the trigger's filter."""
        return event.type in self.plan.trigger.listens and passes(self.plan, self._scope(event))

    def why_not(self, event: Event) -> str | None:
        """What the trigger says against the event, before its condition is asked."""
        return self.plan.trigger.miss(event, self._scope(event))

    def happens(self, *events: Event) -> Execution:
        """The events start executions, which go as far as they can together; the answer is the last one.

        Errors: AssertionError if an event does not pass the filter.
        """
        for event in events:
            assert self.starts(event), f"{event.type} does not pass the trigger of {self.plan.name}"
        started = [self._execution(event) for event in events]
        self.executions.extend(started)
        self.run(started)
        return started[-1]

    def enroll(self, ref: Ref | None = None) -> Execution:
        """The workflow starts for a record as if by hand."""
        event = self.event("manual", ref)
        started = self._execution(event)
        self.executions.append(started)
        self.run([started])
        return started

    def run(self, executions: Iterable[Execution]) -> None:
        """The executions go as far as they can in one pass."""
        world, move = self._world(), Move()
        for execution in executions:
            self._advance(Context(execution, self.plan, world), move)
        self._kept(world)
        self.steps.extend(move.steps)
        self.sent.extend(Sent(execution, step.id, effect) for execution, step, effect in move.effects)
        if move.more:
            self.run(move.more)

    def news(self, execution: Execution, visit: str, kind: str, data: Mapping[str, Any] | None = None) -> None:
        """What a step waits for came: due, event, check or result. The execution is stored and read in between."""
        stored = self._stored(execution)
        assert wake(stored, visit, kind, data), f"nothing waits at {visit}"
        self.run([stored])
        for name in Execution.__dataclass_fields__:
            setattr(execution, name, getattr(stored, name))

    def pass_time(self, span: timedelta) -> None:
        """The clock moves on, and timers that are due by then ring in their order."""
        until = self.now + span
        while due := self._next_due(until):
            self.now, execution, visit = due
            self.news(execution, visit, "due")
        self.now = until

    def deliver(self, sent: Sent, output: Mapping[str, Any] | None = None) -> None:
        """The effect was delivered; its step goes on with what the provider answered."""
        self.news(sent.execution, sent.visit, "result", {"ok": True, "output": output or {}})

    def refuse(self, sent: Sent, code: str, message: str) -> None:
        """The effect could not be delivered, for good."""
        self.news(sent.execution, sent.visit, "result", {"ok": False, "error": {"code": code, "message": message}})

    # What the steps did

    def log(self, visit: str) -> StepLog:
        """The last finished visit of the step."""
        return [step for step in self.steps if step.visit == visit][-1]

    def outcome(self, visit: str) -> tuple[str, Mapping[str, Any]]:
        """The step's status and output."""
        log = self.log(visit)
        return log.status, log.detail.get("output", {})

    def asked(self, visit: str) -> Mapping[str, Any]:
        """What the step was asked to do, as readers of its log see it."""
        log = self.log(visit)
        raw = steps_by_id(self.definition).get(log.visit, {})
        return input_of(raw, log.type, self.types, log.detail.get("input"))

    def all(self, kind: str) -> list[Row]:
        """Every record of a type, oldest first."""
        found = [(ref.id.bytes, row) for ref, row in self.records.items() if ref.type == kind]
        return [row for _, row in sorted(found, key=lambda each: each[0])]

    def _advance(self, ctx: Context, move: Move) -> None:
        for _ in range(MAX_NEEDS):
            try:
                advance(ctx, move)
                return
            except Need as need:
                self._fetch(ctx.world, need.query)
        raise AssertionError("An execution asked for something without end.")

    def _fetch(self, world: World, query: Any) -> None:
        if isinstance(query, Ref):
            world.rows[query] = self.records.get(query)
            return
        self._flush(world)
        _, _, question = query
        answer, found = self.answers.of(question)
        world.answers[query] = answer
        for ref in found:
            world.rows.setdefault(ref, self.records[ref])

    def _flush(self, world: World) -> None:
        self.records.update((ref, row) for ref, row in world.rows.items() if row is not None)
        world.created, world.updated = {}, {}
        for table, rows in world.outbox.items():
            self.rows.setdefault(table, []).extend(rows)
        world.outbox = {}
        self.events.extend(world.events)
        world.events = []

    def _kept(self, world: World) -> Event:
        self._flush(world)
        return self.events[-1] if self.events else Event(next(self._sequence), "none", None, 0, self.now, Cause("user"))

    def _world(self) -> World:
        return World(self.catalog, self.now, self._sequence)

    def _scope(self, event: Event) -> EventScope:
        world = self._world()
        world.rows.update(self.records)
        return EventScope(event, self.records.get(event.record) if event.record else None, world)

    def _execution(self, event: Event) -> Execution:
        identity = execution_id(event.id, WORKFLOW_ID)
        about = event.record if self.plan.record_type is not None else None
        cause = Cause("workflow", WORKFLOW_ID, identity, event.root_id, event.cause.hops + 1, (WORKFLOW_ID,))
        row = self.records.get(event.record) if event.record else None
        seen = {"type": self.plan.trigger.type, "event": event.type, "event_id": event.id, "at": event.occurred_at}
        execution = Execution(
            id=identity,
            workflow_id=WORKFLOW_ID,
            version=1,
            record=about,
            lane=lane_of(about.id if about else event.id),
            event_id=event.id,
            trigger_type=self.plan.trigger.type,
            entry_key=str(about.id if about else event.id),
            started_at=self.now,
            cause=cause,
            trigger={**event.data, **seen, "changes": event.changes, "record": dict(row) if row else None},
        )
        begin(execution, self.plan.first)
        return execution

    def _stored(self, execution: Execution) -> Execution:
        """The execution as it is after a journey through the database."""
        row = {name: getattr(execution, name) for name in Execution.__dataclass_fields__}
        row["record_type"], row["record_id"] = execution.record or (None, None)
        row["state"] = json.loads(json.dumps(execution.state()))
        return restore(row)

    def _next_due(self, until: datetime) -> tuple[datetime, Execution, str] | None:
        waits = [
            (datetime.fromisoformat(token.wait["until"]), index, execution, token.visit)
            for index, execution in enumerate(self.executions)
            for token in execution.tokens
            if token.wait is not None and token.wait.get("until")
        ]
        due = min((wait for wait in waits if wait[0] <= until), default=None, key=lambda wait: wait[:2])
        return (due[0], due[2], due[3]) if due else None
