"""What the arguments of several commands have in common."""

from typing import Annotated

import typer

from cuework.crm.actor import Role

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON")]
Tenant = Annotated[str, typer.Option(help="The tenant's slug")]


def group_alone() -> None:
    """The callback of a group with one command, which keeps its name by that."""


def role_named(name: str, /) -> Role:
    """The role that is meant. Errors: BadParameter names the roles there are."""
    names = [role.spelled for role in Role if role is not Role.PUBLIC]
    if name not in names:
        raise typer.BadParameter(f"{name} is none of {', '.join(names)}", param_hint="--role")
    return Role.named(name)
