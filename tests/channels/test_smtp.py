"""Email over a real SMTP server."""

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from cuework.base import json
from cuework.channels.addresses import Guard
from cuework.channels.email_message import message_id
from cuework.channels.provider import Account, Answer, Delivered, Failed
from cuework.channels.secrets import Keyring
from cuework.channels.smtp import SmtpProvider
from cuework.testing.mail_server import MailServer, mail_server

CANARY = "canary-91bd-password"
KEY = "0192f0c0-0000-7000-8000-000000000000:mail"
SOON = timedelta(seconds=60)
MAIL = {"to": "ann@example.org", "subject": "Hello", "html": "<p>Hi Ann</p>"}
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@pytest.fixture
async def smtp(keyring: Keyring, allowing: Guard) -> AsyncIterator[SmtpProvider]:
    provider = SmtpProvider(keyring, allowing)
    yield provider
    await provider.close()


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


def config(server: MailServer, **other: Any) -> dict[str, Any]:
    settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "from_email": "sales@example.com"}
    return settings | other


def failed(answer: Answer) -> Failed:
    assert isinstance(answer, Failed), answer
    return answer


async def test_a_message_arrives_and_its_id_is_the_output(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    answer = await smtp.deliver(MAIL, account("smtp", config(mails)), key=KEY, within=SOON)
    [mail] = mails.mails
    assert isinstance(answer, Delivered)
    assert answer.output == {
        "message_id": message_id(KEY, "sales@example.com"),
        "recipient": "ann@example.org",
        "answer": "Taken as 4711",
    }
    assert (mail.sender, mail.recipients) == ("sales@example.com", ("ann@example.org",))
    assert mail.message_id == message_id(KEY, "sales@example.com")


async def test_a_repeated_delivery_carries_the_same_id_over_the_same_session(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    connection = account("smtp", config(mails))
    for _ in range(3):
        assert isinstance(await smtp.deliver(MAIL, connection, key=KEY, within=SOON), Delivered)
    assert {mail.message_id for mail in mails.mails} == {message_id(KEY, "sales@example.com")}
    assert (len(mails.mails), mails.connections) == (3, 1)


async def test_sessions_are_not_shared_between_tenants_or_revisions(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    first, second = account("smtp", config(mails)), account("smtp", config(mails))
    changed = Account(
        first.tenant_id, first.id, first.key, "smtp", first.config, first.sealed, first.sealed_with, revision=2
    )
    for connection in (first, second, changed):
        await smtp.deliver(MAIL, connection, key=KEY, within=SOON)
    assert mails.connections == 3


async def test_a_kept_session_that_the_server_closed_is_replaced(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    connection = account("smtp", config(mails))
    await smtp.deliver(MAIL, connection, key=KEY, within=SOON)
    mails.drop_connections()
    assert isinstance(await smtp.deliver(MAIL, connection, key=KEY, within=SOON), Delivered)


async def test_without_the_operators_permission_this_machine_is_not_reached(
    keyring: Keyring, mails: MailServer, account: Callable[..., Account]
) -> None:
    smtp, connection = SmtpProvider(keyring, Guard()), account("smtp", config(mails))
    answer = failed(await smtp.deliver(MAIL, connection, key=KEY, within=SOON))
    assert (answer.code, answer.retryable, mails.connections) == ("address_refused", False, 0)
    assert not (await smtp.check(connection)).ok


async def test_a_sign_in_sends_the_password_and_shows_it_nowhere(
    smtp: SmtpProvider, account: Callable[..., Account], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with mail_server(CANARY) as mails:
        right = account("smtp", config(mails, username="sales"), password=CANARY)
        wrong = account("smtp", config(mails, username="sales"), password=CANARY + "-not")
        good = await smtp.deliver(MAIL, right, key=KEY, within=SOON)
        bad = failed(await smtp.deliver(MAIL, wrong, key=KEY, within=SOON))
        checks = [await smtp.check(right), await smtp.check(wrong)]
        await smtp.close()
    assert isinstance(good, Delivered)
    assert mails.mails[0].user == "sales"
    assert (bad.code, bad.retryable, bad.provider_down) == ("smtp_sign_in", False, False)
    assert [check.ok for check in checks] == [True, False]
    assert checks[0].message == f"127.0.0.1:{mails.port} answered and accepted the sign-in of sales."
    assert "refused the sign-in" in checks[1].message
    assert CANARY not in repr([good, bad, checks, right, wrong]) + json.dumps_text([good, bad]) + caplog.text


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_tls_verifies_the_name_of_the_connection_and_not_the_address(
    keyring: Keyring, account: Callable[..., Account], certificate: Any, security: str
) -> None:
    async def here(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    smtp = SmtpProvider(keyring, Guard([LOOPBACK], here), tls=certificate.trusting)
    async with mail_server(**{security: certificate.server}) as mails:
        answers = [
            await smtp.deliver(
                MAIL,
                account("smtp", config(mails, host=f"{name}.example.com", security=security)),
                key=KEY,
                within=SOON,
            )
            for name in ("mail", "other")
        ]
        await smtp.close()
    assert isinstance(answers[0], Delivered)
    assert failed(answers[1]).code == "tls_certificate"
    assert len(mails.mails) == 1


async def test_a_server_without_starttls_gets_no_message(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    answer = failed(await smtp.deliver(MAIL, account("smtp", config(mails, security="starttls")), key=KEY, within=SOON))
    assert (answer.code, answer.retryable, mails.mails) == ("smtp_unsupported", False, [])


@pytest.mark.parametrize(
    ("where", "said", "code", "retryable"),
    [
        ("at_rcpt", "550 No such person", "smtp_recipient", False),
        ("at_rcpt", "450 Try again later", "smtp_recipient", True),
        ("at_data", "554 Looks like spam", "smtp_refused", False),
        ("at_data", "452 Disk full", "smtp_refused", True),
        ("at_data", "421 Going down", "smtp_refused", True),
    ],
)
async def test_answers_of_the_server_are_told_apart(
    smtp: SmtpProvider,
    mails: MailServer,
    account: Callable[..., Account],
    where: str,
    said: str,
    code: str,
    retryable: bool,
) -> None:
    setattr(mails, where, said)
    connection = account("smtp", config(mails))
    answer = failed(await smtp.deliver(MAIL, connection, key=KEY, within=SOON))
    assert (answer.code, answer.retryable, said[:3] in answer.message) == (code, retryable, True)
    setattr(mails, where, None)
    assert isinstance(await smtp.deliver(MAIL, connection, key=KEY, within=SOON), Delivered)


async def test_a_server_that_hangs_is_left_after_the_time_allowed(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    mails.before_data = asyncio.Event().wait
    answer = failed(
        await smtp.deliver(MAIL, account("smtp", config(mails)), key=KEY, within=timedelta(milliseconds=200))
    )
    assert (answer.code, answer.retryable, answer.provider_down) == ("timeout", True, True)


async def test_a_closed_port_is_worth_another_try(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    connection = account("smtp", config(mails, port=1))
    answer = failed(await smtp.deliver(MAIL, connection, key=KEY, within=SOON))
    assert (answer.code, answer.retryable, answer.provider_down) == ("unreachable", True, True)
    assert "could not be reached" in (await smtp.check(connection)).message


async def test_an_incomplete_message_or_connection_is_refused_in_words(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    bad_address = failed(await smtp.deliver({"to": "ann"}, account("smtp", config(mails)), key=KEY, within=SOON))
    assert (bad_address.code, bad_address.retryable) == ("bad_request", False)
    assert "'ann' is no email address" in bad_address.message
    no_host = failed(await smtp.deliver(MAIL, account("smtp", {}), key=KEY, within=SOON))
    assert "host" in no_host.message
    assert failed(await smtp.deliver(MAIL, None, key=KEY, within=SOON)).code == "no_connection"


async def test_an_address_beyond_ascii_arrives(
    smtp: SmtpProvider, mails: MailServer, account: Callable[..., Account]
) -> None:
    request = MAIL | {"to": "jürgen@example.org"}
    answer = await smtp.deliver(request, account("smtp", config(mails)), key=KEY, within=SOON)
    assert isinstance(answer, Delivered)
    assert mails.mails[0].recipients == ("jürgen@example.org",)
