"""One process serves from a data directory, and others may ask which and where. Must not serve anything itself."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cuework.base.errors import Conflict

_LOCK = "serve.lock"
_AT = " at "


@contextmanager
def only_one(data: Path) -> Generator[IO[str]]:
    """Nobody else serves from the directory meanwhile; `tell_where` with the file says where this process does.

    Errors: Conflict says who serves already.
    """
    with (data / _LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            told = lock.read().strip()
            raise Conflict(
                f"Cuework already runs on {data.absolute()} ({told}). Stop it first, or choose another --data."
            ) from None
        lock.truncate(0)
        lock.write("process " + str(os.getpid()))
        lock.flush()
        yield lock
        lock.truncate(0)


def tell_where(lock: IO[str], address: str) -> None:
    """Others can find the address."""
    lock.write(_AT + address)
    lock.flush()


def served_at(data: Path) -> str | None:
    """The address of whoever serves from the directory; None if nobody does, or is not ready to."""
    try:
        lock = (data / _LOCK).open(encoding="utf-8")
    except OSError:
        return None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:  # held: what it says is true
            return lock.read().partition(_AT)[2].strip() or None
    return None
