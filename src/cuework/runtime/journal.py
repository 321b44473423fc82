"""What a worker has in flight, noted in a local file before each pass, so that its death can be explained.

A process that an input kills writes nothing any more: whoever starts next reads its journal, and the
inputs named there are tried alone (see claim.take) and quarantined when processes keep dying with them.
"""

import contextlib
import fcntl
import os
from collections.abc import Generator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from cuework.runtime.claim import Input


class Journal:
    """The journal of one pass slot. The file is `<pid>-<slot>-<random>.journal`, empty while nothing is in flight.

    Its lock says that the process is alive, not its pid: in a container every worker may have the same one.
    """

    def __init__(self, directory: Path, slot: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._path = directory / f"{os.getpid()}-{slot}-{uuid4().hex}.journal"
        coming = self._path.with_suffix(".new")
        self._file = os.open(coming, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        coming.rename(self._path)  # only now: nobody must find it unlocked

    def note(self, tenant_id: UUID, inputs: Sequence[Input]) -> None:
        """These inputs are in flight. Cost: one write, no flush: it must outlive the process, not the machine."""
        text = "\n".join([tenant_id.hex, *(each.journal() for each in inputs)])
        os.pwrite(self._file, text.encode(), 0)

    def clear(self) -> None:
        """Nothing is in flight."""
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        """The journal is gone: the process ends well."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def read_dead(directory: Path) -> Generator[tuple[Path, UUID, list[str]]]:
    """Journals of processes that are not alive any more: (file, tenant, inputs' names).

    While the caller handles one, nobody else is given it: a death counts once.
    """
    for path in sorted(directory.glob("*.journal")) if directory.is_dir() else ():
        with _if_dead(path) as dead:
            tenant, *names = path.read_text().split("\n") if dead else ("",)
            if tenant:
                yield path, UUID(tenant), [name for name in names if name]
            elif dead:
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def _if_dead(path: Path) -> Generator[bool]:
    """Whether the journal is there and nobody held its lock; from here on the reader holds it."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _locked(file) and os.fstat(file).st_nlink > 0
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
