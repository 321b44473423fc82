"""Goal, exit condition, suppression and age end an execution as its workflow plans (§10, §16, §20)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.store.given import due_now, enroll, forget_step, pause, resume

from cuework.base.time import utc_now
from cuework.channels.provider import Delivered
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.testing.office import Office
from cuework.workflows import control, publish, resuming

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


@pytest.mark.parametrize("due", [True, False])
async def test_what_is_paused_stays_and_ends_when_the_workflow_is_resumed(office: Office, *, due: bool) -> None:
    workflow = await office.publish(NURTURE)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await pause(office, workflow)
    await office.change("contact", ada, lead_score=60)
    if due:
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
    failure = await office.value("select state -> 'failure' ->> 'code' from executions_done where tenant_id = $1")
    assert failure == "timed_out"
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
    workflow = await _too_old_while_paused(office)
    assert await office.statuses() == {"waiting": 1}
    await office.rows(
        "update workflows set paused_at = paused_at - interval '3 h' where tenant_id = $1 and id = $2 returning id",
        workflow,
    )
    await resume(office, workflow, overdue)
    assert await office.statuses() == {status: 1}
    assert len(await office.rows(AGES)) == (status == "waiting")
    assert await office.verdict() == {}


@pytest.mark.parametrize("how", ["cancelled", "timed_out", "deleted"])
async def test_what_has_ended_does_not_end_again_as_planned(office: Office, how: str) -> None:
    """The goal holds by now, and nobody has looked: the company's change is no event of the deal."""
    deal, execution = await _chasing(office, "{id: rest, type: flow.delay, for: 2 days}")
    if how == "cancelled":
        async with tenant_transaction(office.pool, office.tenant_id) as connection:
            await control.cancel(connection, office.actor, execution)
    elif how == "timed_out":
        await _ring(office, "@age")
    else:
        await office.change("deal", deal, "deleted", deleted_at=utc_now())
    await office.work()
    ends = {"cancelled": "cancelled", "timed_out": "failed:timed_out", "deleted": "cancelled:record_deleted"}
    assert await office.statuses() == {ends[how]: 1}


async def test_a_send_that_nobody_has_begun_is_left_when_its_execution_ends(office: Office) -> None:
    deal, _ = await _chasing(office, '{id: call, type: http.request, url: "https://example.com/"}')
    await office.change("deal", deal, name="Bigger")
    await office.work()
    assert await office.statuses() == {"completed:goal_met": 1}
    [claimed] = await claim(office.pool, office.tenant_id, 10)
    assert claimed.skip == "cancelled"


async def test_an_outcome_that_came_is_logged_before_the_goal_ends_it(office: Office) -> None:
    await _chasing(office, '{id: call, type: http.request, url: "https://example.com/"}')
    [sent] = await claim(office.pool, office.tenant_id, 10)
    await settle(office.pool, office.tenant_id, [Result(sent, judge(Delivered({"status": 200}), {}, 1, jitter=0.0))])
    await office.work()
    assert await office.statuses() == {"completed:goal_met": 1}
    assert await office.rows("select visit, status from steps where tenant_id = $1") == [
        {"visit": "call", "status": "completed"}
    ]


@pytest.mark.parametrize("overdue", ["run", "reschedule"])
async def test_an_age_that_was_held_before_a_retry_means_nothing_after_it(
    office: Office, overdue: resuming.Overdue
) -> None:
    workflow = await _too_old_while_paused(office)
    execution = await office.value("select execution_id from held where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await publish.resume(connection, office.actor, workflow, overdue=overdue)
        asked = {"workflow_id": workflow, "rate": 20.0, "overdue": overdue, "by_s": 3600}
        await resuming.send_next(connection, office.tenant_id, asked)
        late = "update inbox set due_at = due_at + interval '1 hour' where tenant_id = $1"
        await connection.execute(late, office.tenant_id)  # its place is far behind in the queue
        await control.cancel(connection, office.actor, execution)
    await office.work()
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, execution)
    await office.work()
    await due_now(office)
    assert await office.statuses() == {"waiting": 1}
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert len(await office.rows(AGES)) == 1
    assert await office.verdict() == {}


async def test_what_rings_too_early_twice_rings_again_in_time(office: Office) -> None:
    await office.publish(NURTURE)
    await office.contact(first_name="Ada")
    await office.work()
    [age] = await office.rows(AGES)
    early = "update timers set due_at = clock_timestamp() where tenant_id = $1 and visit = '@age' returning visit"
    await office.rows(early)
    await office.rows("""insert into inbox (tenant_id, id, lane, kind, execution_id, visit)
        select $1, gen_random_uuid(), lane, 'due', id, '@age' from executions_live where tenant_id = $1 returning id""")
    await office.work()
    [again] = await office.rows(AGES)
    assert abs(again["due_at"] - age["due_at"]) < timedelta(milliseconds=1)  # what is stored with it is that exact
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_the_age_goes_with_an_execution_whose_version_no_longer_compiles(office: Office) -> None:
    await office.publish(NURTURE)
    await office.contact(first_name="Ada")
    await office.work()
    await forget_step(office, "contact.add_tag")
    await _ring(office, "rest")
    await office.work()
    assert await office.statuses() == {"failed": 1}
    assert await office.verdict() == {}


async def _too_old_while_paused(office: Office) -> UUID:
    """A paused workflow that holds the age of its one execution."""
    workflow = await office.publish(NURTURE)
    await office.contact(first_name="Ada")
    await office.work()
    await pause(office, workflow)
    await _ring(office, "@age")
    await office.work()
    return workflow


async def _chasing(office: Office, step: str) -> tuple[UUID, UUID]:
    """A deal whose goal its company fulfils by now, in the middle of that step, and its execution."""
    company = await office.create("company", {"name": "Beta"})
    await office.publish(f"""
name: Chase
trigger: {{type: deal.created}}
settings: {{goal: {{all: [{{field: company.name, op: eq, value: Acme}}]}}, max_age: 10 days}}
steps: [{step}]
""")
    deal = await office.create("deal", {"name": "Big", "company_id": company})
    await office.work()
    await office.change("company", company, name="Acme")
    await office.work()
    return deal, await office.value("select id from executions_live where tenant_id = $1")


async def _ring(office: Office, visit: str) -> None:
    """The timer's time has come."""
    query = "update timers set due_at = clock_timestamp() where tenant_id = $1 and visit = $2 returning due_at"
    [timer] = await office.rows(query, visit)
    if visit == "@age":
        query = """update executions_live set state = state || jsonb_build_object('too_old_at', $2::text)
            where tenant_id = $1 returning id"""
        assert await office.rows(query, timer["due_at"].isoformat())
