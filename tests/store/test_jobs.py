"""Jobs: whoever cancels one and the worker that is at it wait for each other, so what was done is what is counted."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from tests.store.given import handle_due, until_blocked

from cuework.base.errors import Conflict
from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office
from cuework.workflows import jobs

REST = "name: Rest\ntrigger: {type: contact.created}\nsteps: [{id: rest, type: flow.delay, for: 2 days}]"
CANCEL_ALL = {"action": "cancel", "filter": {}, "name": "Incident", "rate": 1}  # so each batch is one
NEXT_IS_DUE = "update inbox set due_at = clock_timestamp() where tenant_id = $1 returning id"


async def begun(office: Office) -> UUID:
    """A job that cancels two executions, one a batch, and whose first batch is due."""
    await office.publish(REST)
    await office.create_many("contact", [{"first_name": name} for name in ("Ada", "Ben")])
    await office.work()
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        return await jobs.start(connection, office.actor, "executions", CANCEL_ALL, name="Incident", total=2)


async def cancel(office: Office, job: UUID) -> None:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await jobs.cancel(connection, office.actor, job)


async def state_of(office: Office, job: UUID) -> dict[str, Any]:
    query = "select state, done, finished_at is not null as ended from jobs where tenant_id = $1 and id = $2"
    return (await office.rows(query, job))[0]


async def test_who_cancels_waits_for_the_batch_under_way_and_its_work_counts(office: Office) -> None:
    job = await begun(office)
    tenant = office.tenant
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await tenant.load(connection, tenant.epoch)
        await jobs.advance(connection, tenant.id, tenant.catalog, tenant.types, job)
        cancelling = asyncio.create_task(cancel(office, job))
        await until_blocked(office.dsn, at="from jobs")
    await cancelling
    assert await state_of(office, job) == {"state": "cancelled", "done": 1, "ended": True}
    await office.rows(NEXT_IS_DUE)
    await office.work()
    assert await state_of(office, job) == {"state": "cancelled", "done": 1, "ended": True}
    assert await office.statuses() == {"waiting": 1, "cancelled": 1}
    assert await office.verdict() == {}


async def test_a_batch_that_comes_while_its_job_is_being_cancelled_waits_and_does_nothing(office: Office) -> None:
    job = await begun(office)
    async with office.pool.acquire() as worker, tenant_transaction(office.pool, office.tenant_id) as connection:
        await jobs.cancel(connection, office.actor, job)
        working = asyncio.create_task(handle_due(worker, office))
        await until_blocked(office.dsn, at="from jobs")
        assert not working.done()
        await connection.execute("commit; begin")
        await working
    assert await state_of(office, job) == {"state": "cancelled", "done": 0, "ended": True}
    assert await office.statuses() == {"waiting": 2}
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0


async def test_a_cancelled_jobs_command_that_comes_again_finds_nothing_to_do(office: Office) -> None:
    job = await begun(office)
    await cancel(office, job)
    again = """insert into inbox (tenant_id, id, lane, kind, payload)
      select tenant_id, gen_random_uuid(), lane, kind, payload from inbox where tenant_id = $1 returning id"""
    await office.rows(again)
    await office.work()
    assert await state_of(office, job) == {"state": "cancelled", "done": 0, "ended": True}
    assert await office.statuses() == {"waiting": 2}


async def test_resuming_a_workflow_is_not_left_halfway(office: Office) -> None:
    nobody = {"workflow_id": office.tenant_id, "rate": 20.0, "overdue": "run", "by_s": 0}
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        job = await jobs.start(connection, office.actor, "resume", nobody, name="Resume", total=0)
    with pytest.raises(Conflict, match="Pause the workflow again"):
        await cancel(office, job)
    assert (await state_of(office, job))["state"] == "running"
