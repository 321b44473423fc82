"""Who waits for events hears them, whatever starts new executions now."""

from tests.store.given import enroll

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


async def _done(office: Office) -> None:
    assert await office.statuses() == {"waiting": 1}
    task = await office.value("select id from tasks where tenant_id = $1")
    await office.change("task", task, status="done")
    await office.work()
