"""Every list of the API has the same three parameters, and is page by page what it is as a whole.

The lists are found in the OpenAPI document, so that a new one is held to this too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio
from tests.api.contract import CheckedApplication
from tests.api.given import published

from cuework.api.records import PLURAL
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.poison import quarantine
from cuework.testing.application import World
from cuework.testing.passes import run_passes

PASSWORD = "correct horse battery"
CONSENT = {"key": "news", "label": "News", "type": "consent", "text": "You may write to me."}
FIELDS = [{"key": "email", "label": "Email", "type": "email"}, CONSENT]
MAIL = {"host": "mail.example.com", "from_email": "us@example.com", "sandbox": True}
LETTERS = ("a", "b", "c")


@dataclass(frozen=True)
class List:
    """A list of the document, and how it is asked for."""

    client: httpx.AsyncClient
    path: str
    query: Mapping[str, str]

    async def page(self, **query: Any) -> dict[str, Any]:
        answer = await self.client.get(self.path, params={**self.query, **query})
        assert answer.status_code == 200, f"{self.path}: {answer.text}"
        return answer.json()

    async def refusal(self, **query: Any) -> dict[str, Any]:
        """What is wrong with that query, the first of it."""
        answer = await self.client.get(self.path, params={**self.query, **query})
        assert answer.status_code == 422, f"{self.path} took {query}"
        return answer.json()["errors"][0]


@pytest_asyncio.fixture
async def lists(acme: World, app: CheckedApplication) -> Any:
    """Every list of a tenant that has at least three of each thing, by its path in the document."""
    async with acme.app.client() as browser:
        known = await three_of_each(acme, browser)
        yield {path: known[path] for path in found_in(app.contract.document)}


def found_in(document: Mapping[str, Any]) -> list[str]:
    """The paths whose GET answers items and a cursor."""
    return [path for path, item in document["paths"].items() if "get" in item and _is_list(document, item["get"])]


def _is_list(document: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
    content = operation["responses"]["200"].get("content", {}).get("application/json")
    schema = content["schema"] if content else {}
    named = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return {"items", "next_cursor"} <= named.get("properties", {}).keys()


async def made(client: httpx.AsyncClient, path: str, body: Any) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code < 300, f"{path}: {answer.text}"
    return answer.json()


async def three_of_each(world: World, browser: httpx.AsyncClient) -> dict[str, List]:
    await set_up(world)
    form = await forms(world)
    contact, company, deal, task = await records(world)
    workflow = await workflows(world, contact)
    await put_aside(world)
    await notifications(world, browser)
    viewer, prefix = world.viewer, "/api/v1"
    plain = ("users", "teams", "pipelines", "lifecycle-stages", "custom-fields", "tags", "forms", "node-types")
    plain += ("contacts", "companies", "deals", "tasks", "activities", "events", "workflows", "workflow-examples")
    plain += ("executions", "jobs")
    found = {f"{prefix}/{name}": List(viewer, f"/{name}", {}) for name in plain}
    found |= {f"{prefix}/{name}": List(world.admin, f"/{name}", {}) for name in ("audit", "api-keys", "hooks")}
    found |= {f"{prefix}/{name}": List(world.manager, f"/{name}", {}) for name in ("quarantine", "connections")}
    for plural, identity in (("contacts", contact), ("companies", company), ("deals", deal), ("tasks", task)):
        found[f"{prefix}/{plural}/{{id}}/timeline"] = List(viewer, f"/{plural}/{identity}/timeline", {})
    return found | {
        f"{prefix}/notifications": List(browser, "/notifications", {}),
        f"{prefix}/search": List(viewer, "/search", {"q": "same"}),
        f"{prefix}/contacts/{{id}}/messages": List(viewer, f"/contacts/{contact}/messages", {}),
        f"{prefix}/forms/{{id}}/submissions": List(viewer, f"/forms/{form}/submissions", {}),
        f"{prefix}/workflows/{{workflow_id}}/versions": List(viewer, f"/workflows/{workflow}/versions", {}),
    }


async def set_up(world: World) -> None:
    """Things of one name and place, so that only the id tells them apart, and things that differ."""
    admin, stage = world.admin, {"key": "new", "name": "New"}
    for letter in LETTERS:
        await made(admin, "/users", {"email": f"{letter}@acme.test", "name": "Same", "password": PASSWORD})
        await made(admin, "/teams", {"key": letter, "name": "Same"})
        await made(admin, "/pipelines", {"key": letter, "name": "Same", "stages": [stage]})
        await made(admin, "/connections", {"key": letter, "name": letter, "type": "smtp", "config": MAIL})
        await made(admin, "/hooks", {"key": letter, "name": "Same"})
        await made(admin, "/tags", {"name": letter})
        await made(admin, "/lifecycle-stages", {"key": letter, "name": letter, "position": 5})
        for kind in ("contact", "deal"):
            field = {"record_type": kind, "key": letter, "name": "Same", "type": "text"}
            await made(admin, "/custom-fields", field)


async def forms(world: World) -> str:
    """The form that has answers."""
    ids = [(await made(world.manager, "/forms", {"name": "Same", "key": k, "fields": FIELDS}))["id"] for k in LETTERS]
    async with world.app.client() as anybody:
        for letter in LETTERS:
            await made(anybody, f"/forms/{ids[0]}/submit", {"email": f"{letter}@example.com", "news": True})
    return ids[0]


async def records(world: World) -> list[str]:
    """A record of each kind that has been changed twice, with activities."""
    new = {
        "contacts": {"first_name": "Same"},
        "companies": {"name": "Same"},
        "deals": {"name": "Same"},
        "tasks": {"title": "Same"},
    }
    ids: list[str] = []
    for plural, body in new.items():
        made_ids = [(await made(world.member, f"/{plural}", body))["id"] for _ in LETTERS]
        name = next(iter(body))
        for value in ("Same but", "Same"):
            answer = await world.member.patch(f"/{plural}/{made_ids[0]}", json={name: value})
            assert answer.status_code == 200, answer.text
        ids.append(made_ids[0])
    for _ in LETTERS:
        await made(world.member, "/activities", {"record": {"type": "contact", "id": ids[0]}, "text": "Nice"})
    return ids


async def workflows(world: World, contact: str) -> str:
    """Workflows that write to the contact, and jobs about them. The answer: the one with several versions."""
    assert (await world.member.patch(f"/contacts/{contact}", json={"email": "same@example.com"})).status_code == 200
    ids: list[str] = []
    for letter in LETTERS:
        mail = {"id": "mail", "type": "email.send", "connection": "a", "subject": letter, "body": "Hello"}
        trigger = {
            "type": "contact.updated",
            "when": {"field": "contact.email_consent", "op": "eq", "value": "granted"},
        }
        ids.append(await published(world, {"name": "Mail", "key": letter, "trigger": trigger, "steps": [mail]}))
    for _ in LETTERS:
        await made(world.manager, f"/workflows/{ids[0]}/publish", {})
    assert (await world.member.patch(f"/contacts/{contact}", json={"email_consent": "granted"})).status_code == 200
    await run_passes(world.app.pool, world.tenant_id)
    for letter in LETTERS:
        many = {"action": "cancel", "filter": {"workflow_id": ids[0]}, "name": letter}
        await made(world.manager, "/executions/bulk", many)
    return ids[0]


async def put_aside(world: World) -> None:
    async with tenant_transaction(world.app.pool, world.tenant_id) as connection:
        ids = await connection.fetch("select id from inbox where tenant_id = $1 limit 3", world.tenant_id)
        assert len(ids) == 3
        for row in ids:
            await quarantine(connection, world.tenant_id, row["id"], "error", "KeyError: x", trace="Traceback: here")


async def notifications(world: World, browser: httpx.AsyncClient) -> None:
    """Three for the person whose browser it is."""
    await made(browser, "/session", {"email": "a@acme.test", "password": PASSWORD, "tenant": world.slug})
    async with tenant_transaction(world.app.pool, world.tenant_id) as connection:
        await connection.execute(
            """insert into notifications (tenant_id, id, user_id, text, created_at)
            select $1, gen_random_uuid(), id, 'News', now() from users, generate_series(1, 3)
            where tenant_id = $1 and email = 'a@acme.test'""",
            world.tenant_id,
        )


def identities(items: list[dict[str, Any]]) -> list[Any]:
    """What tells the items apart. Not the whole: an execution that runs gets older between two pages."""
    name = next(name for name in ("id", "version", "key", "type", "name") if name in items[0])
    return [item[name] for item in items]


async def walked(one: List) -> list[dict[str, Any]]:
    """The list, one item at a time."""
    items: list[dict[str, Any]] = []
    page = await one.page(limit=1)
    while True:
        items += page["items"]
        assert len(page["items"]) == 1
        if page["next_cursor"] is None:
            return items
        page = await one.page(limit=1, cursor=page["next_cursor"])


async def test_every_list_is_page_by_page_what_it_is_as_a_whole_however_it_is_sorted(lists: dict[str, List]) -> None:
    assert len(lists) > 25
    for path, one in lists.items():
        whole = await one.page(limit=500)
        names = identities(whole["items"])
        assert whole["next_cursor"] is None, path
        assert len(names) >= 3, path
        assert len(set(names)) == len(names), path
        assert identities(await walked(one)) == names, path
        assert identities((await one.page())["items"])[:50] == names[:50], path
        await check_sorts(path, one)


async def test_a_limit_that_no_list_has_is_refused_by_name(lists: dict[str, List]) -> None:
    for one in lists.values():
        for limit, words in (
            ("0", "must be at least 1"),
            ("501", "must be at most 500"),
            ("x", "must be a whole number"),
        ):
            problem = await one.refusal(limit=limit)
            assert problem["path"] == "query.limit"
            assert words in problem["message"]


async def test_a_cursor_that_is_none_of_the_lists_is_refused_by_name(lists: dict[str, List]) -> None:
    names = lists["/api/v1/tags"]
    strange = (await names.page(limit=1))["next_cursor"]
    for path, one in lists.items():
        for cursor in ("x", "W10", *([strange] if one is not names else [])):
            problem = await one.refusal(cursor=cursor)
            assert problem == {"path": "query.cursor", "message": "is not valid here"}, path


async def check_sorts(path: str, one: List) -> None:
    """The list is that in two pages as well, however it is sorted."""
    if path.rpartition("/")[2] in PLURAL.values():  # which have many, and tests of their own
        return
    for sort in [f"-{name}" for name in (await sorts(one))[:2]]:
        whole = identities((await one.page(limit=500, sort=sort))["items"])
        first = await one.page(limit=len(whole) // 2, sort=sort)
        rest = await one.page(limit=500, sort=sort, cursor=first["next_cursor"])
        assert identities(first["items"] + rest["items"]) == whole, f"{path} by {sort}"
        other = await one.refusal(sort=sort.removeprefix("-"), cursor=first["next_cursor"])
        assert other["path"] == "query.cursor", path


async def test_a_list_that_is_no_tables_is_sorted_all_the_same(acme: World) -> None:
    types = List(acme.viewer, "/node-types", {})
    titles = [item["title"].casefold() for item in (await types.page(sort="-title"))["items"]]
    assert titles == sorted(titles, reverse=True)
    answer = await acme.viewer.get("/node-types", params={"sort": "titel"})
    assert answer.json()["detail"] == "This list cannot be sorted by 'titel'; it can by type, title, group."
    assert "title" in answer.json()["errors"][0]["suggestion"]


async def sorts(one: List) -> list[str]:
    """What the list can be sorted by, as it says when it is asked for what it cannot."""
    answer = await one.client.get(one.path, params={**one.query, "sort": "nonsense"})
    assert answer.status_code == 422, f"{one.path} took it"
    [problem] = answer.json()["errors"]
    assert problem["path"] == "query.sort", one.path
    told = re.findall(r"-?(\w+)", problem["message"].removeprefix("must be ").replace(" or ", " "))  # one of a few
    listed = answer.json()["detail"].partition("it can by ")[2].rstrip(".")
    return listed.split(", ") if listed else sorted(set(told))


async def test_the_document_tells_the_parameters_of_every_list(app: CheckedApplication) -> None:
    document = app.contract.document
    for path in found_in(document):
        told = {each["name"]: each["schema"] for each in document["paths"][path]["get"]["parameters"]}
        limit = next((each for each in told["limit"].get("anyOf", []) if each["type"] == "integer"), told["limit"])
        assert (limit["minimum"], limit["maximum"]) == (1, 500), path
        assert {"cursor", "sort"} <= told.keys(), path


async def test_short_lists_are_whole_unless_a_limit_is_asked_for(acme: World) -> None:
    for number in range(60):
        await made(acme.admin, "/lifecycle-stages", {"key": f"k{number}", "name": "Same"})
    stages = List(acme.viewer, "/lifecycle-stages", {})
    whole = await stages.page()
    assert (len(whole["items"]), whole["next_cursor"]) == (68, None)
    first = await stages.page(limit=10)
    rest = await stages.page(cursor=first["next_cursor"])
    assert identities(first["items"] + rest["items"]) == identities(whole["items"])


async def test_a_page_goes_on_where_it_ended_when_that_item_is_gone(acme: World) -> None:
    teams = [(await made(acme.admin, "/teams", {"key": key, "name": key}))["id"] for key in LETTERS]
    one = List(acme.viewer, "/teams", {})
    first = await one.page(limit=1)
    assert (await acme.admin.delete(f"/teams/{teams[0]}")).status_code == 204
    assert identities((await one.page(cursor=first["next_cursor"]))["items"]) == teams[1:]
