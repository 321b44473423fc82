"""The commands of `./dev`: what each of them needs, and what it then runs."""

import os
import sys
from collections.abc import Callable

from development import browser, checks, environment, shapes, web
from development.shell import ROOT, Failed, one_at_a_time, replace_by, say

CUEWORK = environment.VENV / "bin" / "cuework"


def run_server(arguments: list[str]) -> int:
    """Cuework serves, with what it needs set up and the web application built."""
    with one_at_a_time():
        environment.ensure(web.locks_to_run())
        web.ensure_built()
    _use_data_of_checkout()
    replace_by([CUEWORK, "serve", *arguments])
    return 0


def test(arguments: list[str]) -> int:
    """What is needed is installed, and every check and test has run."""
    with one_at_a_time():
        environment.ensure(environment.TO_DEVELOP)
        web.ensure_modules()
        chromium = browser.ensure()
    uv = environment.find_uv()
    if arguments:
        say("Only the chosen tests run; ./dev test without arguments runs everything.")
        return checks.run_all([[checks.web_build()], [checks.tests(arguments, uv=uv, browser=chromium)]])
    return checks.run_all([[checks.web_build()], *checks.all_checks(uv=uv, browser=chromium)])


def check(arguments: list[str]) -> int:
    """Every check and test has run with what is installed. Errors: Failed if something is missing."""
    _no_more(arguments)
    if not environment.is_ready(environment.TO_DEVELOP) or not web.is_built():
        raise Failed("The environment or the web build is missing or out of date; ./dev test brings them.")
    chromium = browser.find()
    if chromium is None:
        raise Failed("There is no browser for the browser tests; ./dev test brings one.")
    return checks.run_all(checks.all_checks(uv=environment.find_uv(), browser=chromium))


def bench(arguments: list[str]) -> int:
    """The benchmark has run."""
    with one_at_a_time():
        environment.ensure(environment.TO_DEVELOP)
    os.chdir(ROOT)
    replace_by([environment.PYTHON, "-m", "bench", *arguments])
    return 0


def cuework(arguments: list[str]) -> int:
    """The cuework command has run inside the environment."""
    with one_at_a_time():
        environment.ensure(environment.TO_RUN)
    _use_data_of_checkout()
    replace_by([CUEWORK, *arguments])
    return 0


def build_web(arguments: list[str]) -> int:
    """The web application is built into the package; or its types of the API are written, or compared."""
    if arguments == ["types"]:
        return _write_types()
    if arguments == ["types", "--check"]:
        shapes.check()
        return 0
    _no_more(arguments)
    with one_at_a_time():
        environment.ensure(web.locks_to_run())
        web.ensure_built()
    say(f"The web application is in {web.BUILT.relative_to(ROOT)}.")
    return 0


def lock(arguments: list[str]) -> int:
    """The lock files fit pyproject.toml."""
    if arguments not in ([], ["--upgrade"]):
        raise WrongUsage
    with one_at_a_time():
        environment.lock(upgrade=bool(arguments))
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run_server,
    "test": test,
    "check": check,
    "bench": bench,
    "cuework": cuework,
    "web": build_web,
    "lock": lock,
}


class WrongUsage(Exception):
    """The arguments mean nothing."""


def run_command(arguments: list[str], *, usage: str) -> int:
    """The command has run; 0 done, 1 failed, 2 wrong usage."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage.strip())
        return 0 if arguments else 2
    command = COMMANDS.get(arguments[0])
    try:
        if command is None:
            raise WrongUsage
        return command(arguments[1:])
    except WrongUsage:
        print(f"./dev does not know: {' '.join(arguments)}\n\n{usage.strip()}", file=sys.stderr)
        return 2
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _write_types() -> int:
    with one_at_a_time():
        environment.ensure(web.locks_with_node())
        web.ensure_modules()
        shapes.write()
    return 0


def _use_data_of_checkout() -> None:
    """`./dev run` and `./dev cuework` work on the same data, wherever they are called from."""
    os.environ.setdefault("CUEWORK_DATA", str(ROOT / ".data"))


def _no_more(arguments: list[str]) -> None:
    if arguments:
        raise WrongUsage
