"""The message that goes over the wire."""

import pytest
from pydantic import ValidationError

from cuework.channels.email_message import EmailRequest, SmtpConfig, compose, message_id

CONFIG = SmtpConfig(host="mail.example.com", from_email="sales@example.com", from_name="Acme Sales")
KEY = "0192f0c0-0000-7000-8000-000000000000:mail"


def test_a_message_has_text_and_html_and_the_headers_asked_for() -> None:
    request = EmailRequest(
        to="ann@example.org", subject="Grüße", html="<p>Hello <b>Ann</b></p>", reply_to="me@example.com"
    )
    message = compose(request, CONFIG, KEY)
    assert str(message["From"]) == "Acme Sales <sales@example.com>"
    assert str(message["To"]) == "ann@example.org"
    assert str(message["Reply-To"]) == "me@example.com"
    assert str(message["Subject"]) == "Grüße"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Hello Ann"
    assert html.get_content().strip() == "<p>Hello <b>Ann</b></p>"


def test_the_from_name_of_the_step_goes_before_that_of_the_connection() -> None:
    message = compose(EmailRequest(to="ann@example.org", from_name='Bob, "the" Builder'), CONFIG, KEY)
    assert message["From"].addresses[0].display_name == 'Bob, "the" Builder'


def test_the_message_id_is_made_from_the_key_alone() -> None:
    first, again = (compose(EmailRequest(to="ann@example.org"), CONFIG, KEY)["Message-ID"] for _ in range(2))
    assert first == again == message_id(KEY, "sales@EXAMPLE.com")
    assert message_id(KEY + "2", "sales@example.com") != first


def test_domains_beyond_ascii_are_spelled_for_every_server() -> None:
    message = compose(EmailRequest(to="ann@münchen.example"), CONFIG, KEY)
    assert str(message["To"]) == "ann@xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "Hello\r\nBcc: all@example.com"),
        ("subject", "Hello\nX: y"),
        ("from_name", "Ann\r\nBcc: all@example.com"),
        ("subject", "a\x00b"),
        ("subject", "a\u2028b"),
        ("to", "ann@example.org\r\nBcc: all@example.com"),
        ("to", "ann@example.org, all@example.com"),
        ("to", "Ann <ann@example.org>"),
        ("to", "ann"),
        ("to", ""),
        ("to", "@example.org"),
        ("to", "a b@example.org"),
        ("reply_to", "me@example.com\nBcc: all@example.com"),
    ],
)
def test_a_header_cannot_be_smuggled_in(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        EmailRequest.model_validate({"to": "ann@example.org", field: value})
