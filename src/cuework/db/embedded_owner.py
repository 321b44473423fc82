"""Who owns an embedded PostgreSQL's directory: the process that holds its file lock, which dies with the process."""

import fcntl
import os
from pathlib import Path
from typing import IO

from cuework.base.errors import Unavailable


class EmbeddedPostgresError(Unavailable):
    """The embedded server could not be started or stopped; the message says why and what to do."""


class DataDirectoryInUse(EmbeddedPostgresError):
    """Another process owns the data directory."""

    def __init__(self, directory: Path, owner: str) -> None:
        """Names the directory and the owning process."""
        self.owner = owner
        by = f" (process {owner})" if owner else ""
        super().__init__(f"Cuework already runs on {directory}{by}. Stop it first, or choose another directory.")


class OwnerLock:
    """The lock of one directory, held or not."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this process is the owner."""
        return self._file is not None

    def take(self) -> None:
        """This process is the owner. Errors: DataDirectoryInUse names another one."""
        if self._file is not None:
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        file = (self._directory / "owner.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip()
            file.close()
            raise DataDirectoryInUse(self._directory, owner) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """The directory is free."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None
