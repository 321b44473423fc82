"""`cuework demo`: believable traffic on a running server, through its public API."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import typer

from cuework.app.only_one import served_at
from cuework.base.errors import Unavailable
from cuework.base.settings import settings
from cuework.base.time import utc_now
from cuework.cli.database import tenant_of, with_pool
from cuework.cli.output import tell
from cuework.crm.actor import Role, system
from cuework.crm.keys import NewKey, create_key
from cuework.db.pool import Pool
from cuework.db.tenancy import tenant_transaction


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("demo")(demo)


def demo(
    rate: Annotated[float, typer.Option(min=0.1, max=1000, help="Requests per second")] = 20,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long; until Ctrl-C if not given")] = None,
    tenant: Annotated[str, typer.Option(help="The tenant's slug")] = "demo",
    url: Annotated[str | None, typer.Option(help="The server's address; the data directory's if not given")] = None,
    key: Annotated[str | None, typer.Option(help="An API key; one for an hour is made if not given")] = None,
) -> None:
    """Make people write in, deals appear and move, and tasks get done."""
    import httpx  # and what follows: slow to load, and no other command needs it

    from cuework.demo.traffic import Traffic

    known = settings()
    address = url or served_at(known.data) or f"http://{known.host}:{known.port}"
    chosen = key or with_pool(lambda pool: _hour_key(pool, tenant))
    tell(f"{rate:g} requests a second to {address}. Stop with Ctrl-C.")
    traffic = Traffic(address, chosen, rate)
    try:
        asyncio.run(traffic.run(seconds, _tell))
    except KeyboardInterrupt:
        pass
    except httpx.ConnectError as error:
        raise Unavailable(f"No Cuework answers at {address}. Start it, or name it with --url.") from error
    except httpx.HTTPStatusError as error:
        raise Unavailable(f"{address} answered {error.response.status_code}: {error.response.text[:200]}") from error
    _tell(traffic.done)


async def _hour_key(pool: Pool, slug: str) -> str:
    tenant_id = await tenant_of(pool, slug)
    async with tenant_transaction(pool, tenant_id) as connection:
        wanted = NewKey("Demo traffic", Role.MEMBER, expires_at=utc_now() + timedelta(hours=1))
        return (await create_key(connection, system(tenant_id), wanted)).key


def _tell(done: Mapping[str, int]) -> None:
    tell(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "nothing yet")
