"""Writes what a pass decided: executions, steps, timers, subscriptions, effects, counters. Set-based throughout."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from cuework.base.ids import derived_id, new_id
from cuework.base.json import dumps_text
from cuework.db import bulk
from cuework.engine.ends import AGE
from cuework.engine.execution import Execution, StepLog, Token
from cuework.engine.move import Move
from cuework.engine.outcome import Effect
from cuework.engine.plan import PlanStep
from cuework.runtime.claim import Input

BUCKETS = 24

_WHOSE = {
    "id": "uuid",
    "workflow_id": "uuid",
    "version": "integer",
    "lane": "smallint",
    "status": "text",
    "record_type": "text",
    "record_id": "uuid",
    "event_id": "uuid",
    "trigger_type": "text",
    "entry_key": "text",
    "test": "boolean",
    "has_errors": "boolean",
    "started_at": "timestamptz",
    "active_ms": "integer",
    "revision": "integer",
}
_DONE = _WHOSE | {"reason": "text", "finished_at": "timestamptz", "state": "jsonb"}
_LIVE = _WHOSE | {"updated_at": "timestamptz", "next_at": "timestamptz", "state": "jsonb"}
_MOVED = {"id": "uuid", "status": "text", "has_errors": "boolean", "active_ms": "integer", "revision": "integer"} | {
    "version": "integer",
    "updated_at": "timestamptz",
    "next_at": "timestamptz",
    "state": "jsonb",
}
_STEPS = {"execution_id": "uuid", "seq": "smallint", "visit": "text", "type": "text", "status": "text"} | {
    "attempts": "smallint",
    "started_at": "timestamptz",
    "finished_at": "timestamptz",
    "detail": "jsonb",
}
_WAITING = {"execution_id": "uuid", "visit": "text", "lane": "smallint"}
_EFFECTS = {
    "id": "uuid",
    "execution_id": "uuid",
    "visit": "text",
    "lane": "smallint",
    "key": "text",
    "kind": "text",
} | {
    "connection_id": "uuid",
    "request": "jsonb",
    "policy": "jsonb",
    "due_at": "timestamptz",
}
_MESSAGES = {"id": "uuid", "channel": "text", "contact_id": "uuid", "execution_id": "uuid", "visit": "text"} | {
    "connection_id": "uuid",
    **dict.fromkeys(("sender", "recipient", "reply_to", "subject", "body_html", "body_text", "state"), "text"),
    "created_at": "timestamptz",
}
_INPUTS = {"id": "uuid", "lane": "smallint", "kind": "text", "priority": "smallint", "execution_id": "uuid"} | {
    "visit": "text",
    "payload": "jsonb",
}
_AGAIN = _INPUTS | {"revision": "bigint", "event_id": "uuid", "attempts": "smallint", "postponed": "smallint"}
_COUNTERS = {"workflow_id": "uuid", "version": "integer", "minute": "timestamptz", "slot": "smallint"} | {
    **dict.fromkeys(("started", "completed", "failed", "cancelled", "with_errors", "refused"), "integer"),
    "active_ms_sum": "bigint",
    "histogram": "integer[]",
}
_ADD_COUNTERS = """on conflict (tenant_id, workflow_id, version, minute, slot) do update set
  started = counters.started + excluded.started, completed = counters.completed + excluded.completed,
  failed = counters.failed + excluded.failed, cancelled = counters.cancelled + excluded.cancelled,
  with_errors = counters.with_errors + excluded.with_errors, refused = counters.refused + excluded.refused,
  active_ms_sum = counters.active_ms_sum + excluded.active_ms_sum,
  histogram = cw_add_arrays(counters.histogram, excluded.histogram)"""


@dataclass(slots=True)
class Count:
    """What one pass adds to a version's counters."""

    started: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    with_errors: int = 0
    refused: int = 0
    active_ms: int = 0
    histogram: list[int] = field(default_factory=lambda: [0] * BUCKETS)

    def end(self, execution: Execution) -> None:
        """One more of its status and duration."""
        self._add(execution, execution.status, 1)

    def undo(self, execution: Execution) -> None:
        """One less of its status: it is being retried, and will be counted where it ends then."""
        self._add(execution, execution.status, -1)

    def _add(self, execution: Execution, status: str, n: int) -> None:
        setattr(self, status, getattr(self, status) + n)
        self.with_errors += n * (status == "completed" and execution.has_errors)
        self.active_ms += n * execution.active_ms
        self.histogram[min(execution.active_ms.bit_length(), BUCKETS - 1)] += n


@dataclass(frozen=True, slots=True)
class Writer:
    """Where and when a pass writes."""

    connection: bulk.Writes
    tenant_id: UUID
    now: datetime

    async def finished(self, fresh: Sequence[Execution], lived: Sequence[Execution], at: datetime) -> None:
        """Ended executions are in the history, those that lived are not live any more."""
        if lived:
            await self.connection.execute(
                "delete from executions_live where tenant_id = $1 and id = any($2::uuid[])",
                self.tenant_id,
                [each.id for each in lived],
            )
        ended = [*fresh, *lived]
        if ended:
            states = [dumps_text(left) if (left := each.left()) is not None else None for each in ended]
            columns = [*_whose(ended), [each.reason for each in ended], [at] * len(ended), states]
            await bulk.insert(self.connection, self.tenant_id, "executions_done", _DONE, columns)

    async def alive(self, fresh: Sequence[Execution], lived: Sequence[Execution]) -> None:
        """Executions that go on are stored with their state."""
        if fresh:
            columns = [*_whose(fresh), [self.now] * len(fresh), *_state(fresh)]
            await bulk.insert(self.connection, self.tenant_id, "executions_live", _LIVE, columns)
        if lived:
            names = ("id", "status", "has_errors", "active_ms", "revision", "version")
            columns = [*_attributes(lived, names), [self.now] * len(lived), *_state(lived)]
            await bulk.update(self.connection, self.tenant_id, "executions_live", _MOVED, columns)

    async def steps(self, logs: Sequence[StepLog]) -> None:
        """Finished visits are in the log."""
        if logs:
            details = [dumps_text(log.detail) for log in logs]
            columns = [*_attributes(logs, [name for name in _STEPS if name != "detail"]), details]
            await bulk.insert(self.connection, self.tenant_id, "steps", _STEPS, columns)

    async def waits(self, move: Move) -> None:
        """Timers and subscriptions are those of the tokens that wait now; each new subscription gets its check.

        The check is an input of its own: it runs after this transaction has made the subscription visible,
        so no event can fall between the two.
        """
        left = [(execution.id, visit) for execution, visit in move.left]
        if left:
            for table in ("timers", "subscriptions"):
                await self.connection.execute(
                    f"""delete from {table} t using unnest($2::uuid[], $3::text[]) as u(execution_id, visit)
                    where t.tenant_id = $1 and t.execution_id = any($2::uuid[])
                      and t.execution_id = u.execution_id and t.visit = u.visit""",
                    self.tenant_id,
                    [each for each, _ in left],
                    [visit for _, visit in left],
                )
        # A token is there twice if it waited anew (moved to a later time, retried) and then moved on in the same pass.
        latest = {(e.id, t.visit): (e, t) for e, t in move.waits}.values()
        waits = [(e, t) for e, t in latest if t.wait is not None and not e.ended and "news" not in t.wait]
        timed = [(e, t) for e, t in waits if t.wait and t.wait.get("until")]
        if timed:
            columns = [*_waiting(timed), [datetime.fromisoformat(t.wait["until"]) for _, t in timed if t.wait]]
            await bulk.insert(self.connection, self.tenant_id, "timers", _WAITING | {"due_at": "timestamptz"}, columns)
        await self._subscribe([(e, t) for e, t in waits if t.wait and t.wait["kind"] == "listen"])

    async def ages(self, executions: Sequence[Execution]) -> None:
        """The executions have timers that say when they will be too old."""
        if executions:
            columns: list[list[Any]] = [
                [each.id for each in executions],
                [AGE] * len(executions),
                [each.lane for each in executions],
                [each.too_old_at for each in executions],
            ]
            kinds = _WAITING | {"due_at": "timestamptz"}
            again = "on conflict (tenant_id, execution_id, visit) do update set due_at = excluded.due_at"
            await bulk.insert(self.connection, self.tenant_id, "timers", kinds, columns, tail=again)

    async def _subscribe(self, listening: list[tuple[Execution, Token]]) -> None:
        rows = [
            (execution, token, name, UUID(record))
            for execution, token in listening
            if token.wait
            for name in token.wait["events"]
            for record in token.wait["records"]
        ]
        if rows:
            columns: list[list[Any]] = [
                *_waiting([(execution, token) for execution, token, _, _ in rows]),
                [name for _, _, name, _ in rows],
                [record for _, _, _, record in rows],
                [self.now] * len(rows),
            ]
            kinds = _WAITING | {"event_type": "text", "record_id": "uuid", "since_at": "timestamptz"}
            await bulk.insert(self.connection, self.tenant_id, "subscriptions", kinds, columns)
        await self.inputs([(e, "check", t.visit, None) for e, t in listening])

    async def inputs(self, inputs: Iterable[tuple[Execution, str, str | None, Any]]) -> None:
        """Inputs of executions' own lanes, due at once. Shape: (execution, kind, visit, payload)."""
        rows = list(inputs)
        if rows:
            columns: list[list[Any]] = [
                [new_id() for _ in rows],
                [execution.lane for execution, _, _, _ in rows],
                [kind for _, kind, _, _ in rows],
                [1 if execution.cause.bulk else 0 for execution, _, _, _ in rows],
                [execution.id for execution, _, _, _ in rows],
                [visit for _, _, visit, _ in rows],
                [dumps_text(payload) if payload is not None else None for _, _, _, payload in rows],
            ]
            await bulk.insert(self.connection, self.tenant_id, "inbox", _INPUTS, columns)

    async def again(self, inputs: Sequence[tuple[Input, datetime]]) -> None:
        """Inputs of this pass that it could not handle yet are as they were, and due at those instants."""
        if inputs:
            payloads = [dumps_text(each.payload) if each.payload is not None else None for each, _ in inputs]
            rows = [each for each, _ in inputs]
            columns = [payloads if name == "payload" else [getattr(row, name) for row in rows] for name in _AGAIN]
            kinds = _AGAIN | {"due_at": "timestamptz"}
            await bulk.insert(
                self.connection, self.tenant_id, "inbox", kinds, [*columns, [due_at for _, due_at in inputs]]
            )

    async def effects(self, effects: Sequence[tuple[Execution, PlanStep, Effect]]) -> None:
        """Requests to the outside are queued under one key per visit; a retried visit queues the same key again."""
        rows = [(execution, step, effect, _key(execution, step)) for execution, step, effect in effects]
        if not rows:
            return
        ids = [derived_id(execution.id, step.id, "effect") for execution, step, _, _ in rows]
        columns: list[list[Any]] = [
            ids,
            [execution.id for execution, _, _, _ in rows],
            [step.id for _, step, _, _ in rows],
            [execution.lane for execution, _, _, _ in rows],
            [key for _, _, _, key in rows],
            [effect.kind for _, _, effect, _ in rows],
            [effect.connection_id for _, _, effect, _ in rows],
            [dumps_text(effect.request) for _, _, effect, _ in rows],
            [dumps_text(_policy(step)) for _, step, _, _ in rows],
            [self.now] * len(rows),
        ]
        again = """on conflict (tenant_id, id) do update set state = 'queued', attempts = 0, due_at = excluded.due_at,
            request = excluded.request, policy = excluded.policy, connection_id = excluded.connection_id,
            outcome = null, finished_at = null"""
        await bulk.insert(self.connection, self.tenant_id, "effects", _EFFECTS, columns, tail=again)
        told = [(identity, row) for identity, row in zip(ids, rows, strict=True) if row[2].message is not None]
        if told:
            names = ("sender", "recipient", "reply_to", "subject", "body_html", "body_text")
            columns = [
                [identity for identity, _ in told],
                [effect.kind for _, (_, _, effect, _) in told],
                [(effect.message or {}).get("contact_id") for _, (_, _, effect, _) in told],
                [execution.id for _, (execution, _, _, _) in told],
                [step.id for _, (_, step, _, _) in told],
                [effect.connection_id for _, (_, _, effect, _) in told],
                *[[(effect.message or {}).get(name) for _, (_, _, effect, _) in told] for name in names],
                ["queued"] * len(told),
                [self.now] * len(told),
            ]
            texts = "".join(f", {name} = excluded.{name}" for name in ("contact_id", "connection_id", *names))
            again = f"on conflict (tenant_id, id) do update set state = 'queued', error = null{texts}"
            await bulk.insert(self.connection, self.tenant_id, "messages", _MESSAGES, columns, tail=again)

    async def counters(self, counts: dict[tuple[UUID, int], Count], slot: int) -> None:
        """The versions' counters of this minute have grown. Written last: rows are shared with other passes."""
        if not counts:
            return
        minute = self.now.replace(second=0, microsecond=0)
        keys = sorted(counts, key=lambda key: (key[0].bytes, key[1]))
        rows = [counts[key] for key in keys]
        names = ("started", "completed", "failed", "cancelled", "with_errors", "refused", "active_ms")
        columns: list[list[Any]] = [
            [key[0] for key in keys],
            [key[1] for key in keys],
            [minute] * len(keys),
            [slot] * len(keys),
            *[[getattr(row, name) for row in rows] for name in names],
            [bulk.array_text(row.histogram) for row in rows],
        ]
        await bulk.insert(self.connection, self.tenant_id, "counters", _COUNTERS, columns, tail=_ADD_COUNTERS)


def _attributes(rows: Sequence[Any], names: Iterable[str]) -> list[list[Any]]:
    return [list(map(attrgetter(name), rows)) for name in names]


def _whose(rows: Sequence[Execution]) -> list[list[Any]]:
    first = _attributes(rows, ("id", "workflow_id", "version", "lane", "status"))
    records = [
        [each.record.type if each.record else None for each in rows],
        [each.record.id if each.record else None for each in rows],
    ]
    names = ("event_id", "trigger_type", "entry_key", "test", "has_errors", "started_at", "active_ms", "revision")
    return [*first, *records, *_attributes(rows, names)]


def _state(rows: Sequence[Execution]) -> list[list[Any]]:
    return [[next_at(each) for each in rows], [dumps_text(each.state()) for each in rows]]


def next_at(execution: Execution) -> datetime | None:
    """When it moves next by itself, None if only news can move it."""
    times = [token.wait["until"] for token in execution.tokens if token.wait and token.wait.get("until")]
    return min(map(datetime.fromisoformat, times)) if times else None


def _waiting(waits: Sequence[tuple[Execution, Token]]) -> list[list[Any]]:
    return [[e.id for e, _ in waits], [t.visit for _, t in waits], [e.lane for e, _ in waits]]


def _key(execution: Execution, step: PlanStep) -> str:
    return f"{execution.id}:{step.id}"


def _policy(step: PlanStep) -> dict[str, Any]:
    policy: dict[str, Any] = {}
    if step.retry is not None:
        policy |= {"attempts": step.retry.attempts, "factor": step.retry.factor}
        policy["first_after_s"] = step.retry.first_after.fixed.total_seconds()
        policy["max_after_s"] = step.retry.max_after.fixed.total_seconds()
    if step.timeout_after is not None:
        policy["timeout_s"] = step.timeout_after.total_seconds()
    return policy
