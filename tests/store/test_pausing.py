"""A paused workflow's executions stay where they are; resuming sends on what came for them, as people chose (§29)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs
from tests.store.given import due_now, pause, resume

from cuework.base.time import utc_now
from cuework.channels.provider import Delivered
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office
from cuework.workflows import control, publish, resuming

REST = """
name: Rest
key: rest
trigger: {type: contact.created}
steps:
  - {id: rest, type: flow.delay, for: 2 days}
  - {id: first, type: contact.add_tag, tag: first}
  - {id: second, type: contact.add_tag, tag: second}
"""
REPLY = """
name: Reply
trigger: {type: contact.created}
steps:
  - id: reply
    type: flow.wait_until
    event: contact.updated
    with: {fields: [{field: job_title}]}
    timeout: {after: 3 days, steps: [{id: late, type: contact.add_tag, tag: late}]}
  - {id: done, type: contact.add_tag, tag: done}
"""
NAP = "id: done, type: flow.delay, for: 1 hour"
CALL = """
name: Call
trigger: {type: contact.created}
steps:
  - {id: call, type: http.request, url: "https://example.com/"}
  - {id: after, type: contact.add_tag, tag: called}
"""


async def test_a_wait_that_was_moved_and_ended_by_its_event_at_once_is_stored_once(office: Office) -> None:
    workflow, contact = await _parked(office, REPLY.replace("id: done, type: contact.add_tag, tag: done", NAP))
    await pause(office, workflow)
    await _due(office)
    await office.change("contact", contact, job_title="CEO")
    await office.work()
    with capture_logs() as logs:
        await resume(office, workflow, "reschedule")
    assert [each for each in logs if each["event"].startswith("pass.")] == []
    assert await office.value("select visit from timers where tenant_id = $1") == "done"
    assert await office.verdict() == {}


async def test_a_timer_that_is_due_while_paused_waits_and_nothing_is_lost(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    await _due(office)
    assert await office.statuses() == {"waiting": 1}
    assert await office.value("select count(*) from timers where tenant_id = $1") == 0
    assert await _counts(office, workflow) == (1, 1, 0)
    assert await office.verdict() == {}
    assert await resume(office, workflow, "run") is not None
    assert await _tags(office) == ["first", "second"]
    assert await office.statuses() == {"completed": 1}
    assert await _counts(office, workflow) == (0, 0, 0)
    assert await office.verdict() == {}


async def test_what_is_overdue_is_rescheduled_by_the_length_of_the_pause(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    await office.rows(
        "update workflows set paused_at = paused_at - interval '3 h' where tenant_id = $1 and id = $2 returning id",
        workflow,
    )
    until = await _due(office)
    await resume(office, workflow, "reschedule")
    assert await office.statuses() == {"waiting": 1}
    due_at = await office.value("select due_at from timers where tenant_id = $1")
    assert timedelta(hours=3) <= due_at - until < timedelta(hours=3, minutes=5)
    assert await office.value("select next_at from executions_live where tenant_id = $1") == due_at
    assert await office.verdict() == {}
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    await office.work()
    assert await _tags(office) == ["first", "second"]


async def test_what_is_overdue_is_skipped_and_the_rest_goes_on(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    await _due(office)
    await resume(office, workflow, "skip")
    assert await _tags(office) == ["second"]
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


@pytest.mark.parametrize(("overdue", "tags"), [("run", ["late", "done"]), ("skip", ["done"])])
async def test_a_wait_that_timed_out_while_paused(office: Office, overdue: resuming.Overdue, tags: list[str]) -> None:
    workflow, _ = await _parked(office, REPLY)
    await pause(office, workflow)
    await _due(office)
    await resume(office, workflow, overdue)
    assert await _tags(office) == tags
    assert await office.verdict() == {}


async def test_a_rescheduled_wait_still_hears_what_it_waits_for(office: Office) -> None:
    workflow, ada = await _parked(office, REPLY)
    await pause(office, workflow)
    await _due(office)
    await resume(office, workflow, "reschedule")
    assert await office.statuses() == {"waiting": 1}
    assert await office.verdict() == {}
    await office.change("contact", ada, job_title="CEO")
    await office.work()
    assert await _tags(office) == ["done"]


async def test_news_that_comes_while_paused_is_heard_on_resuming(office: Office) -> None:
    workflow, ada = await _parked(office, REPLY)
    await pause(office, workflow)
    for title in ("CEO", "CTO"):
        await office.change("contact", ada, job_title=title)
        await office.work()
    assert await office.statuses() == {"waiting": 1}
    assert await _counts(office, workflow) == (1, 0, 1)
    assert await office.verdict() == {}
    await _due(office)  # and then its time comes as well
    await resume(office, workflow, "run")
    assert await _tags(office) == ["done"]
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def test_what_is_being_sent_is_sent_and_its_outcome_waits(office: Office) -> None:
    workflow, _ = await _parked(office, CALL)
    await pause(office, workflow)
    [sent] = await claim(office.pool, office.tenant_id, 10)
    assert sent.skip is None
    done = judge(Delivered({"status": 200}), sent.policy, 1, jitter=0.0)
    await settle(office.pool, office.tenant_id, [Result(sent, done)])
    await office.work()
    assert await office.statuses() == {"running": 1}
    assert await office.verdict() == {}
    await resume(office, workflow, "run")
    assert await claim(office.pool, office.tenant_id, 10) == []
    assert await _tags(office) == ["called"]
    assert await office.verdict() == {}


async def test_people_and_deletions_end_what_is_paused(office: Office) -> None:
    workflow, ada = await _parked(office, REST)
    await office.contact(first_name="Ben")
    await office.work()
    await pause(office, workflow)
    await _due(office)
    assert (await _counts(office, workflow))[1] == 2
    await office.change("contact", ada, "deleted", deleted_at=utc_now())
    await office.work()
    left = await office.value("select id from executions_live where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.cancel(connection, office.actor, left)
    await office.work()
    assert await office.statuses() == {"cancelled": 1, "cancelled:record_deleted": 1}
    assert await _counts(office, workflow) == (0, 0, 0)
    assert await office.verdict() == {}
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, left)  # it goes on when the workflow does
    await office.work()
    assert await office.statuses() == {"waiting": 1, "cancelled:record_deleted": 1}
    assert await office.verdict() == {}
    await resume(office, workflow, "run")
    assert await office.statuses() == {"waiting": 1, "cancelled:record_deleted": 1}


async def test_another_workflow_goes_on_meanwhile(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await office.publish(
        REST.replace("Rest", "Other").replace("key: rest", "key: other").replace("tag: ", "tag: other-")
    )
    await office.contact(first_name="Ben")
    await office.work()
    await pause(office, workflow)
    await _due(office)
    assert await office.statuses() == {"waiting": 2, "completed": 1}
    assert await office.verdict() == {}


async def test_many_are_sent_on_spread_over_a_while(office: Office) -> None:
    workflow = await office.publish(REST)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(40)])
    await office.work()
    await pause(office, workflow)
    await _due(office)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await publish.resume(connection, office.actor, workflow)
    async with office.pool.acquire() as connection:
        await take_turn(connection, office.tenant)
    rows = await office.rows("select due_at from inbox where tenant_id = $1 and kind = 'due' order by 1")
    started = await office.value("select count(*) from executions_done where tenant_id = $1")
    assert len(rows) + started == 40
    assert rows[-1]["due_at"] - rows[0]["due_at"] > timedelta(seconds=1)
    assert await office.verdict() == {}


async def test_pausing_again_keeps_what_was_not_sent_on_yet(office: Office) -> None:
    workflow = await office.publish(REST)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(10)])
    await office.work()
    await pause(office, workflow)
    await _due(office)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        job = await publish.resume(connection, office.actor, workflow)
        await publish.pause(connection, office.actor, workflow)
    await due_now(office)
    assert await office.value("select state from jobs where tenant_id = $1 and id = $2", job) == "done"
    assert await _counts(office, workflow) == (10, 10, 0)
    assert await office.verdict() == {}


async def test_what_is_held_goes_with_an_execution_that_ends_before_it_is_sent_on(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    await _due(office)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await publish.resume(connection, office.actor, workflow)
        await connection.execute(
            "update inbox set due_at = due_at + interval '1 hour' where tenant_id = $1", office.tenant_id
        )
        parked = await connection.fetchval("select id from executions_live where tenant_id = $1", office.tenant_id)
        await control.cancel(connection, office.actor, parked)
    await office.work()
    assert await office.statuses() == {"cancelled": 1}
    assert await office.value("select count(*) from held where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_what_was_chosen_last_holds_for_all_that_is_still_held(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    await _due(office)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        first = await publish.resume(connection, office.actor, workflow, overdue="run")
    await pause(office, workflow)
    await resume(office, workflow, "skip")
    assert await _tags(office) == ["second"]
    assert await office.value("select state from jobs where tenant_id = $1 and id = $2", first) == "done"
    assert await office.verdict() == {}


async def test_an_archived_workflow_keeps_what_it_held_and_publishing_sends_it_on(office: Office) -> None:
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await publish.archive(connection, office.actor, workflow)
    await _due(office)
    assert await office.statuses() == {"waiting": 1}
    assert await office.verdict() == {}
    await office.publish_again(workflow, REST)
    await due_now(office)
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def test_losing_what_is_held_is_noticed(office: Office) -> None:
    """The checks can fail."""
    workflow, _ = await _parked(office, REST)
    await pause(office, workflow)
    await _due(office)
    await office.rows("delete from held where tenant_id = $1 returning visit")
    assert list(await office.verdict()) == ["a live execution that waits for a time has its timer"]


async def _parked(office: Office, text: str) -> tuple[UUID, UUID]:
    """A workflow and a contact that is in it."""
    workflow = await office.publish(text)
    ada = await office.contact(first_name="Ada")
    await office.work()
    assert await office.verdict() == {}
    return workflow, ada


async def _due(office: Office) -> Any:
    """Every timer's time comes; the answer is when one of them was due."""
    until = await office.value("select due_at from timers where tenant_id = $1 limit 1")
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    await office.work()
    return until


async def _counts(office: Office, workflow: UUID) -> tuple[int, int, int]:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        row = await resuming.counts(connection, office.tenant_id, workflow)
    return row["parked"], row["overdue"], row["news"]


async def _tags(office: Office) -> list[str]:
    return await office.value("select tags from contacts where tenant_id = $1")
