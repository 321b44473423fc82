"""Tenants are kept apart by the catalogue of the database itself, whatever the code above it forgets."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from random import Random

import asyncpg
import pytest

from cuework.db.pool import Role, connect, open_pool
from cuework.db.tenancy import tenant_transaction
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.testing.office import open_office

# Tables that hold nothing of one tenant alone, and why.
GLOBAL = {
    "tenant_directory": "finds the tenant of a slug before anybody is known",
    "logins": "finds the tenants of an email at sign-in",
    "sign_in_attempts": "counts attempts of people nobody knows yet",
    "processes": "says which processes live",
    "alembic_version": "says which schema this is",
}
_TABLES = """
select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced, c.relispartition,
  exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as tenant,
  array(select pg_get_expr(p.polqual, c.oid) from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant'
    and p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
    and pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)) as policies,
  array(select p.polname || ' ' || p.polcmd::text || ' ' || array_to_string(p.polroles::regrole[], ',')
    from pg_policy p where p.polrelid = c.oid and p.polname <> 'tenant') as others
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1
"""
POLICY = "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)"


async def test_every_table_has_forced_row_level_security_or_a_reason(module_database_url: str) -> None:
    tables = {row["relname"]: row for row in await _ask(module_database_url, _TABLES)}
    assert len(tables) > 30
    assert set(GLOBAL) <= set(tables)
    for name, table in tables.items():
        if name not in GLOBAL:
            assert table["forced"], name
            assert table["tenant"], name
            assert table["policies"] == [POLICY], name
            assert set(table["others"]) <= {"discovery r cuework_worker"}, name


async def test_partitions_made_later_are_protected_as_well(module_database_url: str) -> None:
    worker = await connect(module_database_url, Role.WORKER)
    await worker.execute("select cw_make_partitions('2041-05-01')")
    await worker.close()
    tables = [row for row in await _ask(module_database_url, _TABLES) if row["relname"].endswith("_204105")]
    assert len(tables) == 3
    assert all(row["forced"] and row["policies"] == [POLICY] for row in tables)


async def test_the_tenant_leads_every_key_and_index_but_those_of_discovery(module_database_url: str) -> None:
    query = """select c.relname, i.indexrelid::regclass::text as index
    from pg_index i join pg_class c on c.oid = i.indrelid
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where c.relnamespace = 'public'::regnamespace and a.attname is distinct from 'tenant_id' and not c.relispartition"""
    odd = {row["index"] for row in await _ask(module_database_url, query) if row["relname"] not in GLOBAL}
    assert odd == {"effects_discovery", "inbox_discovery", "timers_discovery"}


async def test_views_and_functions_ask_in_the_name_of_their_caller(module_database_url: str) -> None:
    views = await _ask(
        module_database_url,
        """select relname, reloptions from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')""",
    )
    assert views
    assert all("security_invoker=true" in (row["reloptions"] or ()) for row in views), views
    trusted = await _ask(
        module_database_url,
        """select proname, pg_get_userbyid(proowner) as owner, proconfig from pg_proc
        where pronamespace = 'public'::regnamespace and prosecdef order by proname""",
    )
    path = "search_path=public, pg_temp"
    assert [(row["proname"], row["owner"], row["proconfig"]) for row in trusted] == [
        ("cw_analyze", "cuework_owner", [path, "default_statistics_target=10"]),
        ("cw_make_partitions", "cuework_owner", [path]),
    ]


async def test_the_roles_of_run_time_own_nothing_and_bypass_nothing(module_database_url: str) -> None:
    roles = await _ask(
        module_database_url,
        """select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty,
          exists (select from pg_class where relowner = r.oid)
            or exists (select from pg_proc where proowner = r.oid) as owns,
          exists (select from pg_auth_members m where m.member = r.oid) as member
        from pg_roles r where rolname = any($1) order by 1""",
        [role.value for role in Role],
    )
    assert [(row["rolname"], row["mighty"], row["owns"], row["member"]) for row in roles] == [
        ("cuework_app", False, False, False),
        ("cuework_owner", False, True, False),
        ("cuework_worker", False, False, False),
    ]


async def test_discovery_sees_ids_and_times_only(module_database_url: str) -> None:
    rows = await _ask(
        module_database_url,
        """select table_name || '.' || column_name as seen from information_schema.column_privileges
        where grantee = 'cuework_worker' and privilege_type = 'SELECT'
          and table_name not in ('processes', 'alembic_version') order by 1""",
    )
    assert {row["seen"] for row in rows} == {
        *("effects.due_at", "effects.state", "effects.tenant_id"),
        *("inbox.due_at", "inbox.priority", "inbox.tenant_id"),
        *("tenants.tenant_id", "timers.due_at", "timers.tenant_id"),
    }


_ENDS: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    "commit": nullcontext,
    "fail": lambda: pytest.raises(asyncpg.DivisionByZeroError),
    "cancel": lambda: pytest.raises(TimeoutError),
}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_order_of_tenants_on_few_connections_shows_one_to_another(module_database_url: str, seed: int) -> None:
    pool = await open_pool(module_database_url, Role.APP, size=2, name="tests")
    types: NodeTypes = discover()
    offices = [await open_office(pool, f"rls-{seed}-{n}", types) for n in range(3)]
    for office in offices:
        await office.create_many("contact", [{"first_name": str(office.tenant_id)}] * 2)
    rng = Random(seed)

    async def look() -> None:
        office = rng.choice(offices)
        end = rng.choice(list(_ENDS))
        with _ENDS[end]():
            async with asyncio.timeout(0.005 if end == "cancel" else 30):
                async with tenant_transaction(pool, office.tenant_id) as connection:
                    seen = await connection.fetch("select first_name from contacts")
                    assert [row["first_name"] for row in seen] == [str(office.tenant_id)] * 2
                    other = rng.choice([each for each in offices if each is not office])
                    changed = "update contacts set first_name = 'stolen' where tenant_id = $1"
                    assert await connection.execute(changed, other.tenant_id) == "UPDATE 0"
                    if end == "cancel":
                        await connection.execute("select pg_sleep(1)")
                    if end == "fail":
                        await connection.execute("select 1 / 0")
        async with pool.acquire() as connection:
            assert await connection.fetchval("select count(*) from contacts") == 0

    await asyncio.gather(*[look() for _ in range(60)])
    await pool.close()


async def test_a_row_of_another_tenant_cannot_be_written(module_database_url: str) -> None:
    pool = await open_pool(module_database_url, Role.APP, size=2, name="tests")
    types = discover()
    here, there = await open_office(pool, "here", types), await open_office(pool, "there", types)
    insert = "insert into tags (tenant_id, name) values ($1, 'x')"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_transaction(pool, here.tenant_id) as connection:
            await connection.execute(insert, there.tenant_id)
    async with pool.acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(insert, here.tenant_id)
        for role in ("cuework_owner", "postgres"):  # whoever got a statement in could try
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"alter table tags owner to {role}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("alter table contacts disable row level security")
    await pool.close()


async def _ask(url: str, query: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(query, *arguments)
    finally:
        await connection.close()
