"""The login of run time: a statement that got into a connection stays under row-level security, whatever it tries."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest

from cuework.base.errors import Unavailable
from cuework.cli.database import too_strong
from cuework.db.embedded import EmbeddedPostgres
from cuework.db.logins import LOGIN, Logins, make_login, strengths
from cuework.db.migrate import migrate
from cuework.db.newest import bring_to_newest, has_newest_schema
from cuework.db.pool import Role, connect, open_pool
from cuework.engine.registry import NodeTypes
from cuework.testing.office import open_office

MADE_BY_HAND = """
create role cuework_owner nologin; create role cuework_app nologin; create role cuework_worker nologin;
create role runs login noinherit; grant cuework_app, cuework_worker to runs;
create role migrates login noinherit; grant cuework_owner to migrates;
create role does_both login; grant cuework_owner, cuework_app, cuework_worker to does_both;
create role bypasses login bypassrls; create role reaches login; grant bypasses to reaches;
create role makes_roles login createrole;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server of its own: roles belong to the whole server, and these tests change them."""
    database = EmbeddedPostgres.temporary()
    database.start()
    yield database
    database.destroy()


@pytest.fixture
def logins(server: EmbeddedPostgres) -> Logins:
    asyncio.run(bring_to_newest(server.logins))
    return server.logins


@pytest.fixture(scope="module")
def operators() -> Iterator[EmbeddedPostgres]:
    """A server whose operator made the roles, and logins of different strength."""
    database = EmbeddedPostgres.temporary()
    asyncio.run(told(database.start(), MADE_BY_HAND))
    yield database
    database.destroy()


@pytest.fixture
def by_hand(operators: EmbeddedPostgres) -> str:
    """A superuser's URL of a new database there."""
    name = f"by_hand_{uuid4().hex}"
    asyncio.run(told(operators.dsn, f"create database {name} template template0"))
    url = operators.dsn_of(name)
    asyncio.run(told(url, "grant usage, create on schema public to cuework_owner"))
    return url


def as_login(url: str, login: str) -> str:
    """The URL for another login."""
    return url.replace("//postgres@", f"//{login}@", 1)


async def told(url: str, script: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def asked(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


async def test_data_of_before_gets_the_login_and_keeps_what_it_has(server: EmbeddedPostgres) -> None:
    await asked(server.dsn, f"drop role if exists {LOGIN}")
    await migrate(server.dsn)
    before = server.logins
    assert not await has_newest_schema(before.running)
    await bring_to_newest(before)
    assert await has_newest_schema(before.running)
    [row] = await asked(server.dsn, "select * from pg_roles where rolname = 'cuework_login'")
    assert [name for name, value in row.items() if value is True] == ["rolcanlogin"]


async def test_a_login_that_was_made_stronger_is_narrowed_again(logins: Logins) -> None:
    await asked(logins.migrating, f"alter role {LOGIN} superuser inherit")
    await asked(logins.migrating, f"grant cuework_owner to {LOGIN}")
    assert len(await strengths(logins.running)) == 1
    await make_login(logins.migrating)
    assert await strengths(logins.running) == []


async def test_several_may_make_the_login_at_once(logins: Logins) -> None:
    await asked(logins.migrating, f"drop role {LOGIN}")
    await asyncio.gather(*[bring_to_newest(logins) for _ in range(4)])
    assert await has_newest_schema(logins.running)


@pytest.mark.parametrize("role", [Role.APP, Role.WORKER])
@pytest.mark.parametrize("undo", ["reset role", "set role none", "reset all", "discard all"])
async def test_taking_the_role_off_shows_nothing(logins: Logins, types: NodeTypes, role: Role, undo: str) -> None:
    pool = await open_pool(logins.running, Role.APP, size=2)
    office = await open_office(pool, f"{role.name}-{undo}".lower().replace(" ", "-"), types)
    await office.create_many("contact", [{"first_name": "Ada"}])
    await pool.close()
    assert await asked(logins.migrating, "select from contacts")
    connection = await connect(logins.running, role)
    await connection.execute(undo)
    assert await connection.fetchval("select session_user::text") == LOGIN
    assert (
        await connection.fetchval("select rolsuper or rolbypassrls from pg_roles where rolname = current_user") is False
    )
    try:
        assert await connection.fetch("select * from contacts") == []
    except asyncpg.InsufficientPrivilegeError:
        assert undo == "set role none" or role is Role.WORKER
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "set role cuework_owner",
        "set role postgres",
        "set session authorization postgres",
        "alter role cuework_login superuser",
        "grant cuework_owner to cuework_login",
        "create role mine superuser",
        "alter table contacts disable row level security",
        "alter table contacts no force row level security",
        "drop policy tenant on contacts",
        "create function public.mine() returns int language sql return 1",
        "create table public.mine (id int)",
        "copy (select 1) to program 'true'",
        "select pg_read_file('pg_hba.conf')",
        "alter system set log_statement = 'all'",
        "delete from audit",
    ],
)
@pytest.mark.parametrize("undo", ["", "reset role", "set role none", "set role cuework_worker"])
async def test_no_statement_makes_it_owner_or_superuser(logins: Logins, undo: str, statement: str) -> None:
    connection = await connect(logins.running, Role.APP)
    if undo:
        await connection.execute(undo)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


async def test_an_operators_logins_may_be_two_of_which_one_only_runs(by_hand: str) -> None:
    apart = Logins(running=as_login(by_hand, "runs"), migrating=as_login(by_hand, "migrates"))
    await bring_to_newest(apart)
    assert await strengths(apart.running) == []
    pool = await open_pool(apart.running, Role.APP, size=2)
    assert await pool.fetchval("select session_user::text") == "runs"
    await pool.close()
    await (await connect(apart.running, Role.WORKER)).close()


async def test_one_login_that_migrates_and_runs_works_and_is_said_to_be_too_strong(by_hand: str) -> None:
    both = as_login(by_hand, "does_both")
    await bring_to_newest(Logins(both, both))
    [said] = await strengths(both)
    assert "does_both may act as cuework_owner" in said
    await bring_to_newest(Logins(by_hand, by_hand))
    [said] = await strengths(by_hand)
    assert "postgres is a superuser" in said


@pytest.mark.parametrize(
    ("login", "said"),
    [("bypasses", "bypass row-level"), ("reaches", "bypass row-level"), ("makes_roles", "make roles"), ("runs", None)],
)
async def test_each_strength_is_named(by_hand: str, login: str, said: str | None) -> None:
    found = await asyncio.to_thread(too_strong, as_login(by_hand, login))
    assert found == [] if said is None else said in found[0] and "operations.md" in found[0]


async def test_a_login_without_the_roles_is_told_the_sql_that_gives_them(by_hand: str) -> None:
    with pytest.raises(Unavailable, match="grant cuework_app, cuework_worker to THAT_LOGIN"):
        await bring_to_newest(Logins(as_login(by_hand, "makes_roles"), as_login(by_hand, "migrates")))
    with pytest.raises(Unavailable, match="grant cuework_owner, cuework_app, cuework_worker to THAT_LOGIN"):
        await bring_to_newest(Logins(as_login(by_hand, "bypasses"), as_login(by_hand, "bypasses")))
