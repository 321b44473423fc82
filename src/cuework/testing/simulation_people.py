"""What people do in a simulation: requests, each in a transaction of its own, through the one write path.

A request chooses among what is committed when it begins, locks, reads the clock, changes and flushes, as
the API does. Publishing holds all lanes while it reads the clock.
"""

from collections.abc import Callable, Coroutine, Mapping
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

from cuework.base import json
from cuework.base.ids import LANES, id_at, id_sequence, lane_of
from cuework.base.time import milliseconds
from cuework.crm.flush import flush
from cuework.crm.rows import load
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Cause, Ref
from cuework.engine.money import Money
from cuework.engine.world import Row, World
from cuework.testing.simulation_database import Database, SimulatedConnection, SimulatedPool
from cuework.testing.simulation_tables import KEYS
from cuework.testing.simulation_workflows import IDS, VERSIONS
from cuework.testing.small_world import CATALOG

TENANT = CATALOG.tenant_id
Request: TypeAlias = Callable[[SimulatedConnection], Coroutine[Any, Any, None]]

_BLANK_INPUT: Mapping[str, Any] = {"priority": 0, "revision": 0, "event_id": None, "execution_id": None} | {
    "visit": None,
    "payload": None,
    "attempts": 0,
    "postponed": 0,
}


class People:
    """Draws requests from the seed. Shape: ids of records are the seed's, whatever the time is."""

    def __init__(self, database: Database, rng: Random, *, commands: bool = True, pausing: bool = False) -> None:
        self.database = database
        self.rng = rng
        self.commands = commands  # a pass takes them before its events, whichever came first
        self.pausing = pausing
        self.made = 0
        self.liked: list[int] = []

    def request(self) -> Request:
        """The next thing that somebody does. A seed likes some kinds of requests, and leaves others out."""
        if self.pausing and self.rng.random() < 0.4:
            return self.rng.choice((self._pause, self.resume))(self.rng.choice(list(IDS.values())))
        kinds = self._kinds()
        if not self.liked:
            self.liked = [self.rng.choice((0, 1, 5)) for _ in kinds]
            self.liked[0] = max(1, self.liked[0])
            if not self.commands:
                self.liked[-3:] = [0, 0, 0]
        return self.rng.choices(kinds, self.liked)[0]()

    def _kinds(self) -> list[Callable[[], Request]]:
        rng = self.rng
        return [
            lambda: self._create_contacts(rng.randint(1, 2)),
            lambda: self._change("contact", {"last_name": f"L{rng.randrange(1000)}"}),
            lambda: self._change("contact", {"phone": f"+4930{rng.randrange(1000)}"}),
            lambda: self._change("contact", {"job_title": f"J{rng.randrange(1000)}"}),
            lambda: self._add_score(rng.choice((-9, 4, 8, 20)), times=rng.randint(1, 2)),
            lambda: self._create_deal(rng.choice((2000, 90000))),
            lambda: self._change("task", {"status": "done"}),
            lambda: self._delete(rng.choice(("contact", "deal"))),
            self._restore,
            lambda: self._publish(rng.choice(list(IDS.values()))),
            lambda: self._command("cancel"),
            lambda: self._command("retry"),
            self._enroll,
        ]

    def opening(self) -> list[Request]:
        """What there is before anything else happens."""
        return [self._create_contacts(self.rng.randint(1, 2)), self._create_deal(self.rng.choice((2000, 90000)))]

    def _create_contacts(self, count: int) -> Request:
        first, ids = self.made, [self._id() for _ in range(count)]
        self.made += count
        orders = [self.rng.randrange(6) for _ in ids]

        async def create(connection: SimulatedConnection) -> None:
            async with tenant_transaction(_pool(connection), TENANT) as transaction:
                world = self._world()
                for number, (identity, order) in enumerate(zip(ids, orders, strict=True), start=first):
                    values = {"first_name": f"P{number}", "email": f"p{number}@example.com"}
                    values["external_id"] = f"order-{order}-{number}"
                    world.create("contact", values, _USER, identity=identity)
                await flush(transaction, TENANT, world)

        return create

    def _create_deal(self, minor: int) -> Request:
        identity, pick = self._id(), self.rng.random()

        async def create(connection: SimulatedConnection) -> None:
            contact = self._one("contact", pick)
            async with tenant_transaction(_pool(connection), TENANT) as transaction:
                world = self._world()
                values = {"name": f"D{minor}", "value": Money(minor, "EUR"), "contact_id": contact and contact["id"]}
                world.create("deal", values, _USER, identity=identity)
                await flush(transaction, TENANT, world)

        return create

    def _change(self, kind: str, values: Mapping[str, Any]) -> Request:
        return self._write(kind, lambda world, ref, row: world.update(ref, values, _USER))

    def _add_score(self, points: int, *, times: int) -> Request:
        def change(world: World, ref: Ref, row: Row) -> None:
            for _ in range(times):  # two events of one record in one transaction
                world.update(ref, {"lead_score": row["lead_score"] + points}, _USER)

        return self._write("contact", change)

    def _delete(self, kind: str) -> Request:
        return self._write(
            kind, lambda world, ref, row: world.update(ref, {"deleted_at": world.now}, _USER, verb="deleted")
        )

    def _restore(self) -> Request:
        def change(world: World, ref: Ref, row: Row) -> None:
            world.update(ref, {"deleted_at": None}, _USER, verb="restored")

        return self._write("contact", change, deleted=True)

    def _write(self, kind: str, change: Callable[[World, Ref, Row], Any], *, deleted: bool = False) -> Request:
        pick = self.rng.random()

        async def write(connection: SimulatedConnection) -> None:
            chosen = self._one(kind, pick, deleted=deleted)
            if chosen is None:
                return
            ref = Ref(kind, chosen["id"])
            async with tenant_transaction(_pool(connection), TENANT) as transaction:
                row = (await load(transaction, TENANT, [ref], CATALOG))[ref]
                if row is None or (row["deleted_at"] is not None) is not deleted:
                    return  # NotFound
                world = self._world()
                world.rows[ref] = row
                change(world, ref, row)
                await flush(transaction, TENANT, world)

        return write

    def _publish(self, workflow: UUID) -> Request:
        async def publish(connection: SimulatedConnection) -> None:
            async with tenant_transaction(_pool(connection), TENANT):
                for lane in range(LANES):
                    await connection.locked("lanes", lane)
                at = self.database.clock()
                for span in list(connection.rows("workflow_spans")):
                    if span["workflow_id"] == workflow and span["to_at"] is None:
                        connection.write("workflow_spans", span | {"to_at": at})
                        follows = span["version"] % VERSIONS + 1
                        connection.write("workflow_spans", span | {"version": follows, "from_at": at})
                tenant = next(iter(connection.rows("tenants")))
                connection.write("tenants", tenant | {"definitions_epoch": tenant["definitions_epoch"] + 1})

        return publish

    def _pause(self, workflow: UUID) -> Request:
        async def pause(connection: SimulatedConnection) -> None:
            async with tenant_transaction(_pool(connection), TENANT):
                open_spans = await self._all_lanes(connection, workflow)
                if open_spans:
                    connection.write("workflow_spans", open_spans[0] | {"to_at": self.database.clock()})
                    connection.write("paused", {"workflow_id": workflow, "version": open_spans[0]["version"]})

        return pause

    def resume(self, workflow: UUID) -> Request:
        """What was held is sent on: some of it run, some rescheduled, some skipped."""
        overdue = self.rng.choice(("run", "reschedule", "skip"))

        async def resume(connection: SimulatedConnection) -> None:
            async with tenant_transaction(_pool(connection), TENANT):
                await self._all_lanes(connection, workflow)
                for paused in [row for row in connection.rows("paused") if row["workflow_id"] == workflow]:
                    await connection.delete("paused", [(workflow,)])
                    span = {"workflow_id": workflow, "version": paused["version"], "to_at": None}
                    connection.write("workflow_spans", span | {"from_at": self.database.clock()})
                    await self._send_on(connection, workflow, {"overdue": overdue, "by_s": 300})

        return resume

    async def _all_lanes(self, connection: SimulatedConnection, workflow: UUID) -> list[Row]:
        """Every lane is held and definitions are newer; the answer are the workflow's open spans."""
        for lane in range(LANES):
            await connection.locked("lanes", lane)
        tenant = next(iter(connection.rows("tenants")))
        connection.write("tenants", tenant | {"definitions_epoch": tenant["definitions_epoch"] + 1})
        spans = list(connection.rows("workflow_spans"))
        return [span for span in spans if span["workflow_id"] == workflow and span["to_at"] is None]

    async def _send_on(self, connection: SimulatedConnection, workflow: UUID, chosen: Mapping[str, Any]) -> None:
        held = [row for row in connection.rows("held") if row["workflow_id"] == workflow]
        await connection.delete("held", [tuple(row[name] for name in KEYS["held"]) for row in held])
        for row in held:
            payload = json.dumps_text(chosen) if row["kind"] == "due" else row["payload"]
            told = {
                "id": self._id(),
                "due_at": self.database.clock(),
                "visit": row["visit"] or None,
                "payload": payload,
            }
            same = {name: row[name] for name in ("lane", "kind", "priority", "execution_id")}
            connection.write("inbox", {**_BLANK_INPUT, **same, **told})

    def _command(self, what: str) -> Request:
        pick = self.rng.random()

        async def command(connection: SimulatedConnection) -> None:
            table = "executions_live" if what == "cancel" else "executions_done"
            rows = [
                row
                for row in self.database.tables.rows[table].values()
                if what == "cancel" or row["status"] == "failed" or row["reason"] == "cancelled"
            ]
            if rows:
                row = rows[int(pick * len(rows))]
                payload = {"do": what, "why": "Somebody said so."}
                await self._send(connection, row["lane"], payload, execution_id=row["id"])

        return command

    def _enroll(self) -> Request:
        pick, identity = self.rng.random(), self._id()
        workflow = IDS[self.rng.choice(("nurture", "ripe", "order"))]

        async def enroll(connection: SimulatedConnection) -> None:
            contact = self._one("contact", pick)
            if contact is not None:
                record = {"type": "contact", "id": contact["id"]}
                payload = {"do": "enroll", "workflow_id": workflow, "record": record}
                await self._send(connection, lane_of(contact["id"]), payload, identity=identity)

        return enroll

    async def _send(
        self,
        connection: SimulatedConnection,
        lane: int,
        payload: Mapping[str, Any],
        *,
        execution_id: UUID | None = None,
        identity: UUID | None = None,
    ) -> None:
        async with tenant_transaction(_pool(connection), TENANT):
            row = {"id": identity or self._id(), "lane": lane, "kind": "command", "execution_id": execution_id}
            row |= {"payload": json.dumps_text(payload), "due_at": self.database.clock()}
            connection.write("inbox", {**_BLANK_INPUT, **row})

    def _one(self, kind: str, pick: float, *, deleted: bool = False) -> Row | None:
        """One of the records that are committed, by a number drawn before: by name, so that time does not matter."""
        rows = self.database.tables.rows[{"contact": "contacts", "deal": "deals", "task": "tasks"}[kind]].values()
        fit = [row for row in rows if (row["deleted_at"] is not None) is deleted and row.get("status") != "done"]
        return fit[int(pick * pick * len(fit))] if fit else None  # the first ones meet most

    def _world(self) -> World:
        now = self.database.clock()
        return World(CATALOG, now, id_sequence(milliseconds(now), self.rng.getrandbits(48)))

    def _id(self) -> UUID:
        return id_at(1_700_000_000_000 + self.rng.randrange(1_000_000), self.rng.getrandbits(74))


_USER = Cause("user")


def _pool(connection: SimulatedConnection) -> Any:
    return SimulatedPool(connection)
