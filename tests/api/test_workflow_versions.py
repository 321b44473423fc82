"""Publishing and what follows, over HTTP with real passes: which version takes which event."""

from typing import Any
from uuid import UUID

from tests.api.given import contact, published, tags

from cuework.testing.application import World
from cuework.testing.passes import run_passes


def tagging(tag: str, **more: Any) -> dict[str, Any]:
    trigger = {"type": "contact.created", **more}
    return {
        "name": "Tag newcomers",
        "trigger": trigger,
        "steps": [{"id": "tag", "type": "contact.add_tag", "tag": tag}],
    }


async def test_a_published_workflow_takes_events_from_then_on(acme: World) -> None:
    before = await contact(acme)
    identity = await published(acme, tagging("new"))
    after = await contact(acme)
    assert await tags(acme, after) == ["new"]
    assert await tags(acme, before) == []
    workflow = (await acme.viewer.get(f"/workflows/{identity}")).json()
    assert workflow["status"] == "published"
    assert workflow["published"] == [{"version": 1, "share": 100}]
    assert workflow["has_unpublished_changes"] is False
    assert workflow["stats"] == {"active": 0, "total": 1}
    assert workflow["last_execution_at"] is not None


async def test_an_event_from_before_a_new_version_meets_the_version_of_its_moment(acme: World) -> None:
    identity = await published(acme, tagging("first"))
    early = await contact(acme)
    await acme.manager.put(f"/workflows/{identity}", json=tagging("second"))
    assert (await acme.manager.post(f"/workflows/{identity}/publish")).status_code == 200
    late = await contact(acme)
    assert await tags(acme, early) == ["first"]
    assert await tags(acme, late) == ["second"]


async def test_a_draft_that_changed_since_the_preview_is_not_published(acme: World) -> None:
    identity = await published(acme, tagging("first"))
    await acme.manager.put(f"/workflows/{identity}", json=tagging("second"))
    plan = (await acme.manager.post(f"/workflows/{identity}/plan")).json()
    assert plan["problems"] == []
    assert plan["diff"] == ["The step “tag” (Add tag): tag was “first” and is now “second”."]
    await acme.manager.put(f"/workflows/{identity}", json=tagging("third"))
    answer = await acme.manager.post(f"/workflows/{identity}/publish", json={"hash": plan["hash"]})
    assert answer.status_code == 409
    assert [each["version"] for each in (await acme.viewer.get(f"/workflows/{identity}/versions")).json()["items"]] == [
        1
    ]


async def test_a_wrong_draft_is_not_published_and_every_problem_is_named(acme: World) -> None:
    identity = (await acme.manager.post("/workflows", json=tagging("a") | {"steps": [{"type": "no.such"}, {}]})).json()[
        "id"
    ]
    answer = await acme.manager.post(f"/workflows/{identity}/publish")
    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["errors"]] == ["steps.0.type", "steps.1.type"]
    plan = (await acme.manager.post(f"/workflows/{identity}/plan")).json()
    assert [each["path"] for each in plan["problems"]] == ["steps.0.type", "steps.1.type"]


async def test_a_missing_connection_is_named_with_the_place_to_add_it(acme: World) -> None:
    step = {"id": "mail", "type": "email.send", "to": "contact", "subject": "Hello", "body": "Hello"}
    identity = (await acme.manager.post("/workflows", json=tagging("a") | {"steps": [step]})).json()["id"]
    answer = await acme.manager.post(f"/workflows/{identity}/publish")
    assert answer.status_code == 422
    assert "connection" in answer.text.lower()
    assert "Settings" in answer.text


async def test_a_paused_workflow_starts_nothing_and_a_resumed_one_starts_anew(acme: World) -> None:
    identity = await published(acme, tagging("new"))
    assert (await acme.manager.post(f"/workflows/{identity}/pause")).json()["status"] == "paused"
    during = await contact(acme)
    assert await tags(acme, during) == []
    assert (await acme.manager.post(f"/workflows/{identity}/resume")).json()["status"] == "published"
    assert await tags(acme, during) == []
    assert await tags(acme, await contact(acme)) == ["new"]


async def test_an_event_from_before_the_pause_is_refused_as_inactive(acme: World) -> None:
    identity = await published(acme, tagging("new"))
    early = await contact(acme)
    await acme.manager.post(f"/workflows/{identity}/pause")
    assert await tags(acme, early) == []


async def test_states_that_do_not_allow_it_are_conflicts(acme: World) -> None:
    identity = await published(acme, tagging("new"))
    assert (await acme.manager.post(f"/workflows/{identity}/resume")).status_code == 409
    assert (await acme.manager.post(f"/workflows/{identity}/archive")).json()["status"] == "archived"
    assert (await acme.manager.post(f"/workflows/{identity}/pause")).status_code == 409
    assert (await acme.manager.delete(f"/workflows/{identity}")).status_code == 409
    draft = (await acme.manager.post("/workflows", json=tagging("new"))).json()["id"]
    assert (await acme.manager.post(f"/workflows/{draft}/pause")).status_code == 409
    assert (await acme.manager.post(f"/workflows/{draft}/resume")).status_code == 409


async def test_an_older_version_is_published_again_as_a_new_one_and_the_draft_stays(acme: World) -> None:
    identity = await published(acme, tagging("first"))
    await acme.manager.put(f"/workflows/{identity}", json=tagging("second"))
    await acme.manager.post(f"/workflows/{identity}/publish", json={"note": "Better"})
    plan = (await acme.manager.post(f"/workflows/{identity}/plan", json={"version": 1})).json()
    assert plan["diff"] == ["The step “tag” (Add tag): tag was “second” and is now “first”."]
    answer = await acme.manager.post(f"/workflows/{identity}/versions/1/publish", json={"hash": plan["hash"]})
    assert answer.status_code == 200
    assert answer.json()["has_unpublished_changes"] is True
    assert answer.json()["definition"]["steps"][0]["tag"] == "second"
    versions = (await acme.viewer.get(f"/workflows/{identity}/versions")).json()["items"]
    assert [(each["version"], each["note"], each["live"]) for each in versions] == [
        (3, "Back to version 1", True),
        (2, "Better", False),
        (1, "", False),
    ]
    assert await tags(acme, await contact(acme)) == ["first"]


async def test_the_preview_counts_the_records_that_match_now(acme: World) -> None:
    when = {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}
    for score in (10, 50, 90):
        await contact(acme, lead_score=score)
    identity = (await acme.manager.post("/workflows", json=tagging("hot", when=when))).json()["id"]
    plan = (await acme.manager.post(f"/workflows/{identity}/plan")).json()
    assert (plan["matching"], plan["matching_more"], plan["matching_known"]) == (2, False, True)
    summary = "when a contact is created, if contact lead score is at least 50."
    assert plan["diff"][0] == f"It is published for the first time: {summary}"


async def test_publishing_can_enroll_the_records_that_match_now(acme: World) -> None:
    when = {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}
    cold, hot = await contact(acme, lead_score=10), await contact(acme, lead_score=90)
    await run_passes(acme.app.pool, acme.tenant_id)
    identity = (await acme.manager.post("/workflows", json=tagging("hot", when=when))).json()["id"]
    answer = await acme.manager.post(f"/workflows/{identity}/publish", json={"enroll_existing": True})
    assert answer.status_code == 200
    assert await tags(acme, hot) == ["hot"]
    assert await tags(acme, cold) == []
    job = (await acme.viewer.get(f"/jobs/{answer.json()['job_id']}")).json()
    assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)


async def test_each_change_of_state_is_in_the_audit_log(acme: World) -> None:
    identity = await published(acme, tagging("new"))
    for action in ("pause", "resume", "archive"):
        await acme.manager.post(f"/workflows/{identity}/{action}")
    async with acme.app.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"set local app.tenant_id = '{acme.tenant_id}'")
        query = "select action, after ->> 'status' as status from audit where subject_id = $1 order by id"
        rows = await connection.fetch(query, UUID(identity))
    assert [(row["action"], row["status"]) for row in rows] == [
        ("workflow.create", None),
        ("workflow.publish", "published"),
        ("workflow.pause", "paused"),
        ("workflow.resume", "published"),
        ("workflow.archive", "archived"),
    ]


async def test_node_types_are_offered_with_their_forms(acme: World) -> None:
    items = (await acme.viewer.get("/node-types")).json()["items"]
    add_tag = next(each for each in items if each["type"] == "contact.add_tag")
    assert {"title", "group", "icon", "docs", "schema", "exits", "output", "sample"} <= set(add_tag)
    schema = (await acme.viewer.get("/node-types/schema")).json()
    assert "contact.add_tag" in schema["$defs"]
