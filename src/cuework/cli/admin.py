"""Commands for operators: migrate, settings, tenant create, user create, key create, openapi."""

import os
from datetime import timedelta
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from cuework.base.settings import Settings, settings
from cuework.base.time import utc_now
from cuework.cli.database import database, tenant_of, too_strong, with_pool
from cuework.cli.output import show, show_json, show_table, tell
from cuework.crm.actor import Role, system
from cuework.crm.keys import NewKey, create_key
from cuework.crm.people import NewUser, create_user
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db import tenancy
from cuework.db.pool import Pool

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON")]
Tenant = Annotated[str, typer.Option(help="The tenant's slug")]


def register(app: typer.Typer) -> None:
    """The commands are part of the command line."""
    app.command("migrate")(migrate_database)
    app.command("settings")(list_settings)
    app.command("openapi")(print_document)
    for name, command in (("tenant", add_tenant), ("user", add_user), ("key", add_key)):
        group = typer.Typer(help=f"Make a {name}.", no_args_is_help=True)
        group.callback()(_nothing)
        group.command("create")(command)
        app.add_typer(group, name=name)


def migrate_database() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    with database(settings()):
        tell("The database has the newest schema.")


def list_settings(as_json: AsJson = False) -> None:
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


def print_document() -> None:
    """Print the OpenAPI document of the API."""
    from cuework.api.application import openapi_document

    show_json(openapi_document())


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


def add_user(
    tenant: Tenant,
    email: Annotated[str, typer.Option(help="The person's email")],
    name: Annotated[str, typer.Option(help="The person's name; the email if empty")] = "",
    role: Annotated[str, typer.Option(help="owner, admin, manager, member or viewer")] = "member",
    as_json: AsJson = False,
) -> None:
    """Make a user with a new password, and print the password alone; it is not shown again."""
    wanted = NewUser(email, name or email, _role(role))

    async def add(pool: Pool) -> tuple[dict[str, Any], str | None]:
        tenant_id = await tenant_of(pool, tenant)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            return await create_user(connection, system(tenant_id), wanted)

    row, password = with_pool(add)
    if as_json:
        show_json({"id": row["id"], "email": row["email"], "role": row["role"], "password": password})
    else:
        show(password)


def add_key(
    tenant: Tenant,
    role: Annotated[str, typer.Option(help="owner, admin, manager, member or viewer")] = "member",
    name: Annotated[str, typer.Option(help="What it is for")] = "command line",
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Works for so many days")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key, and print the key alone; it is not shown again."""
    wanted = NewKey(name, _role(role), utc_now() + timedelta(days=days) if days else None)

    async def add(pool: Pool) -> Any:
        tenant_id = await tenant_of(pool, tenant)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            return await create_key(connection, system(tenant_id), wanted)

    made = with_pool(add)
    if as_json:
        show_json({"id": made.row["id"], "key": made.key, "role": made.row["role"]})
    else:
        show(made.key)


def _nothing() -> None:
    """A group with one command keeps that command's name."""


def _role(name: str) -> Role:
    names = [role.spelled for role in Role if role is not Role.PUBLIC]
    if name not in names:
        raise typer.BadParameter(f"{name} is none of {', '.join(names)}", param_hint="--role")
    return Role.named(name)


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
