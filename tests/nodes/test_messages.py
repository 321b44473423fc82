"""Notifications, emails and HTTP requests: who gets what, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from cuework.base.errors import Invalid
from cuework.channels.email_message import EmailRequest, SmtpConfig, compose
from cuework.channels.http_request import HttpRequest
from cuework.testing.scenario import Scenario
from cuework.testing.small_world import ANA, BEN, BILLING, CATALOG, MAIL

CREATED = {"type": "contact.created"}
HOOK = {"type": "webhook.received", "hook": "orders"}
MAIL_TO = {
    "id": "it",
    "type": "email.send",
    "to": "contact",
    "subject": "Hello {{ contact.first_name }}",
    "body": "Hi!",
}


def scenario(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED) -> Scenario:
    return Scenario({"name": "Test", "trigger": trigger, "steps": list(steps)})


def problems(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED, **catalog: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        Scenario({"name": "T", "trigger": trigger, "steps": list(steps)}, catalog=replace(CATALOG, **catalog))
    return [(problem.path, problem.message) for problem in caught.value.problems]


# Notifications


def test_every_active_member_of_a_team_is_told_once_with_the_record() -> None:
    world = scenario({"id": "it", "type": "notify.send", "to": {"team": "sales"}, "text": "New: {{ contact.email }}"})
    execution = world.happens(world.creates("contact", email="lin@example.org"))
    rows = world.rows["notifications"]
    assert [(row["user_id"], row["text"]) for row in rows] == [
        (ANA.id, "New: lin@example.org"),
        (BEN.id, "New: lin@example.org"),
    ]
    assert {(row["record_id"], row["execution_id"]) for row in rows} == {(world.all("contact")[0]["id"], execution.id)}


def test_nobody_to_tell_skips_the_step() -> None:
    world = scenario({"id": "it", "type": "notify.send", "to": {"owner": "contact"}, "text": "x"})
    world.happens(world.creates("contact"))
    assert (world.log("it").status, world.log("it").detail["reason"]) == ("skipped", "no_recipient")
    world.happens(world.creates("contact", owner_id=BEN.id))
    assert [row["user_id"] for row in world.rows["notifications"]] == [BEN.id]


# Email


def test_an_email_is_an_effect_with_the_row_that_people_see() -> None:
    world = scenario(MAIL_TO, {"id": "after", "type": "contact.add_tag", "tag": "{{ steps.it.recipient }}"})
    execution = world.happens(world.creates("contact", email="lin@example.org", first_name="Lin"))
    [sent] = world.sent
    assert execution.status == "running"
    request = EmailRequest.model_validate(sent.effect.request)
    assert (request.to, request.subject, request.text, request.html) == ("lin@example.org", "Hello Lin", "Hi!", "")
    assert sent.effect.connection_id == MAIL.id
    assert sent.effect.message is not None
    assert sent.effect.message["contact_id"] == world.all("contact")[0]["id"]
    assert sent.effect.message["sender"] == "hello@example.com"
    world.deliver(sent, {"message_id": "<1@example.com>", "recipient": "lin@example.org", "answer": "250 ok"})
    assert execution.status == "completed"
    assert world.all("contact")[0]["tags"] == ["lin@example.org"]
    assert world.asked("it") == {"to": "lin@example.org", "subject": "Hello Lin"}


def test_html_is_recognised_and_what_is_printed_into_it_is_escaped() -> None:
    body = "<p>Hello {{ contact.first_name }}</p>"
    world = scenario({**MAIL_TO, "body": body, "from_name": "{{ tenant.name }}", "reply_to": "ana@example.com"})
    world.happens(world.creates("contact", email="lin@example.org", first_name="<b>Lin</b>"))
    request = world.sent[0].effect.request
    assert "<b>" not in request["html"]
    assert request["html"].startswith("<p>Hello &lt;b&gt;Lin")
    assert request["text"] == "Hello <b>Lin</b>"
    assert (request["from_name"], request["reply_to"]) == ("Acme", "ana@example.com")


@pytest.mark.parametrize("body", ["Hi!", "<p>Hi <b>you</b></p><p><a href='https://x.example'>Look</a></p>"])
@pytest.mark.parametrize("from_name", [None, "Ana of {{ tenant.name }}"])
def test_what_is_kept_of_an_email_is_what_is_sent(body: str, from_name: str | None) -> None:
    connections = (replace(MAIL, config={**MAIL.config, "from_name": "The team"}), BILLING)
    step = {**MAIL_TO, "body": body, "from_name": from_name}
    definition = {"name": "Test", "trigger": CREATED, "steps": [step]}
    world = Scenario(definition, catalog=replace(CATALOG, connections=connections))
    world.happens(world.creates("contact", email="lin@example.org", first_name="Lin"))
    [sent] = world.sent
    kept = sent.effect.message
    assert kept is not None
    wanted, config = EmailRequest.model_validate(sent.effect.request), SmtpConfig(**connections[0].config)
    message = compose(wanted, config, "a key")
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert text is not None
    assert kept["body_text"] == text.get_content().strip()
    assert kept["body_html"] == (html.get_content().strip() if html is not None else None)
    assert (kept["sender"], kept["recipient"]) == (message["From"], message["To"])
    assert kept["subject"] == message["Subject"]


def test_a_subject_is_one_line_whatever_a_variable_holds() -> None:
    world = scenario(MAIL_TO)
    world.happens(world.creates("contact", email="lin@example.org", first_name="Lin\r\nBcc: all@example.org"))
    assert world.sent[0].effect.request["subject"] == "Hello Lin Bcc: all@example.org"


@pytest.mark.parametrize("to", ["contact", "LIN@example.org", "{{ contact.email }}"])
def test_a_contact_who_denied_consent_gets_nothing_however_addressed(to: str) -> None:
    world = scenario({**MAIL_TO, "to": to})
    execution = world.happens(world.creates("contact", email="lin@example.org", email_consent="denied"))
    assert world.sent == []
    assert (world.log("it").status, world.log("it").detail["reason"]) == ("skipped", "no_consent")
    assert (execution.status, execution.has_errors) == ("completed", False)


def test_an_email_to_the_owner_needs_no_consent() -> None:
    world = scenario({**MAIL_TO, "to": "owner"})
    world.happens(world.creates("contact", owner_id=ANA.id, email_consent="denied"))
    assert world.sent[0].effect.request["to"] == "ana@example.com"


def test_a_contact_without_an_address_fails_the_step() -> None:
    world = scenario(MAIL_TO)
    world.happens(world.creates("contact"))
    assert world.log("it").detail["error"] == {"code": "no_address", "message": "The contact has no email address."}


def test_without_a_connection_publishing_names_it_and_where_to_add_one() -> None:
    [(path, message)] = problems(MAIL_TO, connections=())
    assert (path, message) == ("steps.0.connection", "There is no SMTP connection yet.")
    with pytest.raises(Invalid) as caught:
        Scenario({"name": "T", "trigger": CREATED, "steps": [MAIL_TO]}, catalog=replace(CATALOG, connections=()))
    assert "Connections" in (caught.value.problems[0].suggestion or "")


def test_an_address_that_is_none_is_a_problem() -> None:
    assert problems({**MAIL_TO, "to": "lin@"}) == [("steps.0.to", "“lin@” is no email address.")]
    assert [path for path, _ in problems({**MAIL_TO, "to": "contact.company"})] == ["steps.0.to"]


def test_a_delivery_that_failed_for_good_fails_the_step() -> None:
    world = scenario(MAIL_TO)
    execution = world.happens(world.creates("contact", email="lin@example.org"))
    world.refuse(world.sent[0], "smtp_recipient", "The mail server refused the recipient.")
    assert world.log("it").detail["error"]["code"] == "smtp_recipient"
    assert (execution.status, execution.has_errors) == ("completed", True)


# HTTP


CALL = {"id": "it", "type": "http.request", "url": "https://example.com/{{ trigger.body.id }}"}


def test_a_request_is_rendered_in_every_text_of_its_json() -> None:
    body = {"ids": ["{{ trigger.body.id }}", 2], "deep": {"name": "{{ trigger.body.name }}", "ok": True, "none": None}}
    world = scenario(
        {**CALL, "body": body, "headers": {"X-Id": "{{ trigger.body.id }}"}, "expect": [201]}, trigger=HOOK
    )
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"id": 7, "name": "Lin"}))
    request = HttpRequest.model_validate(world.sent[0].effect.request)
    assert request == HttpRequest(
        method="POST",
        url="https://example.com/7",
        headers={"X-Id": "7"},
        body={"ids": ["7", 2], "deep": {"name": "Lin", "ok": True, "none": None}},
        expect=[201],
    )


def test_the_answer_is_in_the_context() -> None:
    tag = {"type": "contact.upsert", "email": "{{ steps.it.body.email }}"}
    world = scenario(CALL, tag, trigger=HOOK)
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"id": 7}))
    world.deliver(world.sent[0], {"status": 200, "headers": {}, "body": {"email": "lin@example.org"}})
    assert [row["email"] for row in world.all("contact")] == ["lin@example.org"]


def test_with_a_connection_the_url_is_a_path() -> None:
    world = scenario({"id": "it", "type": "http.request", "method": "GET", "url": "/orders", "connection": "billing"})
    world.happens(world.creates("contact"))
    assert (world.sent[0].effect.connection_id, world.sent[0].effect.request["url"]) == (BILLING.id, "/orders")
    assert [path for path, _ in problems({**CALL, "url": "/orders"})] == ["steps.0.url"]
    assert [path for path, _ in problems({**CALL, "connection": "mail"})] == ["steps.0.connection"]


def test_a_step_whose_output_is_used_later_stops_the_execution_when_it_fails() -> None:
    used = {"type": "contact.upsert", "email": "{{ steps.it.body.email }}"}
    world = scenario(CALL, used, trigger=HOOK)
    execution = world.happens(world.event("webhook.received", None, hook_key="orders", body={"id": 7}))
    world.refuse(world.sent[0], "status", "It answered 500.")
    assert (execution.status, execution.reason) == ("failed", "failed")
    assert execution.failure is not None
    assert execution.failure["at"] == "it"
