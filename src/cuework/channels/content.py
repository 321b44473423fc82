"""What a provider answered, made safe to keep: bounded, storable as jsonb, and without our credentials.

A provider may echo anything, also the credentials we sent it.
"""

import zlib
from typing import Any

from cuework.base import json
from cuework.channels.secrets import Secret

MOST_BYTES = 256_000
_DEEPEST = 64
_MOST_TEXT = 2_000


class TooDeep(ValueError):
    """The value is nested deeper than anything that is meant to be read."""


def storable(value: Any, secret: Secret, *, depth: int = 0) -> Any:
    """The JSON value without credentials and without NUL, which jsonb cannot keep. Errors: TooDeep."""
    if depth > _DEEPEST:
        raise TooDeep
    if isinstance(value, str):
        return clean(value, secret)
    if isinstance(value, list):
        return [storable(item, secret, depth=depth + 1) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {
            clean(str(name), secret): storable(item, secret, depth=depth + 1)  # pyright: ignore[reportUnknownArgumentType]
            for name, item in value.items()  # pyright: ignore[reportUnknownVariableType]
        }
    return value


def clean(text: str, secret: Secret) -> str:
    """The text with credentials hidden and without what PostgreSQL cannot keep."""
    kept = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    return secret.redact(kept)


def sentence(text: str, secret: Secret) -> str:
    """A provider's or library's words, fit for an error message: one line, bounded, credentials hidden."""
    return clean(" ".join(text.split()), secret)[:_MOST_TEXT]


def body_of(raw: bytes, media_type: str, secret: Secret, *, whole: bool = True) -> Any:
    """A response body as the context keeps it: parsed if it is whole JSON, else text; None if empty."""
    if not raw:
        return None
    if whole and (media_type == "application/json" or media_type.endswith("+json")):
        try:
            return storable(json.loads(raw), secret)
        except ValueError:  # malformed or too deep: kept as text
            pass
    return clean(raw.decode("utf-8", "replace"), secret)


def unpacked(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    """The body without its gzip or deflate coding, at most MOST_BYTES of it, and whether that is all of it.

    Errors: ValueError for a coding we did not ask for and do not know, or damaged data.
    """
    if encoding in ("", "identity"):
        return raw[:MOST_BYTES], len(raw) <= MOST_BYTES
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"The answer is coded as {encoding[:40]!r}, although no coding was accepted.")
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = unpack.decompress(raw, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"The answer's {encoding} coding is damaged: {error}") from None
    return plain, unpack.eof
