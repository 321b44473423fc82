"""Executions over HTTP with real passes: lists, timelines, figures, cancelling and retrying."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from tests.api.given import contact, published

from cuework.testing.application import World
from cuework.testing.passes import run_passes

WELCOME: list[dict[str, Any]] = [
    {"id": "tag", "type": "contact.add_tag", "tag": "new"},
    {"id": "score", "type": "contact.add_score", "points": 10},
]
REST: list[dict[str, Any]] = [{"id": "rest", "type": "flow.delay", "for": "2 days"}]
# A task that cannot be: its title renders empty, and a failure stops the workflow.
FAIL: list[dict[str, Any]] = [
    {"id": "tag", "type": "contact.add_tag", "tag": "new"},
    {"id": "task", "type": "task.create", "title": "{{ contact.last_name }}", "on_error": "stop"},
]


async def welcoming(world: World, steps: list[dict[str, Any]], name: str = "Welcome") -> str:
    return await published(world, {"name": name, "trigger": {"type": "contact.created"}, "steps": steps})


async def listed(world: World, **query: Any) -> list[dict[str, Any]]:
    await run_passes(world.app.pool, world.tenant_id)
    answer = await world.viewer.get("/executions", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def one(world: World, **query: Any) -> dict[str, Any]:
    [execution] = await listed(world, **query)
    return (await world.viewer.get(f"/executions/{execution['id']}")).json()


async def test_an_execution_shows_its_steps_what_they_changed_and_what_set_it_off(acme: World) -> None:
    workflow = await welcoming(acme, WELCOME)
    ada = await contact(acme)
    execution = await one(acme)
    assert execution["workflow_id"] == workflow
    assert execution["workflow_name"] == "Welcome"
    assert (execution["status"], execution["reason"], execution["version"]) == ("completed", "completed", 1)
    assert execution["reason_text"] == "Every step is done."
    assert execution["record"] == {"type": "contact", "id": ada, "name": "Ada"}
    assert execution["trigger"]["type"] == "contact.created"
    assert execution["trigger"]["data"]["changes"]["first_name"] == [None, "Ada"]
    assert [(s["visit"], s["title"], s["status"], s["attempts"]) for s in execution["steps"]] == [
        ("tag", "Add tag", "completed", 1),
        ("score", "Add to score", "completed", 1),
    ]
    change = execution["steps"][0]["changes"][0]
    assert (change["field"], change["old"], change["new"]) == ("tags", [], ["new"])
    assert change["record"] == {"type": "contact", "id": ada, "name": "Ada"}
    assert execution["duration_ms"] >= 0
    assert execution["elapsed_ms"] >= 0


async def test_a_waiting_execution_shows_the_step_it_waits_in_and_until_when(acme: World) -> None:
    await welcoming(acme, REST)
    await contact(acme)
    execution = await one(acme, status="waiting")
    assert execution["finished_at"] is None
    assert execution["next_at"] is not None
    [step] = execution["steps"]
    assert (step["visit"], step["status"], step["finished_at"]) == ("rest", "waiting", None)
    assert step["until"] is not None
    assert step["why"]


@pytest.mark.parametrize("sort", [None, "-started_at", "started_at"])
async def test_the_list_goes_in_pages_newest_or_oldest_first_and_forgets_none(acme: World, sort: str | None) -> None:
    by = {"sort": sort} if sort else {}
    await welcoming(acme, WELCOME)
    for _ in range(5):
        await contact(acme)
    await run_passes(acme.app.pool, acme.tenant_id)
    found: list[str] = []
    cursor = None
    for _ in range(3):
        page = (
            await acme.viewer.get("/executions", params={"limit": 2, **by} | ({"cursor": cursor} if cursor else {}))
        ).json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert len(found) == 5
    assert found == sorted(found, reverse=sort != "started_at")
    assert (await acme.viewer.get("/executions", params={"cursor": "x"})).status_code == 422
    assert (await acme.viewer.get("/executions", params={"sort": "status"})).status_code == 422


async def test_the_list_narrows_by_workflow_status_record_and_time(acme: World) -> None:
    welcome, rest = await welcoming(acme, WELCOME), await welcoming(acme, REST, "Rest")
    ada, _ = await contact(acme), await contact(acme)
    assert len(await listed(acme)) == 4
    assert {each["workflow_id"] for each in await listed(acme, workflow_id=rest)} == {rest}
    assert {each["workflow_id"] for each in await listed(acme, status="completed")} == {welcome}
    assert len(await listed(acme, status="waiting", workflow_id=rest)) == 2
    assert {each["record"]["id"] for each in await listed(acme, record_id=ada)} == {ada}
    assert len(await listed(acme, reason="completed")) == 2
    assert await listed(acme, has_errors="true") == []
    assert await listed(acme, to="2001-01-01T00:00:00Z") == []
    assert len(await listed(acme, **{"from": "2001-01-01T00:00:00Z"})) == 4
    counted = (await acme.viewer.get("/executions/count", params={"status": "waiting"})).json()
    assert counted == {"count": 2, "more": False, "text": "2"}


async def test_cancelling_ends_a_waiting_execution_and_says_who_did_it(acme: World) -> None:
    await welcoming(acme, REST)
    await contact(acme)
    identity = (await one(acme))["id"]
    answer = await acme.manager.post(f"/executions/{identity}/cancel", json={"why": "a mistake"})
    assert answer.status_code == 202
    execution = await one(acme)
    assert (execution["status"], execution["reason"]) == ("cancelled", "cancelled")
    assert execution["steps"][0]["status"] == "cancelled"
    assert "the manager's key cancelled it: a mistake" in execution["steps"][0]["why"]
    assert (await acme.manager.post(f"/executions/{identity}/cancel")).status_code == 409


async def test_what_moved_on_since_it_was_seen_is_neither_cancelled_nor_retried(acme: World) -> None:
    await welcoming(acme, REST)
    await contact(acme)
    place = f"/executions/{(await one(acme))['id']}"
    for word, status in (("cancel", "cancelled"), ("retry", "waiting")):
        seen = (await acme.viewer.get(place)).headers["etag"]
        stale = await acme.manager.post(f"{place}/{word}", headers={"If-Match": '"77"'})
        assert (stale.status_code, stale.json()["revision"]) == (412, int(seen.strip('"')))
        assert (await acme.manager.post(f"{place}/{word}", headers={"If-Match": seen})).status_code == 202
        assert [each["status"] for each in await listed(acme)] == [status]
        assert (await acme.viewer.get(place)).headers["etag"] != seen


async def test_a_failed_execution_goes_on_at_its_failed_step_and_repeats_no_other(acme: World) -> None:
    await welcoming(acme, FAIL)
    ada = await contact(acme)
    failed = await one(acme)
    assert (failed["status"], failed["reason"], failed["has_errors"]) == ("failed", "failed", True)
    assert failed["error"]["at"] == "task"
    await acme.member.patch(f"/contacts/{ada}", json={"last_name": "Lovelace"})
    assert (await acme.manager.post(f"/executions/{failed['id']}/retry")).status_code == 202
    execution = await one(acme)
    assert execution["id"] == failed["id"]
    assert execution["status"] == "completed"
    assert [(step["visit"], step["status"]) for step in execution["steps"]] == [
        ("tag", "completed"),
        ("task", "failed"),
        ("task", "completed"),
    ]
    assert (await acme.manager.post(f"/executions/{failed['id']}/retry")).status_code == 409


async def test_a_cancelled_execution_goes_on_where_it_stood(acme: World) -> None:
    await welcoming(acme, [*WELCOME, *REST])
    await contact(acme)
    waiting = await one(acme)
    assert waiting["retryable"] is False
    await acme.manager.post(f"/executions/{waiting['id']}/cancel")
    cancelled = await one(acme)
    assert (cancelled["reason"], cancelled["retryable"], cancelled["error"]) == ("cancelled", True, None)
    body = {"action": "retry", "filter": {"status": "cancelled"}, "dry_run": True}
    assert (await acme.manager.post("/executions/bulk", json=body)).json()["count"] == 1
    assert (await acme.manager.post(f"/executions/{waiting['id']}/retry")).status_code == 202
    execution = await one(acme)
    assert (execution["status"], execution["next_at"]) == ("waiting", waiting["next_at"])
    assert [(step["visit"], step["status"]) for step in execution["steps"]] == [
        ("tag", "completed"),
        ("score", "completed"),
        ("rest", "cancelled"),
        ("rest", "waiting"),
    ]


async def test_an_email_is_kept_as_it_will_be_read_from_when_it_is_queued(acme: World) -> None:
    config = {"host": "mail.example.com", "from_email": "us@example.com", "from_name": "Us", "sandbox": True}
    await acme.admin.post("/connections", json={"key": "post", "name": "Post", "type": "smtp", "config": config})
    mail = {"id": "mail", "type": "email.send", "subject": "For {{ contact.first_name }}", "body": "<p>Welcome</p>"}
    welcome = {"name": "Welcome", "trigger": {"type": "contact.created"}, "steps": [mail]}
    made = await acme.manager.post("/workflows", json=welcome)  # with a warning: it does not ask for consent
    await acme.manager.post(f"/workflows/{made.json()['id']}/publish")
    ada = await contact(acme, email="ada@example.com")
    await run_passes(acme.app.pool, acme.tenant_id)
    [message] = (await acme.viewer.get(f"/contacts/{ada}/messages")).json()["items"]
    assert (message["state"], message["subject"], message["sender"]) == ("queued", "For Ada", "Us <us@example.com>")
    assert (message["body_html"], message["body_text"]) == ("<p>Welcome</p>", "Welcome")


async def test_what_cannot_be_retried_says_why(acme: World) -> None:
    await welcoming(acme, REST)
    ada = await contact(acme)
    identity = (await one(acme))["id"]
    await acme.member.delete(f"/contacts/{ada}")
    assert (await one(acme))["retryable"] is False
    refused = await acme.manager.post(f"/executions/{identity}/retry")
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "It cannot be retried: its record was deleted, so there is nothing to go on with."
    )


async def test_many_executions_are_cancelled_by_filter_after_their_count_was_shown(acme: World) -> None:
    workflow = await welcoming(acme, REST)
    for _ in range(3):
        await contact(acme)
    await run_passes(acme.app.pool, acme.tenant_id)
    body = {"action": "cancel", "filter": {"workflow_id": workflow}, "name": "Incident 7"}
    shown = await acme.manager.post("/executions/bulk", json=body | {"dry_run": True})
    assert (shown.status_code, shown.json()["count"]) == (200, 3)
    assert len(await listed(acme, status="waiting")) == 3
    answer = await acme.manager.post("/executions/bulk", json=body)
    assert answer.status_code == 202
    assert len(await listed(acme, status="cancelled")) == 3
    job = (await acme.viewer.get(f"/jobs/{answer.json()['id']}")).json()
    assert (job["state"], job["done"], job["name"]) == ("done", 3, "Incident 7")
    [row] = (await acme.admin.get("/audit", params={"subject_id": job["id"]})).json()["items"]
    assert (row["action"], row["actor"]["name"]) == ("executions.cancel", "the manager's key")
    assert row["subject"] == {"type": "job", "id": job["id"], "name": "Incident 7"}
    assert row["after"] == {"filter": {"workflow_id": workflow}, "count": 3, "more": False, "rate": 100}
    ended = await acme.manager.post(f"/jobs/{job['id']}/cancel")
    assert (ended.status_code, ended.json()["state"]) == (409, "done")


async def test_a_job_that_is_cancelled_does_no_more_and_counts_what_it_did(acme: World) -> None:
    await welcoming(acme, REST)
    for _ in range(3):
        await contact(acme)
    await run_passes(acme.app.pool, acme.tenant_id)
    body = {"action": "cancel", "filter": {}, "name": "Incident 9", "rate": 1}
    job = (await acme.manager.post("/executions/bulk", json=body)).json()["id"]
    assert len(await listed(acme, status="waiting")) == 2  # one is told at once, the next in a second
    for _ in range(2):
        answer = await acme.manager.post(f"/jobs/{job}/cancel")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        assert (shown["state"], shown["done"], shown["total"]) == ("cancelled", 1, 3)
        assert shown["finished_at"] is not None
    assert [each["id"] for each in (await acme.viewer.get("/jobs?state=cancelled")).json()["items"]] == [job]
    rows = (await acme.admin.get("/audit", params={"subject_id": job})).json()["items"]
    assert [row["action"] for row in rows] == ["job.cancel", "executions.cancel"]
    assert (rows[0]["before"], rows[0]["after"]) == (
        {"state": "running", "done": None},
        {"state": "cancelled", "done": 1},
    )
    assert (await acme.manager.post(f"/jobs/{uuid4()}/cancel")).status_code == 404


async def test_many_executions_are_chosen_by_their_ids(acme: World) -> None:
    await welcoming(acme, REST)
    for _ in range(3):
        await contact(acme)
    first, second, third = [each["id"] for each in await listed(acme)]
    body: dict[str, Any] = {"action": "cancel", "ids": [first, second, second, str(uuid4())], "name": "Two of them"}
    assert (await acme.manager.post("/executions/bulk", json=body | {"dry_run": True})).json()["count"] == 2
    started = (await acme.manager.post("/executions/bulk", json=body)).json()
    assert [each["id"] for each in await listed(acme, status="waiting")] == [third]
    assert (await acme.viewer.get(f"/jobs/{started['id']}")).json()["request"]["ids"] == body["ids"]
    [job] = (await acme.viewer.get("/jobs")).json()["items"]
    assert (job["done"], job["state"], "ids" in job["request"]) == (2, "done", False)
    [row] = (await acme.admin.get("/audit", params={"subject_id": job["id"]})).json()["items"]
    assert (row["after"]["ids"], row["after"]["count"]) == (body["ids"], 2)
    again = {"action": "retry", "ids": [second, third], "name": "Not that one"}  # cancelled: asked for by name
    assert (await acme.manager.post("/executions/bulk", json=again)).json()["count"] == 1
    assert sorted(each["id"] for each in await listed(acme, status="waiting")) == sorted([second, third])


@pytest.mark.parametrize("which", [{}, {"filter": None}, {"filter": {}, "ids": [str(uuid4())]}])
async def test_which_executions_is_said_in_one_way(acme: World, which: dict[str, Any]) -> None:
    refused = await acme.manager.post("/executions/bulk", json={"action": "cancel", "name": "Incident", **which})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "filter")
    assert "by filter or by ids" in refused.json()["detail"]
    for ids in ([], [str(uuid4())] * 1001):
        refused = await acme.manager.post("/executions/bulk", json={"action": "cancel", "name": "I", "ids": ids})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "ids")


@pytest.mark.parametrize("action", ["cancel", "retry"])
async def test_many_executions_are_told_nothing_without_a_name_for_the_incident(acme: World, action: str) -> None:
    await welcoming(acme, REST)
    await contact(acme)
    await run_passes(acme.app.pool, acme.tenant_id)
    body = {"action": action, "filter": {}}
    for name in ({}, {"name": ""}, {"name": "  "}):
        refused = await acme.manager.post("/executions/bulk", json=body | name)
        assert refused.status_code == 422
        assert [problem["path"] for problem in refused.json()["errors"]] == ["name"]
    assert (await acme.manager.post("/executions/bulk", json=body | {"dry_run": True})).status_code == 200
    assert (await acme.viewer.get("/jobs")).json()["items"] == []
    assert len(await listed(acme, status="waiting")) == 1


async def test_what_has_not_ended_is_not_cancelled_by_a_reason_it_cannot_have(acme: World) -> None:
    await welcoming(acme, REST)
    await contact(acme)
    await run_passes(acme.app.pool, acme.tenant_id)
    body = {"action": "cancel", "filter": {"reason": "failed"}, "name": "Incident 8"}
    for dry_run in (True, False):
        refused = await acme.manager.post("/executions/bulk", json=body | {"dry_run": dry_run})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "filter.reason")
    assert len(await listed(acme, status="waiting")) == 1


async def test_figures_come_from_counters_and_agree_with_the_history(acme: World) -> None:
    welcome = await welcoming(acme, WELCOME)
    await welcoming(acme, REST, "Rest")
    await welcoming(acme, FAIL, "Fail")
    for _ in range(2):
        await contact(acme)
    await run_passes(acme.app.pool, acme.tenant_id)
    figures = (await acme.viewer.get("/executions/stats")).json()
    assert {name: figures[name] for name in ("total", "waiting", "completed", "failed", "cancelled")} == {
        "total": 6,
        "waiting": 2,
        "completed": 2,
        "failed": 2,
        "cancelled": 0,
    }
    assert figures["success_rate"] == 0.5
    assert figures["duration_ms"]["mean"] is not None
    assert figures["duration_ms"]["p95"] is not None
    assert sum(point["total"] for point in figures["series"]) == 6
    only = (await acme.viewer.get("/executions/stats", params={"workflow_id": welcome})).json()
    assert (only["total"], only["completed"], only["success_rate"]) == (2, 2, 1.0)
    none = (await acme.viewer.get("/executions/stats", params={"to": "2001-01-01T00:00:00Z"})).json()
    assert (none["total"], none["success_rate"], none["duration_ms"]) == (0, None, {"mean": None, "p95": None})


async def test_traces_are_for_those_who_build_workflows(acme: World, module_database_url: str) -> None:
    await welcoming(acme, FAIL)
    await contact(acme)
    identity = (await listed(acme))[0]["id"]
    query = """update steps set detail = jsonb_set(detail, '{error,trace}', '"Traceback"')
        where tenant_id = $1 and status = 'failed'"""
    owner = await asyncpg.connect(module_database_url)
    assert await owner.execute(query, acme.tenant_id) == "UPDATE 1", "as a node that raises leaves one"
    await owner.close()
    traces = {
        role: [step["error"].get("trace") for step in answer.json()["steps"] if step["error"]]
        for role in ("viewer", "member", "manager")
        for answer in [await getattr(acme, role).get(f"/executions/{identity}")]
    }
    assert traces == {"viewer": [None], "member": [None], "manager": ["Traceback"]}


async def test_another_tenants_execution_is_as_absent_as_none(acme: World, other: World) -> None:
    await welcoming(acme, REST)
    await contact(acme)
    identity = (await listed(acme))[0]["id"]
    for unknown in (identity, str(uuid4())):
        assert (await other.viewer.get(f"/executions/{unknown}")).status_code == 404
        assert (await other.manager.post(f"/executions/{unknown}/cancel")).status_code == 404
        assert (await other.manager.post(f"/executions/{unknown}/retry")).status_code == 404
    assert await listed(other) == []
