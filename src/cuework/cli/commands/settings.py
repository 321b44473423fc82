"""`cuework settings`: every setting, its meaning and where its value comes from."""

import os
from typing import Annotated

import typer
from pydantic import SecretStr

from cuework.base.settings import Settings, settings
from cuework.cli.database import too_strong
from cuework.cli.output import show_json, show_table, tell


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("settings")(list_settings)


def list_settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """List every setting with its meaning, its value and where that comes from; secrets are hidden.

    What the database's login may do that running does not need is said on standard error.
    """
    chosen = settings()
    rows = [_setting(chosen, name) for name in Settings.model_fields]
    if as_json:
        show_json(rows)
    else:
        show_table(rows)
    if chosen.database_url:
        for sentence in too_strong(chosen.database_url):
            tell(sentence)


def _setting(chosen: Settings, name: str) -> dict[str, object]:
    field = Settings.model_fields[name]
    variable = f"CUEWORK_{name.upper()}"
    value = getattr(chosen, name)
    secret = isinstance(value, SecretStr) or (name in {"database_url", "migration_url"} and value)
    return {
        "setting": variable,
        "value": "(hidden)" if secret else "" if value is None else str(value),
        "from": "environment" if variable in os.environ else "default",
        "meaning": field.description,
    }
