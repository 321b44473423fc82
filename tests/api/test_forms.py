"""Forms: defined by managers, answered by anybody, with or without JavaScript."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cuework.api import form_intake
from cuework.api.throttle import Throttle
from cuework.db import tenancy
from cuework.testing.application import World

FIELDS: list[dict[str, Any]] = [
    {"key": "email", "label": "Your email", "type": "email"},
    {"key": "name", "label": "First name", "maps_to": "first_name", "required": True},
    {"key": "phone", "label": "Phone", "type": "phone", "maps_to": "phone"},
    {"key": "size", "label": "How many people", "type": "number"},
    {"key": "topic", "label": "Topic", "type": "choice", "options": ["Sales", "Support <b>"]},
    {"key": "message", "label": "Message", "type": "long_text"},
    {"key": "news", "label": "News", "type": "consent", "text": "You may write to me."},
]
ANSWERS = {"email": "ada@example.com", "name": "Ada", "phone": "+44 20 7946 0000", "size": "12", "news": True}


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_intake, "_throttle", Throttle(burst=10_000, every_s=1))


async def opened(world: World, **changes: Any) -> dict[str, Any]:
    body = {"key": "contact", "name": "Contact us", "fields": FIELDS, **changes}
    answer = await world.manager.post("/forms", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def submitted(world: World, form: dict[str, Any], answers: dict[str, Any]) -> httpx.Response:
    async with world.app.client() as anybody:
        return await anybody.post(f"/forms/{form['id']}/submit", json=answers)


async def contacts(world: World) -> list[dict[str, Any]]:
    return (await world.viewer.get("/contacts")).json()["items"]


async def stored(world: World, query: str) -> list[Any]:
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        return await connection.fetch(query)


async def test_a_submission_makes_a_contact_with_two_events_and_keeps_the_consent(acme: World) -> None:
    form = await opened(acme)
    answer = await submitted(acme, form, ANSWERS)
    assert (answer.status_code, answer.json()["status"]) == (201, "received")
    assert "contact_id" not in answer.text
    [contact] = await contacts(acme)
    assert (contact["first_name"], contact["phone"], contact["email_consent"]) == ("Ada", "+442079460000", "granted")
    events = await stored(acme, "select type, record_id, data, actor_type from events order by id")
    assert [event["type"] for event in events] == ["contact.created", "form.submitted"]
    assert {str(event["record_id"]) for event in events} == {contact["id"]}
    data = events[1]["data"]
    assert data["form"] == {**ANSWERS, "phone": "+442079460000", "size": 12}
    assert (data["form_key"], data["form_id"]) == ("contact", form["id"])
    [kept] = (await acme.viewer.get(f"/forms/{form['id']}/submissions")).json()["items"]
    assert (kept["contact_id"], kept["id"]) == (contact["id"], data["submission_id"])
    [consent] = kept["consents"]
    assert (consent["text"], consent["version"]) == ("You may write to me.", 1)
    assert len(await stored(acme, "select from inbox")) == 2


async def test_a_second_submission_updates_the_contact_and_blanks_nothing(acme: World) -> None:
    form = await opened(acme)
    await submitted(acme, form, ANSWERS)
    await submitted(acme, form, {"email": "ADA@example.com", "name": "Augusta", "phone": ""})
    [contact] = await contacts(acme)
    assert (contact["first_name"], contact["email"]) == ("Augusta", "ada@example.com")
    assert (contact["phone"], contact["email_consent"], contact["revision"]) == ("+442079460000", "granted", 2)
    types = [row["type"] for row in await stored(acme, "select type from events order by id")]
    assert types == ["contact.created", "form.submitted", "contact.updated", "form.submitted"]


async def test_a_new_consent_is_in_the_contacts_history_with_its_words_and_grants_again_what_was_denied(
    acme: World,
) -> None:
    form = await opened(acme)
    contact = {"email": "ada@example.com", "email_consent": "denied"}
    ada = (await acme.member.post("/contacts", json=contact)).json()["id"]
    await submitted(acme, form, {**ANSWERS, "news": False})
    assert (await acme.viewer.get(f"/contacts/{ada}")).json()["email_consent"] == "denied"
    assert (await acme.viewer.get("/activities", params={"record_id": ada})).json()["items"] == []
    await submitted(acme, form, ANSWERS)
    assert (await acme.viewer.get(f"/contacts/{ada}")).json()["email_consent"] == "granted"
    [entry] = (await acme.viewer.get("/activities", params={"record_id": ada})).json()["items"]
    assert (entry["type"], entry["actor"]) == ("consent", {"type": "form", "id": form["id"]})
    assert entry["text"] == (
        "Agreed in the form “Contact us” to: “You may write to me.” (version 1). "
        "Email consent was denied before; this grants it again."
    )
    newest = (await acme.viewer.get(f"/forms/{form['id']}/submissions")).json()["items"][0]
    assert entry["occurred_at"] == newest["consents"][0]["given_at"]
    told = (await acme.viewer.get(f"/contacts/{ada}/timeline")).json()["items"]
    [shown] = [each for each in told if each["kind"] == "activity"]
    assert (shown["type"], shown["text"], shown["actor"]["name"]) == ("consent", entry["text"], "Contact us")
    changes = [each["changes"] for each in told if each["type"] == "contact.updated"]
    assert {"field": "email_consent", "old": "denied", "new": "granted"} in changes[0]


async def test_the_list_says_how_many_answers_came_and_when_the_last_one(acme: World) -> None:
    form = await opened(acme)
    await opened(acme, key="empty", name="Empty")
    for email in ("a@example.com", "b@example.com"):
        await submitted(acme, form, {**ANSWERS, "email": email})
    newest = (await acme.viewer.get(f"/forms/{form['id']}/submissions")).json()["items"][0]
    shown, empty = (await acme.viewer.get("/forms")).json()["items"]
    assert (shown["submissions"], shown["submissions_more"]) == (2, False)
    assert shown["last_submitted_at"] == newest["submitted_at"]
    assert (empty["submissions"], empty["submissions_more"], empty["last_submitted_at"]) == (0, False, None)


async def test_an_answer_that_is_sent_again_under_its_key_is_kept_once(acme: World) -> None:
    form = await opened(acme)
    headers = {"Idempotency-Key": "the first"}
    async with acme.app.client(**headers) as anybody:
        first, again = [await anybody.post(f"/forms/{form['id']}/submit", json=ANSWERS) for _ in range(2)]
        another = await anybody.post(f"/forms/{form['id']}/submit", json={**ANSWERS, "name": "Eve"})
    assert (first.status_code, again.status_code, another.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await stored(acme, "select from form_submissions")) == 1
    types = [row["type"] for row in await stored(acme, "select type from events order by id")]
    assert types == ["contact.created", "form.submitted"]


async def test_wrong_answers_are_named_and_nothing_is_kept(acme: World) -> None:
    form = await opened(acme)
    answer = await submitted(
        acme, form, {"email": "ada", "size": "many", "topic": "Other", "nmae": "Ada", "message": "x" * 20_000}
    )
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json()["errors"]} == {
        "email",
        "name",
        "size",
        "topic",
        "nmae",
        "message",
    }
    assert await contacts(acme) == []
    assert await stored(acme, "select from form_submissions") == []


async def test_a_problem_is_told_where_the_answer_stands_in_the_body(acme: World) -> None:
    form = await opened(acme)
    for sent, path in (
        ({"email": "ada", "name": "Ada"}, "email"),
        ({"answers": {"email": "ada", "name": "Ada"}}, "answers.email"),
    ):
        answer = await submitted(acme, form, sent)
        assert (answer.status_code, [error["path"] for error in answer.json()["errors"]]) == (422, [path])
    for wrong in ([], None, 5):
        answer = await submitted(acme, form, {"answers": wrong})
        assert (answer.status_code, answer.json()["detail"]) == (422, "answers: must be a JSON object.")


async def test_the_hosted_page_says_on_a_page_that_too_much_was_sent(acme: World) -> None:
    form = await opened(acme)
    async with acme.app.browser() as browser:
        page = await browser.post(form["path"], data={"email": "ada@example.com", "name": "x" * 3_000_000})
    assert (page.status_code, page.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "over the limit of 2,000,000 bytes" in page.text
    assert "style-src 'sha256-" in page.headers["content-security-policy"]


async def test_a_robot_that_fills_the_hidden_field_gets_the_same_answer_and_leaves_nothing(acme: World) -> None:
    form = await opened(acme)
    real = await submitted(acme, form, ANSWERS)
    robot = await submitted(acme, form, {**ANSWERS, "email": "robot@example.com", "homepage_url": "http://spam"})
    assert (robot.status_code, robot.json().keys()) == (real.status_code, real.json().keys())
    assert len(await contacts(acme)) == 1
    assert len(await stored(acme, "select from form_submissions")) == 1


async def test_an_address_that_sends_too_often_is_told_to_wait(acme: World, monkeypatch: pytest.MonkeyPatch) -> None:
    form = await opened(acme)
    monkeypatch.setattr(form_intake, "_throttle", Throttle(burst=2, every_s=60))
    statuses = [(await submitted(acme, form, ANSWERS)).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


async def test_an_unknown_or_closed_form_takes_nothing(acme: World) -> None:
    form = await opened(acme)
    assert (await submitted(acme, {"id": str(uuid4())}, ANSWERS)).status_code == 404
    assert (await acme.manager.delete(f"/forms/{form['id']}")).status_code == 204
    assert (await submitted(acme, form, ANSWERS)).status_code == 404
    async with acme.app.browser() as browser:
        assert (await browser.get(form["path"])).status_code == 404
        assert (await browser.get("/f/nobody/contact")).status_code == 404


async def test_the_hosted_page_shows_the_form_and_lets_nothing_else_run(acme: World) -> None:
    form = await opened(acme, settings={"intro": "<script>alert(1)</script>"})
    assert form["path"] == f"/f/{acme.slug}/contact"
    async with acme.app.browser() as browser:
        page = await browser.get(form["path"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "script" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "Support &lt;b&gt;" in page.text
    for field in FIELDS:
        assert f'for="f-{field["key"]}"' in page.text


async def test_the_hosted_page_keeps_the_answers_and_shows_what_is_wrong_beside_them(acme: World) -> None:
    form = await opened(acme)
    async with acme.app.browser() as browser:
        page = await browser.post(form["path"], data={"email": 'a"da', "name": "Ada", "topic": "Sales", "news": "yes"})
    assert page.status_code == 422
    assert 'value="a&#34;da"' in page.text or 'value="a&quot;da"' in page.text
    assert re.search(r'id="f-email"[^>]*aria-invalid="true"[^>]*aria-describedby="e-email', page.text)
    assert "<option selected>Sales" in page.text
    assert re.search(r'id="f-news"[^>]*checked', page.text)
    assert await contacts(acme) == []


async def test_the_hosted_page_takes_answers_and_says_thanks(acme: World) -> None:
    form = await opened(acme, settings={"thank_you": "See you soon."})
    async with acme.app.browser() as browser:
        sent = await browser.post(form["path"], data={"email": "ada@example.com", "name": "Ada", "utm": "x"})
        assert sent.status_code == 303
        thanks = await browser.get(sent.headers["location"])
    assert "See you soon." in thanks.text
    [contact] = await contacts(acme)
    assert (contact["first_name"], contact["email_consent"], contact["source"]) == ("Ada", "unknown", "Contact us")


async def test_another_consent_text_is_another_version(acme: World) -> None:
    form = await opened(acme)
    renamed = (await acme.manager.patch(f"/forms/{form['id']}", json={"name": "Write to us"})).json()
    assert renamed["consent_version"] == 1
    fields = [*FIELDS[:-1], {**FIELDS[-1], "text": "You may write to me weekly."}]
    changed = (await acme.manager.patch(f"/forms/{form['id']}", json={"fields": fields})).json()
    assert (changed["consent_version"], changed["revision"]) == (2, 3)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ({"key": "email", "label": "Again", "type": "text"}, "fields.1.key"),
        ({"key": "x", "label": "X", "type": "choice"}, "fields.1.options"),
        ({"key": "x", "label": "X", "type": "consent"}, "fields.1.text"),
        ({"key": "x", "label": "X", "maps_to": "owner_id"}, "fields.1.maps_to"),
        ({"key": "x", "label": "X", "maps_to": "lead_score"}, "fields.1.maps_to"),
        ({"key": "x", "label": "X", "maps_to": "custom.nothing"}, "fields.1.maps_to"),
        ({"key": "x", "label": "X", "type": "upload"}, "fields.1.type"),
        ({"key": "homepage_url", "label": "X"}, "fields.1.key"),
    ],
)
async def test_what_a_form_cannot_ask_is_named(acme: World, field: dict[str, Any], path: str) -> None:
    answer = await acme.manager.post("/forms", json={"name": "F", "fields": [FIELDS[0], field]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path


async def test_a_form_asks_for_an_email_and_has_a_key_of_its_own(acme: World) -> None:
    answer = await acme.manager.post("/forms", json={"name": "F", "fields": [FIELDS[1]]})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "fields")
    form = await opened(acme)
    twin = await acme.manager.post("/forms", json={"key": "contact", "name": "F", "fields": FIELDS})
    assert (twin.status_code, twin.json()["existing_id"]) == (409, form["id"])


async def test_answers_reach_custom_fields(acme: World) -> None:
    field = {"record_type": "contact", "key": "seats", "name": "Seats", "type": "number"}
    assert (await acme.admin.post("/custom-fields", json=field)).status_code == 201
    form = await opened(acme, fields=[*FIELDS[:3], {**FIELDS[3], "maps_to": "custom.seats"}])
    await submitted(acme, form, {"email": "ada@example.com", "name": "Ada", "size": "12"})
    [contact] = await contacts(acme)
    assert contact["custom"] == {"seats": 12}
