"""Finding and taking work: nobody hides behind a long queue."""

from collections import Counter
from datetime import timedelta

from cuework.base.ids import lane_of
from cuework.db.pool import Pool, Role, connect
from cuework.db.tenancy import tenant_transaction
from cuework.engine.registry import NodeTypes
from cuework.runtime.claim import discover, lock_lanes, take
from cuework.testing.office import Office, open_office


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


async def test_an_event_does_not_wait_behind_all_timers_that_ring_at_the_same_time(office: Office) -> None:
    ada = await office.contact(first_name="Ada")
    insert = """insert into timers (tenant_id, execution_id, visit, lane, due_at)
        select $1, gen_random_uuid(), 'rest', $2, clock_timestamp() - interval '1 hour' from generate_series(1, 19)
        returning visit"""
    await office.rows(insert, lane_of(ada))
    assert [await _taken(office) for _ in range(2)] == [{"due": 9, "event": 1}, {"due": 10}]


async def _taken(office: Office) -> Counter[str]:
    """How many inputs of each kind a pass of ten takes."""
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        lanes = await lock_lanes(connection, office.tenant_id, 10)
        assert lanes is not None
        inputs, _ = await take(connection, office.tenant_id, lanes, 10)
    return Counter(each.kind for each in inputs)
