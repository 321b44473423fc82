"""Quarantine over HTTP: what is held back, in words, and deciding about one or many."""

from typing import Any
from uuid import UUID, uuid4

from tests.api.given import published

from cuework.db.tenancy import tenant_transaction
from cuework.runtime.poison import quarantine
from cuework.testing.application import World
from cuework.testing.passes import run_passes

TAG = {
    "name": "Tag",
    "trigger": {"type": "contact.created"},
    "steps": [{"id": "tag", "type": "contact.add_tag", "tag": "seen"}],
}


async def aside(world: World, *names: str) -> list[str]:
    """Events of new contacts that were put aside, as if a worker could not handle them; their ids."""
    made: list[str] = []
    for name in names:
        assert (await world.member.post("/contacts", json={"first_name": name})).status_code == 201
        async with tenant_transaction(world.app.pool, world.tenant_id) as connection:
            identity = await connection.fetchval("select id from inbox where tenant_id = $1", world.tenant_id)
            error = "NumericValueOutOfRangeError: value out of range"
            await quarantine(connection, world.tenant_id, identity, "error", error, trace="Traceback: here")
        made.append(str(identity))
    return made


async def held(world: World, **query: Any) -> dict[str, Any]:
    answer = await world.manager.get("/quarantine", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_is_held_back_is_told_in_words(acme: World) -> None:
    await published(acme, TAG)
    [identity] = await aside(acme, "Ada")
    page = await held(acme)
    assert page["held"] == 1
    [item] = page["items"]
    assert (item["id"], item["kind"], item["reason"], item["state"]) == (identity, "event", "error", "held")
    assert item["what"] == "The event contact.created"
    assert item["why"] == "A number is too large for the field that it should go into."
    assert item["error"] == "NumericValueOutOfRangeError: value out of range"
    assert item["trace"] == "Traceback: here"
    assert item["record"]["name"] == "Ada"
    assert item["event"]["type"] == "contact.created"
    assert (await acme.member.get("/quarantine")).status_code == 403


async def test_the_list_goes_in_pages_and_narrows(acme: World) -> None:
    await published(acme, TAG)
    ids = await aside(acme, "Ada", "Ben", "Cleo")
    found: list[str] = []
    cursor = None
    while True:
        page = await held(acme, limit=2, **({"cursor": cursor} if cursor else {}))
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ids[::-1]
    record = (await held(acme))["items"][0]["record"]["id"]
    assert [item["id"] for item in (await held(acme, record_id=record))["items"]] == [ids[2]]
    assert (await held(acme, kind="effect"))["items"] == []
    assert (await held(acme, reason="killed"))["items"] == []
    assert (await held(acme, workflow_id=str(uuid4())))["items"] == []
    assert (await held(acme, state="discarded"))["items"] == []


async def test_a_retried_input_is_handled_and_gone(acme: World) -> None:
    await published(acme, TAG)
    [identity] = await aside(acme, "Ada")
    answer = await acme.manager.post(f"/quarantine/{identity}/retry")
    assert (answer.status_code, answer.json()) == (202, {"id": identity, "accepted": "retry"})
    await run_passes(acme.app.pool, acme.tenant_id)
    assert (await held(acme))["held"] == 0
    assert len((await acme.viewer.get("/executions")).json()["items"]) == 1
    assert (await acme.manager.post(f"/quarantine/{identity}/retry")).status_code == 404


async def test_a_discarded_input_says_who_and_why(acme: World) -> None:
    await published(acme, TAG)
    [identity] = await aside(acme, "Ada")
    answer = await acme.manager.post(f"/quarantine/{identity}/discard", json={"note": "A test contact"})
    assert answer.status_code == 200
    [item] = (await held(acme, state="discarded"))["items"]
    assert (item["id"], item["note"], item["decided_at"] is not None) == (identity, "A test contact", True)
    assert (await acme.manager.post(f"/quarantine/{identity}/retry")).status_code == 409
    audit = (await acme.owner.get("/audit", params={"action": "quarantine.discard"})).json()["items"]
    assert audit[0]["after"] == {"inputs": [identity], "note": "A test contact"}
    assert audit[0]["subject"] == {"type": "quarantine", "id": identity, "name": None}


async def test_many_are_decided_on_at_once_and_those_that_cannot_be_say_why(acme: World, other: World) -> None:
    await published(acme, TAG)
    ids = await aside(acme, "Ada", "Ben")
    unknown = str(uuid4())
    foreign = await other.manager.post("/quarantine/bulk", json={"action": "discard", "ids": ids})
    assert foreign.json()["done"] == []
    answer = await acme.manager.post("/quarantine/bulk", json={"action": "retry", "ids": [*ids, unknown]})
    assert answer.status_code == 202
    assert sorted(answer.json()["done"]) == sorted(ids)
    assert answer.json()["left"] == [{"id": unknown, "why": "It is not held back any more."}]
    await run_passes(acme.app.pool, acme.tenant_id)
    assert len((await acme.viewer.get("/executions")).json()["items"]) == 2
    assert UUID(unknown)
