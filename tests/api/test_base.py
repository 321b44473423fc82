"""What every operation has in common: who asks, bad input, problems, headers."""

from collections.abc import AsyncGenerator

import pytest

from cuework.crm.actor import Role
from cuework.testing.application import World


async def test_a_key_says_who_asks(acme: World) -> None:
    answer = await acme.manager.get("/me")
    assert answer.status_code == 200
    assert answer.json()["role"] == "manager"
    assert answer.json()["tenant"]["slug"] == acme.slug


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer cw_zz_x", ""])
async def test_a_broken_key_is_no_key(acme: World, header: str) -> None:
    async with acme.app.client(Authorization=header) as nobody:
        answer = await nobody.get("/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_of_one_tenant_opens_no_other(acme: World, other: World) -> None:
    secret = acme.owner.headers["Authorization"].split("_", 2)[2]
    async with acme.app.client(f"cw_{other.tenant_id.hex}_{secret}") as thief:
        assert (await thief.get("/me")).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b'{"email": ', 400, "line 1"),
        (b"[" * 5000, 413, "nested"),
        (b"[" * 200 + b"]" * 200, 413, "nested"),
        (b'{"email": "a\\u0000b", "password": "x"}', 422, "NUL"),
        (b'{"email": "\\ud800", "password": "x"}', 422, "surrogate"),
        (b'{"email": "\xff", "password": "x"}', 400, "UTF-8"),
        (b'{"email": "' + b"x" * 3_000_000 + b'"}', 413, "limit"),
        (b'{"email": 5, "password": ["x"]}', 422, "email"),
        (b'{"password": "x"}', 422, "required"),
        (b"", 422, "body"),
    ],
)
async def test_bad_bodies_are_the_requests_fault(acme: World, body: bytes, status: int, word: str) -> None:
    async with acme.app.client() as nobody:
        answer = await nobody.post("/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.text
    assert answer.json()["status"] == status


async def test_a_body_that_does_not_say_its_length_is_limited_too(acme: World) -> None:
    async def parts() -> AsyncGenerator[bytes]:
        for _ in range(300):
            yield b" " * 10_000

    async with acme.app.client() as nobody:
        answer = await nobody.post("/session", content=parts(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


async def test_an_unknown_field_is_named_with_what_was_probably_meant(acme: World) -> None:
    async with acme.app.client() as nobody:
        answer = await nobody.post("/session", json={"email": "a@b.test", "password": "x", "tennant": "acme"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"path": "tennant", "message": "there is no field tennant", "suggestion": "did you mean tenant?"}
    ]


async def test_an_unknown_address_and_method_are_problems(acme: World) -> None:
    assert (await acme.owner.get("/nothing")).json()["type"] == "urn:cuework:problem:not_found"
    answer = await acme.owner.put("/me", json={})
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


async def test_every_answer_has_security_headers_and_an_id(acme: World) -> None:
    for answer in (await acme.owner.get("/me"), await acme.owner.get("/nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"]


async def test_the_server_is_alive_and_ready_only_with_a_worker(acme: World) -> None:
    async with acme.app.browser() as anybody:
        assert (await anybody.get("/healthz")).json() == {"status": "alive"}
        await acme.app.pool.execute("delete from processes")
        assert (await anybody.get("/readyz")).status_code == 503
        await acme.app.pool.execute(
            "insert into processes (id, kind, host, pid) values (gen_random_uuid(), 'worker', 'here', 1)"
        )
        assert (await anybody.get("/readyz")).json() == {"status": "ready", "workers": 1}


async def test_the_document_is_openapi_3_1_with_roles_and_the_manual_needs_no_other_server(
    acme: World,
) -> None:
    async with acme.app.browser() as anybody:
        document = (await anybody.get("/api/openapi.json")).json()
        page = (await anybody.get("/api/docs")).text
        assert (await anybody.get("/api/docs/swagger-ui-bundle.js")).status_code == 200
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/api/v1/me"]["get"]["operationId"] == "get_me"
    assert document["paths"]["/api/v1/me"]["get"]["x-role"] == "viewer"
    assert "http://" not in page
    assert "https://" not in page


def test_roles_are_in_order() -> None:
    assert Role.OWNER > Role.ADMIN > Role.MANAGER > Role.MEMBER > Role.VIEWER > Role.PUBLIC
