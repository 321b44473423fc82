"""Brings news to live executions: what they waited for has come, their time is over, their record changed or is gone.

Executions of a paused workflow are never moved: what comes for them is held (holding).
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from cuework.engine.advance import cancel, wake
from cuework.engine.ends import AGE
from cuework.engine.events import Event
from cuework.engine.execution import Execution
from cuework.engine.overdue import choose
from cuework.runtime import ages
from cuework.runtime.claim import Input
from cuework.runtime.outcomes import deliver
from cuework.runtime.pass_state import PassState
from cuework.runtime.postponing import Happening
from cuework.runtime.reading import outcomes, subscribers

_WATCHED = """
select id from executions_live where tenant_id = $1 and record_id = any($2::uuid[])
  and (workflow_id, version) in (select * from unnest($3::uuid[], $4::integer[]))
"""
_BITS_BELOW_TIME = 80  # of an id; an execution's has the time of the event that it entered by


async def wake_all(state: PassState, inputs: Sequence[Input]) -> None:
    """Who waits for one of these inputs can go on."""
    results = [UUID(each.payload["effect_id"]) for each in inputs if each.kind == "effect" and each.payload]
    done = await outcomes(state.connection, state.tenant.id, results) if results else {}
    for each in inputs:
        execution = state.lived.get(each.execution_id) if each.execution_id else None
        if execution is None:
            continue  # it has ended meanwhile
        if execution.workflow_id in state.tenant.paused:
            state.held.append((execution, each.kind, each.visit, each.payload))
            continue
        if each.visit == AGE:
            ages.ring(state, execution, each.payload or {})
            continue
        if each.visit is None:
            continue  # the input only says `continue`
        woken = False
        if each.kind == "effect" and each.payload:
            outcome = done.get(UUID(each.payload["effect_id"]))
            if outcome is not None:
                woken = deliver(execution, each.visit, *outcome)
        elif each.kind != "due" or each.payload is None or choose(execution, each.visit, each.payload, state.move):
            news = "event" if each.kind == "wake" else each.kind
            woken = wake(execution, each.visit, news, each.payload)
        if woken:  # again: a command of the same batch may have made everything move already
            state.go_on(execution)


async def wake_subscribers(state: PassState, events: Sequence[Happening]) -> None:
    """Who listens to one of these events can go on, here or, by an input, in another lane."""
    if not state.tenant.subscribed:
        return
    concerned: dict[UUID, list[Event]] = defaultdict(list)
    for event, _, _ in events:
        for identity in event.concerned():
            concerned[identity].append(event)
    rows = await subscribers(state.connection, state.tenant.id, list(concerned))
    here = [row["execution_id"] for row in rows if row["lane"] in state.lanes.lanes]
    await state.bring_to_life(here)
    for row in rows:
        for event in concerned[row["record_id"]]:
            if event.type == row["event_type"]:  # whether it is the right one, its step asks the log itself
                news = {"event_id": str(event.id), "type": event.type}
                execution = state.known(row["execution_id"])
                if execution is not None and execution.workflow_id in state.tenant.paused:
                    state.held.append((execution, "wake", row["visit"], news))
                elif execution is not None:
                    if wake(execution, row["visit"], "event", news):
                        state.go_on(execution)
                elif row["lane"] not in state.lanes.lanes:
                    state.woken_elsewhere.append((row["execution_id"], row["visit"], row["lane"]))


async def watch_records(state: PassState, events: Sequence[Happening]) -> None:
    """Executions that an event of their record may end as planned are looked at when the pass moves (§10, §16)."""
    records = {event.record.id for event, _, _ in events if event.record} if state.tenant.watched else None
    if not records:
        return
    versions = sorted(state.tenant.watched)
    columns = [workflow for workflow, _ in versions], [version for _, version in versions]
    rows = await state.connection.fetch(_WATCHED, state.tenant.id, list(records), *columns)
    await state.bring_to_life(row["id"] for row in rows)
    for context in state.contexts.values():
        execution = context.execution
        concerned = context.plan.watched and execution.record is not None and execution.record.id in records
        if not concerned or execution.ended:
            continue
        if execution.workflow_id in state.tenant.paused:
            state.held.append((execution, "continue", None, None))  # resuming looks at it
        else:
            context.watch = True
            state.go_on(execution)


async def end_deleted(state: PassState, events: Sequence[Happening]) -> None:
    """A deleted record ends its executions (§26): once, although the event comes again when it was put off."""
    gone = {
        event.record.id: event
        for event, _, cause in events
        if event.record and event.type.endswith(".deleted") and not (cause and cause.postponed)
    }
    if not gone:
        return
    query = "select id from executions_live where tenant_id = $1 and record_id = any($2::uuid[])"
    rows = await state.connection.fetch(query, state.tenant.id, list(gone))
    await state.bring_to_life(row["id"] for row in rows)
    for execution in [*state.lived.values(), *state.fresh.values()]:
        deletion = gone.get(execution.record.id) if execution.record and not execution.ended else None
        if deletion is not None and not _entered_since(state, execution, deletion):
            cancel(execution, "record_deleted", state.move, state.lanes.now, "Its record was deleted.")
            state.entry.note(execution)


def _entered_since(state: PassState, execution: Execution, deletion: Event) -> bool:
    """Whether the record was restored and entered after that: a deletion may come late, out of quarantine."""
    row = state.world.rows.get(execution.record) if execution.record else None
    restored = row is not None and row.get("deleted_at") is None
    return restored and execution.id.int >> _BITS_BELOW_TIME > deletion.id.int >> _BITS_BELOW_TIME
