"""`cuework user create`: a person who may sign in."""

from typing import Annotated, Any

import typer

from cuework.cli.database import tenant_of, with_pool
from cuework.cli.output import show, show_json
from cuework.cli.parts import AsJson, Tenant, group_alone, role_named
from cuework.crm.actor import system
from cuework.crm.people import NewUser, create_user
from cuework.db import tenancy
from cuework.db.pool import Pool


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    group = typer.Typer(help="Make a user.", no_args_is_help=True)
    group.callback()(group_alone)
    group.command("create")(add_user)
    app.add_typer(group, name="user")


def add_user(
    tenant: Tenant,
    email: Annotated[str, typer.Option(help="The person's email")],
    name: Annotated[str, typer.Option(help="The person's name; the email if empty")] = "",
    role: Annotated[str, typer.Option(help="owner, admin, manager, member or viewer")] = "member",
    as_json: AsJson = False,
) -> None:
    """Make a user with a new password, and print the password alone; it is not shown again."""
    wanted = NewUser(email, name or email, role_named(role))

    async def add(pool: Pool) -> tuple[dict[str, Any], str | None]:
        tenant_id = await tenant_of(pool, tenant)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            return await create_user(connection, system(tenant_id), wanted)

    row, password = with_pool(add)
    if as_json:
        show_json({"id": row["id"], "email": row["email"], "role": row["role"], "password": password})
    else:
        show(password)
