"""Pipelines, stages, fields, tags, connections and settings: what a tenant sets up."""

from collections.abc import Mapping
from typing import Any

import pytest

from cuework.base.ids import new_id
from cuework.crm.catalog import load_catalog
from cuework.db import tenancy
from cuework.testing.application import World

STAGES = [{"key": "new", "name": "New"}, {"key": "won", "name": "Nearly won", "probability": 90}]


async def _workflow_that_uses(acme: World, name: str, definition: Mapping[str, Any]) -> None:
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        await connection.execute(
            "insert into workflows (tenant_id, id, key, name, definition) values ($1, $2, $3, $4, $5)",
            acme.tenant_id,
            new_id(),
            name.lower().replace(" ", "-"),
            name,
            definition,
        )


async def _epochs(acme: World) -> tuple[int, int]:
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        row = await connection.fetchrow(
            "select catalog_epoch, definitions_epoch from tenants where tenant_id = $1", acme.tenant_id
        )
    assert row is not None
    return row["catalog_epoch"], row["definitions_epoch"]


async def test_a_new_tenant_has_a_default_pipeline_and_lifecycle_stages(acme: World) -> None:
    [pipeline] = (await acme.viewer.get("/pipelines")).json()["items"]
    assert (pipeline["key"], pipeline["is_default"]) == ("sales", True)
    assert pipeline["stages"][0]["key"] == "qualification"
    stages = (await acme.viewer.get("/lifecycle-stages")).json()["items"]
    assert [stage["key"] for stage in stages[:2]] == ["subscriber", "lead"]


async def test_stages_keep_their_ids_when_a_pipeline_is_rearranged(acme: World) -> None:
    made = (await acme.admin.post("/pipelines", json={"key": "p", "name": "P", "stages": STAGES})).json()
    ids = {stage["key"]: stage["id"] for stage in made["stages"]}
    more = [STAGES[1], {"key": "mid", "name": "Mid"}, {"key": "new", "name": "Fresh"}]
    changed = (await acme.admin.patch(f"/pipelines/{made['id']}", json={"stages": more})).json()
    assert [(stage["key"], stage["name"]) for stage in changed["stages"]] == [
        ("won", "Nearly won"),
        ("mid", "Mid"),
        ("new", "Fresh"),
    ]
    assert {stage["key"]: stage["id"] for stage in changed["stages"]} == ids | {"mid": changed["stages"][1]["id"]}
    assert changed["revision"] == made["revision"] + 1


async def test_there_is_always_exactly_one_default_pipeline(acme: World) -> None:
    [sales] = (await acme.viewer.get("/pipelines")).json()["items"]
    new = {"key": "p", "name": "P", "stages": STAGES, "is_default": True}
    made = (await acme.admin.post("/pipelines", json=new)).json()
    listed = (await acme.viewer.get("/pipelines")).json()["items"]
    assert [pipeline["id"] for pipeline in listed if pipeline["is_default"]] == [made["id"]]
    assert (await acme.admin.patch(f"/pipelines/{made['id']}", json={"is_default": False})).status_code == 409
    assert (await acme.admin.delete(f"/pipelines/{made['id']}")).status_code == 409
    assert (await acme.admin.delete(f"/pipelines/{sales['id']}")).status_code == 204


async def test_a_stage_with_deals_in_it_stays(acme: World) -> None:
    [sales] = (await acme.viewer.get("/pipelines")).json()["items"]
    deal = await acme.member.post("/deals", json={"name": "Big one"})
    assert deal.status_code == 201, deal.text
    answer = await acme.admin.patch(f"/pipelines/{sales['id']}", json={"stages": STAGES})
    assert answer.status_code == 409
    assert "qualification (1)" in answer.json()["detail"]
    assert len((await acme.viewer.get(f"/pipelines/{sales['id']}")).json()["stages"]) == 5


@pytest.mark.parametrize(
    "stages", [[], [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}], [{"key": "Not a key", "name": "A"}]]
)
async def test_a_pipeline_needs_stages_with_keys_of_their_own(acme: World, stages: list[dict[str, str]]) -> None:
    answer = await acme.admin.post("/pipelines", json={"key": "p", "name": "P", "stages": stages})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"].startswith("stages")


async def test_what_workflows_use_is_named_before_it_is_deleted(acme: World) -> None:
    field = {"record_type": "contact", "key": "shoe_size", "name": "Shoe size", "type": "number"}
    field_id = (await acme.admin.post("/custom-fields", json=field)).json()["id"]
    team_id = (await acme.admin.post("/teams", json={"key": "closers", "name": "Closers"})).json()["id"]
    await _workflow_that_uses(
        acme,
        "Big feet",
        {
            "trigger": {"when": {"all": [{"field": "contact.custom.shoe_size", "op": "gt", "value": 45}]}},
            "steps": [{"id": "task", "type": "task.create", "assign_to": {"team": "closers"}}],
        },
    )
    for path in (f"/custom-fields/{field_id}", f"/teams/{team_id}"):
        refused = await acme.admin.delete(path)
        assert refused.status_code == 409
        assert [workflow["name"] for workflow in refused.json()["workflows"]] == ["Big feet"]
        assert refused.json()["detail"] == ("The workflow Big feet uses it. Without it that fails, so change it first.")
        assert refused.json()["override"] == {"force": True}
        assert (await acme.admin.delete(path, params={"force": "true"})).status_code == 204
        assert (await acme.admin.get(path)).status_code == 404


async def test_the_mail_connection_is_used_by_emails_that_name_none(acme: World) -> None:
    for key in ("mail", "spare"):
        config = {"host": "mail.example.com", "from_email": "a@acme.test", "sandbox": True}
        await acme.admin.post("/connections", json={"key": key, "name": key, "type": "smtp", "config": config})
    await _workflow_that_uses(acme, "Welcome", {"steps": [{"id": "mail", "type": "email.send", "subject": "Hello"}]})
    first, spare = [row["id"] for row in (await acme.admin.get("/connections")).json()["items"]]
    assert (await acme.admin.delete(f"/connections/{spare}")).status_code == 204
    refused = await acme.admin.delete(f"/connections/{first}")
    assert refused.status_code == 409
    assert [workflow["name"] for workflow in refused.json()["workflows"]] == ["Welcome"]
    assert (await acme.admin.delete(f"/connections/{first}", params={"force": "true"})).status_code == 204


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("a field's new value", {"type": "contact.update", "values": {"owner_id": "Ada@acme.test"}}),
        ("a clause", {"type": "record.find", "when": {"field": "contact.owner_id", "value": "ada@acme.test"}}),
        ("a recipient", {"type": "email.send", "to": "ada@acme.test"}),
        ("an expression", {"type": "record.find", "when": {"expression": "owner.email == 'ada@acme.test'"}}),
    ],
)
async def test_a_user_is_named_wherever_a_workflow_says_their_email(
    acme: World, name: str, step: Mapping[str, Any]
) -> None:
    user = (await acme.owner.post("/users", json={"email": "ada@acme.test", "name": "Ada"})).json()
    await _workflow_that_uses(acme, name, {"steps": [{"id": "step", **step}]})
    refused = await acme.admin.delete(f"/users/{user['id']}")
    assert [workflow["name"] for workflow in refused.json()["workflows"]] == [name]


async def test_a_stage_that_an_expression_names_is_used(acme: World) -> None:
    await acme.admin.post("/lifecycle-stages", json={"key": "hero", "name": "Hero"})
    condition = {"expression": "contact.lifecycle_stage == 'hero'"}
    await _workflow_that_uses(acme, "Heroes", {"trigger": {"type": "contact.updated", "when": condition}, "steps": []})
    assert (await acme.admin.delete("/lifecycle-stages/hero")).status_code == 409


async def test_every_change_of_the_set_up_makes_workers_read_it_again(acme: World) -> None:
    before = await _epochs(acme)
    await acme.admin.post("/custom-fields", json={"record_type": "deal", "key": "k", "name": "K", "type": "text"})
    after = await _epochs(acme)
    assert after[0] > before[0]
    assert after[1] > before[1]


async def test_the_catalogue_has_what_was_set_up(acme: World) -> None:
    await acme.admin.post(
        "/custom-fields",
        json={"record_type": "deal", "key": "size", "name": "Size", "type": "choice", "options": ["S", "L"]},
    )
    user = (await acme.owner.post("/users", json={"email": "ada@acme.test", "name": "Ada"})).json()
    await acme.admin.post("/teams", json={"key": "closers", "name": "Closers", "member_ids": [user["id"]]})
    await acme.admin.patch("/tenant", json={"exchange_rates": {"EUR": "1.08"}, "timezone": "Europe/Berlin"})
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        catalog = await load_catalog(connection, acme.tenant_id)
    assert catalog.custom_fields["deal"]["size"].options == ("S", "L")
    assert [str(member) for member in catalog.team_by_key["closers"].members] == [user["id"]]
    assert (str(catalog.rates["EUR"]), str(catalog.zone)) == ("1.08", "Europe/Berlin")
    assert catalog.default_pipeline is not None
    assert catalog.default_pipeline.stages[0].key == "qualification"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"type": "choice", "options": []}, "options"),
        ({"type": "text", "options": ["a"]}, "options"),
        ({"type": "choice", "options": ["a", "a"]}, "options"),
        ({"type": "txt"}, "type"),
        ({"key": "Not A Key"}, "key"),
        ({"record_type": "task"}, "record_type"),
    ],
)
async def test_a_wrong_custom_field_is_refused_at_its_place(acme: World, change: dict[str, Any], place: str) -> None:
    field = {"record_type": "contact", "key": "k", "name": "K", "type": "text"} | change
    answer = await acme.admin.post("/custom-fields", json=field)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == place


async def test_a_tag_or_stage_that_contacts_carry_stays(acme: World) -> None:
    await acme.member.post("/tags", json={"name": "vip"})
    contact = {"email": "v@x.test", "tags": ["vip"], "lifecycle_stage": "lead"}
    assert (await acme.member.post("/contacts", json=contact)).status_code == 201
    for path in ("/tags/vip", "/lifecycle-stages/lead"):
        assert (await acme.admin.delete(path)).status_code == 409
    assert (await acme.admin.delete("/lifecycle-stages/evangelist")).status_code == 204


async def test_settings_are_checked_and_their_change_is_written_down(acme: World) -> None:
    hours = {"monday": [{"start": "09:00", "end": "17:00"}]}
    changed = await acme.admin.patch("/tenant", json={"business_hours": hours, "holidays": ["2026-12-25"]})
    assert changed.status_code == 200
    assert changed.json()["business_hours"] == hours
    for wrong in (
        {"timezone": "Mars/Olympus"},
        {"currency": "euro"},
        {"exchange_rates": {"EUR": "-1"}},
        {"business_hours": {"monday": [{"start": "17:00", "end": "09:00"}]}},
        {"business_hours": {"moonday": []}},
        {"slug": "other"},
    ):
        assert (await acme.admin.patch("/tenant", json=wrong)).status_code == 422
    [row] = (await acme.admin.get("/audit", params={"action": "tenant.update"})).json()["items"]
    assert row["after"]["holidays"] == ["2026-12-25"]


async def test_credentials_go_in_and_never_come_out(acme: World) -> None:
    connection = {
        "key": "mail",
        "name": "Mail",
        "type": "http",
        "config": {"base_url": "https://api.example.com", "auth": "bearer"},
        "secret": {"token": "canary-7f3a"},
    }
    made = await acme.admin.post("/connections", json=connection)
    assert made.status_code == 201, made.text
    assert made.json()["has_secret"] is True
    path = f"/connections/{made.json()['id']}"
    renamed = await acme.admin.patch(path, json={"name": "Mail 2"})
    assert (renamed.json()["name"], renamed.json()["has_secret"]) == ("Mail 2", True)
    assert (await acme.admin.patch(path, json={"secret": {"token": "canary-7f3b"}})).status_code == 200
    everything = [(await acme.owner.get(address)).text for address in ("/connections", path, "/audit")]
    assert not any("canary" in text for text in [made.text, *everything])
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as tx:
        stored = await tx.fetchval("select secret from connections where tenant_id = $1", acme.tenant_id)
    assert b"canary" not in stored


@pytest.mark.parametrize(
    ("kind", "config", "secret", "path", "suggestion"),
    [
        ("http", {"base_url": "https://api.example.com"}, {"token": "x"}, "config.auth", "bearer"),
        (
            "http",
            {"base_url": "https://api.example.com", "auth": "header", "header": "X-Key"},
            {"token": "x"},
            "secret.token",
            "secret.value",
        ),
        (
            "smtp",
            {"host": "mail.example.com", "from_email": "a@example.com"},
            {"password": "x"},
            "config.username",
            None,
        ),
    ],
)
async def test_credentials_that_nobody_would_get_are_refused(
    acme: World, kind: str, config: dict[str, Any], secret: dict[str, str], path: str, suggestion: str | None
) -> None:
    new = {"key": "x", "name": "x", "type": kind, "config": config}
    answer = await acme.admin.post("/connections", json={**new, "secret": secret})
    assert answer.status_code == 422, answer.text
    assert (answer.json()["errors"][0]["path"], answer.json()["errors"][0].get("suggestion")) == (path, suggestion)
    made = (await acme.admin.post("/connections", json=new)).json()
    assert (await acme.admin.patch(f"/connections/{made['id']}", json={"secret": secret})).status_code == 422


MAIL = {"host": "mail.example.com", "from_email": "a@example.com", "username": "a"}
API = {"base_url": "https://api.example.com/v1", "auth": "bearer"}


@pytest.mark.parametrize(
    ("kind", "config", "name", "same", "elsewhere"),
    [
        (
            "http",
            API,
            "token",
            {"base_url": "https://API.example.com:443/v2"},
            {"base_url": "https://evil.example.com/v1"},
        ),
        ("http", API, "token", {}, {"base_url": "http://api.example.com/v1"}),
        ("http", API, "token", {}, {"base_url": "https://api.example.com:8443/v1"}),
        ("smtp", MAIL, "password", {"from_email": "b@example.com"}, {"host": "evil.example.com"}),
        ("smtp", MAIL, "password", {"from_name": "A"}, {"security": "none"}),
    ],
)
async def test_credentials_are_entered_again_where_the_connection_goes_elsewhere(
    acme: World, kind: str, config: dict[str, Any], name: str, same: dict[str, Any], elsewhere: dict[str, Any]
) -> None:
    new = {"key": "x", "name": "x", "type": kind, "config": config, "secret": {name: "canary"}}
    path = f"/connections/{(await acme.admin.post('/connections', json=new)).json()['id']}"
    moved = await acme.admin.patch(path, json={"config": {**config, **elsewhere}})
    assert (moved.status_code, moved.json()["errors"][0]["path"]) == (422, f"secret.{name}")
    kept = await acme.admin.patch(path, json={"config": {**config, **same}})
    assert (kept.status_code, kept.json()["has_secret"]) == (200, True)
    again = await acme.admin.patch(path, json={"config": {**config, **elsewhere}, "secret": {name: "other"}})
    assert (again.status_code, again.json()["has_secret"]) == (200, True)


async def test_a_connection_that_goes_elsewhere_without_signing_in_loses_its_credentials(acme: World) -> None:
    new = {"key": "x", "name": "x", "type": "http", "config": API, "secret": {"token": "canary"}}
    path = f"/connections/{(await acme.admin.post('/connections', json=new)).json()['id']}"
    moved = await acme.admin.patch(path, json={"config": {"base_url": "https://evil.example.com"}})
    assert (moved.status_code, moved.json()["has_secret"]) == (200, False)


async def test_a_connection_to_a_private_address_does_not_check(acme: World) -> None:
    config = {"base_url": "http://127.0.0.1:9", "auth": "none"}
    new = {"key": "inside", "name": "Inside", "type": "http", "config": config}
    made = await acme.admin.post("/connections", json=new)
    assert made.status_code == 201, made.text
    checked = await acme.admin.post(f"/connections/{made.json()['id']}/check")
    assert checked.status_code == 200
    assert "not a public address" in checked.json()["check_error"]
    assert checked.json()["checked_at"] is not None


async def test_lists_page_through_everything_once(acme: World) -> None:
    for n in range(7):
        await acme.member.post("/tags", json={"name": f"t{n}"})
    for sort in ("name", "-name"):
        names: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await acme.viewer.get("/tags", params={"limit": 3, "cursor": cursor, "sort": sort})).json()
            names += [tag["name"] for tag in page["items"]]
            cursor = page["next_cursor"]
        assert names == sorted((f"t{n}" for n in range(7)), reverse=sort == "-name")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 501},
        {"limit": 0},
        {"cursor": "nonsense"},
        {"cursor": "W10"},
        {"sort": "nmae"},
        {"filter": "{"},
        {"filter": "[]"},
        {"cursor": "WyJuYW1lIiwiYSIsImFcdTAwMDAiXQ"},
    ],
)
async def test_a_wrong_list_request_is_refused(acme: World, query: dict[str, Any]) -> None:
    answer = await acme.viewer.get("/tags", params=query)
    assert answer.status_code == 422, answer.text


async def test_notifications_are_each_persons_own(acme: World) -> None:
    user = (
        await acme.owner.post("/users", json={"email": "a@a.test", "name": "A", "password": "long enough pw"})
    ).json()
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        for text in ("first", "second"):
            await connection.execute(
                "insert into notifications (tenant_id, id, user_id, text, created_at) values ($1, $2, $3, $4, now())",
                acme.tenant_id,
                new_id(),
                user["id"],
                text,
            )
    async with acme.app.client() as browser:
        who = {"email": "a@a.test", "password": "long enough pw", "tenant": acme.slug}
        browser.headers["X-CSRF-Token"] = (await browser.post("/session", json=who)).json()["csrf_token"]
        page = (await browser.get("/notifications")).json()
        assert ([each["text"] for each in page["items"]], page["unread"]) == (["second", "first"], 2)
        read = await browser.post(f"/notifications/{page['items'][0]['id']}/read")
        assert read.json()["read_at"] is not None
        assert (await acme.owner.post(f"/notifications/{page['items'][0]['id']}/read")).status_code == 404
        assert (await browser.post("/notifications/read-all")).status_code == 204
        assert (await browser.get("/notifications")).json()["unread"] == 0


async def test_the_search_box_finds_what_begins_so_and_only_in_this_tenant(acme: World, other: World) -> None:
    for world in (acme, other):
        person = {"first_name": "Grace", "last_name": "Hopper", "email": "grace@navy.test"}
        assert (await world.member.post("/contacts", json=person)).status_code == 201
    assert (await acme.member.post("/companies", json={"name": "Hopper Ltd"})).status_code == 201
    await _workflow_that_uses(acme, "Welcome hoppers", {})
    for text, types in (
        ("hop", ["company", "contact", "workflow"]),
        ("GRACE ho", ["contact"]),
        ("grace@n", ["contact"]),
        ("%", []),
        ("  ", []),
    ):
        found = (await acme.viewer.get("/search", params={"q": text})).json()["items"]
        assert [hit["type"] for hit in found] == types
        assert all(hit["title"] in {"Grace Hopper", "Hopper Ltd", "Welcome hoppers"} for hit in found)


async def test_events_of_a_record_tell_its_history(acme: World) -> None:
    contact = (await acme.member.post("/contacts", json={"email": "e@x.test"})).json()
    await acme.member.patch(f"/contacts/{contact['id']}", json={"lead_score": 7})
    events = (await acme.viewer.get("/events", params={"record_id": contact["id"]})).json()["items"]
    assert events[-1]["type"] == "contact.created"
    assert events[0]["changes"]["lead_score"] == [0, 7]
    only = (await acme.viewer.get("/events", params={"type": "contact.created"})).json()["items"]
    assert {event["type"] for event in only} == {"contact.created"}
