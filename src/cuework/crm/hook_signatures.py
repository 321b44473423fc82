"""Signatures of deliveries: whoever sent one knows the hook's secret, and nobody changed it on the way. Pure.

    standard   Standard Webhooks: `webhook-signature` has `v1,` and the HMAC-SHA256 in base64 over
               `webhook-id.webhook-timestamp.body`, several with spaces between; at most five minutes off.
    header     A header that the hook names has the HMAC-SHA256 in hex over the body, also after `sha256=`,
               as GitHub's X-Hub-Signature-256 does. It covers neither time nor message id.

Bytes are compared as they came in, in constant time. Must not read what a delivery says, and must not tell of
a wrong one more than which part of it is wrong.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cuework.base.errors import CueworkError, Invalid, Problem

TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)  # what Standard Webhooks allows
_SECRET_CHARACTERS = range(16, 201)
_SIGNATURES = 10  # of one delivery; a sender that rotates has two


class SignatureRefused(CueworkError):
    """The delivery is not signed as its hook requires; the problems name the header."""

    status, code, title = 401, "signature_refused", "Signature refused"


class Kind(StrEnum):
    """What a hook requires of its deliveries."""

    NONE = "none"
    STANDARD = "standard"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Signed:
    """What came with a delivery, as it came. Shape: header names are in small letters."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime


def new_secret(kind: Kind, /) -> str:
    """A secret that nobody can guess, as senders of that kind take it."""
    if kind is Kind.STANDARD:
        return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(32)


def check_secret(kind: Kind, secret: str, /) -> None:
    """Nothing happens if a sender's secret can be used. Errors: Invalid, without the secret."""
    if kind is Kind.STANDARD:
        if _key_of(secret) is None:
            wrong = f"is not {PREFIX} and the base64 of {_KEY_BYTES[0]} to {_KEY_BYTES[-1]} bytes"
            raise Invalid("The secret is none of Standard Webhooks.", [Problem("secret", wrong)])
    elif len(secret) not in _SECRET_CHARACTERS:
        wrong = f"does not have {_SECRET_CHARACTERS[0]} to {_SECRET_CHARACTERS[-1]} characters"
        raise Invalid("The secret has a wrong length.", [Problem("secret", wrong)])


def verify_standard(signed: Signed, accepted: Sequence[str], /) -> None:
    """Nothing happens if one signature is by one of these secrets, and the time is near. Errors: SignatureRefused."""
    parts = _required(signed, ID, TIMESTAMP, SIGNATURE)
    _check_time(parts[TIMESTAMP], signed.at)
    content = f"{parts[ID]}.{parts[TIMESTAMP]}.".encode() + signed.body
    digests = [hmac.digest(_key_of(secret) or b"", content, hashlib.sha256) for secret in accepted]
    expected = [b"v1," + base64.b64encode(digest) for digest in digests]
    _check_any(parts[SIGNATURE].split()[:_SIGNATURES], expected, SIGNATURE)


def verify_header(signed: Signed, accepted: Sequence[str], /, *, header: str) -> None:
    """Nothing happens if the header has the body's HMAC by one of these secrets. Errors: SignatureRefused."""
    given = _required(signed, header)[header].strip().removeprefix("sha256=").lower()
    expected = [hmac.digest(secret.encode(), signed.body, hashlib.sha256).hex().encode() for secret in accepted]
    _check_any([given], expected, header)


def _required(signed: Signed, *names: str) -> dict[str, str]:
    found = {name: signed.headers.get(name.lower(), "") for name in names}
    missing = [name for name in names if not found[name]]
    if missing:
        problems = [Problem(name, "is missing") for name in missing]
        raise SignatureRefused(f"The delivery lacks {' and '.join(missing)}.", problems)
    return found


def _check_time(text: str, now: datetime) -> None:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise SignatureRefused(
            f"The {TIMESTAMP} is no time in seconds.", [Problem(TIMESTAMP, "is no number of seconds")]
        )
    off = abs(now.timestamp() - int(text))
    if off > TOLERANCE.total_seconds():
        minutes = int(TOLERANCE.total_seconds() // 60)
        raise SignatureRefused(
            f"The {TIMESTAMP} is over {minutes} minutes off.", [Problem(TIMESTAMP, f"is over {minutes} minutes off")]
        )


def _check_any(given: Sequence[str], expected: Sequence[bytes], header: str) -> None:
    """All pairs are compared, so that the time tells neither which secret nor which signature fits."""
    fits = [hmac.compare_digest(one.encode(), each) for one in given for each in expected]
    if not any(fits):
        raise SignatureRefused(f"The {header} does not fit the delivery.", [Problem(header, "does not fit")])


def _key_of(secret: str) -> bytes | None:
    """The key in a secret of Standard Webhooks; None if it is none."""
    if not secret.startswith(PREFIX):
        return None
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        return None
    return key if len(key) in _KEY_BYTES else None
