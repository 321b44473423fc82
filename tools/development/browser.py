"""A Chromium for the browser tests: the first that is there, or one that can be installed."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

from development import environment
from development.shell import Failed, output_of, run, say

# Chromium without its windows first: the same pages for two thirds of the time.
_NAMES = ("chromium-headless-shell", "google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
_DEBIANS = ("chromium-headless-shell", "chromium")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_ADVICE = (
    "The browser tests need a Chrome or Chromium, and none could be installed.\n"
    "Type one of these and try again:\n"
    "  sudo apt-get install chromium\n"
    "  export CUEWORK_CHROMIUM=/path/to/chrome"
)


def find() -> Path | None:
    """A browser that is installed and starts."""
    named = os.environ.get("CUEWORK_CHROMIUM")
    if named:
        if not _starts(Path(named)):
            raise Failed(f"CUEWORK_CHROMIUM names {named}, which does not start.")
        return Path(named)
    return next((place for place in _places() if _starts(place)), None)


def ensure() -> Path:
    """A browser that starts is there: the installed one, Debian's if root, or Playwright's own."""
    found = find()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        found = _debians()
    if found is None:
        own = [environment.PYTHON, "-m", "playwright", "install", "chromium"]
        _try("Downloading Playwright's Chromium ...", own)
        found = find()
    if found is None:
        raise Failed(_ADVICE)
    return found


def _debians() -> Path | None:
    _try("Installing Debian's Chromium ...", ["apt-get", "update", "-qq"])
    for package in _DEBIANS:  # the first is not in every release
        _try("", ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", package])
        found = find()
        if found:
            return found
    return None


def _try(what: str, command: list[str | Path]) -> None:
    if what:
        say(what)
    try:
        run(command, environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    except Failed as failure:
        say(str(failure))


def _places() -> Generator[Path]:
    yield from (Path(found) for found in map(shutil.which, _NAMES) if found)
    yield _MAC
    yield from _playwrights()  # asked last: it starts a program


def _playwrights() -> list[Path]:
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    place = output_of([environment.PYTHON, "-c", code]) if environment.PYTHON.exists() else None
    return [Path(place)] if place else []


def _starts(browser: Path) -> bool:
    return browser.exists() and output_of([browser, "--version"]) is not None
