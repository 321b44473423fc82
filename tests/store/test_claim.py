"""Finding work: nobody hides behind a long queue."""

from datetime import timedelta

from cuework.db.pool import Pool, Role, connect
from cuework.db.tenancy import tenant_transaction
from cuework.engine.registry import NodeTypes
from cuework.runtime.claim import discover
from cuework.testing.office import open_office


async def test_a_tenant_with_little_to_do_is_found_behind_one_with_a_long_queue(
    pool: Pool, module_database_url: str, types: NodeTypes
) -> None:
    """Its own ring may be lost, and timers have none."""
    busy, late = await open_office(pool, "busy", types), await open_office(pool, "late", types)
    for office, count, ago in ((busy, 30, timedelta(hours=1)), (late, 1, timedelta(seconds=1))):
        async with tenant_transaction(pool, office.tenant_id) as connection:
            await connection.execute(
                """insert into timers (tenant_id, execution_id, visit, lane, due_at)
                select $1, gen_random_uuid(), 'rest', 1, clock_timestamp() - $3::interval
                from generate_series(1, $2)""",
                office.tenant_id,
                count,
                ago,
            )
            await connection.execute(
                """insert into inbox (tenant_id, id, lane, kind, due_at)
                select $1, gen_random_uuid(), 1, 'event', clock_timestamp() - $3::interval
                from generate_series(1, $2)""",
                office.tenant_id,
                count,
                ago,
            )
    worker = await connect(module_database_url, Role.WORKER)
    found = await discover(worker, limit=20)
    await worker.close()
    assert set(found) == {busy.tenant_id, late.tenant_id}
