"""Guessing passwords is slowed down for all processes that serve one database, and keeps nothing for long."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from cuework.base.errors import TooMany
from cuework.crm import attempts
from cuework.crm.attempts import Limit
from cuework.testing.application import Application, World, running_application

PASSWORD = "correct horse battery"
MINUTES = Limit("test", burst=5, every=timedelta(minutes=1))


@pytest_asyncio.fixture(scope="module")
async def second(module_database_url: str) -> AsyncGenerator[Application]:
    """Another application on the same database, as another process would be."""
    async with running_application(module_database_url) as application:
        yield application


async def tried(app: Application, world: World, password: str, email: str = "") -> httpx.Response:
    who = {"email": email or f"ada@{world.slug}.test", "password": password, "tenant": world.slug}
    async with app.client() as browser:
        return await browser.post("/session", json=who)


async def invited(acme: World) -> None:
    ada = {"email": f"ada@{acme.slug}.test", "name": "Ada", "role": "member", "password": PASSWORD}
    assert (await acme.owner.post("/users", json=ada)).status_code == 201


async def later(app: Application, by: timedelta) -> None:
    """So much time has passed, as far as attempts are concerned."""
    await app.pool.execute("update sign_in_attempts set full_at = full_at - $1::interval", by)


async def test_two_applications_count_together(acme: World, app: Application, second: Application) -> None:
    await invited(acme)
    answers = [await tried((app, second)[number % 2], acme, "wrong") for number in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    for application in (app, second):
        refused = await tried(application, acme, PASSWORD)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 31
    await later(app, timedelta(seconds=30))
    assert [(await tried(second, acme, "wrong")).status_code for _ in range(2)] == [401, 429]


async def test_who_is_signed_in_cannot_guess_the_password_either(acme: World, app: Application) -> None:
    await invited(acme)
    async with app.client() as browser:
        session = await browser.post("/session", json={"email": f"ada@{acme.slug}.test", "password": PASSWORD})
        browser.headers["x-csrf-token"] = session.json()["csrf_token"]

        async def changes(current: str) -> int:
            wanted = {"password": "another long one", "current_password": current}
            return (await browser.patch("/me", json=wanted)).status_code

        assert [await changes("wrong") for _ in range(11)] == [403] * 10 + [429]
        assert await changes(PASSWORD) == 429
        await later(app, timedelta(seconds=30))
        assert await changes(PASSWORD) == 200


async def test_the_right_password_in_one_forgives_in_all(acme: World, app: Application, second: Application) -> None:
    await invited(acme)
    for _ in range(9):
        assert (await tried(app, acme, "wrong")).status_code == 401
    assert (await tried(second, acme, PASSWORD)).status_code == 201
    assert [(await tried(app, acme, "wrong")).status_code for _ in range(11)] == [401] * 10 + [429]


async def test_emails_do_not_wait_for_each_other_however_they_are_spelled(acme: World, app: Application) -> None:
    spelled = ("Eve", "eve", " EVE", "eVe") * 3
    answers = [await tried(app, acme, "wrong", f"{each}@{acme.slug}.test") for each in spelled]
    assert answers[-1].status_code == 429
    assert (await tried(app, acme, "wrong", f"bob@{acme.slug}.test")).status_code == 401


async def test_attempts_at_one_moment_are_all_counted(app: Application, second: Application) -> None:
    async def attempt(number: int) -> bool:
        try:
            await attempts.count((app, second)[number % 2].pool, MINUTES, "at one moment")
        except TooMany:
            return False
        return True

    assert sum(await asyncio.gather(*[attempt(number) for number in range(60)])) == 5


async def test_a_bucket_fills_up_with_time_and_holds_no_more_than_its_burst(app: Application) -> None:
    for passed, allowed in ((timedelta(), 5), (timedelta(minutes=2), 2), (timedelta(days=1), 5)):
        await later(app, passed)
        for _ in range(allowed):
            await attempts.count(app.pool, MINUTES, "fills up")
        with pytest.raises(TooMany) as refused:
            await attempts.count(app.pool, MINUTES, "fills up")
        assert 0 < int(str(refused.value.extra["retry_after_s"])) <= 61


async def test_what_is_over_goes_away_with_the_next_attempts_and_nothing_else(app: Application) -> None:
    await app.pool.execute("delete from sign_in_attempts")
    await app.pool.execute(
        """insert into sign_in_attempts select sha256(n::text::bytea),
        clock_timestamp() + case when n % 2 = 0 then interval '1 hour' else interval '-1 second' end
        from generate_series(1, 100) as n"""
    )
    for number in range(5):
        await attempts.count(app.pool, MINUTES, f"name {number}")
    kept = "select count(*) filter (where full_at > clock_timestamp()) from sign_in_attempts"
    assert await app.pool.fetchval("select count(*) from sign_in_attempts") == 50 + 5
    assert await app.pool.fetchval(kept) == 50 + 5


async def test_who_signs_in_rightly_does_not_use_up_the_attempts_of_an_address(acme: World, app: Application) -> None:
    await invited(acme)
    await app.pool.execute("delete from sign_in_attempts")
    for _ in range(3):
        assert (await tried(app, acme, PASSWORD)).status_code == 201
    left = "select coalesce(max(full_at) > clock_timestamp(), false) from sign_in_attempts"
    assert await app.pool.fetchval(left) is False
    await tried(app, acme, "wrong")
    assert await app.pool.fetchval(left) is True


@pytest.mark.parametrize("kind", ["email", "address"])
async def test_no_name_is_kept(acme: World, app: Application, kind: str) -> None:
    typed = "my password, typed into the wrong field"
    await attempts.count(app.pool, Limit(kind, 10, timedelta(minutes=1)), typed)
    rows = await app.pool.fetch("select * from sign_in_attempts")
    assert rows
    assert all(len(row["name"]) == 32 for row in rows)
    assert acme.slug.encode() not in b"".join(row["name"] for row in rows)
