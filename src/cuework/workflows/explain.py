"""Why a record entered a workflow or did not, where it is in it, and when it moves next; in words (§31).

Nothing is remembered for this but refusals past the filter. For the rest the filter is asked again: on the
recorded events, with the version of that day and the record's values at that time. Reads only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base import json
from cuework.base.errors import Invalid, NotFound, Problem
from cuework.base.ids import execution_id
from cuework.crm.rows import TABLES, load
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event, Ref
from cuework.engine.execution import end_words
from cuework.engine.plan import Plan
from cuework.engine.registry import NodeTypes
from cuework.engine.world import Need, Row, World, as_of
from cuework.workflows import drafts
from cuework.workflows.definitions import Key, load_plans
from cuework.workflows.explain_reading import (
    Span,
    Trace,
    read_events,
    read_executions,
    read_misses,
    read_refused_enrollment,
    read_spans,
)
from cuework.workflows.explain_words import (
    REFUSALS,
    State,
    ended_words,
    entered_words,
    next_words,
    not_enrolled_words,
    refused_words,
)

LOOKED_AT = 10


@dataclass(slots=True)
class _Question:
    """One workflow and one record, and what is known of both."""

    connection: Connection
    catalog: Catalog
    workflow: Mapping[str, Any]
    record: Ref
    world: World
    spans: Sequence[Span]
    plans: Mapping[Key, Plan]
    row: Row | None
    traces: list[Trace] = field(default_factory=list[Trace])
    by_hand: Mapping[str, Any] | None = None  # the last enrollment by hand that was refused

    def span_at(self, at: datetime) -> Span | None:
        """The span that took events of that instant."""
        return next((span for span in self.spans if span.covers(at)), None)

    def plan(self, span: Span) -> Plan:
        """The version that took events then."""
        return self.plans[self.workflow["id"], span.version]


async def explain(
    connection: Connection, types: NodeTypes, catalog: Catalog, workflow_id: UUID, record: Ref
) -> dict[str, Any]:
    """The answer in sentences, and its parts. Errors: NotFound, Invalid for a type that no workflow is about.

    Cost: about ten queries by key; at most LOOKED_AT events are asked again.
    """
    if record.type not in TABLES:
        raise Invalid(f"Nothing is known of a {record.type}.", [Problem("record_type", "is no type of record")])
    question = await _question(connection, types, catalog, workflow_id, record)
    executions = await read_executions(connection, catalog.tenant_id, workflow_id, record)
    events = await _events(question)
    question.traces = [await _trace(question, event, later) for event, later in events]
    await _recall(question)
    question.by_hand = await read_refused_enrollment(connection, catalog.tenant_id, workflow_id, record)
    return json.loads(json.dumps(_answer(question, executions)))


async def _question(
    connection: Connection, types: NodeTypes, catalog: Catalog, workflow_id: UUID, record: Ref
) -> _Question:
    workflow = await drafts.load(connection, catalog.tenant_id, workflow_id)
    row = (await load(connection, catalog.tenant_id, [record], catalog, lock=""))[record]
    if row is None:
        raise NotFound(f"There is no {record.type} {record.id}.")
    spans = await read_spans(connection, catalog.tenant_id, workflow_id)
    keys = {(workflow_id, span.version) for span in spans}
    plans = await load_plans(connection, catalog.tenant_id, catalog, types, keys)
    now: datetime = await connection.fetchval("select clock_timestamp()")
    world = World(catalog, now, iter(()))
    world.rows[record] = row
    return _Question(connection, catalog, workflow, record, world, spans, plans, row)


async def _events(question: _Question) -> list[tuple[Event, list[Mapping[str, Any]]]]:
    """The record's latest events that could have started it, the newest first, each with the changes after it."""
    listens = {name for plan in question.plans.values() for name in plan.trigger.listens}
    if not listens:
        return []
    found = await read_events(question.connection, question.catalog.tenant_id, question.record)
    relevant: list[tuple[Event, list[Mapping[str, Any]]]] = []
    later: list[Mapping[str, Any]] = []
    for event in found:  # the newest first
        if event.type in listens and len(relevant) < LOOKED_AT:
            relevant.append((event, list(later)))
        later.append(event.changes)
    return relevant


async def _trace(question: _Question, event: Event, later: list[Mapping[str, Any]]) -> Trace:
    """What became of one event, as far as the filter of its day says."""
    span = question.span_at(event.occurred_at)
    if span is None:
        return Trace(event, None, "inactive", _inactive(question, event.occurred_at))
    plan = question.plan(span)
    if event.type not in plan.trigger.listens:
        return Trace(event, span.version, "not_listening", "That version did not start on such an event.")
    row = as_of(question.record.type, question.row, later) if question.row and later else question.row
    scope = EventScope(event, row, question.world)
    while True:
        try:
            return _asked(plan, scope, event, span.version)
        except Need as need:
            refs = [need.query] if isinstance(need.query, Ref) else []
            loaded = await load(question.connection, question.catalog.tenant_id, refs, question.catalog, lock="")
            question.world.rows.update(loaded)


def _asked(plan: Plan, scope: EventScope, event: Event, version: int) -> Trace:
    miss = plan.trigger.miss(event, scope)
    if miss is not None:
        return Trace(event, version, "filter", miss)
    if plan.when is not None:
        first = plan.when.first_miss(scope)
        clauses = [
            {"clause": each.clause, "ok": each.ok, "value": each.value, "reason": each.reason}
            for each in plan.when.explain(scope)
        ]
        if first is not None:
            return Trace(event, version, "filter", f"Its filter did not let it in: {first.reason}.", clauses)
        before = scope.before() if plan.trigger.edge else None
        if before is not None and plan.when.test(before):
            return Trace(event, version, "no_edge", "It matched the filter before that already.", clauses)
        return Trace(event, version, "passed", None, clauses)
    return Trace(event, version, "passed", None)


async def _recall(question: _Question) -> None:
    """Events that passed their filter have the outcome that was kept: an execution, a refusal, or still pending."""
    passed = [trace for trace in question.traces if trace.outcome in ("passed", "inactive")]
    workflow_id: UUID = question.workflow["id"]
    ids = [trace.event.id for trace in passed]
    misses = await read_misses(question.connection, question.catalog.tenant_id, workflow_id, ids)
    started = {execution_id(identity, workflow_id): identity for identity in ids}
    rows = await question.connection.fetch(
        "select id from executions where tenant_id = $1 and id = any($2::uuid[])",
        question.catalog.tenant_id,
        list(started),
    )
    entered = {started[row["id"]] for row in rows}
    waiting = await question.connection.fetch(
        "select event_id from inbox where tenant_id = $1 and event_id = any($2::uuid[])",
        question.catalog.tenant_id,
        ids,
    )
    pending = {row["event_id"] for row in waiting}
    for trace in passed:
        if trace.event.id in entered:
            trace.outcome, trace.reason = "entered", "It entered."
        elif trace.event.id in misses:
            trace.outcome = misses[trace.event.id]
            trace.reason = REFUSALS.get(trace.outcome, trace.outcome)
        elif trace.outcome == "passed":
            quiet = "mass_edit" if trace.event.starts_nothing else "refused"
            trace.outcome = "pending" if trace.event.id in pending else quiet
            trace.reason = REFUSALS[trace.outcome]


def _inactive(question: _Question, at: datetime) -> str:
    first = question.spans[0].from_at if question.spans else None
    if first is None or at < first:
        return "The workflow was not published yet."
    return "The workflow was not on at that time: it was paused or archived."


def _answer(question: _Question, executions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    live = next((row for row in executions if row["finished_at"] is None), None)
    last = live or (executions[0] if executions else None)
    name = question.workflow["name"]
    newest = question.traces[0] if question.traces else None
    sentences: list[str] = []
    if last is not None:
        sentences.append(entered_words(name, last, question.catalog))
        sentences.append(next_words(last, question.catalog) if live else ended_words(last, question.catalog))
    if live and question.workflow["paused_at"] is not None:
        sentences.append("The workflow is paused, so it stays there until somebody resumes it.")
    if newest is not None and newest.outcome != "entered":
        event = newest.event
        sentences.append(refused_words(event.type, event.occurred_at, newest.outcome, newest.reason, question.catalog))
    by_hand = question.by_hand
    if by_hand is not None and (last is None or by_hand["at"] > last["started_at"]):
        sentences.append(not_enrolled_words(by_hand, question.catalog))
    sentences += _standing(question, last is None and newest is None and by_hand is None)
    state = State.INSIDE if live else State.ENDED if last else _state(question, newest)
    return {
        "state": state,
        "sentences": sentences,
        "execution_id": last["id"] if last else None,
        "execution": _execution(last),
        "executions": [_execution(row) for row in executions],
        "next_at": live["next_at"] if live else None,
        "events": [trace.as_json() for trace in question.traces],
        "workflow": {"id": question.workflow["id"], "name": name, "status": question.workflow["status"]},
        "record": question.record.as_json(),
    }


def _standing(question: _Question, unknown: bool) -> list[str]:
    """What holds now, whatever happened: the workflow is off, the record gone, nothing happened yet."""
    status, kind = question.workflow["status"], question.record.type
    sentences: list[str] = []
    if question.row is not None and question.row["deleted_at"] is not None:
        sentences.append(f"The {kind} is deleted, so it enters nothing.")
    if not question.spans:
        return [*sentences, f"{question.workflow['name']} was never published, so nothing has entered it."]
    open_span = next((span for span in question.spans if span.to_at is None), None)
    plan = question.plan(open_span or question.spans[-1])
    if plan.record_type is not None and plan.record_type != kind:
        return [*sentences, f"It is about a {plan.record_type}, and this is a {kind}."]
    if status != "published":
        sentences.append(f"It is {status} now, so nothing new enters.")
    if plan.broken is not None:
        sentences.append(f"Its published version cannot be used any more: {plan.broken}")
    elif plan.gone is not None:
        sentences.append(f"Nothing starts it any more: {plan.gone}")
    elif unknown:
        summary = plan.trigger.summary()
        sentences.append(
            f"It starts {summary[:1].lower()}{summary[1:]}; nothing like that has happened to this {kind}."
        )
    return sentences


def _state(question: _Question, newest: Trace | None) -> State:
    if not question.spans:
        return State.NEVER_PUBLISHED
    if newest is None and question.by_hand is not None:
        return State.NOT_ENTERED
    if newest is None:
        return State.NO_EVENT if question.workflow["status"] == "published" else State.INACTIVE
    return State.PENDING if newest.outcome == "pending" else State.NOT_ENTERED


def _execution(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("id", "version", "status", "reason", "started_at", "finished_at", "next_at", "has_errors")
    return {
        **{name: row[name] for name in names},
        "reason_text": end_words(row["reason"], row["why"]),
    }
