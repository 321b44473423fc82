"""Times at the ends of the calendar: refused by name on the way in, told on the way out whatever they are."""

import pytest
from tests.api.given import contact

from cuework.db import tenancy
from cuework.testing.application import World

BEFORE, BEHIND = "1900-01-01T00:00:00+14:00", "9000-12-31T23:59:59-12:00"  # the first and last years, but not in UTC


@pytest.mark.parametrize("at", [BEFORE, BEHIND, "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
async def test_a_time_that_is_out_of_range_in_utc_is_refused_by_name(acme: World, at: str) -> None:
    record = {"type": "contact", "id": await contact(acme)}
    answers = [
        await acme.member.post("/activities", json={"type": "note", "record": record, "text": "x", "occurred_at": at}),
        await acme.owner.post("/api-keys", json={"name": "x", "role": "viewer", "expires_at": at}),
        await acme.viewer.get("/executions/stats", params={"from": at}),
        await acme.viewer.get("/executions", params={"to": at}),
        await acme.member.post("/tasks", json={"title": "x", "due_at": at}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5, [answer.text for answer in answers]
    named = [answer.json()["errors"][0]["path"] for answer in answers]
    assert named == ["occurred_at", "expires_at", "query.from", "query.to", "due_at"]


async def test_a_time_that_the_store_holds_is_told_however_far_it_is(acme: World) -> None:
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        await connection.execute("update api_keys set expires_at = '9008-12-31Z'")
    answer = await acme.owner.get("/api-keys")
    assert (answer.status_code, answer.json()["items"][0]["expires_at"]) == (200, "9008-12-31T00:00:00.000Z")


async def test_a_day_in_a_filter_is_a_whole_day_to_the_end_of_the_calendar(acme: World) -> None:
    await acme.member.post("/tasks", json={"title": "Late", "due_at": "9000-12-31T12:00:00Z"})
    for day, found in (("9000-12-31", 1), ("1000-01-01", 0)):
        asked = f'{{"all": [{{"field": "task.due_at", "op": "eq", "value": "{day}"}}]}}'
        answer = await acme.viewer.get("/tasks", params={"filter": asked})
        assert (answer.status_code, len(answer.json().get("items", []))) == (200, found), answer.text
