"""What several tests of the store share: a workflow that calls out, a step that cannot be written, and others.

Others are workers that handle what is due, somebody who holds a record, sessions that wait for such a lock, and who
pauses and resumes.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

import asyncpg

from cuework.crm.catalog import touch
from cuework.db.pool import Connection, Role, connect
from cuework.db.tenancy import tenant_transaction
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Done, Outcome, Update
from cuework.runtime.tenant import Tenant
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office
from cuework.testing.waiting import until
from cuework.workflows import enrollment, publish, resuming

CALL = """
name: Call
trigger: {type: contact.created}
steps:
  - {id: before, type: contact.add_score, points: 1}
  - {id: call, type: http.request, url: "https://example.com/", on_error: stop}
  - {id: after, type: contact.add_score, points: 10}
"""
FREED: set[str] = set()
"""Contacts, by id, that a Burst spares by now."""


async def forget_step(office: Office, kind: str | None) -> None:
    """The software that runs the office knows no step of that type, as an older one may; or all again."""
    steps = {name: node for name, node in office.types.steps.items() if name != kind}
    office.tenant.types = replace(office.types, steps=steps)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await touch(connection, office.tenant_id)


class Burst(Step):
    """Makes the one contact called Poison break the statement it is written by, until it is freed."""

    type: ClassVar[str] = "test.burst"
    title: ClassVar[str] = "Burst"
    group: ClassVar[str] = "test"
    icon: ClassVar[str] = "bomb"

    def run(self, ctx: Context) -> Outcome:
        """A score that the column cannot hold."""
        row, ref = ctx.root("contact"), ctx.execution.record
        assert row is not None
        assert ref is not None
        bad = row["first_name"] == "Poison" and str(ref.id) not in FREED
        return Done(changes=(Update(ref, {"lead_score": 2**40 if bad else 7}),))


async def drain(office: Office, *, batch: int) -> None:
    """A worker with a connection and definitions of its own has taken turns until the inbox was empty."""
    connection = await connect(office.dsn, Role.APP)
    tenant = Tenant(office.tenant_id, office.types)
    async with asyncio.timeout(60):
        while await office.value("select count(*) from inbox where tenant_id = $1"):
            await take_turn(connection, tenant, batch=batch)
    await connection.close()


async def handle_due(connection: Connection, office: Office, *, batch: int = 500) -> None:
    """What is due now is handled; what is put off is not waited for."""
    async with asyncio.timeout(60):
        while (await take_turn(connection, office.tenant, batch=batch)).report is not None:
            pass


@asynccontextmanager
async def held(office: Office, table: str, identity: UUID) -> AsyncGenerator[None]:
    """Somebody else is changing the record."""
    async with tenant_transaction(office.pool, office.tenant_id) as holder:
        query = f"select 1 from {table} where tenant_id = $1 and id = $2 for no key update"
        await holder.execute(query, office.tenant_id, identity)
        yield


async def until_blocked(url: str, many: int = 1, *, at: str = "") -> None:
    """So many sessions of the database wait for a lock, in a statement that has those words."""
    superuser = await asyncpg.connect(url)  # others do not see what sessions do
    query = """select count(*) >= $1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and position($2 in query) > 0"""
    try:
        await until(f"{many} wait for a lock", lambda: superuser.fetchval(query, many, at))
    finally:
        await superuser.close()


async def pause(office: Office, workflow: UUID) -> None:
    """The workflow is paused."""
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await publish.pause(connection, office.actor, workflow)


async def resume(office: Office, workflow: UUID, overdue: resuming.Overdue = "run") -> UUID | None:
    """The workflow is on again, and all that it held is sent on and handled; the job, if anything was held."""
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        job = await publish.resume(connection, office.actor, workflow, overdue=overdue)
    await due_now(office)
    return job


async def due_now(office: Office) -> None:
    """Inputs that are spread over a while are due at once, and handled."""
    await office.work()
    while await office.rows("update inbox set due_at = clock_timestamp() where tenant_id = $1 returning id"):
        await office.work()


async def enroll(office: Office, workflow: UUID, people: list[UUID]) -> None:
    """The contacts will enter, as if by hand."""
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await enrollment.send(connection, office.actor, workflow, "contact", people)
