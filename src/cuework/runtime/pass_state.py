"""What one pass knows and has decided so far: the state that its parts work on, and how executions and records join it.

Must not decide anything: matching, waking, commands, entering and advancing do, and committing writes it.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cuework.base.ids import id_sequence
from cuework.base.time import milliseconds
from cuework.crm.lookups import fetch_records
from cuework.db.pool import Connection
from cuework.engine.context import Context
from cuework.engine.events import Event, Ref
from cuework.engine.execution import Execution
from cuework.engine.move import Move
from cuework.engine.world import World
from cuework.runtime.claim import Input, Lanes
from cuework.runtime.entering import Entry, Refused
from cuework.runtime.postponing import Postponing
from cuework.runtime.reading import live_executions
from cuework.runtime.tenant import Tenant
from cuework.runtime.writing import Count

Held = tuple[Execution, str, str | None, Any]
"""An execution of a paused workflow, and the kind, visit and payload of what came for it."""


@dataclass(slots=True)
class PassState:
    """One pass's inputs, the world it works in, its executions, and what it will write.

    Shape: fresh executions begin in this pass, lived ones were live before; moving are the contexts of those that can
    go on now; ages are executions whose instant of being too old is new; later and history are changes of records
    after their events, from the log and by this pass.
    """

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
    ages: dict[UUID, Execution] = field(default_factory=dict[UUID, Execution])
    later: dict[Ref, list[tuple[int, Any]]] = field(default_factory=dict[Ref, list[tuple[int, Any]]])
    seen: int = 0
    began: float = field(default_factory=time.monotonic)
    drained: bool = True
    put_off: bool = False  # inputs of its lanes were put off

    def __post_init__(self) -> None:
        ids = id_sequence(milliseconds(self.lanes.now), self.tenant.draw())
        self.world = World(self.tenant.catalog, self.lanes.now, ids)
        self.world.known_tags = set(self.tenant.known_tags)
        self.entry = Entry(self.connection, self.tenant.id, self.lanes.now)
        self.postponing = Postponing(self.lanes.now)

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

    def known(self, identity: UUID | None) -> Execution | None:
        """The execution, if it is in the pass."""
        return self.lived.get(identity) or self.fresh.get(identity) if identity is not None else None

    def go_on(self, execution: Execution) -> None:
        """The execution can move now, whatever moved it before."""
        self.moving[execution.id] = self.contexts[execution.id]

    async def fetch(self, refs: set[Ref]) -> set[Ref]:
        """The records are in the world; the answer are those that somebody else holds."""
        return await fetch_records(self.connection, self.tenant.id, self.world, refs)
