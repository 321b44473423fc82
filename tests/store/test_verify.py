"""Verification finds what it is there to find: each promise is broken on purpose, and named."""

from collections.abc import Mapping

import asyncpg
import pytest

from cuework.crm.preferences import change_tenant
from cuework.db.tenancy import tenant_transaction
from cuework.engine.money import Money
from cuework.testing.office import Office
from cuework.workflows import handled
from cuework.workflows.invariants import INVARIANTS

WELCOME = """
name: Welcome
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new}
  - {id: task, type: task.create, title: "Call"}
  - {id: note, type: activity.log, text: "Welcomed"}
"""
REST = """
name: Rest
trigger: {type: contact.created}
steps: [{id: rest, type: flow.delay, for: 2 days}]
"""
CALL = """
name: Call
trigger: {type: contact.created}
steps: [{id: call, type: http.request, url: "https://example.com/"}]
"""
HANDLED = "every event is handled or pending"
# What breaks a promise, as an owner of the tables could; $1 is the tenant.
BREAKS: Mapping[str, str] = {
    "an execution is live or finished, never both": """
        update executions_done set id = (select min(id::text)::uuid from executions_live where tenant_id = $1)
        where tenant_id = $1""",
    "the visits of an execution are gapless": "update steps set seq = 7 where tenant_id = $1 and seq = 2",
    "a live execution knows how many visits it has finished": """
        update executions_live set state = jsonb_set(state, '{seq}', '9') where tenant_id = $1""",
    "a step is completed once": "update steps set visit = 'tag' where tenant_id = $1 and visit = 'note'",
    "steps belong to an execution": "delete from executions_done where tenant_id = $1",
    "each task that a step logged exists once, and each task of an execution is logged": """
        delete from tasks where tenant_id = $1""",
    "each activity of an execution was logged by one of its steps": "delete from activities where tenant_id = $1",
    "each logged change of a record has its event, and each event of an execution is logged": """
        delete from events where tenant_id = $1 and type = 'contact.updated'""",
    "a record's events have gapless revisions, up to its own": """
        update contacts set revision = revision + 1 where tenant_id = $1""",
    "an input for an event has its event": """
        insert into inbox (tenant_id, id, lane, kind, event_id)
        values ($1, gen_random_uuid(), 1, 'event', gen_random_uuid())""",
    "an active enrollment has its live execution": """
        update enrollments set execution_id = gen_random_uuid() where tenant_id = $1 and active""",
    "a live execution that waits for a time has its timer": "delete from timers where tenant_id = $1",
    "a timer has its live execution": """
        insert into timers (tenant_id, execution_id, visit, lane, due_at)
        values ($1, gen_random_uuid(), 'rest', 1, now() + interval '1 day')""",
    "a live execution that waits for an effect has it under way, or its result pending": """
        delete from effects where tenant_id = $1""",
    "what is held waits for a live execution of a workflow that is paused or being resumed": """
        insert into held (tenant_id, workflow_id, execution_id, visit, kind, lane)
        select $1, workflow_id, id, 'rest', 'due', lane from executions_live where tenant_id = $1 limit 1""",
    "a live execution stands or waits somewhere": """
        update executions_live set state = jsonb_set(state, '{tokens}', '[]') where tenant_id = $1""",
    "a message that was sent belongs to an effect that is done": """
        insert into messages (tenant_id, id, channel, sender, recipient, state, created_at)
        select $1, id, 'email', 'a@example.com', 'b@example.org', 'sent', now() from effects where tenant_id = $1""",
    "counters equal the history": "update counters set started = started + 1 where tenant_id = $1",
    HANDLED: "delete from executions_done where tenant_id = $1",
}


@pytest.mark.parametrize("promise", BREAKS)
async def test_a_promise_that_is_broken_is_named(office: Office, promise: str) -> None:
    for text in (WELCOME, REST, CALL):
        await office.publish(text)
    await office.contact(first_name="Ada")
    await office.work()
    assert await office.verdict() == {}
    owner = await asyncpg.connect(office.dsn)
    done = await owner.execute(BREAKS[promise], office.tenant_id)
    await owner.close()
    assert done.rsplit(" ", 1)[-1] != "0", "something was there to break"
    assert promise in await office.verdict()


def test_every_promise_is_broken_once() -> None:
    assert set(BREAKS) == {*INVARIANTS, HANDLED}


DEAR = """
name: Dear
trigger:
  type: deal.created
  when: {all: [{field: deal.value, op: gt, value: {amount: "10", currency: EUR}}]}
steps: []
"""


async def test_a_history_longer_than_a_page_is_verified_to_its_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.publish(WELCOME)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(9)])
    await office.work()
    monkeypatch.setattr(handled, "_PAGE", 4)
    assert await office.verdict() == {}
    done = await office.rows("select id, event_id from executions_done where tenant_id = $1 order by event_id")
    lost = [done[0], done[-1]]
    forget = "delete from executions_done where tenant_id = $1 and id = any($2::uuid[]) returning id"
    await office.rows(forget, [row["id"] for row in lost])
    found = (await office.verdict())[HANDLED]
    assert {each["event"] for each in found} == {str(row["event_id"]) for row in lost}


async def test_a_new_exchange_rate_is_not_held_against_events_of_before(office: Office) -> None:
    """At its time the deal had no rate, and did not match; today it would."""
    await office.publish(DEAR)
    await office.publish(WELCOME)
    await office.create("deal", {"name": "In dollars", "value": Money(500_000, "USD")})
    await office.contact(first_name="Ada")
    await office.work()
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await change_tenant(connection, office.actor, {"exchange_rates": {"EUR": "2"}}, expected=None)
    assert await office.verdict() == {}
    owner = await asyncpg.connect(office.dsn)
    await owner.execute("delete from executions_done where tenant_id = $1", office.tenant_id)
    await owner.close()
    lost = (await office.verdict())[HANDLED]
    assert [each["workflow"] for each in lost] == ["Welcome"], "what depends on no rate is proved all the same"
