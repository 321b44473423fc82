"""The Python environment: .venv holds exactly what the lock files name, and Cuework itself, editable.

A stamp of the lock files makes a second start cost nothing. uv does the work: the one on the PATH, or a
private one under .dev, installed with pip by hash.
"""

import os
import re
import shutil
import sys
import sysconfig
from pathlib import Path

from development.shell import PRIVATE, ROOT, Failed, fingerprint, output_of, run, say, stamp_of

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

TO_RUN = ("requirements.lock",)
TO_RUN_WITH_NODE = ("requirements.lock", "requirements-node.lock")
TO_DEVELOP = ("requirements-dev.lock",)

_STAMP = VENV / ".cuework-stamp"
_OLDEST_UV = (0, 5)
# What each set of locks is contained in, the smallest first.
_CONTAINED_IN = {
    TO_RUN: (TO_RUN, TO_RUN_WITH_NODE, TO_DEVELOP),
    TO_RUN_WITH_NODE: (TO_RUN_WITH_NODE, TO_DEVELOP),
    TO_DEVELOP: (TO_DEVELOP,),
}


def ensure(locks: tuple[str, ...]) -> None:
    """.venv holds at least what the lock files name."""
    if is_ready(locks):
        return
    locks = _never_less_than_before(locks)
    uv = find_uv()
    environment = _environment()
    if not _usable():
        say(f"Making a Python environment in {VENV.name} ...")
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], environment=environment)
    _STAMP.write_text(f"unfinished {' '.join(locks)}", "utf-8")
    say(f"Installing what {' and '.join(locks)} name into {VENV.name} ...")
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    sync = [uv, "pip", "sync", *quiet, "--compile-bytecode", "--python", PYTHON, "--require-hashes", *locks]
    run(sync, environment=environment)
    project = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
    run([uv, "pip", "install", "--quiet", "--python", PYTHON, *project], environment=environment)
    # Where Python may not write bytecode (PYTHONDONTWRITEBYTECODE), each start would compile everything again.
    run([PYTHON, "-m", "compileall", "-q", ROOT / "src"], environment=environment)
    _STAMP.write_text(f"{_stamp(locks)} {' '.join(locks)}", "utf-8")


def is_ready(locks: tuple[str, ...]) -> bool:
    """Whether .venv was made from these locks as they are now, or from more."""
    made_from = stamp_of(_STAMP).partition(" ")[0]
    return _usable() and any(made_from == _stamp(more) for more in _CONTAINED_IN[locks])


def lock(*, upgrade: bool) -> None:
    """The lock files fit pyproject.toml. Versions stay as they are unless it needs others, or `upgrade`."""
    uv = find_uv()
    common = [
        *("--universal", "--generate-hashes", "--python-version", "3.11", "--quiet"),
        *("--custom-compile-command", "./dev lock"),
        *(["--upgrade"] if upgrade else []),
    ]
    groups = {
        "requirements-dev.lock": ["pyproject.toml", "--group", "dev"],
        "requirements.lock": ["pyproject.toml", "--group", "build", "-c", "requirements-dev.lock"],
        "requirements-node.lock": ["--group", "node", "-c", "requirements-dev.lock"],
        "requirements-uv.lock": ["--group", "uv"],
    }
    for target, source in groups.items():
        say(f"Resolving {target} ...")
        run([uv, "pip", "compile", *common, *source, "-o", target], environment=_environment())
        if "://" in (ROOT / target).read_text("utf-8"):
            raise Failed(f"{target} names the address of a package registry; take it out before committing.")


def find_uv() -> Path:
    """A uv that is new enough; a private one is installed if there is none."""
    installed = shutil.which("uv")
    if installed and _version(output_of([installed, "--version"]) or "") >= _OLDEST_UV:
        return Path(installed)
    private = PRIVATE / "uv" / "bin" / "uv"
    lock_file = ROOT / "requirements-uv.lock"
    stamp = PRIVATE / "uv" / "stamp"
    if not private.exists() or stamp_of(stamp) != fingerprint([lock_file]):
        say("Installing uv, which installs the rest, into .dev ...")
        _make_private_venv(PRIVATE / "uv")
        pip = [PRIVATE / "uv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes"]
        run([*pip, "--disable-pip-version-check", "-r", lock_file])
        stamp.write_text(fingerprint([lock_file]), "utf-8")
    return private


def _make_private_venv(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    if output_of([sys.executable, "-m", "venv", place]) is not None:
        return
    package = f"python{sysconfig.get_python_version()}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"This Python cannot make environments; installing Debian's {package} ...")
        run(["apt-get", "update", "-qq"])
        run(["apt-get", "install", "-qq", "--yes", "--no-install-recommends", package])
        shutil.rmtree(place, ignore_errors=True)
        run([sys.executable, "-m", "venv", place])
        return
    raise Failed(
        f"This Python cannot make environments. On Debian or Ubuntu type: sudo apt-get install {package}\n"
        "Elsewhere install uv and try again."
    )


def _environment() -> dict[str, str]:
    """uv looks where pip was told to look; it does not read pip's settings by itself."""
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    if "UV_DEFAULT_INDEX" not in environment and "UV_INDEX_URL" not in environment:
        index = output_of([sys.executable, "-m", "pip", "config", "get", "global.index-url"])
        index = environment.get("PIP_INDEX_URL") or index
        if index:
            environment["UV_DEFAULT_INDEX"] = index
    return environment


def _usable() -> bool:
    return PYTHON.exists() and (VENV / "pyvenv.cfg").exists()


def _never_less_than_before(locks: tuple[str, ...]) -> tuple[str, ...]:
    """`./dev run` must not take away what `./dev test` installed."""
    before = tuple(stamp_of(_STAMP).split()[1:])
    return before if before in _CONTAINED_IN[locks] else locks


def _stamp(locks: tuple[str, ...]) -> str:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return fingerprint([ROOT / "pyproject.toml", *(ROOT / name for name in locks)], python, str(ROOT))


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)", text)
    return tuple(int(part) for part in found.groups()) if found else (0, 0)
