"""Bad input: the request's fault, named, never a 5xx, and nothing half-written."""

import json
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cuework.api import form_intake
from cuework.api.throttle import Throttle
from cuework.db import tenancy
from cuework.engine.events import EVENT_TYPES
from cuework.engine.records import RECORD_TYPES
from cuework.nodes import discover
from cuework.testing.application import World

PLURAL = {"contact": "contacts", "company": "companies", "deal": "deals", "task": "tasks"}
UNFILTERED = ("/tags", "/activities", "/events", "/notifications", "/forms", "/workflows")
NAME = {"contact": {}, "company": {"name": "X"}, "deal": {"name": "X"}, "task": {"title": "X"}}
NASTY: list[Any] = [
    None,
    "",
    "   ",
    True,
    -1,
    0.1,
    2**31,
    2**63,
    2**64,
    1e308,
    -(10**300),
    "x" * 100_000,
    "\u202e\ufeff\u0001\x7f",
    "'; drop table contacts; --",
    "%s $1 {{ 7 * 7 }} {0}",
    "🦄" * 300,
    [],
    [None],
    [["x"]],
    ["x"] * 500,
    {},
    {"a": {"b": []}},
    {"amount": "NaN", "currency": "EUR"},
    {"amount": "1e999999999", "currency": "EUR"},
    {"amount": "99999999999999999999", "currency": "EUR"},
    {"amount": True, "currency": "EUR"},
    {"amount": "1.00", "currency": "€€€"},
    {"amount": "1.00", "currency": "EUR", "extra": 1},
    "9e999999999",
    "1_000",
    "9999-12-31T23:59:59.999999-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30",
    "2026-02-28T25:00:00Z",
    "00000000-0000-0000-0000-000000000000",
    str(uuid4()),
    "ada@" + "x" * 300 + ".com",
    "a\r\nBcc: b@example.com",
]
BROKEN = [
    (b"", 422),
    (b"{", 400),
    (b"null", 422),
    (b"[]", 422),
    (b'"x"', 422),
    (b"NaN", 400),
    (b'{"first_name": 1e400}', 400),
    (b'{"first_name": "\\ud800"}', 422),
    (b'{"first_name": "\\u0000"}', 422),
    (b'{"first_name\\u0000": "x"}', 422),
    (b'{"first_name": "\xff\xfe"}', 400),
    (b'{"custom": ' + b'{"a": ' * 100 + b"1" + b"}" * 100 + b"}", 413),
    (b"[" * 100_000, 413),
    (b'{"first_name": "' + b"x" * 10_000_000 + b'"}', 413),
    (b'{"first_name": ' + b"9" * 5_000 + b"}", 400),
    (b'{"tags": [' + b"1," * 300_000 + b"1]}", 413),
    (b"{" + b",".join(b'"k%d": 1' % n for n in range(20_000)) + b"}", 413),
]


async def count(world: World, tables: tuple[str, ...] = ("contacts", "events", "inbox")) -> list[int]:
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        return [await connection.fetchval(f"select count(*) from {table}") for table in tables]


def is_problem(answer: httpx.Response) -> bool:
    return (
        400 <= answer.status_code < 500
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["status"] == answer.status_code
        and bool(answer.json()["detail"])
    )


@pytest.mark.parametrize("kind", list(PLURAL))
async def test_any_value_in_any_field_is_stored_and_read_back_or_refused_by_name(acme: World, kind: str) -> None:
    fields = [key for key, field in RECORD_TYPES[kind].fields.items() if field.writable]
    items = [{**NAME[kind], field: value} for field in fields for value in NASTY]
    names = [field for field in fields for _ in NASTY]
    created = 0
    for start in range(0, len(items), 300):
        body = {"create": items[start : start + 300]}
        answer = await acme.member.post(f"/{PLURAL[kind]}/bulk", json=body)
        assert answer.status_code == 200, answer.text
        created += answer.json()["created"]
        for item in answer.json()["items"]:
            path = f"create.{item['index']}.{names[start + item['index']]}"
            assert all(error["path"] == path for error in item["errors"])
            assert (item["status"] == "failed") == bool(item["errors"])
    assert 0 < created < len(items)
    table = PLURAL[kind]
    assert await count(acme, (table, "events", "inbox")) == [created] * 3
    listed = await acme.viewer.get(f"/{table}", params={"limit": 500})
    assert (listed.status_code, len(listed.json()["items"])) == (200, min(created, 500))


@pytest.mark.parametrize(("body", "status"), BROKEN)
async def test_a_body_that_cannot_be_read_is_refused(acme: World, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    made = (await acme.member.post("/contacts", json={"first_name": "Ada"})).json()
    before = await count(acme)
    for method, path in (
        ("POST", "/contacts"),
        ("PATCH", f"/contacts/{made['id']}"),
        ("POST", "/contacts/bulk"),
        ("POST", "/activities"),
        ("POST", "/forms"),
    ):
        client = acme.manager if path == "/forms" else acme.member
        answer = await client.request(method, path, content=body, headers=headers)
        assert is_problem(answer), (path, answer.status_code, answer.text[:300])
        assert answer.status_code in (status, 422), (path, answer.text[:300])
    assert await count(acme) == before


async def test_wrong_parameters_are_named(acme: World) -> None:
    for path, params, name in (
        ("/contacts", {"limit": "0"}, "limit"),
        ("/contacts", {"limit": "x"}, "limit"),
        ("/contacts", {"cursor": "x"}, "cursor"),
        ("/contacts", {"cursor": "WyItY3JlYXRlZF9hdCIsIngiLCJ4Il0"}, "cursor"),
        ("/contacts", {"cursor": "WyItY3JlYXRlZF9hdCIsIlx1MDAwMCIsIlx1MDAwMCJd"}, "cursor"),
        *((path, {"filter": '{"all": []}'}, "filter") for path in UNFILTERED),
        ("/contacts", {"sort": "shoe_size"}, "sort"),
        ("/contacts", {"filter": "{"}, "filter"),
        ("/contacts", {"company_id": "x"}, "company_id"),
        ("/contacts", {"email": "a\0b"}, "email"),
        ("/contacts", {"external_id": "a\0b"}, "external_id"),
        ("/search", {"q": "\0"}, "q"),
        ("/tasks", {"status": "late"}, "status"),
        ("/tasks", {"assignee": "a\0"}, "assignee"),
        ("/tags/%00", {}, None),
        ("/contacts/x", {}, None),
        ("/contacts/x/timeline", {}, None),
    ):
        answer = await acme.viewer.get(path, params=params)
        assert is_problem(answer), (path, params, answer.status_code, answer.text)
        if name is not None:
            assert answer.json()["errors"][0]["path"] == f"query.{name}", (path, params)


@pytest.mark.parametrize(
    ("text", "status", "place", "words"),
    [
        ("[" * 200, 422, "query.filter", "The filter is no JSON: it ends too early"),
        ('{"all": [{"field": "\\u0000"}]}', 422, "query.filter.all.0.field", "A text has the character NUL"),
        ('{"all": "\\ud800"}', 422, "query.filter", "A text has half a surrogate pair"),
        ("[" * 200 + "]" * 200, 413, None, "The JSON is nested over"),
        ("[]", 422, "query.filter", "filter must be a condition"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_told_so(
    acme: World, text: str, status: int, place: str | None, words: str
) -> None:
    answer = await acme.viewer.get("/contacts", params={"filter": text})
    told = answer.json()
    assert (answer.status_code, [each["path"] for each in told["errors"]]) == (status, [place] if place else [])
    assert told["detail"].startswith(words)
    assert "the body" not in answer.text.lower()


@pytest.mark.parametrize(
    ("path", "name", "known"),
    [
        ("/executions", "reason", "goal_met"),
        ("/executions/count", "reason", "timed_out"),
        ("/events", "type", "contact.created"),
        ("/jobs", "kind", "resume"),
    ],
)
async def test_a_word_that_there_is_not_is_refused_with_those_that_there_are(
    acme: World, path: str, name: str, known: str
) -> None:
    refused = await acme.viewer.get(path, params={name: "nope"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, f"query.{name}")
    assert known in refused.json()["detail"]
    assert (await acme.viewer.get(path, params={name: known})).status_code == 200


def test_every_event_that_a_trigger_listens_to_is_a_known_one() -> None:
    heard = {event for trigger in discover().triggers.values() for event in trigger.listens}
    assert heard <= set(EVENT_TYPES)


async def test_wrong_headers_are_refused(acme: World) -> None:
    made = (await acme.member.post("/contacts", json={"first_name": "Ada"})).json()
    for value in ("x", '"1e5"', '"' + "9" * 40 + '"', "-1"):
        answer = await acme.member.patch(f"/contacts/{made['id']}", json={"phone": "1"}, headers={"If-Match": value})
        assert is_problem(answer), value
    for value in ("", "x" * 500):
        answer = await acme.member.post("/contacts", json={}, headers={"Idempotency-Key": value})
        assert is_problem(answer), value


@pytest.mark.parametrize(("body", "status"), BROKEN)
async def test_public_addresses_refuse_what_they_cannot_read(acme: World, body: bytes, status: int) -> None:
    fields = [{"key": "email", "label": "Email", "type": "email"}]
    form = (await acme.manager.post("/forms", json={"name": "F", "fields": fields})).json()
    before = await count(acme)
    async with acme.app.browser() as anybody:
        for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
            address = f"/api/v1/forms/{form['id']}/submit"
            answer = await anybody.post(address, content=body, headers={"Content-Type": kind})
            assert is_problem(answer), (kind, answer.status_code, answer.text[:300])
            page = await anybody.post(form["path"], content=body, headers={"Content-Type": kind})
            assert 400 <= page.status_code < 500, (kind, page.status_code)
    assert await count(acme) == before


async def test_nasty_answers_of_a_form_are_kept_or_named(acme: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_intake, "_throttle", Throttle(burst=10_000, every_s=1))
    types = ("text", "long_text", "phone", "number", "checkbox")
    fields = [{"key": "email", "label": "Email", "type": "email"}]
    fields += [{"key": kind, "label": kind, "type": kind} for kind in types]
    form = (await acme.manager.post("/forms", json={"name": "F", "fields": fields})).json()
    async with acme.app.client() as anybody:
        for value in [value for value in NASTY if len(json.dumps(value)) < 5_000]:
            for kind in ("email", *types):
                body = {"email": "ada@example.com", kind: value}
                answer = await anybody.post(f"/forms/{form['id']}/submit", json=body)
                assert answer.status_code == 201 or is_problem(answer), (kind, value, answer.text)


async def test_many_unknown_fields_are_refused_at_once(acme: World) -> None:
    """Each would be compared with every name there is; nobody else is served meanwhile."""
    unknown = {f"lead_scor{n}": 1 for n in range(1_900)}
    async with acme.app.browser() as anybody:
        for client, path in ((acme.member, "/contacts"), (acme.manager, "/forms"), (anybody, "/api/v1/session")):
            spent = time.process_time()
            answer = await client.post(path, json=unknown)
            assert answer.status_code == 422
            assert len(answer.json()["errors"]) == 100
            assert time.process_time() - spent < 1


@pytest.mark.parametrize(
    "path",
    [
        *("workflows/xyz", "workflows/xyz/yaml", "workflows/xyz/versions", "executions/12", "contacts/%20"),
        *("contacts/x'--/timeline", "deals/0", "tasks/null", "forms/contact-us", "users/me", "teams/sales"),
    ],
)
async def test_an_address_whose_id_is_none_answers_404_in_words(acme: World, path: str) -> None:
    answer = await acme.owner.get(f"/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is nothing here with the id “")


async def test_an_id_that_is_none_elsewhere_than_in_the_address_is_invalid(acme: World) -> None:
    answer = await acme.member.post("/tasks", json={"title": "Call", "contact_id": "xyz"})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "contact_id")
