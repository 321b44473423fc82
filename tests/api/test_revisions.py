"""If-Match: whoever changes or deletes what has a revision can say which one they saw, and is held to it.

The operations are found in the OpenAPI document, so that a new one is held to this too.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from tests.api.contract import CheckedApplication

from cuework.testing.application import World

MAIL = {"host": "mail.example.com", "from_email": "us@example.com", "sandbox": True}
FIELDS = [{"key": "email", "label": "Email", "type": "email"}]
MADE: Mapping[str, Any] = {
    "/contacts": {"first_name": "Ada"},
    "/companies": {"name": "Engines"},
    "/deals": {"name": "One"},
    "/tasks": {"title": "Call"},
    "/users": {"email": "ada@acme.test", "name": "Ada"},
    "/teams": {"key": "sales", "name": "Sales"},
    "/pipelines": {"key": "new", "name": "New", "stages": [{"key": "a", "name": "A"}]},
    "/custom-fields": {"record_type": "contact", "key": "shoe", "name": "Shoe", "type": "text"},
    "/connections": {"key": "post", "name": "Post", "type": "smtp", "config": MAIL},
    "/hooks": {"key": "orders", "name": "Orders"},
    "/forms": {"key": "us", "name": "Us", "fields": FIELDS},
    "/workflows": {"name": "Welcome", "steps": []},
}


def has_revision(document: Mapping[str, Any], path: str) -> bool:
    """Whether what the address names has a revision: its own answer says so, or the list that it is in."""
    for address in (path, path.rpartition("/{")[0]):
        for method in ("get", "patch"):
            responses = document["paths"].get(address, {}).get(method, {}).get("responses", {})
            schema = responses.get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if "revision" in _properties(document, schema):
                return True
    return False


def _properties(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of an answer, or of the items of a list."""
    named = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    properties: Mapping[str, Any] = named.get("properties", {})
    return _properties(document, properties["items"]["items"]) if "next_cursor" in properties else properties


async def test_every_change_of_what_has_a_revision_takes_if_match(app: CheckedApplication) -> None:
    document = app.contract.document
    without: list[str] = []
    for path, item in document["paths"].items():
        for method in {"put", "patch", "delete"} & item.keys():
            taken = {each["name"].lower() for each in item[method].get("parameters", []) if each["in"] == "header"}
            if "if-match" not in taken and has_revision(document, path):
                without.append(f"{method} {path}")
    assert without == []


@pytest.mark.parametrize("place", MADE)
async def test_what_changed_since_it_was_read_is_not_deleted(acme: World, place: str) -> None:
    client = acme.admin if place in ADMINS else acme.manager
    answer = await client.post(place, json=MADE[place])
    made = answer.json()
    assert answer.headers["etag"] == f'"{made["revision"]}"'
    address = f"{place}/{made['id']}"
    stale = await client.delete(address, headers={"If-Match": f'"{made["revision"] + 1}"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:cuework:problem:stale")
    assert await revision_of(client, place, made["id"]) == made["revision"]
    gone = await client.delete(address, headers={"If-Match": f'"{made["revision"]}"'})
    assert gone.status_code in (200, 204), gone.text


ADMINS = ("/users", "/teams", "/pipelines", "/custom-fields", "/connections", "/hooks")


async def revision_of(client: httpx.AsyncClient, place: str, identity: str) -> int:
    [found] = [each for each in (await client.get(place)).json()["items"] if each["id"] == identity]
    return found["revision"]


async def test_what_answers_without_its_revision_has_it_as_its_etag(acme: World, app: CheckedApplication) -> None:
    made = (await acme.manager.post("/workflows", json=MADE["/workflows"])).json()
    answer = await acme.viewer.get(f"/workflows/{made['id']}/yaml")
    assert answer.headers["etag"] == f'"{made["revision"]}"'
    who = {"email": "ada@acme.test", "password": "correct horse battery"}
    await acme.admin.post("/users", json={**who, "name": "Ada"})
    async with app.client() as browser:
        token = (await browser.post("/session", json={**who, "tenant": acme.slug})).json()["csrf_token"]
        seen = (await browser.get("/me")).headers["etag"]
        headers = {"X-CSRF-Token": token, "If-Match": seen}
        changed = await browser.patch("/me", json={"timezone": "Europe/Berlin"}, headers=headers)
        assert changed.headers["etag"] == (await browser.get("/me")).headers["etag"] != seen
        assert (await browser.patch("/me", json={"timezone": "Asia/Tokyo"}, headers=headers)).status_code == 412
    assert "etag" not in (await acme.viewer.get("/me")).headers  # a key is no person


async def test_a_hook_that_changed_since_it_was_read_keeps_its_token_and_signature(acme: World) -> None:
    hook = (await acme.admin.post("/hooks", json=MADE["/hooks"])).json()
    stale = {"If-Match": '"7"'}
    assert (await acme.admin.post(f"/hooks/{hook['id']}/rotate", headers=stale)).status_code == 412
    signed = await acme.admin.put(f"/hooks/{hook['id']}/signature", json={"kind": "standard"}, headers=stale)
    assert signed.status_code == 412
    assert await revision_of(acme.admin, "/hooks", hook["id"]) == hook["revision"]
