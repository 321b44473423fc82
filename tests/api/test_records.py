"""Records over the API: created, read, changed, deleted, restored and listed."""

from typing import Any
from uuid import uuid4

import pytest

from cuework.testing.application import Application, World

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "tags": ["vip"]}


async def made(world: World, path: str, **fields: Any) -> dict[str, Any]:
    answer = await world.member.post(path, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_created_contact_is_answered_whole_and_can_be_read(acme: World) -> None:
    answer = await acme.member.post("/contacts", json=ADA)
    assert answer.status_code == 201
    contact = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/contacts/{contact['id']}"
    assert {name: contact[name] for name in ADA} == ADA
    assert (contact["lead_score"], contact["email_consent"], contact["custom"]) == (0, "unknown", {})
    assert (await acme.viewer.get(f"/contacts/{contact['id']}")).json() == contact


async def test_a_deal_without_pipeline_begins_at_the_first_stage_of_the_default_one(acme: World) -> None:
    deal = await made(acme, "/deals", name="Engine", value={"amount": "12.50", "currency": "EUR"})
    assert (deal["pipeline"], deal["stage"], deal["status"]) == ("sales", "qualification", "open")
    assert deal["value"] == {"amount": "12.50", "currency": "EUR"}


async def test_a_won_deal_is_closed_and_a_done_task_is_completed(acme: World) -> None:
    deal = await made(acme, "/deals", name="Engine")
    won = (await acme.member.patch(f"/deals/{deal['id']}", json={"status": "won"})).json()
    assert won["closed_at"] is not None
    task = await made(acme, "/tasks", title="Call", deal_id=deal["id"])
    done = (await acme.member.patch(f"/tasks/{task['id']}", json={"status": "done"})).json()
    assert done["completed_at"] is not None
    assert "custom" not in done


async def test_a_change_raises_the_revision_and_one_that_changes_nothing_does_not(acme: World) -> None:
    contact = await made(acme, "/contacts", **ADA)
    path = f"/contacts/{contact['id']}"
    same = await acme.member.patch(path, json={"first_name": "Ada"})
    assert (same.json()["revision"], same.headers["etag"]) == (1, '"1"')
    changed = await acme.member.patch(path, json={"first_name": "Augusta", "last_name": None})
    assert (changed.json()["revision"], changed.json()["last_name"]) == (2, None)


async def test_a_change_against_an_old_revision_is_refused(acme: World) -> None:
    contact = await made(acme, "/contacts", **ADA)
    path = f"/contacts/{contact['id']}"
    await acme.member.patch(path, json={"phone": "+44 20 7946 0000"}, headers={"If-Match": '"1"'})
    late = await acme.member.patch(path, json={"phone": "+1 555"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["revision"]) == (412, 2)
    assert (await acme.member.delete(path, headers={"If-Match": '"1"'})).status_code == 412


async def test_an_email_belongs_to_one_contact_whatever_its_case(acme: World) -> None:
    ada = await made(acme, "/contacts", **ADA)
    again = await acme.member.post("/contacts", json={"email": "ADA@Example.com"})
    assert again.status_code == 409
    assert again.json()["existing_id"] == ada["id"]
    assert again.json()["errors"][0]["path"] == "email"
    bob = await made(acme, "/contacts", email="bob@example.com", external_id="b-1")
    moved = await acme.member.patch(f"/contacts/{bob['id']}", json={"email": "Ada@example.com"})
    assert (moved.status_code, moved.json()["existing_id"]) == (409, ada["id"])
    assert (await acme.member.get(f"/contacts/{bob['id']}")).json() == bob
    twin = await acme.member.post("/contacts", json={"external_id": "b-1"})
    assert (twin.status_code, twin.json()["existing_id"]) == (409, bob["id"])


async def test_a_deleted_record_is_out_of_sight_until_it_is_restored(acme: World) -> None:
    contact = await made(acme, "/contacts", **ADA)
    path = f"/contacts/{contact['id']}"
    assert (await acme.member.delete(path)).status_code == 204
    for answer in (await acme.member.get(path), await acme.member.patch(path, json={}), await acme.member.delete(path)):
        assert answer.status_code == 404
    assert (await acme.member.get("/contacts")).json()["items"] == []
    restored = (await acme.member.post(f"{path}/restore")).json()
    assert restored["revision"] == 3
    assert (await acme.member.get(path)).json() == restored


async def test_a_deleted_contact_cannot_come_back_to_an_email_that_was_given_away(acme: World) -> None:
    first = await made(acme, "/contacts", **ADA)
    await acme.member.delete(f"/contacts/{first['id']}")
    second = await made(acme, "/contacts", **ADA)
    back = await acme.member.post(f"/contacts/{first['id']}/restore")
    assert (back.status_code, back.json()["existing_id"]) == (409, second["id"])


async def test_what_a_record_refers_to_must_be_there(acme: World, other: World) -> None:
    company = await made(other, "/companies", name="Theirs")
    gone = await made(acme, "/contacts", first_name="Gone")
    await acme.member.delete(f"/contacts/{gone['id']}")
    fields = {
        "name": "Engine",
        "company_id": company["id"],
        "contact_id": gone["id"],
        "owner_id": str(uuid4()),
        "stage_id": str(uuid4()),
    }
    answer = await acme.member.post("/deals", json=fields)
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json()["errors"]} == {"company_id", "contact_id", "owner_id", "stage_id"}


async def test_another_tenants_record_is_as_absent(acme: World, other: World) -> None:
    theirs = await made(other, "/contacts", **ADA)
    for path in (f"/contacts/{theirs['id']}", f"/contacts/{uuid4()}"):
        answers = [
            await acme.owner.get(path),
            await acme.owner.patch(path, json={"first_name": "Eve"}),
            await acme.owner.delete(path),
            await acme.owner.post(f"{path}/restore"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize(
    ("fields", "path", "suggestion"),
    [
        ({"frist_name": "Ada"}, "frist_name", "first_name"),
        ({"lifecycle_stage": "custmer"}, "lifecycle_stage", "customer"),
        ({"lead_score": "many"}, "lead_score", None),
        ({"lead_score": 10**30}, "lead_score", None),
        ({"lead_score": None}, "lead_score", None),
        ({"email": "ada"}, "email", None),
        ({"tags": {"a": 1}}, "tags", None),
        ({"custom": {"shoe": 1}}, "custom.shoe", None),
        ({"revision": 5}, "revision", None),
        ({"timezone": "Mars/Olympus"}, "timezone", "Europe/Berlin"),
    ],
)
async def test_a_wrong_field_is_named(acme: World, fields: dict[str, Any], path: str, suggestion: str | None) -> None:
    answer = await acme.member.post("/contacts", json=fields)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert (error["path"], error.get("suggestion")) == (path, suggestion)


async def test_a_record_needs_its_name(acme: World) -> None:
    for path, field in (("/companies", "name"), ("/deals", "name"), ("/tasks", "title")):
        answer = await acme.member.post(path, json={})
        assert [error["path"] for error in answer.json()["errors"]] == [field]


async def test_a_viewer_reads_and_does_not_write(acme: World) -> None:
    assert (await acme.viewer.post("/contacts", json=ADA)).status_code == 403
    assert (await acme.viewer.get("/contacts")).json() == {"items": [], "next_cursor": None}


async def test_the_same_idempotency_key_makes_one_record(acme: World) -> None:
    key = {"Idempotency-Key": "one"}
    first = await acme.member.post("/companies", json={"name": "Analytical"}, headers=key)
    again = await acme.member.post("/companies", json={"name": "Analytical"}, headers=key)
    assert first.json() == again.json()
    assert len((await acme.member.get("/companies")).json()["items"]) == 1


@pytest.mark.parametrize("sort", ["name", "-name", "created_at", "-updated_at", "domain"])
async def test_pages_of_a_list_hold_every_record_once_and_in_order(acme: World, sort: str) -> None:
    for n in range(7):
        domain = f"d{n % 3}.example" if n % 2 else None
        await made(acme, "/companies", name=f"Company {n % 4}", domain=domain)
    whole = (await acme.viewer.get("/companies", params={"sort": sort})).json()["items"]
    seen: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await acme.viewer.get("/companies", params={"sort": sort, "limit": 2, "cursor": cursor})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert seen == whole
    assert len({item["id"] for item in seen}) == 7
    values = [item[sort.removeprefix("-")] or "" for item in seen]
    assert values == sorted(values, reverse=sort.startswith("-"))


async def test_lists_are_narrowed_by_plain_parameters(acme: World) -> None:
    company = await made(acme, "/companies", name="Analytical")
    ada = await made(acme, "/contacts", **ADA, company_id=company["id"])
    await made(acme, "/contacts", first_name="Bob")
    for params in ({"company_id": company["id"]}, {"email": "ADA@example.com"}):
        assert [c["id"] for c in (await acme.viewer.get("/contacts", params=params)).json()["items"]] == [ada["id"]]


async def test_the_document_shows_every_field(app: Application) -> None:
    async with app.browser() as anybody:
        document = (await anybody.get("/api/openapi.json")).json()
    sent = document["components"]["schemas"]["ContactFields"]
    assert {"first_name", "lead_score", "tags", "custom"} <= sent["properties"].keys()
    assert "revision" not in sent["properties"]
    assert sent["properties"]["email"]["type"] == ["string", "null"]
    assert "revision" in document["components"]["schemas"]["Contact"]["properties"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://WWW.x.example/x?y#z", "x.example"),
        ("X.Example:8080", "x.example"),
        ("www.example", "www.example"),
        ("müller.example.", "müller.example"),
    ],
)
async def test_a_companys_domain_is_kept_as_a_domain(acme: World, given: str, kept: str) -> None:
    assert (await made(acme, "/companies", name="X", domain=given))["domain"] == kept


@pytest.mark.parametrize("given", ["acme", "ada@x.example", "https://", "x..example", "-x.example", "a b.example"])
async def test_what_is_no_domain_is_refused(acme: World, given: str) -> None:
    answer = await acme.member.post("/companies", json={"name": "X", "domain": given})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "domain")


@pytest.mark.parametrize(("score", "status"), [(1_000_000, 201), (1_000_001, 422), (-1_000_001, 422)])
async def test_a_lead_score_has_the_range_of_the_steps_that_change_it(acme: World, score: int, status: int) -> None:
    answer = await acme.member.post("/contacts", json={"lead_score": score})
    assert answer.status_code == status, answer.text


async def test_what_is_one_line_for_people_is_kept_on_one_line(acme: World) -> None:
    assert (await made(acme, "/tasks", title="Call\nAda"))["title"] == "Call Ada"
    assert (await made(acme, "/contacts", tags=["key\naccount"]))["tags"] == ["key account"]
    assert (await made(acme, "/tags", name="big\r\nfish"))["name"] == "big fish"
