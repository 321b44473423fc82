"""Signing in by password, and what a session may do."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from cuework.crm.actor import Role
from cuework.db.tenancy import tenant_transaction
from cuework.testing.application import World

PASSWORD = "correct horse battery"


async def _invited(acme: World, email: str = "ada@acme.test", role: str = "member") -> str:
    answer = await acme.owner.post("/users", json={"email": email, "name": "Ada", "role": role, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@asynccontextmanager
async def _signed_in(acme: World, password: str = PASSWORD) -> AsyncGenerator[httpx.AsyncClient]:
    async with acme.app.client() as browser:
        who = {"email": "ada@acme.test", "password": password, "tenant": acme.slug}
        answer = await browser.post("/session", json=who)
        assert answer.status_code == 201, answer.text
        me = await browser.get("/me")
        browser.headers["X-CSRF-Token"] = me.json()["csrf_token"]
        yield browser


async def test_a_person_signs_in_and_out(acme: World) -> None:
    await _invited(acme)
    async with _signed_in(acme) as browser:
        me = (await browser.get("/me")).json()
        assert (me["user"]["email"], me["role"]) == ("ada@acme.test", "member")
        assert (await browser.delete("/session")).status_code == 204
        assert (await browser.get("/me")).status_code == 401


async def test_a_session_ends_when_it_expires(acme: World) -> None:
    await _invited(acme)
    async with _signed_in(acme) as browser:
        async with tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
            query = "update sessions set expires_at = now() where tenant_id = $1 returning expires_at"
            assert await connection.fetchval(query, acme.tenant_id) is not None
        assert (await browser.get("/me")).status_code == 401


async def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(acme: World) -> None:
    await _invited(acme)
    async with acme.app.client() as browser:
        who = {"email": "ADA@acme.test ", "password": PASSWORD, "tenant": acme.slug}
        answer = await browser.post("/session", json=who)
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert cookie.startswith(f"cuework_session={acme.tenant_id.hex}.")


async def test_a_change_without_the_csrf_token_is_refused(acme: World) -> None:
    await _invited(acme)
    async with _signed_in(acme) as browser:
        del browser.headers["X-CSRF-Token"]
        refused = await browser.patch("/me", json={"name": "Eve"})
        assert refused.status_code == 403
        assert "X-CSRF-Token" in refused.json()["detail"]
        assert (await browser.get("/me")).json()["user"]["name"] == "Ada"


async def test_wrong_emails_and_passwords_answer_the_same(acme: World) -> None:
    await _invited(acme)
    async with acme.app.client() as browser:
        wrong = [
            await browser.post("/session", json={"email": email, "password": password, "tenant": tenant})
            for email, password, tenant in (
                ("ada@acme.test", "not the password", acme.slug),
                ("nobody@acme.test", PASSWORD, acme.slug),
                ("ada@acme.test", PASSWORD, "no-such-tenant"),
            )
        ]
    assert {answer.status_code for answer in wrong} == {401}
    assert len({answer.text for answer in wrong}) == 1


async def test_guessing_is_slowed_down(acme: World) -> None:
    who = {"email": f"guess@{acme.slug}.test", "password": "wrong", "tenant": acme.slug}
    async with acme.app.client() as browser:
        answers = [await browser.post("/session", json=who) for _ in range(12)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_deactivated_person_is_out_at_once_and_comes_back_when_restored(acme: World) -> None:
    user_id = await _invited(acme)
    async with _signed_in(acme) as browser:
        assert (await acme.owner.delete(f"/users/{user_id}")).json()["active"] is False
        assert (await browser.get("/me")).status_code == 401
        who = {"email": "ada@acme.test", "password": PASSWORD, "tenant": acme.slug}
        assert (await browser.post("/session", json=who)).status_code == 401
        assert (await acme.owner.post(f"/users/{user_id}/restore")).json()["active"] is True
        assert (await browser.post("/session", json=who)).status_code == 201


async def test_a_changed_password_ends_the_other_sessions_and_takes_the_current_one(acme: World) -> None:
    await _invited(acme)
    async with _signed_in(acme) as browser, _signed_in(acme) as elsewhere:
        refused = await browser.patch("/me", json={"password": "another long one", "current_password": "no"})
        assert refused.status_code == 403
        changed = {"password": "another long one", "current_password": PASSWORD}
        assert (await browser.patch("/me", json=changed)).status_code == 200
        assert (await browser.get("/me")).status_code == 200
        assert (await elsewhere.get("/me")).status_code == 401
    async with _signed_in(acme, password="another long one") as browser:
        assert (await browser.get("/me")).status_code == 200


async def test_who_belongs_to_two_tenants_says_which(acme: World, other: World) -> None:
    email = f"both@{acme.slug}.test"
    await _invited(acme, email)
    await _invited(other, email)
    async with acme.app.client() as browser:
        answer = await browser.post("/session", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 409
    assert sorted(answer.json()["tenants"]) == sorted([acme.slug, other.slug])


async def test_a_session_of_one_tenant_is_none_in_another(acme: World, other: World) -> None:
    await _invited(acme)
    async with _signed_in(acme) as browser:
        cookie = browser.cookies["cuework_session"]
        forged = cookie.replace(acme.tenant_id.hex, other.tenant_id.hex)
        browser.cookies.clear()
        browser.cookies.set("cuework_session", forged)
        assert (await browser.get("/me")).status_code == 401


def test_the_world_has_a_client_per_role(acme: World) -> None:
    assert all(hasattr(acme, role.spelled) for role in Role if role is not Role.PUBLIC)
