"""Which events of a pass start what: asks the engine, and fetches the records that its filters read."""

from collections.abc import Sequence

from cuework.base.errors import CueworkError
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event, Ref
from cuework.engine.match import Hit, Refusal, match
from cuework.engine.world import Need, Row, as_of
from cuework.runtime.blame import only_of
from cuework.runtime.entering import Refused, Start, execution_of, start_of
from cuework.runtime.pass_state import PassState
from cuework.runtime.postponing import Blocked, Happening


async def match_all(state: PassState, events: Sequence[Happening]) -> list[Start]:
    """What may enter because of the events; what may not is noted. What needs a held record is put off."""
    starts: list[Start] = []
    todo = [each for each in events if state.tenant.index.listens(each[0].type)]
    while todo:
        blocked: list[Blocked] = []
        waiting: set[Ref | None] = set()
        for each in todo:
            event = each[0]
            if waiting and event.record in waiting:  # a record's events enter in their order
                blocked.append((each, None))
                continue
            scope = EventScope(event, _as_of(state, event), state.world)
            try:
                starts.extend(_decide(state, scope, each[1], only_of(each[2])))
            except Need as need:
                blocked.append((each, need.query))
                if event.record is not None:
                    waiting.add(event.record)
        if not blocked:
            break
        held = await state.fetch({need for _, need in blocked if need is not None})
        todo = state.postponing.still_to_match(blocked, held)
    return starts


def _decide(state: PassState, scope: EventScope, lane: int, only: list[str] | None) -> list[Start]:
    starts: list[Start] = []
    matched = match(state.tenant.index, scope)
    if only is not None:
        matched = [found for found in matched if str(found.trigger.workflow_id) in only]
    # Nothing is noted before every start is known: a Need must not split what one event does.
    for found, start in [_started(found, scope, lane) for found in matched]:
        if isinstance(found, Hit):
            gone = scope.event.record is not None and _deleted(state, scope.event.record)
            if gone:
                state.refused.append(Refused(start, "record_deleted"))
            else:
                starts.append(start)
        elif found.reason == "loop":
            _loop(state, found, start)
        else:
            state.refused.append(Refused(start, found.reason))
    return starts


def _loop(state: PassState, found: Refusal, start: Start) -> None:
    """The chain stops here, as an execution that people can open and read (§23)."""
    execution = execution_of(start, state.lanes.now)
    execution.failure = {"at": None, "message": "Ten workflows in a row set each other off."}
    execution.end("loop")
    state.fresh[execution.id] = execution


def _as_of(state: PassState, event: Event) -> Row | None:
    """The record as it was at the event."""
    if event.record is None:
        return None
    row = state.world.rows.get(event.record)
    if row is None or row["revision"] <= event.revision:
        return row
    own = [e.changes for e in reversed(state.history.get(event.record, ())) if e.revision > event.revision]
    before = [changes for revision, changes in state.later.get(event.record, ()) if revision > event.revision]
    return as_of(event.record.type, row, [*own, *before])


def _started(found: Hit | Refusal, scope: EventScope, lane: int) -> tuple[Hit | Refusal, Start]:
    """The start of a match. A workflow whose entry key cannot be rendered refuses the event; others go on."""
    try:
        return found, start_of(found.trigger, scope, lane)
    except CueworkError:
        refusal = Refusal(found.trigger, "entry_key_failed")
        return refusal, start_of(found.trigger, scope, lane, key=str(scope.event.id))


def _deleted(state: PassState, ref: Ref) -> bool:
    row = state.world.rows.get(ref)
    return row is None or row.get("deleted_at") is not None
