"""Bulk requests: what is wrong fails alone, the rest commits together."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from tests.api.given import published

from cuework.db import tenancy
from cuework.testing.application import World
from cuework.workflows.verify import verify_tenant


async def bulk(world: World, path: str = "/contacts", **body: Any) -> dict[str, Any]:
    answer = await world.member.post(f"{path}/bulk", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def stored(world: World, query: str) -> list[Any]:
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        return await connection.fetch(query)


def statuses(answer: dict[str, Any]) -> list[str]:
    return [item["status"] for item in answer["items"]]


def complaints(answer: dict[str, Any]) -> list[str]:
    return [error["path"] for item in answer["items"] for error in item["errors"]]


async def test_a_thousand_contacts_are_created_and_changed_with_few_statements(
    acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    fetch = asyncpg.Connection.fetch

    async def counted(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
        statements.append(query)
        return await fetch(self, query, *arguments, **options)

    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    people = [{"first_name": f"P{n}", "email": f"p{n}@example.com", "tags": ["import"]} for n in range(1000)]
    made = await bulk(acme, create=people)
    assert (made["created"], made["failed"]) == (1000, 0)
    changes = [{"id": item["id"], "lead_score": n} for n, item in enumerate(made["items"])]
    changed = await bulk(acme, update=changes)
    assert (changed["updated"], changed["unchanged"]) == (999, 1)
    assert len(statements) < 20
    [row] = await stored(acme, "select count(*) as n, sum(lead_score) as score from contacts")
    assert (row["n"], row["score"]) == (1000, 999 * 500)


async def test_invalid_items_fail_alone_and_are_named(acme: World) -> None:
    [ada] = (await bulk(acme, create=[{"email": "ada@example.com"}]))["items"]
    answer = await bulk(
        acme,
        create=[
            {"email": "bob@example.com"},
            {"email": "BOB@example.com"},
            {"email": "Ada@example.com"},
            {"frist_name": "x"},
            "nonsense",
            {"company_id": str(uuid4())},
        ],
        update=[
            {"id": ada["id"], "email": "ADA@example.com"},
            {"id": ada["id"], "phone": "+4930123456"},
            {"id": str(uuid4()), "phone": "+4930123456"},
            {"phone": "+4930123456"},
        ],
    )
    assert statuses(answer) == ["created"] + ["failed"] * 5 + ["updated"] + ["failed"] * 3
    assert complaints(answer) == [
        "create.1.email",
        "create.2.email",
        "create.3.frist_name",
        "create.4",
        "create.5.company_id",
        "update.1.id",
        "update.2.id",
        "update.3.id",
    ]
    assert ada["id"] in answer["items"][2]["errors"][0]["message"]
    assert len(await stored(acme, "select from contacts")) == 2


async def test_records_without_their_name_fail_and_leave_no_event(acme: World) -> None:
    answer = await bulk(acme, "/deals", create=[{"name": "Engine"}, {}])
    assert statuses(answer) == ["created", "failed"]
    assert complaints(answer) == ["create.1.name"]
    assert len(await stored(acme, "select from events")) == 1


async def test_a_batch_starts_workflows_at_bulk_priority(acme: World) -> None:
    answer = await bulk(acme, "/tasks", create=[{"title": "A"}, {"title": "B"}])
    assert [row["priority"] for row in await stored(acme, "select priority from inbox")] == [1, 1]
    batches = {str(row["batch_id"]) for row in await stored(acme, "select batch_id from events")}
    assert batches == {answer["batch_id"]}


async def test_a_batch_that_starts_nothing_has_events_and_no_inputs(acme: World) -> None:
    steps = [{"id": "note", "type": "activity.log", "text": "New"}]
    workflow = await published(acme, {"name": "Greet", "trigger": {"type": "company.created"}, "steps": steps})
    answer = await bulk(acme, "/companies", create=[{"name": "A"}], workflows="none")
    assert len(await stored(acme, "select from events")) == 1
    assert await stored(acme, "select from inbox") == []
    assert (await verify_tenant(acme.app.pool, acme.tenant_id)).broken == {}
    about = {"record_type": "company", "record_id": answer["items"][0]["id"]}
    explained = (await acme.viewer.get(f"/workflows/{workflow}/explain", params=about)).json()
    assert explained["events"][0]["outcome"] == "mass_edit"
    assert "it came with a mass edit that was to start no workflow" in explained["sentences"][0]


async def test_what_a_batch_cannot_be_is_said(acme: World) -> None:
    for body, path in (
        ({"workflows": "hold"}, "workflows"),
        ({"create": [{}] * 600, "update": [{}] * 600}, ""),
        ({"create": [{}] * 1001}, "create"),
        ({"creat": []}, "creat"),
    ):
        answer = await acme.member.post("/contacts/bulk", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)
