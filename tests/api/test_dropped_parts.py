"""What a change leaves out of a field or a form: the workflows that use it are named first, and records keep theirs."""

from typing import Any

from cuework.base import json
from cuework.testing.application import World

TIER = {"record_type": "contact", "key": "tier", "name": "Tier", "type": "choice", "options": ["gold", "silver", "tin"]}
TAKES = {"record_type": "contact", "key": "takes", "name": "Takes", "type": "multi_choice", "options": ["a", "b", "c"]}
TO_GOLD = {
    "name": "Gold",
    "trigger": {"type": "contact.updated", "fields": [{"field": "custom.tier", "to": "gold"}]},
    "steps": [{"type": "contact.add_score", "points": 1}],
}
FORM = {
    "key": "ask",
    "name": "Ask us",
    "fields": [
        {"key": "email", "label": "Email", "type": "email"},
        {"key": "topic", "label": "Topic"},
        {"key": "size", "label": "Size"},
    ],
}
ASKED = {
    "name": "Asked",
    "trigger": {
        "type": "form.submitted",
        "forms": ["ask"],
        "when": {"field": "form.topic", "op": "eq", "value": "sales"},
    },
    "steps": [{"type": "contact.add_score", "points": 1}],
}


async def test_an_option_that_a_workflow_uses_is_dropped_only_when_forced(acme: World) -> None:
    field = await _made(acme, "/custom-fields", TIER)
    await _published(acme, TO_GOLD)
    path = f"/custom-fields/{field['id']}"
    assert (await acme.admin.patch(path, json={"options": ["gold", "silver"]})).status_code == 200
    refused = await acme.admin.patch(path, json={"options": ["silver"]})
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "The workflow Gold uses the option “gold”. Without it that does not work as it did, so change it first."
    )
    assert (refused.json()["override"], [each["name"] for each in refused.json()["workflows"]]) == (
        {"force": True},
        ["Gold"],
    )
    forced = await acme.admin.patch(path, json={"options": ["silver"]}, params={"force": "true"})
    assert (forced.status_code, forced.json()["options"]) == (200, ["silver"])


async def test_records_keep_an_option_that_is_gone_and_take_only_those_of_the_list(acme: World) -> None:
    tier, takes = await _made(acme, "/custom-fields", TIER), await _made(acme, "/custom-fields", TAKES)
    held = {"tier": "gold", "takes": ["a", "c"]}
    ada = await _made(acme, "/contacts", {"first_name": "Ada", "custom": held})
    for field, left in ((tier, ["silver"]), (takes, ["b", "c"])):
        changed = await acme.admin.patch(f"/custom-fields/{field['id']}", json={"options": left})
        assert changed.status_code == 200
    path = f"/contacts/{ada['id']}"
    same = await acme.member.patch(path, json={"first_name": "Eda", "custom": {"tier": "gold", "takes": ["c", "a"]}})
    assert (same.status_code, same.json()["custom"]["tier"]) == (200, "gold")
    assert sorted(same.json()["custom"]["takes"]) == ["a", "c"]
    bulk = await acme.member.post("/contacts/bulk", json={"update": [{"id": ada["id"], "custom": {"tier": "gold"}}]})
    assert bulk.json()["failed"] == 0, bulk.text
    other = await acme.member.post("/contacts", json={"first_name": "Ben", "custom": {"tier": "gold"}})
    assert (other.status_code, other.json()["errors"][0]["path"]) == (422, "custom.tier")
    for clause in ({"op": "eq", "value": "gold"}, {"op": "in", "value": ["gold", "silver"]}):
        assert await _found(acme, {"field": "contact.custom.tier", **clause}) == ["Eda"]
    assert await _found(acme, {"field": "contact.custom.takes", "op": "any_of", "value": ["a"]}) == ["Eda"]
    unknown = {"field": "contact.lifecycle_stage", "op": "eq", "value": "nowhere"}
    assert (await acme.viewer.get("/contacts", params={"filter": json.dumps_text(unknown)})).status_code == 422


async def test_a_field_of_a_form_that_a_workflow_reads_is_dropped_only_when_forced(acme: World) -> None:
    form = await _made(acme, "/forms", FORM)
    await _published(acme, ASKED)
    path, fields = f"/forms/{form['id']}", FORM["fields"]
    assert (await acme.admin.patch(path, json={"fields": fields[:2]})).status_code == 200
    refused = await acme.admin.patch(path, json={"fields": fields[:1]})
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("The workflow Asked uses the field “Topic”.")
    forced = await acme.admin.patch(path, json={"fields": fields[:1]}, params={"force": "true"})
    assert (forced.status_code, len(forced.json()["fields"])) == (200, 1)


async def _made(world: World, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await world.admin.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _published(world: World, definition: dict[str, Any]) -> None:
    workflow = await _made(world, "/workflows", {"definition": definition})
    answer = await world.admin.post(f"/workflows/{workflow['id']}/publish", json={})
    assert answer.status_code == 200, answer.text


async def _found(world: World, condition: dict[str, Any]) -> list[str]:
    answer = await world.viewer.get("/contacts", params={"filter": json.dumps_text(condition)})
    assert answer.status_code == 200, answer.text
    return [contact["first_name"] for contact in answer.json()["items"]]
