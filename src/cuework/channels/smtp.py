"""Email over SMTP: one attempt to hand one message to one recipient's server of the tenant's choice.

SMTP knows no idempotency keys: after a lost answer the message is delivered again, with the same Message-ID.
Must not retry (that is the delivery loop's) but for a kept session that turns out to be closed.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiosmtplib
from pydantic import ValidationError

from cuework.base.time import seconds_words
from cuework.channels.addresses import AddressRefused, Guard, NameUnresolved
from cuework.channels.content import sentence
from cuework.channels.email_message import EmailRequest, SmtpConfig, compose, envelope_address
from cuework.channels.provider import Account, Answer, Checked, Delivered, Failed, Skipped, places
from cuework.channels.secrets import Keyring, Secret, SecretUnreadable
from cuework.channels.smtp_sessions import Sessions

_CHECK_WITHIN = timedelta(seconds=15)
_SHUTTING_DOWN = 421


class SmtpProvider:
    """Delivers effects of kind `email` over connections of type `smtp`."""

    kind = "email"
    account_type = "smtp"

    def __init__(self, keyring: Keyring, guard: Guard, *, tls: ssl.SSLContext | None = None) -> None:
        self._keyring = keyring
        self._sessions = Sessions(guard, tls)

    def endpoint(self, request: Mapping[str, Any], account: Account | None) -> str:
        """The `host:port` of the connection."""
        return f"{account.config.get('host')}:{account.config.get('port', 587)}" if account else ""

    async def deliver(
        self, request: Mapping[str, Any], account: Account | None, *, key: str, within: timedelta
    ) -> Answer:
        """The server took the message, or the answer says why not; the output is `{message_id, recipient, answer}`."""
        if account is None:
            return Failed("no_connection", "There is no connection to send email with.")
        secret = Secret({})
        try:
            secret = account.open(self._keyring)
            config, wanted = SmtpConfig.model_validate(account.config), EmailRequest.model_validate(request)
            message = compose(wanted, config, key)
            if config.sandbox:
                return Skipped("sandbox", "The connection is in sandbox mode: the message is kept here and not sent.")
            async with asyncio.timeout(within.total_seconds()):
                answer = await self._send(account, config, secret, message)
        except (OSError, aiosmtplib.SMTPException, AddressRefused, NameUnresolved) as error:
            return failure(error, within, secret)
        except (ValueError, SecretUnreadable) as error:
            return _refused(error, secret)
        return Delivered(
            {"message_id": message["Message-ID"], "recipient": wanted.to, "answer": sentence(answer, secret)}
        )

    async def check(self, account: Account) -> Checked:
        """Connects, secures the connection and signs in; sends nothing."""
        secret = Secret({})
        try:
            secret = account.open(self._keyring)
            config = SmtpConfig.model_validate(account.config)
            if config.sandbox:
                return Checked(ok=True, message="Sandbox mode: messages are kept here and not sent.")
            async with asyncio.timeout(_CHECK_WITHIN.total_seconds()):
                client = await self._sessions.open(config, secret)
                try:
                    await client.noop()
                finally:
                    client.close()
        except (OSError, aiosmtplib.SMTPException, AddressRefused, NameUnresolved) as error:
            return Checked(ok=False, message=failure(error, _CHECK_WITHIN, secret).message)
        except (ValueError, SecretUnreadable) as error:
            return Checked(ok=False, message=_refused(error, secret).message)
        signed_in = f" and accepted the sign-in of {config.username}" if config.username else ""
        return Checked(ok=True, message=f"{config.host}:{config.port} answered{signed_in}.")

    async def close(self) -> None:
        """Kept sessions are ended."""
        await self._sessions.close()

    async def _send(self, account: Account, config: SmtpConfig, secret: Secret, message: Any) -> str:
        """What the server answered. A kept session that the server closed meanwhile is replaced once."""
        for fresh in (False, True):
            reused = False
            try:
                async with self._sessions.session(account, config, secret, fresh=fresh) as session:
                    reused = session.used
                    _, answer = await session.client.send_message(
                        message,
                        sender=envelope_address(config.from_email),
                        recipients=[message["To"].addresses[0].addr_spec],
                    )
                    return answer
            except aiosmtplib.SMTPServerDisconnected:
                if not reused:
                    raise
        raise aiosmtplib.SMTPServerDisconnected("The server closed the connection")


def failure(error: Exception, within: timedelta, secret: Secret) -> Failed:
    """What an error of sending means: 4xx answers and broken connections may pass, 5xx answers will not."""
    if isinstance(error, AddressRefused):
        return Failed(error.code, sentence(error.detail, secret))
    if isinstance(error, NameUnresolved):
        return Failed(error.code, sentence(error.detail, secret), retryable=True, provider_down=True)
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return Failed("tls_certificate", sentence(f"The server's certificate is not valid: {error}", secret))
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _answered(error, secret)
    if isinstance(error, TimeoutError):
        message = f"The mail server did not answer within {seconds_words(within.total_seconds())}."
        return Failed("timeout", message, retryable=True, provider_down=True)
    if isinstance(error, OSError):  # aiosmtplib's connection errors are OSErrors too
        message = sentence(f"The mail server could not be reached: {error}", secret)
        return Failed("unreachable", message, retryable=True, provider_down=True)
    return Failed("smtp_unsupported", sentence(f"The mail server cannot do this: {error}", secret))


def _answered(error: aiosmtplib.SMTPResponseException, secret: Secret) -> Failed:
    passing = 400 <= error.code < 500
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        code, what = "smtp_sign_in", "refused the sign-in"
    elif isinstance(error, aiosmtplib.SMTPRecipientRefused):
        code, what = "smtp_recipient", "refused the recipient"
    elif isinstance(error, aiosmtplib.SMTPSenderRefused):
        code, what = "smtp_sender", "refused the sender"
    else:
        code, what = "smtp_refused", "refused the message"
    message = sentence(f"The mail server {what}: {error.code} {error.message}", secret)
    down = error.code == _SHUTTING_DOWN or isinstance(error, aiosmtplib.SMTPConnectError)
    return Failed(code, message, retryable=passing, provider_down=passing and down)


def _refused(error: Exception, secret: Secret) -> Failed:
    if isinstance(error, SecretUnreadable):
        return Failed(error.code, error.detail)
    words = places(error) if isinstance(error, ValidationError) else str(error)
    return Failed("bad_request", sentence(f"The message or its connection is not complete: {words}.", secret))
