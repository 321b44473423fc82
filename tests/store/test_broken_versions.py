"""A version that cannot be used any more breaks its executions off; once it can, a retry goes on where they stood."""

from typing import Any
from uuid import UUID

from tests.store.given import CALL, forget_step

from cuework.channels.provider import Answer, Delivered
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.testing.office import Office
from cuework.workflows import control

HAND = "  - {id: hand, type: task.create, title: Call, assign_to: {team: closers}}\n"
REST = f"""
name: Rest
trigger: {{type: contact.created}}
steps:
  - {{id: before, type: contact.add_score, points: 1}}
  - {{id: rest, type: flow.delay, for: 2 days}}
  - {{id: after, type: contact.add_score, points: 10}}
{HAND}"""
HEARD = f"""
name: Heard
trigger: {{type: contact.created}}
steps:
  - {{id: ask, type: task.create, title: Ask, assign_to: {{team: sales}}}}
  - {{id: heard, type: flow.wait_until, event: task.completed, of: ask, timeout: {{after: 3 days}}}}
{HAND}"""


async def test_one_that_had_not_begun_begins(office: Office) -> None:
    await office.publish(REST)
    await forget_step(office, "task.create")
    await office.contact(first_name="Ada")
    await office.work()
    assert await _failure(office) == ("before", "version_broken")
    await forget_step(office, None)
    await _retry(office)
    assert (await office.statuses(), await _score(office)) == ({"waiting": 1}, 1)
    await _ring(office)
    assert (await office.statuses(), await _score(office)) == ({"completed": 1}, 11)
    assert await office.verdict() == {}


async def test_one_whose_delay_was_over_does_not_wait_again(office: Office) -> None:
    await _begun(office, REST)
    await forget_step(office, "task.create")
    await _ring(office)
    assert await _failure(office) == ("rest", "version_broken")
    assert await office.value("select count(*) from timers where tenant_id = $1") == 0
    await forget_step(office, None)
    await _retry(office)
    assert (await office.statuses(), await _score(office)) == ({"completed": 1}, 11)
    assert await office.verdict() == {}


async def test_one_that_heard_what_it_waited_for_has_heard_it(office: Office) -> None:
    await _begun(office, HEARD)
    await forget_step(office, "task.create")
    await office.change("task", await office.value("select id from tasks where tenant_id = $1"), status="done")
    await office.work()
    assert await _failure(office) == ("heard", "version_broken")
    assert await office.value("select count(*) from subscriptions where tenant_id = $1") == 0
    await forget_step(office, None)
    await _retry(office)
    assert await office.statuses() == {"completed": 1}
    output = await office.value(
        "select detail -> 'output' ->> 'timed_out' from steps where visit = 'heard' "
        "and status = 'completed' and tenant_id = $1"
    )
    assert output == "false"
    assert await office.verdict() == {}


async def test_what_was_sent_while_it_was_broken_is_not_sent_again(office: Office) -> None:
    await _begun(office, CALL + HAND)
    await forget_step(office, "task.create")
    [sent] = await claim(office.pool, office.tenant_id, 10)
    await _settle(office, sent, Delivered({"status": 200}), worked_ms=4_000)
    assert await _failure(office) == ("call", "version_broken")
    await forget_step(office, None)
    await _retry(office)
    assert await claim(office.pool, office.tenant_id, 10) == []
    assert (await office.statuses(), await _score(office)) == ({"completed": 1}, 11)
    assert await office.verdict() == {}
    spent = await office.value(
        "select (detail -> 'output' ->> 'status')::int from steps "
        "where tenant_id = $1 and visit = 'call' and status = 'completed'"
    )
    assert spent == 200


async def test_one_that_is_retried_while_it_is_broken_still_fails_and_can_be_retried_again(office: Office) -> None:
    await _begun(office, REST)
    await forget_step(office, "task.create")
    await _ring(office)
    for _ in range(2):
        await _retry(office)
        assert await _failure(office) == ("rest", "version_broken")
    await forget_step(office, None)
    await _retry(office)
    assert (await office.statuses(), await _score(office)) == ({"completed": 1}, 11)
    assert await office.verdict() == {}


async def test_on_the_latest_version_it_goes_on_where_it_stood_as_well(office: Office) -> None:
    workflow = await _begun(office, REST)
    await forget_step(office, "task.create")
    await _ring(office)
    await office.publish_again(workflow, REST.replace(HAND, "  - {id: hand, type: activity.log, text: Call}\n"))
    await _retry(office, latest=True)
    assert (await office.statuses(), await _score(office)) == ({"completed": 1}, 11)
    assert await office.verdict() == {}


async def test_one_that_waits_still_is_left_alone(office: Office) -> None:
    await _begun(office, REST)
    await forget_step(office, "task.create")
    await office.contact(first_name="Ben")
    await office.work()
    assert await office.statuses() == {"waiting": 1, "failed": 1}


async def _begun(office: Office, text: str) -> UUID:
    workflow = await office.publish(text)
    await office.contact(first_name="Ada")
    await office.work()
    return workflow


async def _ring(office: Office) -> None:
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    state = "state = jsonb_set(state, '{tokens,0,wait,until}', to_jsonb(clock_timestamp()))"
    await office.rows(f"update executions_live set {state} where tenant_id = $1 returning id")
    await office.work()


async def _retry(office: Office, *, latest: bool = False) -> None:
    identity = await office.value("select id from executions where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, identity, latest=latest)
    await office.work()


async def _settle(office: Office, effect: Any, answer: Answer, *, worked_ms: int) -> None:
    verdict = judge(answer, effect.policy, 0, jitter=0.0, worked_ms=worked_ms)
    await settle(office.pool, office.tenant_id, [Result(effect, verdict)])
    await office.work()


async def _failure(office: Office) -> tuple[str, str]:
    assert await office.statuses() == {"failed": 1}
    failure = await office.value("select state -> 'failure' from executions_done where tenant_id = $1")
    why = await office.value("select state ->> 'why' from executions_done where tenant_id = $1")
    assert why == "Its published version cannot be used any more."
    return failure["at"], failure["code"]


async def _score(office: Office) -> int:
    return await office.value("select lead_score from contacts where tenant_id = $1")
