"""`cuework serve`: everything in one command."""

from pathlib import Path
from typing import Annotated

import typer

from cuework.base.settings import settings


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("serve")(serve)


def serve(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 picks a free one; CUEWORK_PORT")] = None,
    data: Annotated[Path | None, typer.Option(help="Data directory; CUEWORK_DATA")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; CUEWORK_HOST")] = None,
    demo: Annotated[bool, typer.Option(help="On the first start, prepare a tenant to look at")] = True,
) -> None:
    """Serve Cuework: the web application, the API, and the workers, until Ctrl-C."""
    from cuework.app.serving import serve as serve_until_stopped

    given = {"port": port, "data": data, "host": host}
    changes = {name: value for name, value in given.items() if value is not None}
    serve_until_stopped(settings().model_copy(update=changes), demo=demo)
