"""Quarantine: only what is at fault is put aside, people are told once, and what they decide is what happens."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs
from tests.store.given import CALL, FREED, Burst

from cuework.base.ids import new_id
from cuework.base.time import utc_now
from cuework.channels.provider import Delivered
from cuework.db.tenancy import tenant_transaction
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.runtime.poison import quarantine
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office
from cuework.workflows import control, definitions, enrollment, jobs, put_aside

BURST = "name: Burst\ntrigger: {type: contact.created}\nsteps: [{id: burst, type: test.burst}]"
TAG = "name: Tag\ntrigger: {type: contact.created}\nsteps: [{id: tag, type: contact.add_tag, tag: seen}]"
NOTE = "name: Note\ntrigger: {type: contact.created}\nsteps: [{id: note, type: activity.log, text: Seen}]"
REPLY = """
name: Reply
trigger: {type: contact.created, when: {all: [{field: contact.first_name, op: eq, value: Ada}]}}
steps:
  - {id: reply, type: flow.wait_until, event: contact.updated, with: {fields: [{field: job_title}]}}
  - {id: tag, type: contact.add_tag, tag: replied}
"""

NO_ROOM = """
create function no_room() returns trigger language plpgsql as $$
  begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
create trigger no_room before insert on executions_done for each row execute function no_room()
"""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Failures are meant here; their tracebacks take seconds to draw."""
    with capture_logs():
        yield


@pytest.fixture
def types() -> NodeTypes:
    """Every node type there is, and Burst."""
    known = discover()
    return NodeTypes(known.triggers, {**known.steps, Burst.type: Burst})


async def test_only_the_workflow_at_fault_loses_the_event(office: Office) -> None:
    burst = await office.publish(BURST)
    for text in (TAG, NOTE):
        await office.publish(text)
    poison = await office.contact(first_name="Poison")
    await office.contact(first_name="Ada")
    await office.work()
    assert await office.statuses() == {"completed": 5}
    query = "select tags from contacts where tenant_id = $1 and id = $2"
    assert await office.value(query, poison) == ["seen"]
    [aside] = await office.rows(
        "select kind, workflow_id, attempts, reason, trace, state from quarantine where tenant_id = $1"
    )
    assert (aside["kind"], aside["workflow_id"], aside["reason"], aside["state"]) == ("event", burst, "error", "held")
    assert "value out of int32 range" in aside["trace"]
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_who_waits_for_an_event_has_it_although_a_workflow_cannot_start_on_it(office: Office) -> None:
    await office.publish(REPLY)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.publish(BURST.replace("contact.created", "contact.updated, fields: [{field: job_title}]"))
    await office.change("contact", ada, first_name="Poison", job_title="CEO")
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 1
    assert await office.verdict() == {}


async def test_an_execution_that_cannot_be_read_is_not_told_to_fail_again_and_again(office: Office) -> None:
    await office.publish(REPLY)
    await office.contact(first_name="Ada")
    await office.work()
    await office.rows("update executions_live set state = '{}' where tenant_id = $1 returning id")
    await office.change("contact", await office.value("select id from contacts where tenant_id = $1"), job_title="CEO")
    await office.work()  # comes to an end
    rows = await office.rows("select kind, state from quarantine where tenant_id = $1 order by kind")
    assert [(row["kind"], row["state"]) for row in rows] == [("event", "held")]
    live = await office.rows("select id, lane from executions_live where tenant_id = $1")
    insert = """insert into inbox (tenant_id, id, lane, kind, execution_id)
        values ($1, gen_random_uuid(), $3, 'continue', $2) returning id"""
    await office.rows(insert, live[0]["id"], live[0]["lane"])
    await office.work()
    rows = await office.rows("select kind from quarantine where tenant_id = $1 order by kind")
    assert [row["kind"] for row in rows] == ["command", "continue", "event"]


async def test_a_disk_that_is_full_is_no_inputs_fault(office: Office) -> None:
    await office.publish(TAG)
    await office.contact(first_name="Ada")
    superuser = await asyncpg.connect(office.dsn)
    await superuser.execute(NO_ROOM)
    for _ in range(5):
        async with office.pool.acquire() as connection:
            assert (await take_turn(connection, office.tenant)).report is None
    await superuser.execute("drop function no_room cascade")
    await superuser.close()
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0


async def test_a_retried_event_starts_what_it_did_not_and_nothing_twice(office: Office) -> None:
    await _poisoned(office)
    identity = await _aside(office)
    FREED.add(str(await office.value("select id from contacts where tenant_id = $1")))
    assert (await _decide(office, "retry", [identity])).done == [identity]
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.verdict() == {}  # it is pending again
    await office.work()
    assert await office.statuses() == {"completed": 2}
    assert await office.verdict() == {}
    assert await _audited(office) == ["quarantine.retry"]


async def test_a_retried_input_that_fails_again_comes_back(office: Office) -> None:
    await _poisoned(office)
    await _decide(office, "retry", [await _aside(office)])
    await office.work()
    assert await office.value("select count(*) from quarantine where tenant_id = $1 and state = 'held'") == 1
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_a_retried_event_meets_the_version_of_its_time_although_that_was_replaced_long_ago(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    burst = await _poisoned(office)
    FREED.add(str(await office.value("select id from contacts where tenant_id = $1")))
    await office.publish_again(burst, BURST)
    monkeypatch.setattr(definitions, "STRAGGLERS_FOR", timedelta(0))  # as if it were long ago
    await office.contact(first_name="Ada")
    await office.work()  # from here on a worker knows the new version only
    await _decide(office, "retry", [await _aside(office)])
    await office.work()
    query = "select version from executions where tenant_id = $1 and workflow_id = $2 order by version"
    assert [row["version"] for row in await office.rows(query, burst)] == [1, 2]
    assert await office.verdict() == {}


async def test_a_deletion_that_comes_late_ends_nothing_that_entered_since(office: Office) -> None:
    workflow = await office.publish(REPLY)
    ada, ben = [await office.contact(first_name="Ada") for _ in range(2)]
    await office.work()
    for contact in (ada, ben):
        await office.change("contact", contact, "deleted", deleted_at=utc_now())
    deletions = [row["id"] for row in await office.rows("select id from inbox where tenant_id = $1")]
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        for identity in deletions:
            await quarantine(connection, office.tenant_id, identity, "error", "DataError: no")
    for contact in (ada, ben):
        await office.change("contact", contact, "restored", deleted_at=None)
    live = "select id from executions_live where tenant_id = $1 and record_id = $2"
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.cancel(connection, office.actor, await office.value(live, ada))
    await office.work()
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await enrollment.send(connection, office.actor, workflow, "contact", [ada], priority=0)
    await office.work()
    await _decide(office, "retry", deletions)
    await office.work()
    assert await office.value(live, ada) is not None
    assert await office.value(live, ben) is None
    assert await office.statuses() == {"cancelled": 1, "cancelled:record_deleted": 1, "waiting": 1}
    assert await office.verdict() == {}


async def test_a_discarded_input_is_accounted_for_and_cannot_be_decided_on_again(office: Office) -> None:
    await _poisoned(office)
    identity = await _aside(office)
    assert (await _decide(office, "discard", [identity])).done == [identity]
    await office.work()
    assert await office.verdict() == {}
    row = (await office.rows("select state, decided_at, note from quarantine where tenant_id = $1"))[0]
    assert (row["state"], row["note"], row["decided_at"] is not None) == ("discarded", "No use", True)
    for action in ("retry", "discard"):
        decided = await _decide(office, action, [identity, new_id()])
        assert (decided.done, len(decided.left)) == ([], 2)
    assert await _audited(office) == ["quarantine.discard"]


async def test_a_job_whose_batch_is_discarded_ends_and_one_whose_batch_is_retried_goes_on(office: Office) -> None:
    nobody = {"workflow_id": new_id(), "rate": 20.0, "overdue": "run", "by_s": 0}
    states: dict[str, tuple[str, bool]] = {}
    for action in ("discard", "retry"):
        async with tenant_transaction(office.pool, office.tenant_id) as connection:
            job = await jobs.start(connection, office.actor, "resume", nobody, name="Resume", total=0)
            batch = await connection.fetchval("select id from inbox")
            await quarantine(connection, office.tenant_id, batch, "error", "It broke.")
        assert (await _decide(office, action, [batch])).done == [batch]
        await office.work()
        row = (await office.rows("select state, error from jobs where tenant_id = $1 and id = $2", job))[0]
        states[action] = (row["state"], row["error"] is not None)
    assert states == {"discard": ("failed", True), "retry": ("done", False)}
    assert await office.verdict() == {}


async def test_a_cancelled_job_stays_so_whatever_becomes_of_its_batch_in_quarantine(office: Office) -> None:
    request = {"action": "cancel", "filter": {}, "name": "Incident", "rate": 1}
    for action in ("discard", "retry"):
        async with tenant_transaction(office.pool, office.tenant_id) as connection:
            job = await jobs.start(connection, office.actor, "executions", request, name="Incident", total=0)
            batch = await connection.fetchval("select id from inbox")
            await quarantine(connection, office.tenant_id, batch, "error", "It broke.")
            await jobs.cancel(connection, office.actor, job)
        assert (await _decide(office, action, [batch])).done == [batch]
        await office.work()
        row = (await office.rows("select state, done, error from jobs where tenant_id = $1 and id = $2", job))[0]
        assert row == {"state": "cancelled", "done": 0, "error": None}
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0


async def test_losing_a_row_of_quarantine_is_noticed(office: Office) -> None:
    """The check can fail: an event that is neither handled, pending, held nor discarded is lost."""
    await _poisoned(office)
    await office.rows("delete from quarantine where tenant_id = $1 returning id")
    assert list(await office.verdict()) == ["every event is handled or pending"]


async def test_the_outcome_of_what_was_sent_is_not_sent_again_when_its_input_is_retried(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    [sent] = await claim(office.pool, office.tenant_id, 10)
    await settle(
        office.pool, office.tenant_id, [Result(sent, judge(Delivered({"status": 200}), sent.policy, 1, jitter=0.0))]
    )
    effect = await office.value("select id from inbox where tenant_id = $1 and kind = 'effect'")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await quarantine(connection, office.tenant_id, effect, "error", "ValueError: It broke.")
    await office.work()
    assert await office.statuses() == {"failed": 1}
    assert await office.verdict() == {}
    assert (await _decide(office, "retry", [effect])).done == [effect]
    await office.work()
    assert await claim(office.pool, office.tenant_id, 10) == []
    keys = await office.rows("select key, attempts from effects where tenant_id = $1")
    assert keys == [{"key": sent.key, "attempts": 1}]
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select lead_score from contacts where tenant_id = $1") == 11
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_retrying_the_execution_lets_go_of_its_inputs(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    [sent] = await claim(office.pool, office.tenant_id, 10)
    await settle(office.pool, office.tenant_id, [Result(sent, judge(Delivered({}), sent.policy, 1, jitter=0.0))])
    effect = await office.value("select id from inbox where tenant_id = $1 and kind = 'effect'")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await quarantine(connection, office.tenant_id, effect, "error", "ValueError: It broke.")
    await office.work()
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(
            connection, office.actor, await office.value("select id from executions where tenant_id = $1")
        )
    await office.work()
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.statuses() == {"completed": 1}


async def test_the_owner_and_the_admins_are_told_once_per_cause(office: Office) -> None:
    for name, role in (("ada", "owner"), ("ben", "admin")):
        await office.rows(
            "update users set role = $3 where tenant_id = $1 and id = $2 returning id", office.users[name], role
        )
    burst = await office.publish(BURST)
    await office.create_many("contact", [{"first_name": "Poison"} for _ in range(5)])
    await office.work()
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 5
    told = await office.rows("select user_id, text, link from notifications where tenant_id = $1")
    assert {row["user_id"] for row in told} == {office.users["ada"], office.users["ben"]}
    assert len(told) == 2
    assert told[0]["link"] == "/executions/held-back"
    assert told[0]["text"] == (
        "The event contact.created could not be handled in “Burst” and is held back. "
        "A value does not fit the field that it should go into."
    )
    await office.publish(BURST.replace("name: Burst", "name: Another"))
    await office.contact(first_name="Poison")
    await office.work()
    assert await office.value("select count(*) from notifications where tenant_id = $1") == 4  # another cause
    assert burst


async def _poisoned(office: Office) -> UUID:
    """A contact whose event one of two workflows cannot handle."""
    burst = await office.publish(BURST)
    await office.publish(TAG)
    await office.contact(first_name="Poison")
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}
    return burst


async def _aside(office: Office) -> UUID:
    return await office.value("select id from quarantine where tenant_id = $1")


async def _decide(office: Office, action: str, ids: list[UUID]) -> put_aside.Decided:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        if action == "retry":
            return await put_aside.retry(connection, office.actor, ids)
        return await put_aside.discard(connection, office.actor, ids, note="No use")


async def _audited(office: Office) -> list[Any]:
    rows = await office.rows("select action from audit where tenant_id = $1 and action like 'quarantine.%' order by id")
    return [row["action"] for row in rows]
