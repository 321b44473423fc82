"""What a pass reads does not depend on how much there is, nor on what PostgreSQL knows of the tenant."""

import asyncpg

from cuework.db.bulk import COPY_FROM_ROWS
from cuework.db.pool import Connection, Pool
from cuework.nodes import discover
from cuework.runtime.planning import connect_pass
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office, open_office

TYPES = discover()
WELCOME = """
name: Welcome
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new-contact}
  - {id: note, type: activity.log, text: "Hello {{ contact.first_name }}"}
"""
MANY = 1500
BATCH = 2 * COPY_FROM_ROWS
MOST = {True: 15, False: 25}  # rows an input: PostgreSQL 15 reads some 17 where 18 reads 11
# A table's own rows and its index look-ups; a pass needs each of its rows a few times.
_READ = """
select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::integer from pg_stat_user_tables
where relname ~ '^(events|contacts|inbox|enrollments|executions)'
"""


async def _people(office: Office) -> None:
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(MANY)])


async def _end_sessions(dsn: str) -> None:
    """No other session is left: what one has read is counted when it rests or ends, not when it reads."""
    owner = await asyncpg.connect(dsn)
    await owner.execute(
        "select pg_terminate_backend(pid, 30000) from pg_stat_activity"
        " where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
    )
    await owner.close()


async def _read(connection: Connection) -> int:
    await connection.execute("select pg_stat_force_next_flush()")
    return await connection.fetchval(_READ)


async def _passes_cost_little(office: Office, dsn: str) -> None:
    """A few passes of the tenant read each of their rows a few times, whatever else the tables hold."""
    await _end_sessions(dsn)
    connection = await connect_pass(dsn, "test")
    before = await _read(connection)
    handled = 0
    for _ in range(3):
        report = (await take_turn(connection, office.tenant, batch=BATCH)).report
        assert report is not None
        handled += report.inputs
    assert handled > BATCH
    spent = await _read(connection) - before
    most = MOST[connection.get_server_version().major >= 18]
    await connection.close()
    assert spent < handled * most


async def test_a_tenant_whom_no_statistics_know_costs_what_the_others_cost(pool: Pool, office: Office) -> None:
    """Its rows look like one to the planner, and reading all of them for each input looks cheap."""
    await office.publish(WELCOME)
    await _people(office)
    await office.work()
    async with pool.acquire() as connection:
        await connection.execute("select cw_analyze()")
    other = await open_office(pool, "newcomer", TYPES)
    await other.publish(WELCOME)
    await _people(other)
    await _passes_cost_little(other, office.dsn)


_CROWD = """
with tenant as (select gen_random_uuid() as id from generate_series(1, 1000)),
each as (select t.id as tenant_id, gen_random_uuid() as id from tenant t, generate_series(1, 5)),
person as (insert into contacts (tenant_id, id, created_at, updated_at) select tenant_id, id, now(), now() from each)
insert into inbox (tenant_id, id, lane, kind, revision, due_at)
select tenant_id, id, 0, 'wake', 1, 'infinity' from each
"""


async def test_a_large_tenant_among_many_small_ones_costs_what_the_others_cost(pool: Pool, office: Office) -> None:
    """Most are small, so plans for any tenant take each for small, and reading all of its rows looks cheap."""
    owner = await asyncpg.connect(office.dsn)
    await owner.execute(_CROWD)
    await owner.execute("analyze contacts, inbox")
    await owner.close()
    await office.publish(WELCOME)
    for _ in range(4):
        await _people(office)
    await _passes_cost_little(office, office.dsn)


async def test_statistics_are_made_of_what_has_grown_and_of_nothing_else(pool: Pool, office: Office) -> None:
    owner = await asyncpg.connect(office.dsn)
    await owner.execute("alter table contacts set (autovacuum_enabled = off)")  # which would be first on some days
    await owner.close()
    await _people(office)
    await _end_sessions(office.dsn)
    async with pool.acquire() as connection:
        assert await connection.fetchval("select cw_analyze()") > 0
        assert await connection.fetchval("select cw_analyze()") == 0
