"""What an operation is asked in its query: only what it knows, and everything it knows.

The operations are found in the OpenAPI document, so that a new one is held to this too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from tests.api.contract import METHODS, CheckedApplication

from cuework.api.parameters import known_parameters
from cuework.testing.application import World

ANY = "x-other-parameters"
FIELDS = [{"key": "email", "label": "Email", "type": "email"}]


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, an address and the operation, for each."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), re.sub(r"\{\w+\}", str(uuid4()), path), item[method]


async def test_every_operation_refuses_a_parameter_it_does_not_know(acme: World, app: CheckedApplication) -> None:
    refused = 0
    for method, address, operation in operations(app.contract.document):
        if ANY in operation:
            continue
        answer = await acme.owner.request(method, f"http://cuework.test{address}", params={"statsu": "failed"})
        assert answer.status_code == 422, f"{method} {address}"
        [problem] = answer.json()["errors"]
        assert problem["path"] == "query.statsu"
        assert problem["message"].startswith('Unknown parameter "statsu".')
        refused += 1
    assert refused > 100


async def test_what_is_refused_and_what_the_document_tells_are_one_thing(app: CheckedApplication) -> None:
    told = {
        operation["operationId"]: {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        for _, _, operation in operations(app.contract.document)
        if ANY not in operation
    }
    routes = [route for route in app.asgi.routes if isinstance(route, APIRoute) and route.name in told]
    known = {route.name: set(known_parameters(route.dependant, route.openapi_extra) or ()) for route in routes}
    assert known == told


@pytest.mark.parametrize(
    ("address", "query", "message", "takes"),
    [
        (
            "/executions",
            "statsu=failed",
            'Unknown parameter "statsu". Did you mean "status"?',
            "limit, cursor, sort, workflow_id, status, reason",
        ),
        ("/users", "lmit=5", 'Unknown parameter "lmit". Did you mean "limit"?', "limit, cursor, sort"),
        ("/tags", "filter={}", 'Unknown parameter "filter".', "limit, cursor, sort"),
        ("/me", "x=1", 'Unknown parameter "x".', "no parameters"),
        ("/me", "=1", 'Unknown parameter "".', "no parameters"),
        ("/executions", "status=failed&status=waiting", 'The parameter "status" is given twice.', "limit, cursor"),
    ],
)
async def test_the_refusal_says_what_was_probably_meant_and_what_is_taken(
    acme: World, address: str, query: str, message: str, takes: str
) -> None:
    answer = await acme.viewer.get(f"{address}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == message
    assert answer.json()["detail"].startswith(message)
    assert f"This takes {takes}" in answer.json()["detail"]


async def test_who_may_not_ask_is_told_so_first(acme: World) -> None:
    assert (await acme.viewer.get("/audit?statsu=x")).status_code == 403
    async with acme.app.client() as nobody:
        assert (await nobody.get("/contacts?statsu=x")).status_code == 401


async def test_a_change_with_an_unknown_parameter_changes_nothing(acme: World) -> None:
    answer = await acme.member.post("/contacts?dry_run=true", json={"first_name": "Ada"})
    assert answer.status_code == 422
    assert (await acme.viewer.get("/contacts")).json()["items"] == []


async def test_addresses_that_others_write_into_take_any_query(acme: World) -> None:
    form = (await acme.manager.post("/forms", json={"key": "us", "name": "Us", "fields": FIELDS})).json()
    hook = (await acme.admin.post("/hooks", json={"key": "shop", "name": "Shop"})).json()
    campaign = "utm_source=mail&utm_source=again&fbclid=x"
    async with acme.app.browser() as anybody:
        page = f"{form['path']}?{campaign}"
        assert (await anybody.get(page)).status_code == 200
        assert (await anybody.get(f"{form['path']}/thanks?{campaign}")).status_code == 200
        assert (await anybody.post(page, data={"email": "a@example.com"})).status_code == 303
        assert (await anybody.post(f"{hook['path']}?shop=1", json={})).status_code == 202
        answers = f"/api/v1/forms/{form['id']}/submit?_gl=1"
        assert (await anybody.post(answers, json={"email": "b@example.com"})).status_code == 201
        assert (await anybody.get("/healthz?t=1")).status_code == 200
        assert (await anybody.get("/api/docs?q=1")).status_code == 200
        assert (await anybody.get("/api/openapi.json?v=1")).status_code == 200
    assert len((await acme.viewer.get(f"/forms/{form['id']}/submissions")).json()["items"]) == 2
