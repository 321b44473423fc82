"""`cuework worker`: one more worker process, on this machine or another."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import structlog
import typer

from cuework.base.errors import Unavailable
from cuework.base.logs import configure_logs
from cuework.base.settings import Settings
from cuework.cli.database import embedded, too_strong, use_data
from cuework.cli.output import tell

log = structlog.get_logger("cuework.worker")


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("worker")(run_worker)


def run_worker(
    data: Annotated[Path | None, typer.Option(help="Data directory; CUEWORK_DATA")] = None,
    with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Work until Ctrl-C: run workflows and send what they send."""
    from cuework.runtime.process import run

    chosen = use_data(data)
    configure_logs(chosen)
    dsn = _dsn(chosen)
    if with_parent:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    else:
        for sentence in too_strong(dsn):
            log.warning("login.too_strong", why=sentence)
        if sys.stderr.isatty():
            tell("Working. Stop with Ctrl-C.")
    run(chosen, dsn)


def _dsn(chosen: Settings) -> str:
    if chosen.database_url:
        return chosen.database_url
    server = embedded(chosen)
    if not server.running():
        where = chosen.data.absolute()
        raise Unavailable(f"No Cuework serves {where}. Start 'cuework serve', or set CUEWORK_DATABASE_URL.")
    return server.logins.running


def _end_with_parent() -> None:
    """Standard input ends when the process that started this one does, however it died."""
    while os.read(0, 4096):  # not sys.stdin: its lock would be held while the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
