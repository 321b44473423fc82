"""One pass: inputs of one tenant's free lanes are handled, and everything that follows commits together.

    lock lanes -> take inputs -> lock records -> match -> enter -> advance -> write -> commit

Rules
  * What a pass decides is the engine's; this file only fetches what the engine needs and writes what it says.
  * Events that steps cause in lanes this pass holds are matched before the commit; the others become inputs.
  * Executions of a paused workflow are read and ended, never moved: what comes for them is held (holding).
  * A record that is found late and held by somebody else puts off what needs it, and nothing else (postponing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cuework.base.ids import lane_of
from cuework.crm.flush import flush_records
from cuework.crm.lookups import answer
from cuework.crm.rows import load
from cuework.engine.advance import advance, cancel
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.execution import Execution
from cuework.engine.world import Need, World
from cuework.runtime.blame import only_of
from cuework.runtime.commands import Commands, enrolled_record
from cuework.runtime.committing import write_pass
from cuework.runtime.entering import Refused, Start, execution_of
from cuework.runtime.matching import match_all
from cuework.runtime.pass_state import PassState
from cuework.runtime.postponing import Happening, by_revision
from cuework.runtime.reading import later_changes, with_records
from cuework.runtime.rounds import rounds_of
from cuework.runtime.waking import end_deleted, wake_all, wake_subscribers, watch_records
from cuework.runtime.writing import Writer

# More derived work than this in one pass waits for the next one, so that a chain cannot hold lanes for long.
MAX_DERIVED = 2000


@dataclass(slots=True)
class Report:
    """What a pass did, for logs, the bell and tests."""

    inputs: int = 0
    started: int = 0
    ended: int = 0
    steps: int = 0
    effects: int = 0
    sent: int = 0
    refused: int = 0
    changed: bool = False
    again_after: timedelta | None = None  # the shortest pause of what was put off


class Pass:
    """Does all of a pass but begin and commit."""

    def __init__(self, state: PassState) -> None:
        self.state = state

    async def run(self) -> Report:
        """Everything that follows from the inputs is written in the caller's transaction."""
        state = self.state
        await self._read()
        for inputs in rounds_of(by_revision(state.inputs) if state.put_off else state.inputs):
            starts = await Commands(state).carry_out([each for each in inputs if each.kind == "command"])
            await self._enter_all(starts)
            await wake_all(state, [each for each in inputs if each.kind not in ("event", "command")])
            await self._advance()
            await self._handle([(each.event, each.lane, each) for each in inputs if each.event is not None])
            await self._follow()
        await write_pass(state)
        return self._report()

    async def _read(self) -> None:
        """Executions that inputs are for, and every record that events name, locked in order."""
        state = self.state
        ids = {each.execution_id for each in state.inputs if each.execution_id and each.kind != "command"}
        if ids:
            await state.bring_to_life(ids)
        refs = {execution.record for execution in state.lived.values() if execution.record is not None}
        for each in state.inputs:
            if each.event is not None:
                refs.update(with_records(each.event, state.tenant.index))
            elif (enrolled := enrolled_record(each)) is not None:
                refs.add(enrolled)
        state.world.rows.update(await load(state.connection, state.tenant.id, refs, state.tenant.catalog))
        stale = {
            each.event.record
            for each in state.inputs
            if each.event and each.event.record and _revision(state.world, each.event.record) > each.event.revision
        }
        if stale:
            state.later = await later_changes(state.connection, state.tenant.id, stale)
        if state.put_off:
            await state.postponing.read(state.connection, state.tenant.id, state.lanes.lanes)

    async def _handle(self, events: Sequence[Happening]) -> None:
        """The events are matched, their subscribers woken, and what they start has advanced."""
        state = self.state
        events = state.postponing.in_turn(events)
        if not events:
            return
        news = [each for each in events if not only_of(each[2])] if state.lanes.suspects else events
        await wake_subscribers(self.state, news)
        await end_deleted(self.state, news)
        await watch_records(self.state, news)
        await self._enter_all(await match_all(self.state, events))
        await self._advance()

    async def _enter_all(self, starts: list[Start]) -> None:
        """What may enter has, and has advanced; a key that enters twice waits for what its first entry became."""
        while starts:
            wave, starts = _first_per_key(starts)
            await self._enter(wave)
            await self._advance()

    async def _enter(self, starts: list[Start]) -> None:
        state = self.state
        entered = await state.entry.read(starts)
        for start in starts:
            decision = state.entry.decide(start, entered)
            if isinstance(decision, Refused):
                state.refused.append(decision)
                continue
            execution = execution_of(start, state.lanes.now)
            if decision is not None:
                await self._restart(decision)
            self._begin(execution, start)

    def _begin(self, execution: Execution, start: Start) -> None:
        state = self.state
        state.fresh[execution.id] = execution
        context = Context(execution, start.trigger.plan, state.world)
        state.contexts[execution.id] = state.moving[execution.id] = context

    async def _restart(self, earlier: UUID) -> None:
        """The active execution of the same key ends, here or, in another lane, by a command."""
        state = self.state
        await state.bring_to_life([earlier])
        execution = state.known(earlier)
        if execution is None or execution.ended:
            return
        if execution.lane in state.lanes.lanes:
            cancel(execution, "restarted", state.move, state.lanes.now, "The record entered again.")
        else:
            state.lived.pop(earlier)
            state.moving.pop(earlier, None)
            payload = {"do": "cancel", "reason": "restarted", "why": "The record entered again."}
            await Writer(state.connection, state.tenant.id, state.lanes.now).inputs(
                [(execution, "command", None, payload)]
            )

    async def _advance(self) -> None:
        """Every execution that can move has moved; look-ups are answered for all of them together."""
        state = self.state
        while state.moving:
            blocked: dict[UUID, Context] = {}
            needs: list[Any] = []
            for identity, ctx in state.moving.items():
                try:
                    advance(ctx, state.move)
                except Need as need:
                    blocked[identity] = ctx
                    needs.append(need.query)
                else:
                    state.entry.note(ctx.execution)
            postponed = await self._answer(needs)
            state.moving = {}
            for (identity, ctx), query in zip(blocked.items(), needs, strict=True):
                if query in postponed:
                    state.postponing.put_off_execution(ctx.execution, state.inputs)
                else:
                    state.moving[identity] = ctx

    async def _answer(self, needs: list[Any]) -> set[Any]:
        state = self.state
        if not needs:
            return set()
        records = {need for need in needs if isinstance(need, Ref)}
        postponed: set[Any] = set()
        if records:
            postponed |= await state.fetch(records)
        questions = [need for need in needs if not isinstance(need, Ref)]
        if questions:
            await flush_records(state.connection, state.tenant.id, state.world)
            postponed |= await answer(state.connection, state.tenant.id, state.world, questions)
        return postponed

    async def _follow(self) -> None:
        """Events that steps caused are matched here where this pass holds their lane, else sent on."""
        state = self.state
        derived = 0
        while state.seen < len(state.world.events):
            news = state.world.events[state.seen :]
            state.seen = len(state.world.events)
            here: list[Happening] = []
            for event in news:
                if event.record is not None:
                    state.history[event.record].append(event)
                if not state.tenant.hears(event.type):
                    continue
                lane = lane_of(event.record.id if event.record else event.id)
                if state.drained and lane in state.lanes.lanes and derived < MAX_DERIVED:
                    here.append((event, lane, None))
                    derived += 1
                else:
                    state.outgoing.append(event)
            await self._handle(here)

    def _report(self) -> Report:
        state = self.state
        return Report(
            inputs=len(state.inputs),
            started=len(state.fresh),
            ended=sum(each.ended for each in (*state.fresh.values(), *state.lived.values())),
            steps=len(state.move.steps),
            effects=len(state.move.effects),
            sent=len(state.outgoing) + len(state.woken_elsewhere) + len(state.move.more),
            refused=len(state.refused),
            changed=bool(state.fresh or state.lived),
            again_after=state.postponing.shortest(),
        )


def _first_per_key(starts: list[Start]) -> tuple[list[Start], list[Start]]:
    first: dict[tuple[UUID, str], Start] = {}
    rest: list[Start] = []
    for start in starts:
        key = (start.trigger.workflow_id, start.entry_key)
        if key in first:
            rest.append(start)
        else:
            first[key] = start
    return list(first.values()), rest


def _revision(world: World, ref: Ref) -> int:
    row = world.rows.get(ref)
    return row["revision"] if row is not None else 0
