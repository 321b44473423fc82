"""What is wrong with a request is said in plain words, and briefly."""

from typing import Any

import pytest

from cuework.testing.application import World

SEND = "send it as JSON, with Content-Type: application/json."


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        (b"", None, "Send a JSON body with Content-Type: application/json."),
        (b'{"name": "x"}', None, f"The body came without a Content-Type; {SEND}"),
        (
            b'{"name": "x"}',
            "application/x-www-form-urlencoded",
            f"The body came as application/x-www-form-urlencoded; {SEND}",
        ),
        (b"[]", "application/json", "The body must be a JSON object."),
        (b'"x"', "application/json", "The body must be a JSON object."),
        (b"null", "application/json", "The body must be a JSON object."),
    ],
)
async def test_a_body_that_is_no_object_or_not_said_to_be_json_is_told_so(
    acme: World, body: bytes, kind: str | None, detail: str
) -> None:
    for path in ("/contacts", "/teams"):
        answer = await acme.admin.post(path, content=body, headers={"Content-Type": kind} if kind else {})
        assert (answer.status_code, answer.json()["detail"]) == (422, detail)


@pytest.mark.parametrize(
    ("path", "body", "place", "message"),
    [
        ("/pipelines", {"name": "P", "key": "p", "stages": []}, "stages", "must not be empty"),
        ("/forms", {"name": 5, "fields": [{}]}, "name", "must be text"),
        ("/pipelines", {"name": "x" * 201, "key": "x", "stages": []}, "name", "must have at most 200 characters"),
        ("/tags", {"name": "x", "color": "red"}, "color", "must be a color such as #1a2b3c"),
        ("/executions/bulk", {"action": "stop"}, "action", "must be cancel or retry"),
        (
            "/connections",
            {"key": "X!", "name": "x", "type": "http"},
            "key",
            "must begin with a letter or digit and have",
        ),
        ("/connections", {"key": "x", "name": "x", "type": "http"}, "config.base_url", "is required"),
        ("/activities", {"record": {"type": "contact", "id": "x"}, "text": "x"}, "record.id", "must be an id such as"),
        ("/activities", {"occurred_at": "2026-03-01T09:00"}, "occurred_at", "must name its time zone"),
    ],
)
async def test_a_misfit_is_worded_plainly(acme: World, path: str, body: Any, place: str, message: str) -> None:
    answer = await acme.admin.post(path, json=body)
    told = {error["path"]: error["message"] for error in answer.json()["errors"]}
    assert told.get(place, "").startswith(message), answer.text


async def test_a_parameter_that_is_one_of_some_words_names_them(acme: World) -> None:
    answer = await acme.viewer.get("/tasks", params={"status": "late"})
    assert answer.json()["detail"] == "query.status: must be open, done or cancelled"


async def test_what_is_told_of_a_huge_name_is_short(acme: World) -> None:
    huge = "x" * 100_000
    for client, path, body in (
        (acme.member, "/contacts", {huge: 1}),
        (acme.manager, "/forms", {huge: 1}),
        (acme.manager, "/workflows", {"name": "x", huge: 1}),
        (acme.member, "/contacts/bulk", {"create": [{huge: 1}]}),
        (acme.admin, "/connections", {"key": "x", "name": "x", "type": "http", "config": {huge: 1}}),
    ):
        answer = await client.post(path, json=body)
        assert len(answer.content) < (8_000 if path != "/workflows" else 120_000), (path, len(answer.content))
        assert all(len(error["path"]) <= 1_000 for error in answer.json().get("errors", []))
