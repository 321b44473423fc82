"""Reads a request's body within limits of bytes, time, depth and keys, before anything is done with it.

Must not know what the body means: models do that. Only JSON that every later part can hold comes through.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import orjson
from starlette.requests import ClientDisconnect, Request

from cuework.api.state import state_of
from cuework.base.errors import Invalid, Malformed, NotFound, Problem, TooLarge

MAX_DEPTH = 128  # steps nested as deep as they may be, with the deepest condition in the last, are 110
MAX_VALUES = 200_000
MAX_KEYS = 2_000
READ_WITHIN = 30.0


class CheckedRequest(Request):
    """A request whose body was read and checked once; FastAPI gets the parsed value."""

    async def body(self) -> bytes:
        """The whole body. Errors: TooLarge, Malformed when it comes too slowly or breaks off."""
        if not hasattr(self, "_body"):
            self._body = await self._read(state_of(self).settings.max_body_bytes)
        return self._body

    async def json(self) -> Any:
        """The body as JSON. Errors: Malformed, TooLarge, Invalid for text that cannot be stored."""
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json

    @property
    def is_json(self) -> bool:
        """Whether the client says so."""
        return is_json(self.headers.get("content-type", ""))

    async def check_body(self) -> None:
        """The body has been read; where it is JSON it has been parsed. No address or parameter has a NUL."""
        if "\0" in self.scope["path"]:
            raise NotFound("There is nothing at this address.")
        for name, value in self.query_params.multi_items():
            _refuse_nul(f"query.{name.replace(chr(0), '')}", name + value)
        body = await self.body()
        if body and self.is_json:
            await self.json()

    async def _read(self, limit: int) -> bytes:
        declared = self.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > limit:
            raise _too_large(limit)
        parts = bytearray()
        try:
            async with asyncio.timeout(READ_WITHIN):
                async for part in self.stream():
                    parts += part
                    if len(parts) > limit:
                        raise _too_large(limit)
        except TimeoutError:
            raise Malformed(f"The body did not arrive within {READ_WITHIN:.0f} seconds.") from None
        except ClientDisconnect:
            raise Malformed("The connection closed before the body was complete.") from None
        return bytes(parts)


def is_json(content_type: str, /) -> bool:
    """Whether a body of that type is JSON."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def parse_json(body: bytes | str, /, *, name: str = "The body") -> Any:
    """The value of the JSON text; errors call it by that name. Errors: Malformed with the place, TooLarge, Invalid."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _unreadable(error, name) from None
    check_json(value)
    return value


def check_json(value: Any, /) -> None:
    """The value is within depth, keys and count, and no text in it has a NUL. Errors: TooLarge, Invalid."""
    counted = 0
    level: list[tuple[str, Any]] = [("", value)]
    for _depth in range(MAX_DEPTH + 1):
        following: list[tuple[str, Any]] = []
        for path, each in level:
            if isinstance(each, str):
                _refuse_nul(path, each)
            elif isinstance(each, dict):
                if len(cast("dict[str, Any]", each)) > MAX_KEYS:
                    raise TooLarge(f"An object has over {MAX_KEYS} keys; send less at once.")
                following += _inside_object(path, cast("dict[str, Any]", each))
            elif isinstance(each, list):
                following += [(_join(path, n), inner) for n, inner in enumerate(cast("list[Any]", each))]
        counted += len(following)
        if counted > MAX_VALUES:
            raise TooLarge(f"The JSON has over {MAX_VALUES} values; send less at once.")
        if not following:
            return
        level = following
    raise TooLarge(f"The JSON is nested over {MAX_DEPTH} levels deep.")


def _inside_object(path: str, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        _refuse_nul(path, key)
        yield _join(path, key), inner


def _join(path: str, part: object) -> str:
    return f"{path}.{part}" if path else str(part)


def _refuse_nul(path: str, text: str) -> None:
    if "\0" in text:
        place = Problem(path, "has the character NUL")
        raise Invalid("A text has the character NUL, which cannot be stored.", [place])


def _unreadable(error: orjson.JSONDecodeError, name: str) -> Exception:
    if "depth limit" in error.msg or "recursion" in error.msg.lower():
        return TooLarge(f"The JSON is nested over {MAX_DEPTH} levels deep.")
    line, column = error.lineno, error.colno
    if "surrogate in string" in error.msg:
        place = Problem("", "has half a surrogate pair, which is no character", line=line, column=column)
        return Invalid("A text has half a surrogate pair, which is no character.", [place])
    what = _UNREADABLE.get(error.msg, error.msg)
    where = f"line {line}, column {column}"
    return Malformed(f"{name} is no JSON: {what} at {where}.", [Problem("", f"is no JSON: {what}", None, line, column)])


_UNREADABLE = {
    "failed to allocate memory": "it ends too early",  # what orjson says of many brackets that nothing closes
    "unexpected end of data": "it ends too early",
    "Input is a zero-length, empty document": "it is empty",
    "str is not valid UTF-8: surrogates not allowed": "it is not UTF-8",
}


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is over the limit of {limit:,} bytes.", limit_bytes=limit)
