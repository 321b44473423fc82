"""Retrying failed executions and putting inputs aside: nothing vanishes, whatever the order of things."""

import asyncio

import asyncpg
from tests.store.given import CALL, due_now, enroll, held, until_blocked

from cuework.base.time import utc_now
from cuework.channels.provider import Answer, Delivered, Failed
from cuework.crm.flush import flush
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Cause
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.runtime.poison import quarantine
from cuework.runtime.postponing import FIRST
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office
from cuework.workflows import control


async def test_a_retried_execution_that_waits_again_is_live_again(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    await _deliver(office, ok=False)
    assert await office.statuses() == {"failed": 1}
    await _retry(office)
    await office.work()
    assert await office.statuses() == {"running": 1}
    assert await office.verdict() == {}
    await _deliver(office, ok=True)
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 11
    assert await office.verdict() == {}


async def test_retrying_twice_at_once_goes_on_once(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    await _deliver(office, ok=False)
    await _retry(office)
    await _retry(office)
    await office.work()
    await _deliver(office, ok=True)
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 11
    assert await office.verdict() == {}


async def test_retrying_about_a_record_that_was_deleted_sends_nothing(office: Office) -> None:
    await office.publish(CALL)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await _deliver(office, ok=False)
    await office.change("contact", ada, "deleted", deleted_at=utc_now())
    await office.work()
    await _retry(office)
    await office.work()
    assert await office.statuses() == {"cancelled:record_deleted": 1}
    assert await office.value("select count(*) from effects where tenant_id = $1 and state <> 'done'") == 0
    assert await office.value("select sum(failed) from counters where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_an_execution_whose_input_was_put_aside_can_be_retried(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    await _settle(office, ok=True)
    identity = await office.value("select id from inbox where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await quarantine(connection, office.tenant_id, identity, "error", "It broke.\0")
    await office.work()
    assert await office.statuses() == {"failed": 1}
    await _retry(office)
    await office.work()  # the outcome was put aside, not lost: nothing is sent again
    assert await claim(office.pool, office.tenant_id, 10) == []
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 11
    assert await office.verdict() == {}


SUPPRESSED = """
name: By hand
trigger: {type: contact.stage_changed}
settings: {suppress: {all: [{field: company.name, op: eq, value: Rival}]}}
steps: [{id: tag, type: contact.add_tag, tag: entered}]
"""


async def test_a_manual_enrollment_may_ask_about_the_contacts_company(office: Office) -> None:
    workflow = await office.publish(SUPPRESSED)
    rival = await office.create("company", {"name": "Rival"})
    friend = await office.create("company", {"name": "Friend"})
    people = [await office.contact(first_name="Ada", company_id=each) for each in (rival, friend)]
    await office.work()
    await enroll(office, workflow, people)
    await office.work()
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select tags from contacts where id = $2 and tenant_id = $1", people[1]) == ["entered"]


async def test_a_contact_that_somebody_edits_while_it_is_enrolled_by_hand_enters(office: Office) -> None:
    workflow = await office.publish(SUPPRESSED)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await enroll(office, workflow, [ada])
    async with held(office, "contacts", ada):
        working = asyncio.create_task(office.work())
        await until_blocked(office.dsn)
    await working
    assert await office.value("select count(*) from misses where tenant_id = $1") == 0
    assert await office.statuses() == {"completed": 1}


async def test_an_enrollment_by_hand_comes_again_while_somebody_edits_the_company(office: Office) -> None:
    workflow = await office.publish(SUPPRESSED)
    friend = await office.create("company", {"name": "Friend"})
    ada = await office.contact(first_name="Ada", company_id=friend)
    await office.work()
    await enroll(office, workflow, [ada])
    async with held(office, "companies", friend), office.pool.acquire() as connection:
        report = (await take_turn(connection, office.tenant)).report
        assert report is not None
        assert (report.started, report.again_after) == (0, FIRST)
    await due_now(office)
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def _retry(office: Office) -> None:
    identity = await office.value("select id from executions_done where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, identity)


async def _settle(office: Office, *, ok: bool) -> None:
    for each in await claim(office.pool, office.tenant_id, 10):
        answer: Answer = Delivered({"status": 200}) if ok else Failed("refused", "No.")
        await settle(office.pool, office.tenant_id, [Result(each, judge(answer, each.policy, 1, jitter=0.0))])


async def _deliver(office: Office, *, ok: bool) -> None:
    await _settle(office, ok=ok)
    await office.work()


async def test_what_a_request_took_meanwhile_fails_a_pass_once_and_loses_nothing(office: Office) -> None:
    """The email is free when the step looks, and taken when it writes."""
    await office.publish(
        """
name: Other half
trigger: {type: contact.created, when: {all: [{field: contact.first_name, op: eq, value: Ada}]}}
steps: [{id: half, type: contact.upsert, email: half@example.com, values: {job_title: Half}}]
"""
    )
    await office.contact(first_name="Ada")
    async with tenant_transaction(office.pool, office.tenant_id) as request:
        world = await office.world(request)
        world.create("contact", {"email": "half@example.com"}, Cause("user"))
        await flush(request, office.tenant_id, world)
        working = asyncio.create_task(office.work())
        await until_blocked(office.dsn)
    await working
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.statuses() == {"completed": 1}
    query = "select job_title from contacts where tenant_id = $1 and email = 'half@example.com'"
    assert await office.value(query) == "Half"
    assert await office.verdict() == {}


async def test_an_input_whose_statement_takes_too_long_is_put_aside_alone(office: Office) -> None:
    """The statement says itself that its time is over: with a limit of this test's, a slow machine's others would."""
    await office.publish("name: Tag\ntrigger: {type: contact.created}\nsteps: [{type: contact.add_tag, tag: x}]")
    slow, *_ = await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(5)])
    admin = await asyncpg.connect(office.dsn)
    await admin.execute(
        f"""create function be_slow() returns trigger language plpgsql as $$ begin
          if new.id = '{slow}' then raise exception 'timeout' using errcode = 'query_canceled'; end if;
          return new; end $$;
        create trigger slow before update on contacts for each row execute function be_slow()"""
    )
    await office.work()
    await admin.execute("drop trigger slow on contacts")
    await admin.close()
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 1
    assert await office.statuses() == {"completed": 4}


async def test_a_failed_execution_goes_on_at_its_failed_step_on_the_latest_version(office: Office) -> None:
    """What succeeded is not repeated, and the new version's step is the one that runs."""
    failing = "contact.update, values: {lead_score: '{{ contact.source }}'}"
    workflow = await office.publish(_SCORED.format(value=failing))
    await office.contact(first_name="Ada", source="no number")
    await office.work()
    assert await office.statuses() == {"failed": 1}
    await office.publish_again(workflow, _SCORED.format(value="contact.set_score, score: 7"))
    execution = await office.value("select id from executions where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, execution, latest=True)
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select version from executions where tenant_id = $1") == 2
    contact = (await office.rows("select lead_score, tags from contacts where tenant_id = $1"))[0]
    assert contact == {"lead_score": 7, "tags": ["seen"]}
    visits = [(row["visit"], row["status"]) for row in await office.rows(_VISITS)]
    assert visits == [("tag", "completed"), ("score", "failed"), ("score", "completed"), ("note", "completed")]
    assert await office.verdict() == {}


_SCORED = """
name: Scored
key: scored
trigger: {{type: contact.created}}
steps:
  - {{id: tag, type: contact.add_tag, tag: seen}}
  - {{id: score, type: {value}, on_error: stop}}
  - {{id: note, type: activity.log, text: Scored}}
"""
_VISITS = "select visit, status from steps where tenant_id = $1 order by seq"


async def test_what_an_execution_took_is_never_longer_than_it_lasted(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    await _deliver(office, ok=True)
    lasted = "extract(epoch from finished_at - started_at) * 1000"
    [row] = await office.rows(f"select active_ms, {lasted} as lasted from executions where tenant_id = $1")
    assert 0 < row["active_ms"] <= row["lasted"]
