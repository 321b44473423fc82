"""Puts off what needs a record that somebody else holds: it comes again after a pause that grows.

Rules
  * Nobody waits for a lock out of order, and nobody asks again at once: pauses double from FIRST to LONGEST.
  * A record's events keep their order: behind one that was put off, later ones are put off as well, in the same pass
    and in those that follow. What other records' events, and executions, do goes on.
  * Times are the database's: a pause counts from the pass's own instant.

Must not decide what is put off: the pass finds that out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from cuework.base.ids import new_id
from cuework.db.pool import Connection
from cuework.engine.events import Event, Ref
from cuework.engine.execution import Execution
from cuework.runtime.claim import Input

FIRST = timedelta(milliseconds=20)
LONGEST = timedelta(seconds=1)

Happening: TypeAlias = tuple[Event, int, Input | None]
"""An event, its lane, and the input it came in by: None for one that this pass's own steps caused."""
Blocked: TypeAlias = tuple[Happening, Ref | None]
"""One that could not be matched yet, and the record it needs; None if it only waits for an earlier one."""

_FRONTS = """
select distinct on (e.record_id) e.record_type, e.record_id, i.revision, i.priority, i.due_at
from inbox i join events e on e.tenant_id = $1 and e.id = i.event_id
where i.tenant_id = $1 and i.lane = any($2::smallint[]) and i.postponed > 0 and e.record_id is not null
order by e.record_id, i.revision
"""


class Front(NamedTuple):
    """The event of a record that the later ones wait behind: they take its place in the queue, after it."""

    revision: int
    priority: int
    due_at: datetime


def pause_after(times: int) -> timedelta:
    """How long to leave in peace what was put off so many times before."""
    return min(FIRST * 2 ** min(times, 10), LONGEST)


def by_revision(inputs: Sequence[Input]) -> list[Input]:
    """The inputs, with events of records of which one was put off in order of revision, in the places they have."""
    put_off = {each.event.record for each in inputs if each.postponed and each.event is not None}
    places: dict[Ref, list[int]] = {}
    for place, each in enumerate(inputs):
        if each.event is not None and each.event.record is not None and each.event.record in put_off:
            places.setdefault(each.event.record, []).append(place)
    ordered = list(inputs)
    for taken in places.values():
        for place, each in zip(taken, sorted((inputs[n] for n in taken), key=lambda e: e.revision), strict=True):
            ordered[place] = each
    return ordered


@dataclass(slots=True)
class Postponing:
    """What one pass puts off. `again` are the inputs that will be due at those instants."""

    now: datetime
    again: list[tuple[Input, datetime]] = field(default_factory=list[tuple[Input, datetime]])
    fronts: dict[Ref, Front] = field(default_factory=dict[Ref, Front])

    async def read(self, connection: Connection, tenant_id: UUID, lanes: Sequence[int]) -> None:
        """Events that were put off and are not this pass's keep their records' later events behind them."""
        for row in await connection.fetch(_FRONTS, tenant_id, lanes):
            front = Front(row["revision"], row["priority"], row["due_at"])
            self.fronts[Ref(row["record_type"], row["record_id"])] = front

    def shortest(self) -> timedelta | None:
        """After how long the first of them comes again; None if nothing was put off."""
        return max(min(due_at for _, due_at in self.again) - self.now, timedelta(0)) if self.again else None

    def put_off(self, each: Input) -> None:
        """The input comes again after its pause."""
        due_at = self.now + pause_after(each.postponed)
        self.again.append((replace(each, postponed=each.postponed + 1), due_at))
        record = each.event.record if each.event is not None else None
        if record is not None:
            self.fronts.setdefault(record, Front(each.revision, each.priority, due_at))

    def put_off_execution(self, execution: Execution, inputs: Iterable[Input]) -> None:
        """The execution goes on where it stands after its pause."""
        own = [each.postponed for each in inputs if each.kind == "continue" and each.execution_id == execution.id]
        priority = 1 if execution.cause.bulk else 0
        again = Input(new_id(), "continue", execution.lane, priority, 0, None, execution.id, None, None, 0)
        again.postponed = max(own, default=0)
        self.put_off(again)

    def in_turn(self, events: Sequence[Happening]) -> Sequence[Happening]:
        """Those that need not wait behind an earlier event of their record; the others are put off."""
        return [each for each in events if not self._behind(each)] if self.fronts else events

    def still_to_match(self, blocked: Sequence[Blocked], held: set[Ref]) -> list[Happening]:
        """Those that can be asked again at once; what needs a held record is put off, and what comes after it."""
        free: list[Happening] = []
        for each, need in blocked:
            if need is not None and need in held:
                self.put_off(_as_input(each))
            elif not self._behind(each):
                free.append(each)
        return free

    def _behind(self, each: Happening) -> bool:
        event = each[0]
        front = self.fronts.get(event.record) if event.record is not None else None
        if front is None or event.revision <= front.revision:
            return False
        self.again.append((replace(_as_input(each), priority=front.priority), front.due_at))
        return True


def _as_input(each: Happening) -> Input:
    event, lane, cause = each
    if cause is not None:
        return cause
    priority = 1 if event.cause.bulk else 0
    return Input(new_id(), "event", lane, priority, event.revision, event.id, None, None, None, 0, event=event)
