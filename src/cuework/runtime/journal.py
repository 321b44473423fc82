"""What a worker has in flight, noted in a local file before each pass, so that its death can be explained.

A process that an input kills writes nothing any more: whoever starts next reads its journal, and the
inputs named there are tried alone (see claim.take) and quarantined when processes keep dying with them.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cuework.runtime.claim import Input


class Journal:
    """The journal of one pass slot. The file is `<pid>-<slot>.journal`, empty while nothing is in flight."""

    def __init__(self, directory: Path, slot: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._path = directory / f"{os.getpid()}-{slot}.journal"
        self._file = os.open(self._path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)

    def note(self, tenant_id: UUID, inputs: Sequence[Input]) -> None:
        """These inputs are in flight. Cost: one write, no flush: it must outlive the process, not the machine."""
        text = "\n".join([tenant_id.hex, *(each.journal() for each in inputs)])
        os.pwrite(self._file, text.encode(), 0)
        os.ftruncate(self._file, len(text))

    def clear(self) -> None:
        """Nothing is in flight."""
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        """The journal is gone: the process ends well."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def read_dead(directory: Path) -> list[tuple[Path, UUID, list[str]]]:
    """Journals of processes that are not alive any more: (file, tenant, inputs' names)."""
    found: list[tuple[Path, UUID, list[str]]] = []
    for path in sorted(directory.glob("*-*.journal")) if directory.is_dir() else ():
        if _alive(int(path.stem.partition("-")[0])):
            continue
        tenant, *names = path.read_text().split("\n")
        if tenant:
            found.append((path, UUID(tenant), [name for name in names if name]))
        else:
            path.unlink(missing_ok=True)
    return found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a zombie answers signals but works no more
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
