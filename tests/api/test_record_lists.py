"""Lists of records: filtered by conditions, and tasks by whose they are."""

import json
from typing import Any

import httpx
import pytest

from cuework.base.ids import new_id
from cuework.db import tenancy
from cuework.testing.application import World


async def made(world: World, path: str, **fields: Any) -> dict[str, Any]:
    answer = await world.member.post(path, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(world: World, path: str, **params: Any) -> list[str]:
    answer = await world.viewer.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [item.get("title") or item.get("name") or item.get("first_name") for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"all": [{"field": "contact.lead_score", "op": "gte", "value": 10}]}, ["Bob", "Ada"]),
        ({"all": [{"field": "contact.tags", "op": "any_of", "value": ["VIP"]}]}, ["Ada"]),
        ({"none": [{"field": "contact.email", "op": "known"}]}, ["Cy"]),
        ({"all": [{"field": "company.name", "op": "starts_with", "value": "ana"}]}, ["Ada"]),
        ({"any": [{"field": "contact.first_name", "op": "eq", "value": "cy"}]}, ["Cy"]),
    ],
)
async def test_a_list_is_filtered_by_a_condition(acme: World, condition: dict[str, Any], names: list[str]) -> None:
    company = await made(acme, "/companies", name="Analytical")
    await made(
        acme,
        "/contacts",
        first_name="Ada",
        email="a@example.com",
        lead_score=10,
        tags=["vip"],
        company_id=company["id"],
    )
    await made(acme, "/contacts", first_name="Bob", email="b@example.com", lead_score=20)
    await made(acme, "/contacts", first_name="Cy")
    assert await listed(acme, "/contacts", filter=json.dumps(condition)) == names


async def test_filter_parameters_and_pages_go_together(acme: World) -> None:
    for n in range(6):
        await made(acme, "/deals", name=f"D{n}", value=n * 10, status="won" if n % 2 else "open")
    condition = json.dumps({"all": [{"field": "deal.value", "op": "gt", "value": 5}]})
    params = {"filter": condition, "status": "won", "sort": "-value", "limit": 2}
    first = (await acme.viewer.get("/deals", params=params)).json()
    second = (await acme.viewer.get("/deals", params=params | {"cursor": first["next_cursor"]})).json()
    assert [deal["name"] for deal in first["items"] + second["items"]] == ["D5", "D3", "D1"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    "condition",
    [
        '{"all": [{"field": "contact.lead_scor", "op": "gte", "value": 1}]}',
        '{"all": [{"field": "contact.lead_score", "op": "gte", "value": "x"}]}',
        '{"all": [{"expression": "1 > 0"}]}',
        "[1]",
        "{",
        '{"al": []}',
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused_with_its_place(acme: World, condition: str) -> None:
    answer = await acme.viewer.get("/contacts", params={"filter": condition})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"].startswith("query.filter")


async def test_tasks_are_mine_my_teams_or_overdue(acme: World) -> None:
    async with signed_in(acme) as me:
        user_id = (await me.get("/me")).json()["user"]["id"]
        team_id = await team_of(acme, user_id)
        await made(acme, "/tasks", title="mine", assignee_id=user_id, due_at="2020-01-01T00:00:00Z")
        await made(acme, "/tasks", title="the team's", team_id=team_id, due_at="2999-01-01T00:00:00Z")
        await made(acme, "/tasks", title="nobody's")
        done = await made(acme, "/tasks", title="done", assignee_id=user_id, due_at="2020-01-01T00:00:00Z")
        await acme.member.patch(f"/tasks/{done['id']}", json={"status": "done"})

        async def mine(**params: Any) -> list[str]:
            return [task["title"] for task in (await me.get("/tasks", params=params)).json()["items"]]

        assert await mine(assignee="me", status="open") == ["mine"]
        assert await mine(assignee=user_id) == ["done", "mine"]
        assert await mine(team="mine") == ["the team's"]
        assert await mine(overdue="true") == ["mine"]
        assert await mine(overdue="false", sort="title") == ["done", "nobody's", "the team's"]
        assert await mine(assignee="none", team="none") == ["nobody's"]
        assert (await me.get("/tasks", params={"assignee": "you"})).status_code == 422


def signed_in(world: World) -> httpx.AsyncClient:
    return _SignedIn(world)  # pyright: ignore[reportReturnType]


class _SignedIn:
    """A client with a person's session."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __aenter__(self) -> httpx.AsyncClient:
        email = f"me@{self.world.slug}.example"
        person = {"email": email, "name": "Me", "role": "member", "password": "correct horse battery"}
        answer = await self.world.owner.post("/users", json=person)
        assert answer.status_code == 201, answer.text
        self.client = self.world.app.client()
        await self.client.post("/session", json={"email": email, "password": "correct horse battery"})
        return self.client

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()


async def team_of(world: World, user_id: str) -> str:
    team_id = new_id()
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        await connection.execute(
            "insert into teams (tenant_id, id, key, name) values ($1, $2, 'us', 'Us')", world.tenant_id, team_id
        )
        await connection.execute(
            "insert into team_members (tenant_id, team_id, user_id) values ($1, $2, $3)",
            world.tenant_id,
            team_id,
            user_id,
        )
        await connection.execute(
            "update tenants set catalog_epoch = catalog_epoch + 1 where tenant_id = $1", world.tenant_id
        )
    return str(team_id)
