"""The one way in which tests wait for what happens elsewhere: they look until it is so, or a deadline has passed.

Nothing sleeps for a time that it hopes is long enough. Who waits says what for, so that a failure can.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TypeVar, cast

Found = TypeVar("Found")
PATIENCE_S = 100.0
_PAUSE_S = 0.02


async def until(what: str, look: Callable[[], Awaitable[Found] | Found], *, within_s: float = PATIENCE_S) -> Found:
    """It is so: the answer is the first of `look` that is true.

    Errors: AssertionError says what did not come true in time; whatever `look` raises.
    """
    deadline = time.monotonic() + within_s
    while not (found := await _answer(look)):
        _in_time(what, deadline)
        await asyncio.sleep(_PAUSE_S)
    return found


def until_blocking(what: str, look: Callable[[], Found], *, within_s: float = PATIENCE_S) -> Found:
    """The same for a test that runs no loop."""
    deadline = time.monotonic() + within_s
    while not (found := look()):
        _in_time(what, deadline)
        time.sleep(_PAUSE_S)
    return found


async def _answer(look: Callable[[], Awaitable[Found] | Found]) -> Found:
    answer = look()
    return await cast("Awaitable[Found]", answer) if isawaitable(answer) else cast("Found", answer)


def _in_time(what: str, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise AssertionError(f"It did not come true in time: {what}.")
