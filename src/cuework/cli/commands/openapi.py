"""`cuework openapi`: what the API promises, as a document."""

import typer

from cuework.cli.output import show_json


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("openapi")(print_document)


def print_document() -> None:
    """Print the OpenAPI document of the API."""
    from cuework.api.application import openapi_document

    show_json(openapi_document())
