"""How long an execution worked leaves out whatever it waited for, and is never longer than it lasted (§20)."""

from datetime import timedelta
from typing import Any

from tests.store.given import pause, resume

from cuework.base.time import utc_now
from cuework.channels.provider import Answer, Delivered, Failed
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.testing.office import Office
from cuework.workflows import executions

CALL = """
name: Call
trigger: {type: contact.created}
steps:
  - {id: call, type: http.request, url: "https://example.com/", retry: {attempts: 3, first_after: 5 minutes}}
"""
BUSY = Failed("http_503", "It is busy.", retryable=True)
DONE = Delivered({"status": 200})


async def test_the_time_between_the_attempts_of_an_effect_is_waiting(office: Office) -> None:
    await _begun(office)
    for answer in (BUSY, BUSY, DONE):
        await _attempted(office, answer, took_ms=40)
        await _later(office, timedelta(minutes=10))
    await office.work()
    shown = await _shown(office)
    assert (shown["status"], await office.value("select attempts from steps where tenant_id = $1")) == ("completed", 3)
    assert 120 <= shown["duration_ms"] < 60_000
    assert shown["elapsed_ms"] >= 30 * 60_000


async def test_a_pause_while_the_outcome_is_held_is_waiting(office: Office) -> None:
    workflow = await _begun(office)
    await pause(office, workflow)
    await _attempted(office, DONE, took_ms=40)
    await office.work()
    await _later(office, timedelta(hours=3))
    await resume(office, workflow)
    shown = await _shown(office)
    assert (shown["status"], 40 <= shown["duration_ms"] < 60_000) == ("completed", True)


async def test_what_is_shown_as_worked_is_never_more_than_what_is_shown_as_elapsed(office: Office) -> None:
    await _begun(office)
    await _attempted(office, DONE, took_ms=86_400_000)  # whatever a worker's clock says
    await office.work()
    shown = await _shown(office)
    assert shown["duration_ms"] <= shown["elapsed_ms"]
    row = {"started_at": utc_now() + timedelta(seconds=2), "finished_at": None, "active_ms": 7}  # clocks differ
    early = executions.spelled({**(await _row(office)), **row}, {}, {})
    assert early["duration_ms"] <= early["elapsed_ms"]


async def _begun(office: Office) -> Any:
    workflow = await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    return workflow


async def _attempted(office: Office, answer: Answer, *, took_ms: int) -> None:
    await office.rows("update effects set due_at = clock_timestamp() where tenant_id = $1 returning id")
    [effect] = await claim(office.pool, office.tenant_id, 10)
    worked_ms = effect.worked_ms + took_ms
    verdict = judge(answer, effect.policy, effect.failures, jitter=0.5, worked_ms=worked_ms)
    await settle(office.pool, office.tenant_id, [Result(effect, verdict)])


async def _later(office: Office, span: timedelta) -> None:
    """So much time has passed since the execution began and its step asked for the effect."""
    since = "'{tokens,0,wait,since}', to_jsonb((state #>> '{tokens,0,wait,since}')::timestamptz - $2::interval)"
    moved = f"started_at = started_at - $2::interval, state = jsonb_set(state, {since})"
    await office.rows(f"update executions_live set {moved} where tenant_id = $1 returning id", span)


async def _row(office: Office) -> dict[str, Any]:
    query = f"select {executions.COLUMNS} from executions e where e.tenant_id = $1"
    return (await office.rows(query))[0]


async def _shown(office: Office) -> dict[str, Any]:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        return (await executions.spell_all(connection, office.tenant_id, [await _row(office)]))[0]
