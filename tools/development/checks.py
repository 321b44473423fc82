"""Every check of the project, the tests last. All run, whichever fails; the end says which."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from development import environment, web
from development.shell import ROOT, say


@dataclass(frozen=True)
class Check:
    """A program whose exit code says whether all is well."""

    name: str
    command: list[str | Path]
    cwd: Path = ROOT
    # Tests take minutes and say how far they are; the others speak only when something is wrong.
    live: bool = False
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def web_build() -> Check:
    """The web application as its sources are now is in the package, where the tests look for it."""
    return Check("Web build", [sys.executable, ROOT / "dev", "web"])


def all_checks(*, uv: Path, browser: Path | None) -> list[Sequence[Check]]:
    """What `./dev test` runs, in stages."""
    tools = environment.VENV / "bin"
    npm, npm_variables = web.npm(), web.npm_environment()
    quick = [
        Check("Types (basedpyright)", [tools / "basedpyright"]),
        Check("Web types and lint", [*npm, "run", "--silent", "check"], web.WEB, variables=npm_variables),
        Check("Web tests (vitest)", [*npm, "test", "--silent"], web.WEB, variables=npm_variables),
        Check("Web types of the API", [sys.executable, ROOT / "dev", "web", "types", "--check"]),
        Check("Lint (ruff)", [tools / "ruff", "check", "--quiet", "."]),
        Check("Format (ruff)", [tools / "ruff", "format", "--check", "--quiet", "."]),
        Check("Import rules (import-linter)", [tools / "lint-imports"]),
    ]
    return [quick, [tests([], uv=uv, browser=browser)]]


def tests(arguments: list[str], *, uv: Path, browser: Path | None) -> Check:
    """The tests, on as many processes as they gain from, or exactly as the arguments ask."""
    variables = {"CUEWORK_UV": str(uv)}
    if browser is not None:
        variables["CUEWORK_CHROMIUM"] = str(browser)
    chosen = arguments or ["--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder", "--durations=15"]
    pytest: list[str | Path] = [environment.PYTHON, "-m", "pytest", *chosen]
    return Check("Tests (pytest)", pytest, live=True, variables=variables)


def run_all(stages: Sequence[Sequence[Check]]) -> int:
    """Every check has run, those of a stage side by side, and the summary is printed; 0 if all were well, else 1."""
    results: list[tuple[str, bool, float]] = []
    for stage in stages:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            results += threads.map(_timed, stage)
    say("\nSummary")
    for name, passed, seconds in results:
        say(f"  {'ok    ' if passed else 'FAILED'}  {name}  ({seconds:.1f} s)")
    failed = [name for name, passed, _ in results if not passed]
    say(f"{len(failed)} of {len(results)} checks failed." if failed else "Everything passed.")
    return 1 if failed else 0


def _timed(check: Check) -> tuple[str, bool, float]:
    started = time.monotonic()
    passed = _run(check)
    return check.name, passed, time.monotonic() - started


def _run(check: Check) -> bool:
    say(f"== {check.name}")
    variables = {**os.environ, **check.variables}
    words = [str(word) for word in check.command]
    done = subprocess.run(
        words,
        cwd=check.cwd,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=None if check.live else subprocess.PIPE,
        stderr=None if check.live else subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0 and not check.live:
        say(f"== {check.name} found this")
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
    return done.returncode == 0
