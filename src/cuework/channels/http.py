"""HTTP requests to other systems: one attempt, at public addresses only, without redirects or cookies.

The request carries `Idempotency-Key`, the effect's key: whoever honours it does the thing once, however often
it is delivered. A redirect is not followed; where it points is said. Proxies of the environment are not used.

Must not retry: that is the delivery loop's.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
from pydantic import ValidationError

from cuework.base.time import seconds_words, utc_now
from cuework.channels.addresses import AddressRefused, Guard, NameUnresolved
from cuework.channels.content import MOST_BYTES, body_of, clean, sentence, unpacked
from cuework.channels.http_request import (
    HttpConfig,
    HttpRequest,
    Prepared,
    RequestRefused,
    credentials,
    origin,
    plain_headers,
    prepare,
    target,
)
from cuework.channels.network import GuardedBackend
from cuework.channels.provider import Account, Answer, Checked, Delivered, Failed, places
from cuework.channels.secrets import Keyring, Secret, SecretUnreadable

# At level debug httpcore writes the headers that pass, credentials among them.
logging.getLogger("httpcore").setLevel(logging.INFO)

_KEPT_HEADERS = ("content-type", "location", "retry-after", "x-request-id", "etag", "last-modified")
_RETRYABLE = {408, 423, 425, 429, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 529}
_DOWN = _RETRYABLE - {408, 423, 425}
_CHECK_WITHIN = timedelta(seconds=10)
_LONGEST_RETRY_AFTER = timedelta(days=1)


class HttpProvider:
    """Delivers effects of kind `http`, with or without a connection of type `http`."""

    kind = "http"
    account_type = "http"

    def __init__(self, keyring: Keyring, guard: Guard, *, tls: ssl.SSLContext | None = None) -> None:
        self._keyring = keyring
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,  # the delivery loop limits; a hanging host must not use up the others' share
            max_keepalive_connections=50,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(guard),
        )

    def endpoint(self, request: Mapping[str, Any], account: Account | None) -> str:
        """The `host:port` of the URL or of the connection."""
        try:
            config = _config(account)
            _, host, port = origin(target(str(request.get("url", "")), config))
        except (RequestRefused, ValidationError):
            return ""
        return f"{host}:{port}"

    async def deliver(
        self, request: Mapping[str, Any], account: Account | None, *, key: str, within: timedelta
    ) -> Answer:
        """One request and its answer; the output is `{status, headers, body, truncated}`."""
        secret = Secret({})
        try:
            secret = account.open(self._keyring) if account else secret
            wanted, config = HttpRequest.model_validate(request), _config(account)
            secret = secret.also(*(value.removeprefix("Basic ") for value in credentials(config, secret).values()))
            prepared = prepare(wanted, config, secret, key)
            status, headers, raw = await self._exchange(prepared, within)
            return _judged(wanted, status, headers, raw, secret)
        except ValidationError as error:
            return Failed("bad_request", f"The request or its connection is not complete: {places(error)}.")
        except (RequestRefused, AddressRefused, SecretUnreadable) as error:
            return Failed(error.code, sentence(error.detail, secret))
        except NameUnresolved as error:
            return Failed(error.code, sentence(error.detail, secret), retryable=True, provider_down=True)
        except TimeoutError:
            return _timed_out(within)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
            return _broken(error, within, secret)
        except ValueError as error:
            return Failed("bad_answer", sentence(str(error), secret), output=None)

    async def check(self, account: Account) -> Checked:
        """Asks the base URL with the credentials; any answer but a refusal of them will do."""
        answer = await self.deliver(
            {"method": "GET", "url": "", "expect": list(range(100, 500))},
            account,
            key="check",
            within=_CHECK_WITHIN,
        )
        if not isinstance(answer, Delivered):
            return Checked(ok=False, message=answer.message if isinstance(answer, Failed) else answer.reason)
        status, where = answer.output["status"], account.config.get("base_url")
        if status in (401, 403, 407):
            return Checked(ok=False, message=f"{where} refused the credentials: it answered {status}.")
        return Checked(ok=True, message=f"{where} answered {status}.")

    async def close(self) -> None:
        """Kept connections are closed."""
        await self._pool.aclose()

    async def _exchange(self, prepared: Prepared, within: timedelta) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and at most one byte more of the body than is kept."""
        seconds = within.total_seconds()
        url = httpcore.URL(
            scheme=prepared.url.raw_scheme,
            host=prepared.url.raw_host,
            port=prepared.url.port,
            target=prepared.url.raw_path,
        )
        limits = {"connect": min(seconds, 10.0), "read": seconds, "write": seconds, "pool": seconds}
        async with (
            asyncio.timeout(seconds),
            self._pool.stream(
                prepared.method,
                url,
                headers=prepared.headers,
                content=prepared.content or None,
                extensions={"timeout": limits},
            ) as response,
        ):
            raw = bytearray()
            async for part in response.aiter_stream():
                raw += part
                if len(raw) > MOST_BYTES:
                    break
            return response.status, plain_headers(response.headers), bytes(raw)


def _judged(wanted: HttpRequest, status: int, headers: Mapping[str, str], raw: bytes, secret: Secret) -> Answer:
    plain, whole = unpacked(raw, headers.get("content-encoding", "").strip().lower())
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    output: dict[str, Any] = {
        "status": status,
        "headers": {name: clean(headers[name], secret) for name in _KEPT_HEADERS if name in headers},
        "body": body_of(plain, media_type, secret, whole=whole),
        "truncated": not whole,
    }
    if wanted.expects(status):
        return Delivered(output)
    where = (
        f" It points to {output['headers']['location']}; use that address."
        if 300 <= status < 400 and "location" in headers
        else ""
    )
    return Failed(
        f"http_{status}",
        f"The server answered {status}, which is not expected.{where}",
        retryable=status in _RETRYABLE,
        retry_after=retry_after(headers.get("retry-after"), utc_now()),
        provider_down=status in _DOWN,
        output=output,
    )


def retry_after(text: str | None, now: datetime) -> timedelta | None:
    """How long the provider asks to wait: seconds or a date, at most a day; None if it does not say."""
    if text is None:
        return None
    words = text.strip()
    if words.isascii() and words.isdigit():
        return min(timedelta(seconds=int(words[:9])), _LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(words)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), _LONGEST_RETRY_AFTER)


def _config(account: Account | None) -> HttpConfig | None:
    return None if account is None else HttpConfig.model_validate(account.config)


def _timed_out(within: timedelta) -> Failed:
    message = f"The server did not answer within {seconds_words(within.total_seconds())}."
    return Failed("timeout", message, retryable=True, provider_down=True)


def _broken(error: Exception, within: timedelta, secret: Secret) -> Failed:
    if isinstance(error, httpcore.TimeoutException):
        return _timed_out(within)
    if isinstance(error.__cause__ or error.__context__, ssl.SSLCertVerificationError):
        return Failed("tls_certificate", sentence(f"The server's certificate is not valid: {error}", secret))
    if isinstance(error, (httpcore.ConnectError, OSError)):
        message = sentence(f"The server could not be reached: {error}", secret)
        return Failed("unreachable", message, retryable=True, provider_down=True)
    message = sentence(f"The connection broke: {error}", secret)
    return Failed("connection_broken", message, retryable=True, provider_down=True)
