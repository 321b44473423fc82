"""`cuework tenant create`: a tenant with what it begins with."""

from typing import Annotated

import typer

from cuework.cli.database import with_pool
from cuework.cli.output import show, show_json
from cuework.cli.parts import AsJson, group_alone
from cuework.crm.tenants import NewTenant, create_tenant


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    group = typer.Typer(help="Make a tenant.", no_args_is_help=True)
    group.callback()(group_alone)
    group.command("create")(add_tenant)
    app.add_typer(group, name="tenant")


def add_tenant(
    name: Annotated[str, typer.Argument(help="Its name")],
    slug: Annotated[str, typer.Option(help="Its short name in addresses; made from the name if empty")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217")] = "USD",
    timezone: Annotated[str, typer.Option(help="Such as Europe/Berlin")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Make a tenant with its default pipeline and stages, and print its id."""
    tenant_id = with_pool(lambda pool: create_tenant(pool, NewTenant(name, slug, currency, timezone)))
    if as_json:
        show_json({"id": tenant_id, "name": name})
    else:
        show(tenant_id)
