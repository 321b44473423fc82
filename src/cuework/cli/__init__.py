"""The command line: `cuework serve`, `worker`, `migrate` and the rest.

A file in `commands` is a command of that name; nothing else needs to know it, and only the one that is called is
loaded. Exit codes: 0 done, 1 failed, 2 wrong usage. Must hold no behaviour that a program could want: that is in the
rooms below.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from cuework import __version__
from cuework.base.errors import CueworkError, Misconfigured
from cuework.base.logs import log_to_standard_error
from cuework.cli import commands
from cuework.cli.output import show


def command_line() -> typer.Typer:
    """The whole command line, with the command of every file in `commands`."""
    app = typer.Typer(
        name="cuework",
        cls=_Cuework,
        help="A CRM whose record changes start workflows.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_options)
    return app


class _Cuework(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("Any", _Commands())


class _Commands(Mapping[str, object]):
    """The commands by name, each loaded when it is asked for."""

    def __init__(self) -> None:
        self._names = sorted(found.name for found in pkgutil.iter_modules(commands.__path__))

    def __getitem__(self, name: str) -> object:
        if name not in self._names:
            raise KeyError(name)
        alone = typer.Typer(rich_markup_mode=None)
        alone.callback()(_nothing)  # a command line of one command is that command otherwise
        importlib.import_module(f"{commands.__name__}.{name}").register(alone)
        return cast("TyperGroup", typer.main.get_command(alone)).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _nothing() -> None:
    pass


def _tell_version(wanted: bool) -> None:
    if wanted:
        show(f"cuework {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits: 0 done, 1 failed, 2 wrong usage."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code; failures are said on standard error."""
    log_to_standard_error()
    try:
        outcome = typer.main.get_command(command_line()).main(
            None if arguments is None else list(arguments), prog_name="cuework", standalone_mode=False
        )
    except typer.TyperException as error:
        return _told(error)
    except (typer.Abort, KeyboardInterrupt):
        return _failed("Stopped.")
    except Misconfigured as error:
        _failed(error.detail)
        return 2
    except CueworkError as error:
        return _failed(error.detail, *(f"  {each.path}: {each.message}" for each in error.problems))
    except (ConnectionError, TimeoutError, OSError) as error:
        return _failed(f"Something cannot be reached: {error}")
    return outcome if outcome in (1, 2) else 1 if isinstance(outcome, int) and outcome else 0


def _told(error: typer.TyperException) -> int:
    """What was wrong with the usage is said."""
    show = getattr(error, "show", None)
    if show is None:
        return _failed(str(error))
    show()
    return getattr(error, "exit_code", 1)


def _failed(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1
