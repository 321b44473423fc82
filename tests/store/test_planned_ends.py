"""Goal, exit condition, suppression and age end an execution as its workflow plans (§10, §16, §20)."""

from datetime import timedelta
from typing import Any

import pytest
from tests.store.given import enroll, pause, resume

from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office
from cuework.workflows import control, resuming

NURTURE = """
name: Nurture
trigger: {type: contact.created}
settings:
  goal: {all: [{field: contact.lead_score, op: gte, value: 50}]}
  exit: {all: [{field: contact.tags, op: any_of, value: [left]}]}
  suppress: {all: [{field: contact.email_consent, op: eq, value: denied}]}
  max_age: 10 days
steps:
  - {id: rest, type: flow.delay, for: 2 days}
  - {id: late, type: contact.add_tag, tag: late}
"""
AGES = "select execution_id, due_at from timers where tenant_id = $1 and visit = '@age'"


@pytest.mark.parametrize(
    ("change", "ended"),
    [
        ({"lead_score": 50}, "completed:goal_met"),
        ({"tags": ["left"]}, "completed:exited"),
        ({"email_consent": "denied"}, "cancelled:suppressed"),
        ({"lead_score": 50, "email_consent": "denied"}, "cancelled:suppressed"),
        ({"lead_score": 49, "tags": ["stayed"]}, "waiting"),
    ],
)
async def test_an_event_of_its_record_ends_what_waits(office: Office, change: dict[str, Any], ended: str) -> None:
    await office.publish(NURTURE)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.change("contact", ada, **change)
    await office.work()
    assert await office.statuses() == {ended: 1}
    assert len(await office.rows("select from timers where tenant_id = $1")) == (2 if ended == "waiting" else 0)
    if ended != "waiting":
        [step] = await office.rows("select visit, status from steps where tenant_id = $1")
        assert step == {"visit": "rest", "status": "cancelled"}
        assert not await office.value("select active from enrollments where tenant_id = $1")
    assert await office.verdict() == {}


@pytest.mark.parametrize(("score", "consent", "why"), [(50, "granted", "goal_met"), (50, "denied", "suppressed")])
async def test_who_has_met_the_goal_before_does_not_enter_and_is_not_counted(
    office: Office, score: int, consent: str, why: str
) -> None:
    workflow = await office.publish(NURTURE)
    ada = await office.contact(first_name="Ada", lead_score=score, email_consent=consent)
    await office.work()
    await enroll(office, workflow, [ada])
    await office.work()
    assert await office.statuses() == {}
    assert [row["reason"] for row in await office.rows("select reason from misses where tenant_id = $1")] == [why, why]
    assert await office.value("select sum(started)::int from counters where tenant_id = $1") == 0


async def test_a_condition_that_a_step_of_its_own_fulfils_ends_it_before_the_next_send(office: Office) -> None:
    await office.publish("""
name: Call
trigger: {type: contact.created}
settings: {goal: {all: [{field: contact.lead_score, op: gte, value: 10}]}}
steps:
  - {id: score, type: contact.add_score, points: 10}
  - {id: still, type: contact.add_tag, tag: still}
  - {id: call, type: http.request, url: "https://example.com/"}
  - {id: after, type: contact.add_tag, tag: after}
""")
    await office.contact(first_name="Ada")
    await office.work()
    assert await office.statuses() == {"completed:goal_met": 1}
    assert await office.value("select tags from contacts where tenant_id = $1") == ["still"]
    assert await office.value("select count(*) from effects where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_an_exit_condition_that_holds_from_the_start_lets_no_step_run(office: Office) -> None:
    await office.publish(NURTURE)
    await office.contact(first_name="Ada", tags=["left"])
    await office.work()
    assert await office.statuses() == {"completed:exited": 1}
    assert await office.value("select count(*) from steps where tenant_id = $1") == 0


async def test_a_goal_about_a_related_record_is_read_when_its_own_record_changes(office: Office) -> None:
    await office.publish("""
name: Chase
trigger: {type: deal.created}
settings: {goal: {all: [{field: company.name, op: eq, value: Acme}]}}
steps: [{id: rest, type: flow.delay, for: 2 days}]
""")
    acme = await office.create("company", {"name": "Acme"})
    deal = await office.create("deal", {"name": "Big"})
    await office.work()
    assert await office.statuses() == {"waiting": 1}
    await office.change("deal", deal, company_id=acme)
    await office.work()
    assert await office.statuses() == {"completed:goal_met": 1}


async def test_an_execution_keeps_the_ends_of_its_own_version(office: Office) -> None:
    workflow = await office.publish(NURTURE)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.publish_again(workflow, NURTURE.replace("value: 50", "value: 90").replace("Nurture", "Nurture more"))
    ben = await office.contact(first_name="Ben")
    await office.work()
    for each in (ada, ben):
        await office.change("contact", each, lead_score=60)
    await office.work()
    rows = await office.rows("select record_id, status from executions where tenant_id = $1")
    assert {row["record_id"]: row["status"] for row in rows} == {ada: "completed", ben: "waiting"}


async def test_what_is_paused_stays_and_ends_before_it_would_go_on(office: Office) -> None:
    workflow = await office.publish(NURTURE)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await pause(office, workflow)
    await office.change("contact", ada, lead_score=60)
    await _ring(office, "rest")
    await office.work()
    assert await office.statuses() == {"waiting": 1}
    await resume(office, workflow)
    assert await office.statuses() == {"completed:goal_met": 1}
    assert "late" not in await office.value("select tags from contacts where tenant_id = $1")
    assert await office.verdict() == {}


async def test_an_execution_that_grows_too_old_fails_and_can_be_retried_where_it_stood(office: Office) -> None:
    await office.publish(NURTURE)
    await office.contact(first_name="Ada")
    await office.work()
    started = await office.value("select started_at from executions where tenant_id = $1")
    [age] = await office.rows(AGES)
    assert age["due_at"] - started == timedelta(days=10)
    await _ring(office, "@age")
    await office.work()
    assert await office.statuses() == {"failed:timed_out": 1}
    assert await office.value("select count(*) from timers where tenant_id = $1") == 0
    failure = await office.value("select state -> 'failure' ->> 'message' from executions_done where tenant_id = $1")
    assert "10 days" in failure or "1 week" in failure
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, age["execution_id"], latest=False)
    await office.work()
    assert await office.statuses() == {"waiting": 1}
    [again] = await office.rows(AGES)
    assert again["due_at"] > age["due_at"]
    assert await office.verdict() == {}


@pytest.mark.parametrize(("overdue", "status"), [("run", "failed:timed_out"), ("reschedule", "waiting")])
async def test_an_age_that_was_reached_while_paused_is_as_resuming_chose(
    office: Office, overdue: resuming.Overdue, status: str
) -> None:
    workflow = await office.publish(NURTURE)
    await office.contact(first_name="Ada")
    await office.work()
    await pause(office, workflow)
    await _ring(office, "@age")
    await office.work()
    assert await office.statuses() == {"waiting": 1}
    await office.rows(
        "update workflows set paused_at = paused_at - interval '3 h' where tenant_id = $1 and id = $2 returning id",
        workflow,
    )
    await resume(office, workflow, overdue)
    assert await office.statuses() == {status: 1}
    assert len(await office.rows(AGES)) == (status == "waiting")
    assert await office.verdict() == {}


async def _ring(office: Office, visit: str) -> None:
    """The timer's time has come."""
    query = "update timers set due_at = clock_timestamp() where tenant_id = $1 and visit = $2 returning visit"
    assert await office.rows(query, visit)
