"""An execution that a person cancelled goes on where it stood: nothing is done twice, and nothing is sent twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.store.given import CALL

from cuework.base.errors import Conflict
from cuework.base.time import utc_now
from cuework.channels.provider import Delivered, Skipped
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.effect_claims import Claimed, claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.testing.office import Office
from cuework.workflows import bulk_control, control

REST = """
name: Rest
trigger: {type: contact.created}
steps:
  - {id: before, type: contact.add_score, points: 1}
  - {id: rest, type: flow.delay, for: 2 days}
  - {id: after, type: contact.add_score, points: 10}
"""
REPLY = """
name: Reply
trigger: {type: contact.created}
steps:
  - {id: call, type: task.create, title: Call, assign_to: {team: sales}}
  - {id: reply, type: flow.wait_until, event: task.completed, of: call, timeout: {after: 3 days}}
  - {id: done, type: contact.add_tag, tag: called}
"""


MAIL = """
name: Mail
trigger: {type: contact.updated, when: {field: contact.email, op: changed}}
steps:
  - {id: mail, type: email.send, subject: "For {{ contact.first_name }}", body: "<p>Dear {{ contact.first_name }}</p>"}
"""


async def test_a_wait_goes_on_until_the_instant_that_it_had(office: Office) -> None:
    await _begun(office, REST)
    until = await office.value("select due_at from timers where tenant_id = $1")
    await _cancel(office)
    assert await office.value("select count(*) from timers where tenant_id = $1") == 0
    await _retry(office)
    assert await office.statuses() == {"waiting": 1}
    assert await office.value("select due_at from timers where tenant_id = $1") == until
    assert await office.verdict() == {}
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 11
    assert await office.value("select sum(cancelled) from counters where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_a_wait_whose_time_passed_meanwhile_goes_on_at_once(office: Office) -> None:
    await _begun(office, REST.replace("2 days", "1 second"))
    await _cancel(office)
    state = await office.value("select state from executions_done where tenant_id = $1")
    state["stood"][0]["wait"]["until"] = (utc_now() - timedelta(hours=1)).isoformat()
    await office.rows("update executions_done set state = $2 where tenant_id = $1 returning id", state)
    await _retry(office)
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def test_what_it_waited_for_may_have_happened_meanwhile(office: Office) -> None:
    await _begun(office, REPLY)
    await _cancel(office)
    await office.change("task", await office.value("select id from tasks where tenant_id = $1"), status="done")
    await office.work()
    assert await office.statuses() == {"cancelled": 1}
    await _retry(office)
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select count(*) from tasks where tenant_id = $1") == 1
    assert await office.verdict() == {}


async def test_what_was_sent_before_the_cancellation_is_not_sent_again(office: Office) -> None:
    await _begun(office, CALL)
    sent = await claim(office.pool, office.tenant_id, 10)
    await _cancel(office)
    await _settle(office, sent[0], Delivered({"status": 200}))  # nobody waits for it any more
    await office.work()
    await _retry(office)
    assert await claim(office.pool, office.tenant_id, 10) == []
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 11
    assert await office.verdict() == {}


async def test_what_is_under_way_when_it_is_retried_is_waited_for(office: Office) -> None:
    await _begun(office, CALL)
    sent = await claim(office.pool, office.tenant_id, 10)
    await _cancel(office)
    await _retry(office)
    assert await office.statuses() == {"running": 1}
    assert await claim(office.pool, office.tenant_id, 10) == []
    assert await office.verdict() == {}
    await _settle(office, sent[0], Delivered({"status": 200}))
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


@pytest.mark.parametrize("late", [False, True], ids=["settled before the retry", "settled after it"])
async def test_what_was_left_out_because_of_the_cancellation_is_sent_under_its_old_key(
    office: Office, *, late: bool
) -> None:
    await _begun(office, CALL)
    await _cancel(office)
    [left_out] = await claim(office.pool, office.tenant_id, 10)
    assert left_out.skip == "cancelled"
    if not late:
        await _settle(office, left_out, Skipped("cancelled"))
    await _retry(office)
    if late:
        await _settle(office, left_out, Skipped("cancelled"))
        await office.work()
    assert await office.statuses() == {"running": 1}
    [again] = await claim(office.pool, office.tenant_id, 10)
    assert (again.key, again.id, again.skip) == (left_out.key, left_out.id, None)
    await _settle(office, again, Delivered({"status": 200}))
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select count(*) from effects where tenant_id = $1") == 1
    assert await office.verdict() == {}


async def test_an_email_that_is_written_again_is_kept_as_it_is_sent_then(office: Office) -> None:
    config = {"host": "mail.example.com", "from_email": "us@example.com"}
    await office.rows(
        """insert into connections (tenant_id, id, key, name, type, config)
        values ($1, gen_random_uuid(), 'post', 'Post', 'smtp', $2) returning id""",
        config,
    )
    ada = await _begun(office, MAIL)
    await office.change("contact", ada, email="ada@example.com")
    await office.work()
    await _cancel(office)
    [left_out] = await claim(office.pool, office.tenant_id, 10)
    await _settle(office, left_out, Skipped("cancelled"))
    await office.change("contact", ada, first_name="Augusta")
    await _retry(office)
    [again] = await claim(office.pool, office.tenant_id, 10)
    [kept] = await office.rows("select subject, body_html, body_text from messages where tenant_id = $1")
    assert kept == {"subject": "For Augusta", "body_html": "<p>Dear Augusta</p>", "body_text": "Dear Augusta"}
    assert again.id == left_out.id
    assert {name: again.request[name] for name in ("subject", "html", "text")} == dict(
        zip(("subject", "html", "text"), kept.values(), strict=True)
    )
    assert await office.verdict() == {}


async def test_it_may_be_cancelled_and_retried_as_often_as_people_like(office: Office) -> None:
    await _begun(office, REST)
    for _ in range(3):
        await _cancel(office)
        assert await office.statuses() == {"cancelled": 1}
        await _retry(office)
        assert await office.statuses() == {"waiting": 1}
        assert await office.verdict() == {}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 1


async def test_on_the_latest_version_a_step_that_is_another_kind_now_begins_anew(office: Office) -> None:
    workflow = await office.publish(REST.replace("name: Rest", "name: Rest\nkey: rest"))
    await office.contact(first_name="Ada")
    await office.work()
    await _cancel(office)
    text = REST.replace("name: Rest", "name: Rest\nkey: rest")
    await office.publish_again(workflow, text.replace("type: flow.delay, for: 2 days", "type: contact.add_tag, tag: x"))
    await _retry(office, latest=True)
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select tags from contacts where tenant_id = $1") == ["x"]
    assert await office.value("select version from executions where tenant_id = $1") == 2
    assert await office.verdict() == {}


async def test_what_ended_for_another_reason_cannot_be_retried_and_says_why(office: Office) -> None:
    ada = await _begun(office, REST)
    await office.change("contact", ada, "deleted", deleted_at=utc_now())
    await office.work()
    assert await office.statuses() == {"cancelled:record_deleted": 1}
    with pytest.raises(Conflict, match="its record was deleted"):
        await _retry(office)
    await office.publish(
        REST.replace("contact.created", "contact.updated").replace("name: Rest", "name: Again") + _RESTART
    )
    ben = await office.create("contact", {"first_name": "Ben"}, quiet=True)
    for title in ("CEO", "CTO"):
        await office.change("contact", ben, job_title=title)
        await office.work()
    restarted = await office.value("select id from executions_done where tenant_id = $1 and reason = 'restarted'")
    with pytest.raises(Conflict, match="a newer execution took its place"):
        await _retry(office, restarted)
    completed = await office.value("select id from executions_live where tenant_id = $1")
    with pytest.raises(Conflict, match="this one is waiting"):
        await _retry(office, completed)


_RESTART = "settings: {re_entry: restart}\n"


@pytest.mark.parametrize("mode", ["one_active", "restart"])
async def test_one_whose_record_entered_again_waits_until_that_execution_has_ended(office: Office, mode: str) -> None:
    ada, first, second = await _entered_twice(office, mode)
    with pytest.raises(Conflict, match="the record entered again"):
        await _retry(office, first)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        chosen = {"action": "retry", "filter": {"status": "cancelled"}}
        assert (await bulk_control.count(connection, office.tenant_id, chosen))["count"] == 0
    await _cancel(office, second)
    await _retry(office, first)
    assert await office.value("select id from executions_live where tenant_id = $1") == first
    assert await office.verdict() == {}
    await office.change("contact", ada, job_title="CFO")
    await office.work()
    live = [row["id"] for row in await office.rows("select id from executions_live where tenant_id = $1")]
    assert len(live) == 1
    assert (live == [first]) == (mode == "one_active")
    assert await office.verdict() == {}


async def test_a_retry_that_another_entry_overtakes_has_no_effect(office: Office) -> None:
    _, first, second = await _entered_twice(office, "one_active")
    query = "select lane from executions where tenant_id = $1 and id = $2"
    await office.rows(
        """insert into inbox (tenant_id, id, lane, kind, execution_id, payload)
        values ($1, gen_random_uuid(), $2, 'command', $3, '{"do": "retry"}'::text::jsonb) returning id""",
        await office.value(query, first),
        first,
    )
    await office.work()
    assert await office.value("select id from executions_live where tenant_id = $1") == second
    assert await office.statuses() == {"waiting": 1, "cancelled": 1}
    assert await office.verdict() == {}


async def test_many_are_retried_at_once_cancelled_ones_only_if_asked_for(office: Office) -> None:
    await office.publish(REST)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(3)])
    await office.work()
    for row in await office.rows("select id from executions_live where tenant_id = $1"):
        await _cancel(office, row["id"])
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        counts = [
            (await bulk_control.count(connection, office.tenant_id, {"action": "retry", "filter": chosen}))["count"]
            for chosen in ({}, {"status": "cancelled"}, {"status": "failed"})
        ]
        assert counts == [0, 3, 0]
        request: dict[str, Any] = {"action": "retry", "filter": {"status": "cancelled"}}
        assert (await bulk_control.tell_next(connection, office.actor, request))[0] == 3
    await office.work()
    assert await office.statuses() == {"waiting": 3}
    assert await office.verdict() == {}


async def _entered_twice(office: Office, mode: str) -> tuple[UUID, UUID, UUID]:
    """A contact that entered twice, and both executions: the first was cancelled, the second waits."""
    text = REST.replace("contact.created", "contact.updated") + f"settings: {{re_entry: {mode}}}\n"
    await office.publish(text)
    ada = await office.create("contact", {"first_name": "Ada"}, quiet=True)
    entered: list[UUID] = []
    for title in ("CEO", "CTO"):
        if entered:
            await _cancel(office, entered[0])
        await office.change("contact", ada, job_title=title)
        await office.work()
        entered.append(await office.value("select id from executions_live where tenant_id = $1"))
    return ada, entered[0], entered[1]


async def _begun(office: Office, text: str) -> UUID:
    await office.publish(text)
    ada = await office.contact(first_name="Ada")
    await office.work()
    return ada


async def _cancel(office: Office, identity: UUID | None = None) -> None:
    identity = identity or await office.value("select id from executions_live where tenant_id = $1")
    assert identity is not None
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.cancel(connection, office.actor, identity)
    await office.work()


async def _retry(office: Office, identity: UUID | None = None, *, latest: bool = False) -> None:
    identity = identity or await office.value("select id from executions where tenant_id = $1")
    assert identity is not None
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, identity, latest=latest)
    await office.work()


async def _settle(office: Office, effect: Claimed, answer: Delivered | Skipped) -> None:
    await settle(office.pool, office.tenant_id, [Result(effect, judge(answer, effect.policy, 1, jitter=0.0))])
