"""`cuework migrate`: the schema that this version works on."""

import typer

from cuework.base.settings import settings
from cuework.cli.database import database
from cuework.cli.output import tell


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    with database(settings()):
        tell("The database has the newest schema.")
