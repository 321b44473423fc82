"""A seeded simulation: the real passes, requests and deliveries on a store in memory, interleaved and broken at will.

    python -m cuework.testing.simulation --seed 17            replays one seed
    python -m cuework.testing.simulation --seed 0 --seeds 500

One seed draws everything: what people do, which workers there are, who goes on at each statement, who dies
where, which delivery fails. Time is virtual: it creeps while somebody works and jumps when nobody can.
After the script the faults stop, and everything must come to its end. Broken promises raise Violated.
"""

import argparse
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast
from uuid import UUID

from structlog.testing import capture_logs

from cuework.base.ids import LANES
from cuework.channels.provider import Answer, Delivered, Failed, Skipped
from cuework.db.pool import Connection
from cuework.engine.match import TriggerIndex
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.runtime.effect_claims import Claimed, claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.runtime.tenant import Tenant
from cuework.runtime.turn import LOST, RACES, take_turn
from cuework.testing.scenario import START
from cuework.testing.simulation_database import Database, Language, SimulatedConnection, SimulatedPool
from cuework.testing.simulation_ledger import Ledger
from cuework.testing.simulation_people import TENANT, People, Request
from cuework.testing.simulation_statements import SHAPES
from cuework.testing.simulation_tables import Pause, Violated
from cuework.testing.simulation_workflows import IDS, plans, trigger
from cuework.testing.small_world import CATALOG

MOST_MOVES = 20_000
TYPES = discover()
LANGUAGE = Language(SHAPES)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is like. None lets the seed choose.

    Shape: broken names promises that the store breaks; when calm, everybody finishes before the next one begins,
    people first and nothing fails; when pausing, workflows are paused and resumed as well.
    """

    seed: int
    batch: int | None = None
    workers: int | None = None
    requests: int | None = None
    workflows: Sequence[UUID] | None = None
    calm: bool = False
    pausing: bool = False
    broken: frozenset[str] = frozenset()


class SimulatedTenant(Tenant):
    """What one simulated worker keeps of the tenant, loaded from the store's spans."""

    def __init__(self, types: NodeTypes, rng: Random) -> None:
        super().__init__(TENANT, types)
        self._rng = rng

    def draw(self) -> int:
        """The bits are the seed's."""
        return self._rng.getrandbits(48)

    async def load(self, connection: Connection, epoch: int) -> None:
        """Triggers are those of the spans."""
        own = cast("SimulatedConnection", connection)
        self.paused = self.holding = frozenset(row["workflow_id"] for row in own.rows("paused"))
        triggers = [trigger(span) for span in own.rows("workflow_spans")]
        for each in triggers:
            each.open = each.workflow_id not in self.paused
        self.catalog = CATALOG
        self.index = TriggerIndex(triggers)
        self.plans = {(each.workflow_id, each.version): each.plan for each in triggers}
        self.subscribed = any(plan.subscribes for plan in plans().values())
        self.watched = frozenset(key for key, plan in plans().items() if plan.watched)
        self.epoch = epoch

    async def need_plans(self, connection: Connection, wanted: set[tuple[UUID, int]]) -> None:
        """Every version stays known."""
        self.plans |= {key: plans()[key] for key in wanted}


@dataclass(eq=False, slots=True)
class Actor:
    """Somebody in the middle of something. Shape: slot is the worker it is, None for others."""

    name: str
    work: Coroutine[Any, Any, Any]
    connection: SimulatedConnection
    slot: int | None = None
    asleep_until: datetime | None = None

    def ready(self, now: datetime) -> bool:
        """Whether it can go on."""
        transaction = self.connection.transaction
        awake = self.asleep_until is None or self.asleep_until <= now
        return awake and (transaction is None or not transaction.blocked)


@dataclass(slots=True)
class Figures:
    """What happened in a run."""

    moves: int = 0
    crashes: int = 0
    races: int = 0
    late: int = 0
    repeated: int = 0


@dataclass(slots=True)
class Simulation:
    """One run. `run` is all of it."""

    settings: Settings
    rng: Random = field(init=False)
    now: datetime = START
    ledger: Ledger = field(default_factory=Ledger)
    database: Database = field(init=False)
    people: People = field(init=False)
    actors: list[Actor] = field(default_factory=list[Actor])
    workers: list[SimulatedTenant] = field(default_factory=list[SimulatedTenant])
    script: list[Request] = field(default_factory=list[Request])
    figures: Figures = field(default_factory=Figures)
    trace: Callable[[str], None] | None = None
    _batch: int = 0
    _faults: bool = True
    _crowd: float = 0.0
    _asking: float = 0.0
    _failing: float = 0.0
    _crashing: float = 0.0

    def __post_init__(self) -> None:
        self.rng = Random(self.settings.seed)  # noqa: S311 - repeatable on purpose
        self.database = Database(self._tick, self.ledger.committed, LANGUAGE)
        self.database.broken = self.settings.broken
        self.ledger.tables = self.database.tables
        people = Random(self.rng.getrandbits(64))  # noqa: S311
        self.people = People(self.database, people, commands=not self.settings.calm, pausing=self.settings.pausing)

    def run(self) -> Figures:
        """Everything that the seed says has happened, and no promise was broken. Errors: Violated."""
        self._prepare()
        try:
            with capture_logs() as logs:
                while self._move():
                    if self.figures.moves == MOST_MOVES:
                        raise Violated(f"{MOST_MOVES} moves did not come to an end.")
            self.ledger.end(self.now)
        finally:
            for actor in self.actors:
                actor.connection.drop()
                actor.work.close()
        if failed := [each for each in logs if each["event"] == "pass.failed"]:
            raise Violated(f"No pass fails but in a race: {failed[0]}")
        self.figures.races = sum(each["event"] == "pass.race" for each in logs)
        return self.figures

    # ------------------------------------------------------------ moves

    def _prepare(self) -> None:
        rng, chosen = self.rng, self.settings
        rows = self.database.tables.rows
        rows["lanes"] = {(lane,): {"lane": lane} for lane in range(LANES)}
        rows["tenants"] = {(TENANT,): {"tenant_id": TENANT, "definitions_epoch": 1}}
        workflows = list(IDS.values())
        for workflow in rng.sample(workflows, rng.randint(2, 6)) if chosen.workflows is None else chosen.workflows:
            span = {"workflow_id": workflow, "version": 1, "from_at": self.now, "to_at": None}
            rows["workflow_spans"][workflow, self.now] = span
        workers, batch, requests = rng.randint(1, 3), rng.choice((1, 3, 500, 500)), rng.choice((1, 2, 3, 4, 5, 6, 12))
        self._failing, self._crashing = rng.choice((0.0, 0.3)), rng.choice((0.0, 0.002, 0.02))
        self._batch = chosen.batch or batch
        self._crowd, self._asking = rng.choice((0.1, 0.3, 0.5)), rng.choice((0.03, 0.1, 0.4))
        self.workers = [self._worker() for _ in range(chosen.workers or workers)]
        count = requests if chosen.requests is None else chosen.requests
        self._faults = not chosen.calm
        if chosen.calm:
            self._crowd = self._failing = 0.0
        self.script = [*self.people.opening(), *(self.people.request() for _ in range(count))]

    def _move(self) -> bool:
        """Somebody does one thing, or time passes; False when nothing is left."""
        self.figures.moves += 1
        ready = [actor for actor in self.actors if actor.ready(self.now)]
        if ready and self.rng.random() >= self._crowd:
            self._resume(self.rng.choice(ready))
        else:
            options = self._beginnings()
            if options:
                self.rng.choice(options)()
            elif not ready:
                return self._wait()
        if self._faults and self.script and self.rng.random() < self._crashing:
            self._break()
        return True

    def _beginnings(self) -> list[Callable[[], None]]:
        """What could begin now."""
        options: list[Callable[[], None]] = []
        if self.settings.calm and self.script:
            return [self._ask]
        busy = {actor.slot for actor in self.actors}
        if self._due("inbox", "timers"):
            options += [lambda slot=slot: self._turn(slot) for slot in range(len(self.workers)) if slot not in busy]
        if options and self.settings.calm:
            return options
        if (
            self._due("effects")
            and sum(actor.name == "deliver" and actor.asleep_until is None for actor in self.actors) < 2
        ):
            options.append(self._deliver)
        if self.script and (not options or self.rng.random() < self._asking):
            options.append(self._ask)
        return options

    def _resume(self, actor: Actor) -> None:
        actor.asleep_until = None
        try:
            actor.work.send(None)
        except StopIteration:
            self.actors.remove(actor)
        except (*LOST, *RACES) as error:
            actor.connection.drop()
            self.actors.remove(actor)
            self._tell(f"{actor.name} lost: {type(error).__name__}")
        if actor.connection.transaction is None and actor not in self.actors:
            actor.connection.drop()

    def _start(
        self, name: str, connection: SimulatedConnection, work: Coroutine[Any, Any, Any], slot: int | None
    ) -> None:
        actor = Actor(name, work, connection, slot)
        self.actors.append(actor)
        self._tell(f"{name} begins")

    def _ask(self) -> None:
        connection = self.database.connect()
        self._start("request", connection, self.script.pop(0)(connection), None)

    def _turn(self, slot: int) -> None:
        connection = self.database.connect()
        work = take_turn(cast("Connection", connection), self.workers[slot], slot=slot, batch=self._batch)
        self._start(f"worker {slot}", connection, work, slot)

    def _deliver(self) -> None:
        connection = self.database.connect()
        self._start("deliver", connection, self._deliveries(connection), None)

    def _wait(self) -> bool:
        """Nobody can do anything now: everything must be in order, and time jumps to what comes next."""
        if not self.actors:
            self.ledger.rest(self.now)
        rows = self.database.tables.rows
        times = [row["due_at"] for table in ("inbox", "timers") for row in rows[table].values()]
        times += [row["due_at"] for row in rows["effects"].values() if row["state"] != "done"]
        times += [actor.asleep_until for actor in self.actors if actor.asleep_until is not None]
        if not times:
            paused = [row["workflow_id"] for row in rows["paused"].values()]
            self.script += [self.people.resume(workflow) for workflow in paused]  # nothing is paused for ever
            return bool(paused)
        self.now = max(self.now, min(times)) + timedelta(milliseconds=1)
        self._tell("time passes")
        return True

    # ------------------------------------------------------------ deliveries

    async def _deliveries(self, connection: SimulatedConnection) -> None:
        pool = cast("Any", SimulatedPool(connection))
        claimed = await claim(pool, TENANT, self.rng.randint(1, 4) if self._faults else 1)
        results: list[Result] = []
        for effect in claimed:
            answer = self._answer(effect)
            await Pause()
            results.append(Result(effect, judge(answer, effect.policy, effect.failures, jitter=self.rng.random())))
        if any(effect.epoch == 1 for effect in claimed) and self._faults and self.rng.random() < 0.3:
            await self._oversleep(connection)
        if results:
            await settle(pool, TENANT, results)
        if results and self._faults and self.rng.random() < 0.2:
            self.figures.repeated += await settle(pool, TENANT, results)

    def _answer(self, effect: Claimed) -> Answer:
        if effect.skip is not None:
            return Skipped(effect.skip)
        if self.rng.random() < self._failing:
            return Failed("refused", "The server said no.", retryable=self.rng.random() < 0.7)
        self.ledger.deliveries[effect.key] += 1
        return Delivered(
            {"message_id": f"<{effect.key}>", "recipient": "x@example.com", "answer": f"250 {effect.epoch}"}
        )

    async def _oversleep(self, connection: SimulatedConnection) -> None:
        """The courier is frozen until its lease has long ended."""
        actor = next(each for each in self.actors if each.connection is connection)
        actor.asleep_until = self.now + timedelta(seconds=self.rng.choice((1, 20)))
        self.figures.late += 1
        await Pause()

    # ------------------------------------------------------------ faults

    def _break(self) -> None:
        """A process dies where it stands, a session ends, or an input comes twice."""
        self.figures.crashes += 1
        if self.rng.random() < 0.3 or not self.actors:
            self._repeat()
            return
        actor = self.rng.choice(self.actors)
        actor.connection.drop()
        self._tell(f"{actor.name} dies")
        if self.rng.random() < 0.3:
            return  # its session was ended; it learns so when it goes on
        actor.work.close()
        self.actors.remove(actor)
        if actor.slot is not None:
            self.workers[actor.slot] = self._worker()

    def _repeat(self) -> None:
        """An input of an execution is there twice."""
        inbox = self.database.tables.rows["inbox"]
        rows = [row for row in inbox.values() if row["kind"] in ("check", "wake", "effect", "continue")]
        if rows:
            row = self.rng.choice(rows)
            twin = UUID(int=self.rng.getrandbits(128))
            inbox[twin,] = row | {"id": twin}

    def _worker(self) -> SimulatedTenant:
        return SimulatedTenant(TYPES, Random(self.rng.getrandbits(64)))  # noqa: S311

    def _due(self, *tables: str) -> bool:
        rows = self.database.tables.rows
        return any(
            row["due_at"] is not None and row["due_at"] <= self.now for table in tables for row in rows[table].values()
        )

    def _tick(self) -> datetime:
        self.now += timedelta(microseconds=self.rng.randrange(1, 1500))
        return self.now

    def _tell(self, what: str) -> None:
        if self.trace is not None:
            self.trace(f"{self.now:%d %H:%M:%S.%f} {what}")


def simulate(seed: int, **settings: Any) -> Figures:
    """The run of a seed. Errors: Violated names the seed and the broken promise."""
    try:
        return Simulation(Settings(seed, **settings)).run()
    except Violated as broken:
        raise Violated(f"seed {seed}: {broken}") from broken


def main(arguments: Sequence[str] | None = None) -> int:
    """Replays seeds from the command line; the exit code says whether every promise held."""
    parser = argparse.ArgumentParser(prog="python -m cuework.testing.simulation", description="Replays simulations.")
    parser.add_argument("--seed", type=int, required=True, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many, from the first on")
    parser.add_argument("--trace", action="store_true", help="tell what happens")
    chosen = parser.parse_args(arguments)
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        simulation = Simulation(Settings(seed))
        simulation.trace = _say if chosen.trace else None
        try:
            figures = simulation.run()
        except Violated as broken:
            _say(f"seed {seed}: {broken}")
            return 1
        if chosen.seeds == 1:
            _say(f"seed {seed}: {figures}")
    _say(f"{chosen.seeds} seeds, every promise held")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())


__all__ = ["Figures", "Settings", "Simulation", "Violated", "simulate"]
