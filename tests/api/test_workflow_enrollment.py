"""Enrolling by hand, and trying a definition without doing anything."""

from typing import Any
from uuid import uuid4

from tests.api.given import contact, drafted, published, tags

from cuework.testing.application import World

NEVER = {"all": [{"field": "contact.lead_score", "op": "gte", "value": 1000}]}


def tagging(**more: Any) -> dict[str, Any]:
    return {
        "name": "Tag chosen ones",
        "trigger": {"type": "contact.created", "when": NEVER},
        "steps": [{"id": "tag", "type": "contact.add_tag", "tag": "chosen"}],
        **more,
    }


async def test_a_record_enrolled_by_hand_enters_whatever_the_filter_says(acme: World) -> None:
    identity = await published(acme, tagging())
    ada = await contact(acme)
    answer = await acme.member.post(f"/workflows/{identity}/enroll", json={"record_type": "contact", "record_id": ada})
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert await tags(acme, ada) == ["chosen"]
    execution_id = answer.json()["items"][0]["execution_id"]
    execution = (await acme.viewer.get(f"/executions/{execution_id}")).json()
    assert (execution["status"], execution["record"]["name"]) == ("completed", "Ada")


async def test_a_suppressed_record_does_not_enter_even_by_hand(acme: World) -> None:
    suppress = {"all": [{"field": "contact.email_consent", "op": "eq", "value": "denied"}]}
    identity = await published(acme, tagging(settings={"suppress": suppress}))
    ada = await contact(acme, email_consent="denied")
    await acme.member.post(f"/workflows/{identity}/enroll", json={"record_ids": [ada]})
    assert await tags(acme, ada) == []


async def test_a_record_that_is_not_there_is_named_and_nobody_is_enrolled(acme: World) -> None:
    identity = await published(acme, tagging())
    ada, nobody = await contact(acme), str(uuid4())
    answer = await acme.member.post(f"/workflows/{identity}/enroll", json={"record_ids": [ada, nobody]})
    assert answer.status_code == 422
    assert nobody in answer.json()["detail"]
    assert await tags(acme, ada) == []


async def test_nothing_enters_a_workflow_that_is_not_on(acme: World) -> None:
    identity = await drafted(acme, tagging())
    answer = await acme.member.post(f"/workflows/{identity}/enroll", json={"record_ids": [await contact(acme)]})
    assert answer.status_code == 409


async def test_a_viewer_does_not_enroll(acme: World) -> None:
    identity = await published(acme, tagging())
    answer = await acme.viewer.post(f"/workflows/{identity}/enroll", json={"record_ids": [await contact(acme)]})
    assert answer.status_code == 403


async def test_a_test_shows_what_would_happen_and_changes_nothing(acme: World) -> None:
    steps = [
        {"id": "tag", "type": "contact.add_tag", "tag": "chosen"},
        {"id": "rest", "type": "flow.delay", "for": "2 days"},
        {"id": "task", "type": "task.create", "title": "Call {{ contact.first_name }}"},
        {"id": "bad", "type": "contact.add_score", "points": 5},
    ]
    identity = await drafted(acme, tagging(steps=steps))
    ada = await contact(acme)
    answer = await acme.manager.post(f"/workflows/{identity}/test", json={"record_id": ada})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["test"] is True
    assert (shown["status"], shown["reason"]) == ("completed", "completed")
    assert [(step["visit"], step["status"]) for step in shown["steps"]] == [
        ("tag", "completed"),
        ("rest", "completed"),
        ("task", "completed"),
        ("bad", "completed"),
    ]
    assert shown["steps"][0]["changes"][0]["new"] == ["chosen"]
    assert shown["filter"]["passes"] is False
    assert shown["filter"]["clauses"][0]["ok"] is False
    assert shown["ends_at"] > shown["started_at"]
    assert await tags(acme, ada) == []
    assert (await acme.viewer.get("/tasks")).json()["items"] == []
    assert (await acme.viewer.get("/executions")).json()["items"] == []


async def test_a_test_on_an_event_uses_the_event(acme: World) -> None:
    steps = [{"id": "log", "type": "activity.log", "text": "{{ trigger.type }} of {{ contact.first_name }}"}]
    identity = await drafted(acme, tagging(steps=steps))
    ada = await contact(acme)
    event = (await acme.viewer.get("/events", params={"record_id": ada})).json()["items"][0]
    shown = (await acme.manager.post(f"/workflows/{identity}/test", json={"event_id": event["id"]})).json()
    assert shown["trigger"]["event_type"] == "contact.created"
    assert (await acme.manager.post(f"/workflows/{identity}/test", json={"event_id": str(uuid4())})).status_code == 404


async def test_a_test_without_the_record_that_it_needs_says_so(acme: World) -> None:
    identity = await drafted(acme, tagging())
    answer = await acme.manager.post(f"/workflows/{identity}/test", json={})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "record_id"
