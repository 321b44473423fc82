"""Tags are renamed and merged: the contacts who carry them follow, the log says so, and by default nothing starts."""

from typing import Any

import pytest
from tests.api.given import contact, published, tags

from cuework.testing.application import World
from cuework.testing.passes import run_passes
from cuework.workflows.verify import verify_tenant

NOTICE = {
    "name": "Notice",
    "trigger": {"type": "contact.updated"},
    "steps": [{"id": "score", "type": "contact.add_score", "points": 1}],
}


async def offered(world: World) -> dict[str, str | None]:
    items = (await world.viewer.get("/tags")).json()["items"]
    return {item["name"]: item["color"] for item in items}


async def changed(world: World, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await world.manager.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_tag_is_renamed_on_all_who_carry_it_and_starts_nothing(acme: World) -> None:
    await acme.member.post("/tags", json={"name": "vip", "color": "#00ff00"})
    ada = await contact(acme, tags=["new", "vip", "fair"])
    ben = await contact(acme, tags=["new"])
    await published(acme, NOTICE)
    answer = await changed(acme, "PATCH", "/tags/vip", {"name": "key account"})
    assert (answer["name"], answer["color"], answer["contacts"], answer["job_id"]) == (
        "key account",
        "#00ff00",
        1,
        None,
    )
    assert await tags(acme, ada) == ["new", "key account", "fair"]
    assert await tags(acme, ben) == ["new"]
    assert await offered(acme) == {"fair": None, "key account": "#00ff00", "new": None}
    shown = (await acme.viewer.get(f"/contacts/{ada}")).json()
    assert (shown["revision"], shown["lead_score"]) == (2, 0)
    [news, _] = (await acme.viewer.get("/events", params={"record_id": ada})).json()["items"]
    assert (news["type"], news["changes"]) == (
        "contact.updated",
        {"tags": [["new", "vip", "fair"], ["new", "key account", "fair"]]},
    )
    assert (news["data"], news["batch_id"] is not None) == ({"workflows": "none"}, True)
    assert (await verify_tenant(acme.app.pool, acme.tenant_id)).broken == {}
    [row] = (await acme.admin.get("/audit", params={"action": "tag.update"})).json()["items"]
    assert (row["before"], row["after"]) == ({"name": "vip", "contacts": None}, {"name": "key account", "contacts": 1})
    assert (await acme.manager.patch("/tags/vip", json={"name": "x"})).status_code == 404


async def test_workflows_start_on_a_new_name_if_that_is_asked_for(acme: World) -> None:
    ada = await contact(acme, tags=["vip"])
    await published(acme, NOTICE)
    await changed(acme, "PATCH", "/tags/vip", {"name": "key", "workflows": "bulk"})
    await run_passes(acme.app.pool, acme.tenant_id)
    shown = (await acme.viewer.get(f"/contacts/{ada}")).json()
    assert (shown["tags"], shown["lead_score"]) == (["key"], 1)


async def test_a_name_that_another_tag_has_is_refused_and_merging_makes_one_of_both(acme: World) -> None:
    await acme.member.post("/tags", json={"name": "key", "color": "#0000ff"})
    both, one = await contact(acme, tags=["key", "vip"]), await contact(acme, tags=["vip"])
    refused = await acme.manager.patch("/tags/vip", json={"name": "key"})
    assert refused.status_code == 409
    assert refused.json()["existing"] == "key"
    assert "merge vip into it: POST /tags/{name}/merge" in refused.json()["detail"]
    assert await tags(acme, one) == ["vip"]
    answer = await changed(acme, "POST", "/tags/vip/merge", {"into": "key"})
    assert (answer["name"], answer["color"], answer["contacts"]) == ("key", "#0000ff", 2)
    assert (await tags(acme, both), await tags(acme, one)) == (["key"], ["key"])
    assert await offered(acme) == {"key": "#0000ff"}
    [row] = (await acme.admin.get("/audit", params={"action": "tag.merge"})).json()["items"]
    assert (row["subject"]["name"], row["after"]["name"], row["after"]["contacts"]) == ("vip", "key", 2)


@pytest.mark.parametrize("into", ["nobody", "vip", ""])
async def test_a_tag_is_merged_into_another_one_that_is_there(acme: World, into: str) -> None:
    await acme.member.post("/tags", json={"name": "vip"})
    refused = await acme.manager.post("/tags/vip/merge", json={"into": into})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "into")
    assert (await acme.manager.post("/tags/nobody/merge", json={"into": "vip"})).status_code == 404


async def test_workflows_that_name_a_tag_are_named_before_it_gets_another_name(acme: World) -> None:
    ada = await contact(acme, tags=["vip"])
    await acme.member.post("/tags", json={"name": "key"})
    steps = [{"id": "tag", "type": "contact.remove_tag", "tag": "vip"}]
    await published(acme, {"name": "Demote", "trigger": {"type": "contact.created"}, "steps": steps})
    for method, path, body in (("PATCH", "/tags/vip", {"name": "x"}), ("POST", "/tags/vip/merge", {"into": "key"})):
        refused = await acme.manager.request(method, path, json=body)
        assert refused.status_code == 409
        assert [each["name"] for each in refused.json()["workflows"]] == ["Demote"]
        assert refused.json()["override"] == {"force": True}
    assert await tags(acme, ada) == ["vip"]
    await changed(acme, "PATCH", "/tags/vip", {"color": "#ff0000"})  # which is nobody's business
    await changed(acme, "PATCH", "/tags/vip?force=true", {"name": "x"})
    assert await tags(acme, ada) == ["x"]


async def test_a_tag_with_a_slash_is_one_as_any_other(acme: World) -> None:
    ada = await contact(acme, tags=["fair/2025"])
    await changed(acme, "PATCH", "/tags/fair%2F2025", {"name": "fair/2026"})
    assert await tags(acme, ada) == ["fair/2026"]
    await acme.member.post("/tags", json={"name": "fairs/all"})
    await changed(acme, "POST", "/tags/fair%2F2026/merge", {"into": "fairs/all"})
    assert (await acme.manager.delete("/tags/fairs%2Fall")).status_code == 409
