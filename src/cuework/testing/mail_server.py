"""An SMTP server for tests (aiosmtpd): it records every message and refuses what it is told to refuse.

Must not be used where people reach it: it believes everything.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any, cast
from warnings import catch_warnings, simplefilter

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as the server got it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    user: str | None
    link: int

    @property
    def message_id(self) -> str:
        """The header that stays the same however often a message is delivered."""
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """What came, and what is answered: to everybody (`at_rcpt`, `at_data`) or to some (`refused`)."""

    port: int = 0
    password: str | None = None
    mails: list[Mail] = field(default_factory=list[Mail])
    at_rcpt: str | None = None
    at_data: str | None = None
    refused: dict[str, str] = field(default_factory=dict[str, str])
    before_data: Callable[[], Awaitable[object]] | None = None
    links: list[SMTP] = field(default_factory=list[SMTP])

    @property
    def connections(self) -> int:
        """How often somebody connected."""
        return len(self.links)

    def drop_connections(self) -> None:
        """Every open connection is cut."""
        for link in self.links:
            if isinstance(link.transport, asyncio.Transport):
                link.transport.abort()

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """aiosmtpd asks whether a recipient is welcome."""
        answer = self.refused.get(address) or self.at_rcpt
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd hands a message over."""
        if self.before_data is not None:
            await self.before_data()
        if self.at_data:
            return self.at_data
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        signed_in = cast("bytes | None", session.auth_data)
        user = signed_in.decode() if signed_in else None
        recipients = tuple(str(address) for address in envelope.rcpt_tos)
        self.mails.append(Mail(str(envelope.mail_from), recipients, message, user, id(server)))
        return "250 Taken as 4711"

    def authenticate(self, *asked: Any) -> AuthResult:
        """aiosmtpd asks whether a sign-in is right."""
        login = asked[-1]
        good = isinstance(login, LoginPassword) and login.password == (self.password or "").encode()
        return AuthResult(success=good, handled=False, auth_data=login.login if good else None)


@asynccontextmanager
async def mail_server(
    password: str | None = None, *, tls: SSLContext | None = None, starttls: SSLContext | None = None
) -> AsyncGenerator[MailServer]:
    """A server on a free port of 127.0.0.1; with a password every message needs a sign-in."""
    kept = MailServer(password=password)
    loop = asyncio.get_running_loop()

    def connected() -> SMTP:
        with catch_warnings():
            simplefilter("ignore")  # that a sign-in without TLS is unwise, which a test may want
            link = SMTP(
                kept,
                loop=loop,
                hostname="mail.example.com",
                enable_SMTPUTF8=True,
                tls_context=starttls,
                authenticator=kept.authenticate,
                auth_required=password is not None,
                auth_require_tls=False,
            )
        kept.links.append(link)
        return link

    listening = await loop.create_server(connected, "127.0.0.1", 0, ssl=tls)
    kept.port = listening.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        listening.close()
        kept.drop_connections()
        await asyncio.sleep(0)
