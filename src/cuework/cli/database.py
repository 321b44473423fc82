"""The database that commands work on: the one that is named, or the embedded one of the data directory.

The embedded server is used as it is if it runs, and started for the time of the command if it does not.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from cuework.base.errors import NotFound, Unavailable
from cuework.base.settings import Settings, settings
from cuework.crm.tenants import find_tenant
from cuework.db.embedded import EmbeddedPostgres
from cuework.db.logins import NARROWER, Logins, strengths
from cuework.db.newest import bring_to_newest
from cuework.db.pool import Pool, Role, open_pool

Result = TypeVar("Result")


def embedded(chosen: Settings, /) -> EmbeddedPostgres:
    """The embedded server of that data directory, running or not."""
    return EmbeddedPostgres(chosen.data / "postgres")


@contextmanager
def database(chosen: Settings, /) -> Generator[str]:
    """While inside, the URL of the login of run time answers and its schema is the newest."""
    configured = Logins.configured(chosen)
    if configured is not None:
        asyncio.run(bring_to_newest(configured))
        yield configured.running
        return
    server = embedded(chosen)
    if server.running():
        asyncio.run(bring_to_newest(server.logins))
        yield server.logins.running
        return
    if not server.directory.exists():
        raise Unavailable(
            f"There is no Cuework in {chosen.data.absolute()}. Start one with 'cuework serve', or name its data "
            "directory with CUEWORK_DATA or its database with CUEWORK_DATABASE_URL."
        )
    with server:
        asyncio.run(bring_to_newest(server.logins))
        yield server.logins.running


def with_pool(act: Callable[[Pool], Coroutine[Any, Any, Result]], /) -> Result:
    """What `act` returns, given connections as the application's role."""
    with database(settings()) as dsn:
        return asyncio.run(_with_pool(dsn, act))


def too_strong(dsn: str, /) -> list[str]:
    """What this login may do that running does not need; empty also where the database does not answer."""
    try:
        found = asyncio.run(strengths(dsn))
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return []
    return [f"{sentence} {NARROWER}" for sentence in found]


async def tenant_of(pool: Pool, slug: str, /) -> Any:
    """The tenant's id. Errors: NotFound names the tenants there are."""
    tenant_id = await find_tenant(pool, slug)
    if tenant_id is None:
        rows = await pool.fetch("select slug from tenant_directory order by slug limit 20")
        known = ", ".join(row["slug"] for row in rows) or "none yet; make one with 'cuework tenant create NAME'"
        raise NotFound(f"There is no tenant {slug}. There are: {known}.")
    return tenant_id


def use_data(directory: Path | None, /) -> Settings:
    """The settings, with that data directory if one is given."""
    chosen = settings()
    return chosen if directory is None else chosen.model_copy(update={"data": directory})


async def _with_pool(dsn: str, act: Callable[[Pool], Coroutine[Any, Any, Result]]) -> Result:
    pool = await open_pool(dsn, Role.APP, size=2, name="cuework command")
    try:
        return await act(pool)
    finally:
        await pool.close()
