"""Signed-in SMTP sessions, kept a short while for the next message of the same connection.

A session belongs to one tenant's connection in one revision: a changed password is never used again, and no
two tenants share one. Must not know about messages.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import aiosmtplib

from cuework.channels.addresses import Guard
from cuework.channels.email_message import SmtpConfig
from cuework.channels.network import open_socket
from cuework.channels.provider import Account
from cuework.channels.secrets import Secret

_KEEP_FOR = 20.0
_KEEP_MOST = 8
_MOST_MESSAGES = 100


@dataclass(slots=True)
class Session:
    """One open, signed-in connection and how much it has been used."""

    client: aiosmtplib.SMTP
    messages: int = 0
    idle_since: float = 0.0

    @property
    def used(self) -> bool:
        """Whether an earlier message went over it: then the server may have closed it meanwhile."""
        return self.messages > 0


class Sessions:
    """The idle sessions of one process."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext | None = None) -> None:
        self._guard = guard
        self._tls = tls
        self._idle: dict[tuple[UUID, UUID, int], list[Session]] = {}

    @asynccontextmanager
    async def session(
        self, account: Account, config: SmtpConfig, secret: Secret, *, fresh: bool = False
    ) -> AsyncGenerator[Session]:
        """A signed-in session for one message; afterwards it is kept if it is still good.

        Errors: the guard's, OSError and aiosmtplib's. Whatever is raised inside closes a session whose
        conversation cannot be continued.
        """
        self._end_stale()
        name = (account.tenant_id, account.id, account.revision)
        session = None if fresh else self._take(name)
        if session is None:
            session = Session(await self.open(config, secret))
        try:
            yield session
        except aiosmtplib.SMTPResponseException:
            self._keep(name, session)
            raise
        except aiosmtplib.SMTPRecipientsRefused:
            self._keep(name, session)
            raise
        except BaseException:
            session.client.close()
            raise
        self._keep(name, session)

    async def open(self, config: SmtpConfig, secret: Secret) -> aiosmtplib.SMTP:
        """A new signed-in client, connected to a checked address; TLS names and verifies the host."""
        link = await open_socket(self._guard, config.host, config.port)
        try:
            client = aiosmtplib.SMTP(
                hostname=config.host.strip("[]"),
                sock=link,
                local_hostname=_own_name(),
                username=config.username or None,
                password=secret.reveal("password") if config.username else None,
                use_tls=config.security == "tls",
                start_tls=config.security == "starttls",
                tls_context=self._tls,
            )
            await client.connect()
        except BaseException:
            link.close()
            raise
        return client

    async def close(self) -> None:
        """No session is left."""
        for session in [one for kept in self._idle.values() for one in kept]:
            await _quit(session.client)
        self._idle.clear()

    def _take(self, name: tuple[UUID, UUID, int]) -> Session | None:
        kept = self._idle.get(name, [])
        while kept:
            session = kept.pop()
            if session.client.is_connected:
                return session
        self._idle.pop(name, None)
        return None

    def _keep(self, name: tuple[UUID, UUID, int], session: Session) -> None:
        session.messages += 1
        kept = self._idle.setdefault(name, [])
        if session.client.is_connected and len(kept) < _KEEP_MOST and session.messages < _MOST_MESSAGES:
            session.idle_since = time.monotonic()
            kept.append(session)
        else:
            session.client.close()

    def _end_stale(self) -> None:
        oldest = time.monotonic() - _KEEP_FOR
        for name, kept in list(self._idle.items()):
            for session in [one for one in kept if one.idle_since < oldest]:
                kept.remove(session)
                session.client.close()
            if not kept:
                del self._idle[name]


async def _quit(client: aiosmtplib.SMTP) -> None:
    try:
        async with asyncio.timeout(1):
            await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()


def _own_name() -> str:
    name = socket.gethostname()
    return name if name.isascii() and "." in name else "localhost.localdomain"
