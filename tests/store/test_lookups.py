"""What steps ask inside a pass, on the real store: in a batch as alone, and by several workers at once."""

import asyncio
from collections import Counter
from uuid import UUID

from tests.store.given import drain

from cuework.engine.events import Ref
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
