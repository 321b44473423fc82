"""One pass: inputs of one tenant's free lanes are handled, and everything that follows commits together.

    lock lanes -> take inputs -> lock records -> match -> enter -> advance -> write -> commit

Rules
  * What a pass decides is the engine's; this file only fetches what the engine needs and writes what it says.
  * Events that steps cause in lanes this pass holds are matched before the commit; the others become inputs.
  * Executions of a paused workflow are read and ended, never moved: what comes for them is held (holding).
  * A record that is found late and held by somebody else puts off what needs it, and nothing else (postponing).
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from cuework.base.errors import CueworkError
from cuework.base.ids import id_sequence, lane_of
from cuework.base.time import milliseconds
from cuework.crm.flush import flush_records
from cuework.crm.lookups import answer, fetch_records
from cuework.crm.rows import load
from cuework.db.pool import Connection
from cuework.engine.advance import Move, advance, cancel, wake
from cuework.engine.context import Context
from cuework.engine.events import Event, Ref
from cuework.engine.execution import Execution
from cuework.engine.match import EventScope, Hit, Refusal, match
from cuework.engine.overdue import choose
from cuework.engine.world import Need, Row, World, as_of
from cuework.runtime.blame import only_of
from cuework.runtime.claim import Input, Lanes
from cuework.runtime.commands import Commands, enrolled_record
from cuework.runtime.committing import write_pass
from cuework.runtime.entering import Entry, Refused, Start, execution_of, start_of
from cuework.runtime.holding import Held
from cuework.runtime.outcomes import deliver
from cuework.runtime.postponing import Blocked, Happening, Postponing, by_revision
from cuework.runtime.reading import later_changes, live_executions, outcomes, subscribers, with_records
from cuework.runtime.rounds import rounds_of
from cuework.runtime.tenant import Tenant
from cuework.runtime.writing import Count, Writer

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


@dataclass(slots=True)
class Pass:
    """The state of one pass. `run` does all of it but begin and commit."""

    connection: Connection
    tenant: Tenant
    lanes: Lanes
    inputs: Sequence[Input]
    slot: int = 0
    world: World = field(init=False)
    entry: Entry = field(init=False)
    move: Move = field(default_factory=Move)
    fresh: dict[UUID, Execution] = field(default_factory=dict[UUID, Execution])
    lived: dict[UUID, Execution] = field(default_factory=dict[UUID, Execution])
    moving: dict[UUID, Context] = field(default_factory=dict[UUID, Context])
    contexts: dict[UUID, Context] = field(default_factory=dict[UUID, Context])
    history: dict[Ref, list[Event]] = field(default_factory=lambda: defaultdict(list))
    refused: list[Refused] = field(default_factory=list[Refused])
    outgoing: list[Event] = field(default_factory=list[Event])
    postponing: Postponing = field(init=False)
    counts: dict[tuple[UUID, int], Count] = field(default_factory=lambda: defaultdict(Count))
    woken_elsewhere: list[tuple[UUID, str, int]] = field(default_factory=list[tuple[UUID, str, int]])
    revived: set[UUID] = field(default_factory=set[UUID])
    held: list[Held] = field(default_factory=list[Held])
    later: dict[Ref, list[tuple[int, Any]]] = field(default_factory=dict[Ref, list[tuple[int, Any]]])
    seen: int = 0
    began: float = field(default_factory=time.monotonic)
    drained: bool = True

    async def run(self) -> Report:
        """Everything that follows from the inputs is written in the caller's transaction."""
        ids = id_sequence(milliseconds(self.lanes.now), self.tenant.draw())
        self.world = World(self.tenant.catalog, self.lanes.now, ids)
        self.world.known_tags = set(self.tenant.known_tags)
        self.entry = Entry(self.connection, self.tenant.id, self.lanes.now)
        self.postponing = Postponing(self.lanes.now)
        await self._read()
        for inputs in rounds_of(by_revision(self.inputs) if self.lanes.postponed else self.inputs):
            await Commands(self).carry_out([each for each in inputs if each.kind == "command"])
            await self._wake([each for each in inputs if each.kind not in ("event", "command")])
            await self._advance()
            await self._handle([(each.event, each.lane, each) for each in inputs if each.event is not None])
            await self._follow()
        await write_pass(self)
        return self._report()

    # ------------------------------------------------------------ reading

    async def _read(self) -> None:
        """Executions that inputs are for, and every record that events name, locked in order."""
        ids = {each.execution_id for each in self.inputs if each.execution_id and each.kind != "command"}
        if ids:
            await self.bring_to_life(ids)
        refs = {execution.record for execution in self.lived.values() if execution.record is not None}
        for each in self.inputs:
            if each.event is not None:
                refs.update(with_records(each.event, self.tenant.index))
            elif (enrolled := enrolled_record(each)) is not None:
                refs.add(enrolled)
        self.world.rows.update(await load(self.connection, self.tenant.id, refs, self.tenant.catalog))
        stale = {
            each.event.record
            for each in self.inputs
            if each.event and each.event.record and _revision(self.world, each.event.record) > each.event.revision
        }
        if stale:
            self.later = await later_changes(self.connection, self.tenant.id, stale)
        if self.lanes.postponed:
            await self.postponing.read(self.connection, self.tenant.id, self.lanes.lanes)

    async def bring_to_life(self, ids: Iterable[UUID]) -> None:
        """Live executions of these ids are in the pass, with their plans."""
        missing = set(ids) - self.lived.keys() - self.fresh.keys()
        for execution in await live_executions(self.connection, self.tenant.id, missing):
            await self.adopt(execution)

    async def adopt(self, execution: Execution) -> None:
        """The execution is one that this pass moves."""
        key = (execution.workflow_id, execution.version)
        await self.tenant.need_plans(self.connection, {key})
        self.lived[execution.id] = execution
        context = Context(execution, self.tenant.plans[key], self.world)
        self.contexts[execution.id] = context
        if execution.workflow_id not in self.tenant.paused:
            self.moving[execution.id] = context

    async def fetch(self, refs: set[Ref]) -> set[Ref]:
        """The records are in the world; the answer are those that somebody else holds."""
        return await fetch_records(self.connection, self.tenant.id, self.world, refs)

    async def _wake(self, inputs: Sequence[Input]) -> None:
        results = [UUID(each.payload["effect_id"]) for each in inputs if each.kind == "effect" and each.payload]
        done = await outcomes(self.connection, self.tenant.id, results) if results else {}
        for each in inputs:
            execution = self.lived.get(each.execution_id) if each.execution_id else None
            if execution is None:
                continue  # it has ended meanwhile
            if execution.workflow_id in self.tenant.paused:
                self.held.append((execution, each.kind, each.visit, each.payload))
                continue
            if each.visit is None:
                continue  # the input only says `continue`
            woken = False
            if each.kind == "effect" and each.payload:
                outcome = done.get(UUID(each.payload["effect_id"]))
                if outcome is not None:
                    woken = deliver(execution, each.visit, *outcome, self.lanes.now)
            elif each.kind != "due" or each.payload is None or choose(execution, each.visit, each.payload, self.move):
                news = "event" if each.kind == "wake" else each.kind
                woken = wake(execution, each.visit, news, each.payload)
            if woken:  # again: a command of the same batch may have made everything move already
                self.moving[execution.id] = self.contexts[execution.id]

    # ------------------------------------------------------------ events

    async def _handle(self, events: Sequence[Happening]) -> None:
        """The events are matched, their subscribers woken, and what they start has advanced."""
        events = self.postponing.in_turn(events)
        if not events:
            return
        news = [each for each in events if not only_of(each[2])] if self.lanes.suspects else events
        await self._wake_subscribers(news)
        await self._end_deleted(news)
        await self.enter_all(await self._match(events))
        await self._advance()

    async def enter_all(self, starts: list[Start]) -> None:
        """What may enter has, and has advanced; a key that enters twice waits for what its first entry became."""
        while starts:
            wave, starts = _first_per_key(starts)
            await self._enter(wave)
            await self._advance()

    async def _match(self, events: Sequence[Happening]) -> list[Start]:
        starts: list[Start] = []
        todo = [each for each in events if self.tenant.index.listens(each[0].type)]
        while todo:
            blocked: list[Blocked] = []
            waiting: set[Ref | None] = set()
            for each in todo:
                event = each[0]
                if waiting and event.record in waiting:  # a record's events enter in their order
                    blocked.append((each, None))
                    continue
                scope = EventScope(event, self._as_of(event), self.world)
                try:
                    starts.extend(self._decide(scope, each[1], only_of(each[2])))
                except Need as need:
                    blocked.append((each, need.query))
                    if event.record is not None:
                        waiting.add(event.record)
            if not blocked:
                break
            held = await self.fetch({need for _, need in blocked if need is not None})
            todo = self.postponing.still_to_match(blocked, held)
        return starts

    def _decide(self, scope: EventScope, lane: int, only: list[str] | None) -> list[Start]:
        starts: list[Start] = []
        matched = match(self.tenant.index, scope)
        if only is not None:
            matched = [found for found in matched if str(found.trigger.workflow_id) in only]
        # Nothing is noted before every start is known: a Need must not split what one event does.
        for found, start in [_started(found, scope, lane) for found in matched]:
            if isinstance(found, Hit):
                gone = scope.event.record is not None and _deleted(self.world, scope.event.record)
                if gone:
                    self.refused.append(Refused(start, "record_deleted"))
                else:
                    starts.append(start)
            elif found.reason == "loop":
                self._loop(found, start)
            else:
                self.refused.append(Refused(start, found.reason))
        return starts

    def _loop(self, found: Refusal, start: Start) -> None:
        """The chain stops here, as an execution that people can open and read (§23)."""
        execution = execution_of(start, self.lanes.now)
        execution.failure = {"at": None, "message": "Ten workflows in a row set each other off."}
        execution.end("loop")
        self.fresh[execution.id] = execution

    def _as_of(self, event: Event) -> Row | None:
        """The record as it was at the event."""
        if event.record is None:
            return None
        row = self.world.rows.get(event.record)
        if row is None or row["revision"] <= event.revision:
            return row
        own = [e.changes for e in reversed(self.history.get(event.record, ())) if e.revision > event.revision]
        before = [changes for revision, changes in self.later.get(event.record, ()) if revision > event.revision]
        return as_of(event.record.type, row, [*own, *before])

    async def _wake_subscribers(self, events: Sequence[Happening]) -> None:
        if not self.tenant.subscribed:
            return
        concerned: dict[UUID, list[Event]] = defaultdict(list)
        for event, _, _ in events:
            for identity in event.concerned():
                concerned[identity].append(event)
        rows = await subscribers(self.connection, self.tenant.id, list(concerned))
        here = [row["execution_id"] for row in rows if row["lane"] in self.lanes.lanes]
        await self.bring_to_life(here)
        for row in rows:
            for event in concerned[row["record_id"]]:
                if event.type == row["event_type"]:  # whether it is the right one, its step asks the log itself
                    news = {"event_id": str(event.id), "type": event.type}
                    execution = self.lived.get(row["execution_id"]) or self.fresh.get(row["execution_id"])
                    if execution is not None and execution.workflow_id in self.tenant.paused:
                        self.held.append((execution, "wake", row["visit"], news))
                    elif execution is not None:
                        if wake(execution, row["visit"], "event", news):
                            self.moving[execution.id] = self.contexts[execution.id]
                    elif row["lane"] not in self.lanes.lanes:
                        self.woken_elsewhere.append((row["execution_id"], row["visit"], row["lane"]))

    async def _end_deleted(self, events: Sequence[Happening]) -> None:
        """A deleted record ends its executions (§26): once, although the event comes again when it was put off."""
        gone = [
            event.record.id
            for event, _, cause in events
            if event.record and event.type.endswith(".deleted") and not (cause and cause.postponed)
        ]
        if not gone:
            return
        query = "select id from executions_live where tenant_id = $1 and record_id = any($2::uuid[])"
        rows = await self.connection.fetch(query, self.tenant.id, gone)
        await self.bring_to_life(row["id"] for row in rows)
        for execution in [*self.lived.values(), *self.fresh.values()]:
            if execution.record and execution.record.id in gone and not execution.ended:
                cancel(execution, "record_deleted", self.move, self.lanes.now, "Its record was deleted.")
                self.entry.note(execution)

    # ------------------------------------------------------------ entering and advancing

    async def _enter(self, starts: list[Start]) -> None:
        entered = await self.entry.read(starts)
        for start in starts:
            decision = self.entry.decide(start, entered)
            if isinstance(decision, Refused):
                self.refused.append(decision)
                continue
            execution = execution_of(start, self.lanes.now)
            if decision is not None:
                await self._restart(decision)
            self._begin(execution, start)

    def _begin(self, execution: Execution, start: Start) -> None:
        self.fresh[execution.id] = execution
        context = Context(execution, start.trigger.plan, self.world)
        self.contexts[execution.id] = self.moving[execution.id] = context

    async def _restart(self, earlier: UUID) -> None:
        """The active execution of the same key ends, here or, in another lane, by a command."""
        await self.bring_to_life([earlier])
        execution = self.lived.get(earlier) or self.fresh.get(earlier)
        if execution is None or execution.ended:
            return
        if execution.lane in self.lanes.lanes:
            cancel(execution, "restarted", self.move, self.lanes.now, "The record entered again.")
        else:
            self.lived.pop(earlier)
            self.moving.pop(earlier)
            payload = {"do": "cancel", "reason": "restarted", "why": "The record entered again."}
            await Writer(self.connection, self.tenant.id, self.lanes.now).inputs(
                [(execution, "command", None, payload)]
            )

    async def _advance(self) -> None:
        """Every execution that can move has moved; look-ups are answered for all of them together."""
        while self.moving:
            blocked: dict[UUID, Context] = {}
            needs: list[Any] = []
            for identity, ctx in self.moving.items():
                try:
                    advance(ctx, self.move)
                except Need as need:
                    blocked[identity] = ctx
                    needs.append(need.query)
                else:
                    self.entry.note(ctx.execution)
            postponed = await self._answer(needs)
            self.moving = {}
            for (identity, ctx), query in zip(blocked.items(), needs, strict=True):
                if query in postponed:
                    self.postponing.put_off_execution(ctx.execution, self.inputs)
                else:
                    self.moving[identity] = ctx

    async def _answer(self, needs: list[Any]) -> set[Any]:
        if not needs:
            return set()
        records = {need for need in needs if isinstance(need, Ref)}
        postponed: set[Any] = set()
        if records:
            postponed |= await fetch_records(self.connection, self.tenant.id, self.world, records)
        questions = [need for need in needs if not isinstance(need, Ref)]
        if questions:
            await flush_records(self.connection, self.tenant.id, self.world)
            postponed |= await answer(self.connection, self.tenant.id, self.world, questions)
        return postponed

    async def _follow(self) -> None:
        """Events that steps caused are matched here where this pass holds their lane, else sent on."""
        derived = 0
        while self.seen < len(self.world.events):
            news = self.world.events[self.seen :]
            self.seen = len(self.world.events)
            here: list[Happening] = []
            for event in news:
                if event.record is not None:
                    self.history[event.record].append(event)
                if not (self.tenant.subscribed or self.tenant.index.listens(event.type)):
                    continue
                lane = lane_of(event.record.id if event.record else event.id)
                if self.drained and lane in self.lanes.lanes and derived < MAX_DERIVED:
                    here.append((event, lane, None))
                    derived += 1
                else:
                    self.outgoing.append(event)
            await self._handle(here)

    def _report(self) -> Report:
        return Report(
            inputs=len(self.inputs),
            started=len(self.fresh),
            ended=sum(each.ended for each in (*self.fresh.values(), *self.lived.values())),
            steps=len(self.move.steps),
            effects=len(self.move.effects),
            sent=len(self.outgoing) + len(self.woken_elsewhere) + len(self.move.more),
            refused=len(self.refused),
            changed=bool(self.fresh or self.lived),
            again_after=self.postponing.shortest(),
        )


def _started(found: Hit | Refusal, scope: EventScope, lane: int) -> tuple[Hit | Refusal, Start]:
    """The start of a match. A workflow whose entry key cannot be rendered refuses the event; others go on."""
    try:
        return found, start_of(found.trigger, scope, lane)
    except CueworkError:
        refusal = Refusal(found.trigger, "entry_key_failed")
        return refusal, start_of(found.trigger, scope, lane, key=str(scope.event.id))


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


def _deleted(world: World, ref: Ref) -> bool:
    row = world.rows.get(ref)
    return row is None or row.get("deleted_at") is not None
