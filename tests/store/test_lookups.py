"""What steps ask inside a pass, on the real store: in a batch as alone, and by several workers at once."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from tests.store.given import drain

from cuework.base import json
from cuework.base.ids import new_id
from cuework.base.time import utc_now
from cuework.crm.catalog import touch
from cuework.crm.lookups import answer
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Ref
from cuework.engine.lookups import FindRecords
from cuework.engine.money import Money
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office

UPSERT = """
name: Company's contact
trigger: {type: deal.created}
steps:
  - {id: who, type: contact.upsert, email: "{{ deal.name }}@example.org", values: {first_name: Lin}}
  - {id: tag, type: contact.add_tag, on: steps.who, tag: buyer}
  - {id: more, type: contact.add_score, on: steps.who, points: 1}
"""
BALANCED = """
name: Fair shares
trigger: {type: deal.created}
steps:
  - {id: owner, type: record.assign_owner, team: sales, by: load_balanced}
"""
TURNS = """
name: Turns
trigger: {type: deal.created}
steps:
  - {id: owner, type: record.assign_owner, team: sales, by: round_robin}
"""
FIND = """
name: Find
trigger: {type: contact.created}
steps:
  - id: deal
    type: record.find
    record_type: deal
    when: {all: [{field: deal.name, op: eq, value: "{{ contact.source }}"}, {field: deal.status, op: eq, value: open}]}
    sort: -created_at
  - {id: win, type: deal.win, on: steps.deal}
"""


async def test_upserts_of_one_email_make_one_contact_in_one_batch(office: Office) -> None:
    await office.publish(UPSERT)
    await office.create_many("deal", [{"name": f"buyer{n % 3}"} for n in range(12)])
    await office.work()
    rows = await office.rows("select email, tags, lead_score from contacts where tenant_id = $1 order by email")
    assert [(row["email"], row["tags"], row["lead_score"]) for row in rows] == [
        (f"buyer{n}@example.org", ["buyer"], 4) for n in range(3)
    ]
    assert await office.statuses() == {"completed": 12}
    assert await office.verdict() == {}


async def test_upserts_of_one_email_make_one_contact_by_several_workers(office: Office) -> None:
    await office.publish(UPSERT)
    await office.create_many("deal", [{"name": f"buyer{n % 4}"} for n in range(80)])
    await asyncio.gather(*(drain(office, batch=5) for _ in range(4)))
    rows = await office.rows("select email, lead_score from contacts where tenant_id = $1")
    assert {row["email"]: row["lead_score"] for row in rows} == {f"buyer{n}@example.org": 20 for n in range(4)}
    assert len(rows) == 4
    assert await office.verdict() == {}


async def test_load_balancing_is_fair_in_one_batch_and_by_several_workers(office: Office) -> None:
    await office.publish(BALANCED)
    await office.create_many("deal", [{"name": f"D{n}"} for n in range(30)])
    await office.work()
    await office.create_many("deal", [{"name": f"E{n}"} for n in range(60)])
    await asyncio.gather(*(drain(office, batch=4) for _ in range(3)))
    rows = await office.rows("select owner_id from deals where tenant_id = $1")
    assert sorted(Counter(row["owner_id"] for row in rows).values()) == [30, 30, 30]


@pytest.mark.parametrize("text", [BALANCED, TURNS])
async def test_turns_of_a_batch_are_taken_together(office: Office, text: str) -> None:
    await office.publish(text)
    statements: list[str] = []
    async with office.pool.acquire() as connection:
        for count in (1, 40):
            await office.create_many("deal", [{"name": f"D{n}"} for n in range(count)])
            statements.clear()
            with connection.query_logger(lambda logged: statements.append(logged.query)):
                await take_turn(connection, office.tenant)
            assert sum("rotations" in statement for statement in statements) == 3
    assert len(statements) < 30


async def test_turns_never_double_whoever_takes_them(office: Office) -> None:
    await office.publish(TURNS)
    await office.create_many("deal", [{"name": f"D{n}"} for n in range(60)])
    await asyncio.gather(*(drain(office, batch=3) for _ in range(3)))
    rows = await office.rows("select owner_id from deals where tenant_id = $1")
    assert sorted(Counter(row["owner_id"] for row in rows).values()) == [20, 20, 20]


async def test_finding_sees_the_store_and_skips_what_it_did_not_find(office: Office) -> None:
    await office.publish(FIND)
    names = ("A", "A", "B")
    made: list[UUID] = [await office.create("deal", {"name": name}, quiet=True) for name in names]
    await office.create_many("contact", [{"source": "A"}, {"source": "none"}])
    await office.work()
    won = await office.rows("select id from deals where tenant_id = $1 and status = 'won'")
    assert [Ref("deal", row["id"]) for row in won] == [Ref("deal", made[1])]
    skipped = await office.value("select count(*) from steps where tenant_id = $1 and status = 'skipped'")
    assert skipped == 1


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["big", "dear", "late", "none", "small"]),
        ("-value", ["big", "dear", "late", "small", "none"]),
        ("value", ["small", "late", "dear", "big", "none"]),
        ("-closed_at", ["late", "big", "dear", "none", "small"]),
        ("-stage", ["dear", "big", "late", "none", "small"]),
        ("pipeline", ["big", "dear", "late", "none", "small"]),
    ],
)
async def test_finding_sorts_by_any_field_with_what_lacks_it_last(office: Office, sort: str, names: list[str]) -> None:
    await _with_a_rate(office)
    stages = [
        row["id"] for row in await office.rows("select id from deal_stages where tenant_id = $1 order by position")
    ]
    own = await office.value("select currency from tenants where tenant_id = $1")
    deals: list[dict[str, Any]] = [
        {"name": "big", "value": Money(90_000, own)},
        {"name": "dear", "value": Money(50_000, "CHF"), "stage_id": stages[-1]},
        {"name": "late", "value": Money(20_000, own), "closed_at": utc_now()},
        {"name": "none"},
        {"name": "small", "value": Money(10, own)},
    ]
    await office.create_many("deal", deals, quiet=True)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        world = await office.world(connection)
        condition = json.dumps_text({"field": "deal.name", "op": "known"})
        question = (new_id(), "it", FindRecords("deal", condition, sort, 10))
        await answer(connection, office.tenant_id, world, [question])
        assert [row["name"] for row in world.answers[question]] == names


async def test_a_search_that_cannot_be_made_fails_its_step_and_nothing_else(office: Office) -> None:
    await office.publish(
        FIND.replace('op: eq, value: "{{ contact.source }}"', 'op: matches, value: "{{ contact.source }}"')
    )
    await office.contact(source=r"\pN+")
    await office.contact(source="(unclosed")
    await office.work()
    assert await office.statuses() == {"failed": 2}
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0


async def _with_a_rate(office: Office) -> None:
    """A franc is worth a little more than the tenant's own currency."""
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await connection.execute(
            "update tenants set exchange_rates = $2 where tenant_id = $1", office.tenant_id, {"CHF": 1.1}
        )
        await touch(connection, office.tenant_id)
