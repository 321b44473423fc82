"""Inbound hooks: other systems call, each delivery is an event, repeated ones are dropped."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from cuework.db import tenancy
from cuework.testing.application import World


async def opened(world: World, key: str = "orders") -> dict[str, Any]:
    answer = await world.admin.post("/hooks", json={"key": key, "name": "Orders"})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


async def called(world: World, token: str, **request: Any) -> httpx.Response:
    async with world.app.client() as anybody:
        return await anybody.post(f"/hooks/{token}", **request)


async def events(world: World) -> list[Any]:
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        return await connection.fetch("select * from events order by id")


async def test_a_delivery_is_an_event_without_a_record_and_an_input(acme: World) -> None:
    hook = await opened(acme)
    secret = {"Authorization": "Bearer x", "X-Signature": "s", "X-Order-Event": "paid"}
    answer = await called(acme, hook["token"], json={"order": {"id": 7}}, headers=secret)
    assert answer.status_code == 202
    [event] = await events(acme)
    assert (event["type"], event["record_id"], str(event["id"])) == (
        "webhook.received",
        None,
        answer.json()["event_id"],
    )
    assert (event["data"]["body"], event["data"]["hook_key"]) == ({"order": {"id": 7}}, "orders")
    assert event["data"]["headers"]["x-order-event"] == "paid"
    assert not {"authorization", "x-signature"} & event["data"]["headers"].keys()
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        assert await connection.fetchval("select count(*) from inbox") == 1


@pytest.mark.parametrize("header", ["Idempotency-Key", "webhook-id", "X-Message-Id"])
async def test_a_repeated_message_id_is_dropped(acme: World, header: str) -> None:
    hook = await opened(acme)
    answers = [
        (await called(acme, hook["token"], json={"n": n}, headers={header: message})).json()["status"]
        for n, message in enumerate(["a", "a", "b"])
    ]
    assert answers == ["accepted", "duplicate", "accepted"]
    assert len(await events(acme)) == 2


async def test_deliveries_without_a_message_id_are_all_new(acme: World) -> None:
    hook = await opened(acme)
    for _ in range(2):
        await called(acme, hook["token"], data={"order": "7"})
    assert [event["data"]["body"] for event in await events(acme)] == [{"order": "7"}] * 2


async def test_a_token_is_shown_once_and_ends_with_its_rotation(acme: World, other: World) -> None:
    hook = await opened(acme)
    assert hook["token"].startswith(acme.tenant_id.hex)
    listed = await acme.manager.get("/hooks")
    assert hook["token"] not in listed.text
    fresh = (await acme.admin.post(f"/hooks/{hook['id']}/rotate")).json()
    assert (await called(acme, hook["token"], json={})).status_code == 404
    assert (await called(acme, fresh["token"], json={})).status_code == 202
    stolen = f"{other.tenant_id.hex}_{fresh['token'].partition('_')[2]}"
    for token in (stolen, "nonsense", f"{uuid4().hex}_x", "_"):
        assert (await called(acme, token, json={})).status_code == 404
    assert (await acme.admin.delete(f"/hooks/{hook['id']}")).status_code == 204
    assert (await called(acme, fresh["token"], json={})).status_code == 404


async def test_a_delivery_that_cannot_be_kept_is_refused(acme: World) -> None:
    hook = await opened(acme)
    as_json = {"Content-Type": "application/json"}
    for content, status in (
        (b"{", 400),
        (b'"\\u0000"', 422),
        (b'"' + b"x" * 300_000 + b'"', 413),
        (b"[" * 200 + b"]" * 200, 413),
    ):
        assert (await called(acme, hook["token"], content=content, headers=as_json)).status_code == status
    assert await events(acme) == []
    assert (await called(acme, hook["token"])).status_code == 202
