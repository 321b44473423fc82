"""Who waits for events hears them, whatever starts new executions now, and whoever makes them meanwhile."""

from tests.store.given import due_now, enroll, handle_due

from cuework.base.ids import lane_of
from cuework.db.tenancy import begin
from cuework.runtime.claim import lock_lanes, take
from cuework.runtime.pass_state import PassState
from cuework.runtime.passes import Pass
from cuework.testing.office import Office

BY_HAND = """
name: Call
trigger: {type: manual, record_type: contact}
steps:
  - {id: call, type: task.create, title: Call}
  - {id: reply, type: flow.wait_until, event: task.completed, of: call}
"""
LATE = """
name: Call
trigger: {type: contact.created}
steps:
  - {id: rest, type: flow.delay, for: 1 hour}
  - {id: call, type: task.create, title: Call}
  - {id: reply, type: flow.wait_until, event: task.completed, of: call}
"""
WITHOUT = """
name: Call
trigger: {type: contact.created}
steps: [{id: tag, type: contact.add_tag, tag: called}]
"""


SETS_PHONE = """
name: Set the phone
trigger: {type: company.created}
steps:
  - {id: slow, type: flow.delay, for: 1 hour}
  - {id: set, type: company.update, values: {phone: "+49 30 123456"}}
"""
HEARS_PHONE = """
name: Hear of the phone
trigger: {type: deal.created}
steps:
  - {id: rest, type: flow.delay, for: 1 hour}
  - {id: phone, type: flow.wait_until, event: company.updated, of: deal.company, with: {fields: [{field: phone}]}}
"""

FROM_NOW_ON = """
name: From now on
trigger: {type: contact.updated, fields: [{field: first_name}]}
steps:
  - {id: tag, type: flow.wait_until, event: contact.updated, with: {fields: [{field: tags}]}, mode: from_now_on}
"""
KNOWN_PHONE = """
name: Known
trigger: {type: contact.created}
steps:
  - {id: phone, type: flow.wait_until, when: {field: company.phone, op: known}, timeout: {after: 3 days, steps: []}}
"""
TAGS = """
name: Tag
trigger: {type: contact.updated, fields: [{field: last_name}]}
steps: [{id: tag, type: contact.add_tag, tag: seen}]
"""


async def test_an_execution_that_was_started_by_hand_hears_what_it_waits_for(office: Office) -> None:
    workflow = await office.publish(BY_HAND)
    ada = await office.contact(first_name="Ada")
    await enroll(office, workflow, [ada])
    await office.work()
    await _done(office)
    assert await office.statuses() == {"completed": 1}


async def test_an_execution_of_a_version_that_takes_no_events_any_more_hears_what_it_waits_for(office: Office) -> None:
    workflow = await office.publish(LATE)
    await office.contact(first_name="Ada")
    await office.work()
    await office.publish_again(workflow, WITHOUT)
    ago = "update workflow_spans set from_at = from_at - interval '2 h', to_at = to_at - interval '1 h'"
    await office.rows(f"{ago} where tenant_id = $1 and to_at is not null returning version")
    office.tenant.epoch = -1  # a worker that was started since
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    await office.work()
    await _done(office)
    assert await office.statuses() == {"completed": 1}


async def test_an_event_that_a_pass_is_making_while_the_wait_begins_is_heard(office: Office) -> None:
    await office.publish(SETS_PHONE)
    await office.publish(HEARS_PHONE)
    deal = await office.create("deal", {"name": "Big"})
    companies = await office.create_many("company", [{"name": "Acme"}] * 3)
    acme = next(each for each in companies if lane_of(each) != lane_of(deal))
    await office.change("deal", deal, company_id=acme)
    await office.work()
    due = """update timers t set due_at = clock_timestamp() from executions_live l
        where t.tenant_id = $1 and l.tenant_id = $1 and l.id = t.execution_id and l.record_id = $2 returning t.visit"""
    await office.rows(due, acme)
    async with office.pool.acquire() as connection:
        await begin(connection, office.tenant_id)
        lanes = await lock_lanes(connection, office.tenant_id)
        assert lanes is not None
        inputs, _ = await take(connection, office.tenant_id, lanes)
        await Pass(PassState(connection, office.tenant, lanes, inputs)).run()  # it has looked for subscribers by now
        await office.rows(due, deal)
        async with office.pool.acquire() as other:
            await handle_due(other, office)
        assert await office.value("select event_type from subscriptions where tenant_id = $1") == "company.updated"
        await connection.execute("commit")
    await due_now(office)
    query = "select status from executions where tenant_id = $1 and record_id = any($2::uuid[])"
    assert [row["status"] for row in await office.rows(query, [acme, deal])] == ["completed", "completed"]


async def test_what_another_workflow_does_later_in_the_pass_in_which_a_wait_began_is_heard(office: Office) -> None:
    for text in (FROM_NOW_ON, TAGS):
        await office.publish(text)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.change("contact", ada, first_name="Augusta")
    await office.change("contact", ada, last_name="King")  # one pass takes both: the wait begins, then comes the tag
    await office.work()
    assert await office.statuses() == {"completed": 2}


async def test_a_wait_for_a_state_hears_of_a_company_that_the_contact_came_to_later(office: Office) -> None:
    await office.publish(KNOWN_PHONE)
    ada = await office.contact(first_name="Ada")
    acme = await office.create("company", {"name": "Acme"})
    await office.work()
    await office.change("contact", ada, company_id=acme)
    await office.work()
    assert await office.statuses() == {"waiting": 1}
    assert await office.value("select count(*) from timers where tenant_id = $1") == 1
    await office.change("company", acme, phone="+4930123456")
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def _done(office: Office) -> None:
    assert await office.statuses() == {"waiting": 1}
    task = await office.value("select id from tasks where tenant_id = $1")
    await office.change("task", task, status="done")
    await office.work()
