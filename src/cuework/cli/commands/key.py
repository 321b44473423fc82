"""`cuework key create`: an API key, shown this once."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from cuework.base.time import utc_now
from cuework.cli.database import tenant_of, with_pool
from cuework.cli.output import show, show_json
from cuework.cli.parts import AsJson, Tenant, group_alone, role_named
from cuework.crm.actor import system
from cuework.crm.keys import NewKey, create_key
from cuework.db import tenancy
from cuework.db.pool import Pool


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    group = typer.Typer(help="Make an API key.", no_args_is_help=True)
    group.callback()(group_alone)
    group.command("create")(add_key)
    app.add_typer(group, name="key")


def add_key(
    tenant: Tenant,
    role: Annotated[str, typer.Option(help="owner, admin, manager, member or viewer")] = "member",
    name: Annotated[str, typer.Option(help="What it is for")] = "command line",
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Works for so many days")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key, and print the key alone; it is not shown again."""
    wanted = NewKey(name, role_named(role), utc_now() + timedelta(days=days) if days else None)

    async def add(pool: Pool) -> Any:
        tenant_id = await tenant_of(pool, tenant)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            return await create_key(connection, system(tenant_id), wanted)

    made = with_pool(add)
    if as_json:
        show_json({"id": made.row["id"], "key": made.key, "role": made.row["role"]})
    else:
        show(made.key)
