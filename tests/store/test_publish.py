"""Publishing against passes under way: every event meets the one version of its moment."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest_asyncio
from tests.store.given import until_blocked

from cuework.crm import write
from cuework.crm.actor import Actor, system
from cuework.crm.catalog import load_catalog, touch
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db.pool import Pool, Role, open_pool
from cuework.db.tenancy import tenant_transaction
from cuework.engine.plan import Plan
from cuework.nodes import discover
from cuework.runtime.claim import Lanes, lock_lanes
from cuework.runtime.tenant import Tenant
from cuework.runtime.turn import take_turn
from cuework.testing.passes import run_passes
from cuework.testing.waiting import until
from cuework.workflows import drafts, publish
from cuework.workflows.definitions import load_triggers
from cuework.workflows.drafts import Draft

TYPES = discover()


def tagging(tag: str) -> dict[str, Any]:
    return {
        "name": "Tag",
        "trigger": {"type": "contact.created"},
        "steps": [{"id": "tag", "type": "contact.add_tag", "tag": tag}],
    }


@dataclass(frozen=True)
class Shop:
    """A tenant with one workflow, and the little that tests do with it."""

    url: str
    pool: Pool
    tenant_id: UUID
    workflow_id: UUID

    @property
    def actor(self) -> Actor:
        return system(self.tenant_id)

    async def publish(self, definition: dict[str, Any]) -> int:
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            await drafts.save(connection, self.actor, self.workflow_id, Draft(definition))
            catalog = await load_catalog(connection, self.tenant_id)
            made = await publish.publish(connection, self.actor, self.workflow_id, TYPES, catalog)
        return made.version

    async def contact(self) -> UUID:
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            catalog = await load_catalog(connection, self.tenant_id)
            row = await write.create(write.writer(connection, catalog, self.actor), "contact", {"first_name": "Ada"})
        return row["id"]

    async def fetch(self, query: str, *values: Any) -> list[Any]:
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            return await connection.fetch(query, *values)


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    pool = await open_pool(database_url, Role.APP, size=8, name="test")
    try:
        tenant_id = await create_tenant(pool, NewTenant("Acme", "acme"))
        async with tenant_transaction(pool, tenant_id) as connection:
            workflow_id = await drafts.create(connection, system(tenant_id), Draft(tagging("v1")))
        yield Shop(database_url, pool, tenant_id, workflow_id)
    finally:
        await pool.close()


async def test_every_event_meets_the_one_version_of_its_moment_whatever_runs_at_once(shop: Shop) -> None:
    await shop.publish(tagging("v1"))
    done = asyncio.Event()

    async def work() -> None:
        tenant = Tenant(shop.tenant_id, TYPES)
        async with shop.pool.acquire() as connection:
            while not done.is_set():
                await take_turn(connection, tenant)

    async def change() -> None:
        for number in range(2, 9):
            assert await shop.publish(tagging(f"v{number}")) == number

    async def write_many() -> None:
        for _ in range(30):
            await shop.contact()

    workers = [asyncio.create_task(work()) for _ in range(2)]
    await asyncio.gather(change(), write_many(), write_many())
    done.set()
    await asyncio.gather(*workers)
    await run_passes(shop.pool, shop.tenant_id)
    wrong = await shop.fetch(
        """select c.id, c.tags, s.version from contacts c
        join events e on e.record_id = c.id and e.type = 'contact.created'
        left join workflow_spans s on s.from_at <= e.occurred_at and (s.to_at is null or e.occurred_at < s.to_at)
        where c.tags is distinct from array['v' || s.version]"""
    )
    assert wrong == []
    [row] = await shop.fetch("select count(*) as n from executions_done")
    assert row["n"] == 60


async def test_publishing_waits_for_the_passes_under_way(shop: Shop) -> None:
    async with tenant_transaction(shop.pool, shop.tenant_id) as passing:
        await passing.execute("select from lanes where tenant_id = $1 and lane = 17 for update", shop.tenant_id)
        publishing = asyncio.create_task(shop.publish(tagging("v1")))
        await until_blocked(shop.url, at="from lanes")
        assert not publishing.done()
        released_at = await passing.fetchval("select clock_timestamp()")
    assert await publishing == 1
    [span] = await shop.fetch("select from_at from workflow_spans")
    assert span["from_at"] > released_at


async def test_lanes_that_are_free_again_come_with_the_epoch_of_what_freed_them(shop: Shop) -> None:
    """A publication holds all lanes and raises the epoch; it commits just as the claim has read one, if that can be."""
    await shop.contact()
    admin = await asyncpg.connect(shop.url)
    await admin.execute(
        """create or replace function cw_definitions_epoch(tenant uuid) returns bigint language plpgsql volatile as $$
        declare epoch bigint := (select definitions_epoch from tenants where tenant_id = tenant);
        begin perform pg_advisory_xact_lock_shared(7); return epoch; end $$"""
    )
    await admin.execute("select pg_advisory_lock(7)")

    async def claimed() -> Lanes | None:
        async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
            return await lock_lanes(connection, shop.tenant_id)

    async with tenant_transaction(shop.pool, shop.tenant_id) as publishing:
        await publishing.execute("select from lanes where tenant_id = $1 for update", shop.tenant_id)
        raise_it = "update tenants set definitions_epoch = definitions_epoch + 1 where tenant_id = $1"
        raised = await publishing.fetchval(f"{raise_it} returning definitions_epoch", shop.tenant_id)
        claim = asyncio.create_task(claimed())
        held_up = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"

        async def answered_or_held_up() -> bool:
            return claim.done() or await admin.fetchval(held_up)

        await until("the claim has read an epoch or found no lane", answered_or_held_up)
    await admin.execute("select pg_advisory_unlock(7)")
    await admin.close()
    lanes = await claim or await claimed()
    assert lanes is not None
    assert lanes.epoch == raised


async def test_a_closed_span_is_loaded_for_as_long_as_an_event_of_its_time_is_pending(shop: Shop) -> None:
    await shop.publish(tagging("v1"))
    await shop.contact()
    await shop.publish(tagging("v2"))
    ago = "interval '1 hour'"
    old = f"update workflow_spans set to_at = to_at - {ago}, from_at = from_at - {ago} where version = 1"
    aged = "update inbox set event_id = cw_uuid_floor(clock_timestamp() - interval '90 minutes')"
    await shop.fetch(old)
    assert await _loaded(shop) == [(2, True)]
    await shop.fetch(aged)
    assert await _loaded(shop) == [(1, True), (2, True)]


async def test_a_paused_workflow_is_loaded_closed(shop: Shop) -> None:
    await shop.publish(tagging("v1"))
    async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
        await publish.pause(connection, shop.actor, shop.workflow_id)
    assert await _loaded(shop) == [(1, False)]


async def test_a_version_that_no_longer_compiles_fails_its_executions_and_says_why(shop: Shop) -> None:
    task = {"id": "task", "type": "task.create", "title": "Call"}
    rest = {"id": "rest", "type": "flow.delay", "for": "1 day"}
    await shop.publish(tagging("v1") | {"steps": [rest, task]})
    sleeping = await shop.contact()
    await run_passes(shop.pool, shop.tenant_id)
    async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
        await connection.execute("update timers set due_at = clock_timestamp() where tenant_id = $1", shop.tenant_id)
    starting = await shop.contact()
    older = replace(TYPES, steps={name: node for name, node in TYPES.steps.items() if name != "task.create"})
    await run_passes(shop.pool, shop.tenant_id, tenant=Tenant(shop.tenant_id, older))
    rows = await shop.fetch("select record_id, status, state -> 'failure' as failure from executions_done")
    assert {row["record_id"]: row["status"] for row in rows} == {sleeping: "failed", starting: "failed"}
    for row in rows:
        assert row["failure"]["code"] == "version_broken"
        assert "task.create" in row["failure"]["message"]


async def test_a_worker_compiles_again_only_what_is_new_or_means_something_else_now(shop: Shop) -> None:
    tenant = Tenant(shop.tenant_id, TYPES)
    await shop.publish(tagging("v1"))
    first = (await _plans(shop, tenant, 1))[1]
    await shop.publish(tagging("v2"))
    after_publishing = await _plans(shop, tenant, 2)
    assert after_publishing[1] is first
    async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
        await touch(connection, shop.tenant_id)
    after_set_up = await _plans(shop, tenant, 3)
    assert not {id(plan) for plan in after_set_up.values()} & {id(plan) for plan in after_publishing.values()}


async def test_plans_that_arrive_late_do_not_bring_an_older_catalogue_back(shop: Shop) -> None:
    """A pass loads a parked version's plan while another pass of the process loads a changed set-up."""
    await shop.publish(tagging("v1"))
    await shop.publish(tagging("v2"))
    tenant = Tenant(shop.tenant_id, TYPES)
    before = await _plans(shop, tenant, 1)
    del tenant.plans[shop.workflow_id, 1]

    class Late:
        """Answers when the set-up has changed and somebody else has read it."""

        async def fetch(self, *asked: Any) -> list[Any]:
            rows = await connection.fetch(*asked)
            async with tenant_transaction(shop.pool, shop.tenant_id) as other:
                await touch(other, shop.tenant_id)
            if tenant.epoch == 1:
                await _plans(shop, tenant, 2)
                del tenant.plans[shop.workflow_id, 1]
            return rows

    async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
        await tenant.need_plans(Late(), {(shop.workflow_id, 1)})  # pyright: ignore[reportArgumentType]
    assert not {id(plan) for plan in tenant.plans.values()} & {id(plan) for plan in before.values()}
    assert (shop.workflow_id, 1) in tenant.plans


async def _plans(shop: Shop, tenant: Tenant, epoch: int) -> dict[int, Plan]:
    async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
        await tenant.load(connection, epoch)
    return {version: plan for (_, version), plan in tenant.plans.items()}


async def _loaded(shop: Shop) -> list[tuple[int, bool]]:
    async with tenant_transaction(shop.pool, shop.tenant_id) as connection:
        catalog = await load_catalog(connection, shop.tenant_id)
        triggers = await load_triggers(connection, shop.tenant_id, catalog, TYPES)
    return [(trigger.version, trigger.open) for trigger in triggers]
