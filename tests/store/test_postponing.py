"""What needs a record that somebody else holds comes again after growing pauses, and in its record's order."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.store.given import handle_due, held

from cuework.base.ids import lane_of, new_id
from cuework.base.time import utc_now
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Cause, Event, Ref
from cuework.runtime.claim import Input
from cuework.runtime.postponing import FIRST, LONGEST, by_revision, pause_after
from cuework.runtime.turn import take_turn
from cuework.runtime.worker import Worker
from cuework.testing.office import Office
from cuework.testing.waiting import until
from cuework.workflows import enrollment

# The company is found late: the event that names it is one that a step makes.
TITLES = """
name: Titles
trigger:
  type: contact.updated
  when: {all: [{field: company.name, op: eq, value: Acme}, {field: contact.job_title, op: known}]}
settings: {re_entry: every_event}
steps: [{id: note, type: activity.log, text: "{{ trigger.record.job_title }}"}]
"""
CHIEF = """
name: Chief
trigger: {type: contact.created}
steps: [{id: title, type: contact.update, values: {job_title: CEO}}]
"""
BY_HAND = """
name: By hand
trigger: {type: contact.stage_changed}
steps:
  - {id: first, type: contact.add_score, points: 1}
  - {id: seen, type: company.update, on: company, values: {name: Seen}}
"""


def test_pauses_double_up_to_the_longest() -> None:
    pauses = [pause_after(times) for times in range(20)]
    assert pauses[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert pauses[-1] == LONGEST
    assert pauses == sorted(pauses)


def test_events_of_a_record_that_was_put_off_are_ordered_by_revision_in_the_places_they_have() -> None:
    ada, ben = Ref("contact", new_id()), Ref("contact", new_id())
    came = [_event(ada, 3), _event(ben, 2), _event(ada, 1, postponed=1), _event(ben, 1), _event(ada, 2)]
    ordered = by_revision(came)
    assert [(each.event.record, each.revision) for each in ordered if each.event] == [
        (ada, 1),
        (ben, 2),
        (ada, 2),
        (ben, 1),
        (ada, 3),
    ]


async def test_a_worker_does_not_spin_while_somebody_holds_the_company(office: Office, tmp_path: Path) -> None:
    """It tries as often as the pauses allow, and goes on when the record is free. Finished steps are not repeated."""
    workflow = await office.publish(BY_HAND)
    company = await office.create("company", {"name": "Acme"}, quiet=True)
    ada = await office.create("contact", {"first_name": "Ada", "company_id": company}, quiet=True)
    worker = Worker(office.dsn, office.types, tmp_path, passes=2)
    async with held(office, "companies", company):
        before = await _now(office)
        async with tenant_transaction(office.pool, office.tenant_id) as connection:
            await enrollment.send(connection, office.actor, workflow, "contact", [ada])
        running = asyncio.create_task(worker.run())
        await _comes_true(office, "select max(postponed) >= 6 from inbox where tenant_id = $1")
        tries = await office.value("select max(postponed) from inbox where tenant_id = $1")
        spent = await _now(office) - before
        assert spent >= sum((pause_after(n) for n in range(tries - 1)), timedelta())
        assert worker.handled <= tries + 1  # the enrollment and the tries; nothing else went round
    await _comes_true(office, "select count(*) = 1 from executions_done where tenant_id = $1")
    worker.stop()
    await running
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select name from companies where tenant_id = $1") == "Seen"
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 1
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_later_events_of_a_record_wait_behind_the_one_that_was_put_off(office: Office) -> None:
    ada = await _put_off(office)
    await office.rows("update inbox set due_at = clock_timestamp() + interval '1 h' where tenant_id = $1 returning id")
    for title in ("CTO", "CFO"):
        await office.change("contact", ada, job_title=title)
    await _turns(office)
    waiting = await office.rows("select revision, postponed, due_at from inbox where tenant_id = $1 order by 1")
    assert [(row["revision"], row["postponed"]) for row in waiting] == [(2, 1), (3, 0), (4, 0)]
    assert len({row["due_at"] for row in waiting}) == 1
    await office.rows(
        """update inbox set due_at = clock_timestamp()
        - case when postponed > 0 then interval '0' else interval '1 h' end where tenant_id = $1 returning id"""
    )
    await _turns(office, batch=1)  # the later ones are due first, and let it pass
    assert await _notes(office) == ["CEO", "CTO", "CFO"]
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_what_was_put_off_stops_no_other_record_of_its_lane(office: Office) -> None:
    ada = await _put_off(office)
    await office.rows("update inbox set due_at = clock_timestamp() + interval '1 h' where tenant_id = $1 returning id")
    free = await office.create("company", {"name": "Acme"}, quiet=True)
    ben = None
    while ben is None or lane_of(ben) != lane_of(ada):
        ben = await office.create("contact", {"first_name": "Ben", "company_id": free}, quiet=True)
    await office.change("contact", ben, job_title="Free")
    await _turns(office)
    assert await _notes(office) == ["Free"]
    await office.rows("update inbox set due_at = clock_timestamp() where tenant_id = $1 returning id")
    await _turns(office)
    assert await _notes(office) == ["Free", "CEO"]


async def _put_off(office: Office) -> UUID:
    """A contact whose event was put off, because somebody held its company."""
    await office.publish(TITLES)
    await office.publish(CHIEF)
    company = await office.create("company", {"name": "Acme"}, quiet=True)
    async with held(office, "companies", company), office.pool.acquire() as connection:
        ada = await office.contact(first_name="Ada", company_id=company)
        report = (await take_turn(connection, office.tenant)).report
        assert report is not None
        assert report.again_after == FIRST
    return ada


async def test_what_a_timer_sets_off_stays_behind_an_earlier_event_that_was_put_off(office: Office) -> None:
    await office.publish("""
name: Later
trigger: {type: contact.created}
steps:
  - {id: rest, type: flow.delay, for: 2 days}
  - {id: title, type: contact.update, values: {job_title: CEO}}
""")
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.publish("""
name: Titles
trigger: {type: contact.updated, when: {all: [{field: contact.job_title, op: known}]}}
settings: {re_entry: once}
steps: [{id: note, type: activity.log, text: "{{ trigger.record.job_title }}"}]
""")
    await office.change("contact", ada, job_title="Intern")
    put_off = "update inbox set postponed = 1, due_at = due_at + interval '1 hour' where tenant_id = $1 returning id"
    await office.rows(put_off)
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    await _turns(office)
    await office.rows("update inbox set due_at = clock_timestamp() where tenant_id = $1 returning id")
    await _turns(office)
    assert await _notes(office) == ["Intern"]


async def _turns(office: Office, *, batch: int = 500) -> None:
    async with office.pool.acquire() as connection:
        await handle_due(connection, office, batch=batch)


async def _notes(office: Office) -> list[str]:
    return [row["text"] for row in await office.rows("select text from activities where tenant_id = $1 order by id")]


async def _now(office: Office) -> datetime:
    return await office.value("select clock_timestamp() from tenants where tenant_id = $1")


async def _comes_true(office: Office, query: str) -> None:
    await until(query, lambda: office.value(query))


def _event(record: Ref, revision: int, *, postponed: int = 0) -> Input:
    event = Event(new_id(), "contact.updated", record, revision, utc_now(), Cause("system"))
    lane = lane_of(record.id)
    return Input(new_id(), "event", lane, 0, revision, event.id, None, None, None, 0, postponed, event)
