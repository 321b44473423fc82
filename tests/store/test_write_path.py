"""The one write path: a record, its event and its input are true together or not at all."""

import asyncio
import random
from collections.abc import AsyncGenerator
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from cuework.base import json
from cuework.base.errors import Conflict, CueworkError, Invalid
from cuework.crm import write
from cuework.crm.catalog import load_catalog
from cuework.crm.read import spelled
from cuework.crm.rows import TABLES, row_of
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db import tenancy
from cuework.db.pool import Pool, Role, open_pool
from cuework.engine.catalog import Catalog
from cuework.engine.events import Cause, Ref

NOBODY = Cause("system")


@pytest_asyncio.fixture(scope="module")
async def pool(module_database_url: str) -> AsyncGenerator[Pool]:
    opened = await open_pool(module_database_url, Role.APP, size=6)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def tenant_id(pool: Pool) -> UUID:
    return await create_tenant(pool, NewTenant("Acme", f"acme-{uuid4().hex[:12]}"))


class Store:
    """One tenant's records, each call in a transaction of its own."""

    def __init__(self, pool: Pool, tenant_id: UUID) -> None:
        self.pool, self.tenant_id = pool, tenant_id

    async def __call__(self, change: Any, *arguments: Any, **options: Any) -> Any:
        async with tenancy.tenant_transaction(self.pool, self.tenant_id) as connection:
            catalog = await load_catalog(connection, self.tenant_id)
            return await change(write.Writer(connection, catalog, NOBODY), *arguments, **options)

    async def fetch(self, query: str) -> list[Any]:
        async with tenancy.tenant_transaction(self.pool, self.tenant_id) as connection:
            return await connection.fetch(query)

    async def snapshot(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every record as JSON, deleted ones too."""
        async with tenancy.tenant_transaction(self.pool, self.tenant_id) as connection:
            catalog = await load_catalog(connection, self.tenant_id)
            return {
                (kind, str(record["id"])): as_json(kind, record, catalog)
                for kind, table in TABLES.items()
                for record in await connection.fetch(f"select {table.select} from {table.name}")
            }

    async def events(self) -> list[Any]:
        return await self.fetch("select * from events order by record_id, revision, id")


def as_json(kind: str, record: Any, catalog: Catalog) -> dict[str, Any]:
    row = row_of(kind, record, catalog)
    return json.loads(json.dumps(spelled(kind, row) | {"deleted_at": row["deleted_at"]}))


@pytest.fixture
def store(pool: Pool, tenant_id: UUID) -> Store:
    return Store(pool, tenant_id)


async def test_a_change_writes_its_event_and_its_input_in_one_transaction(store: Store) -> None:
    contact = await store(write.create, "contact", {"first_name": "Ada", "tags": ["vip"]})
    await store(write.update, Ref("contact", contact["id"]), {"first_name": "Augusta", "tags": ["vip"]})
    created, updated = await store.events()
    assert (created["type"], created["revision"], created["actor_type"]) == ("contact.created", 1, "system")
    assert created["changes"]["tags"] == [None, ["vip"]]
    assert (updated["type"], updated["revision"]) == ("contact.updated", 2)
    assert updated["changes"] == {"first_name": ["Ada", "Augusta"]}
    inputs = await store.fetch("select event_id, kind, priority, revision from inbox order by revision")
    assert [tuple(row) for row in inputs] == [(created["id"], "event", 0, 1), (updated["id"], "event", 0, 2)]


async def test_a_change_that_changes_nothing_leaves_no_trace(store: Store) -> None:
    contact = await store(write.create, "contact", {"first_name": "Ada", "email": "Ada@example.com"})
    same = await store(write.update, Ref("contact", contact["id"]), {"first_name": " Ada ", "phone": ""})
    assert same["revision"] == 1
    assert len(await store.events()) == 1


async def test_what_is_refused_leaves_no_trace(store: Store) -> None:
    await store(write.create, "contact", {"email": "ada@example.com"})
    for fields, error in (({"email": "ADA@example.com"}, Conflict), ({"company_id": str(uuid4())}, Invalid)):
        with pytest.raises(error):
            await store(write.create, "contact", fields)
    assert len(await store.events()) == 1
    assert len(await store.snapshot()) == 1


async def test_of_two_requests_with_one_email_one_wins_and_the_other_is_told_the_winner(store: Store) -> None:
    fields = {"email": "race@example.com"}
    outcomes = await asyncio.gather(*(store(write.create, "contact", fields) for _ in range(5)), return_exceptions=True)
    [winner] = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert [loser.extra["existing_id"] for loser in losers] == [str(winner["id"])] * 4


async def test_changes_at_the_same_time_each_get_their_own_revision(store: Store) -> None:
    contact = await store(write.create, "contact", {"first_name": "Ada"})
    ref = Ref("contact", contact["id"])
    await asyncio.gather(*(store(write.update, ref, {"job_title": f"Title {n}"}) for n in range(8)))
    events = await store.events()
    assert [event["revision"] for event in events] == list(range(1, 10))
    moments = [event["occurred_at"] for event in events]
    assert moments == sorted(moments)  # who waited for the row's lock is later than whom it waited for
    for earlier, later in pairwise(events[1:]):
        assert later["changes"]["job_title"][0] == earlier["changes"]["job_title"][1]


async def test_an_event_names_the_records_it_concerns_old_and_new(store: Store) -> None:
    old, new = [await store(write.create, "company", {"name": name}) for name in ("Old", "New")]
    contact = await store(write.create, "contact", {"company_id": str(old["id"])})
    await store(write.update, Ref("contact", contact["id"]), {"company_id": str(new["id"])})
    [*_, event] = [event for event in await store.events() if event["record_type"] == "contact"]
    assert event["changes"] == {"company_id": [str(old["id"]), str(new["id"])]}
    assert event["data"]["links"] == {"company_id": str(new["id"])}


@pytest.mark.parametrize("seed", range(12))
async def test_an_old_snapshot_and_the_events_since_are_the_new_snapshot(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    known: list[Ref] = []
    for _ in range(15):
        await step(store, chance, known)
    old, seen = await store.snapshot(), {event["id"] for event in await store.events()}
    for _ in range(25):
        await step(store, chance, known)
    later = [event for event in await store.events() if event["id"] not in seen]
    assert replayed(old, later) == await store.snapshot()


async def step(store: Store, chance: random.Random, known: list[Ref]) -> None:
    """One random change; refusals are part of the game."""
    kind = chance.choice(list(TABLES))
    try:
        if not known or chance.random() < 0.4:
            row = await store(write.create, kind, fields_of(kind, chance, known, new=True))
            known.append(Ref(kind, row["id"]))
            return
        ref = chance.choice(known)
        change = chance.choice([write.update, write.update, write.update, write.delete, write.restore])
        arguments = [fields_of(ref.type, chance, known)] if change is write.update else []
        await store(change, ref, *arguments)
    except CueworkError:
        return


def fields_of(kind: str, chance: random.Random, known: list[Ref], *, new: bool = False) -> dict[str, Any]:
    def one(kind: str) -> str | None:
        return chance.choice([None, *(str(ref.id) for ref in known if ref.type == kind)])

    pool: dict[str, dict[str, Any]] = {
        "contact": {
            "first_name": chance.choice(["Ada", "Bob", "", None]),
            "email": chance.choice(["a@example.com", "b@example.com", None]),
            "lead_score": chance.randrange(3),
            "tags": chance.sample(["a", "b", "c"], chance.randrange(4)),
            "company_id": one("company"),
            "lifecycle_stage": chance.choice(["lead", "customer", None]),
        },
        "company": {"name": chance.choice(["X", "Y"]), "external_id": chance.choice(["1", "2", None])},
        "deal": {
            "name": chance.choice(["X", "Y"]),
            "value": chance.choice([None, 5, {"amount": "12.50", "currency": "EUR"}]),
            "status": chance.choice(["open", "won", "lost"]),
            "contact_id": one("contact"),
        },
        "task": {
            "title": chance.choice(["X", "Y"]),
            "status": chance.choice(["open", "done"]),
            "due_at": chance.choice([None, "2030-01-01T10:00:00.123+02:00"]),
            "contact_id": one("contact"),
            "deal_id": one("deal"),
        },
    }
    fields = pool[kind]
    return fields if new else dict(chance.sample(sorted(fields.items()), chance.randrange(1, 3)))


def replayed(old: dict[tuple[str, str], dict[str, Any]], events: list[Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The snapshot that the events make of the old one, from nothing but what they say."""
    rows = {key: dict(row) for key, row in old.items()}
    for event in events:
        key = (event["record_type"], str(event["record_id"]))
        at = json.loads(json.dumps(event["occurred_at"]))
        if event["type"].endswith(".created"):
            rows[key] = blank(key) | {"created_at": at}
        row = rows[key]
        for name, (before, after) in event["changes"].items():
            assert row[name] == before or event["revision"] == 1
            row[name] = after
        row |= {"revision": event["revision"], "updated_at": at}
    return rows


def blank(key: tuple[str, str]) -> dict[str, Any]:
    kind, identity = key
    row = dict.fromkeys([*spelled(kind, {}), "deleted_at"]) | {"id": identity}
    row |= {"tags": []} if kind == "contact" else {}
    return row | ({"custom": {}} if kind != "task" else {})
