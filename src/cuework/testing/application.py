"""The real application in this process over a real database, and small worlds to try it in.

Requests go through the whole of it by ASGI, without a port. Must not know about pytest.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from cuework.api.application import create_app
from cuework.api.state import AppState
from cuework.base.logs import configure_logs
from cuework.base.settings import Settings
from cuework.channels.addresses import Guard
from cuework.channels.registry import Channels
from cuework.channels.secrets import Keyring
from cuework.crm.actor import Role, system
from cuework.crm.keys import NewKey, create_key
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db import tenancy
from cuework.db.pool import Pool, open_pool
from cuework.db.pool import Role as DatabaseRole

TEST_KEY = b"a key that only tests are using."


@dataclass(frozen=True)
class Application:
    """An application to send requests to; `client` signs them with a key."""

    state: AppState
    asgi: Any

    @property
    def pool(self) -> Pool:
        """Connections as the application's role."""
        return self.state.pool

    def client(self, key: str | None = None, **headers: str) -> httpx.AsyncClient:
        """A client whose requests carry that API key, and these headers."""
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        return self.browser("/api/v1", **headers)

    def browser(self, path: str = "", **headers: str) -> httpx.AsyncClient:
        """A client of the whole site, as a browser is."""
        transport = httpx.ASGITransport(app=self.asgi)
        return httpx.AsyncClient(transport=transport, base_url=f"http://cuework.test{path}", headers=headers)

    async def tenant(self, slug: str) -> UUID:
        """A new tenant."""
        return await create_tenant(self.pool, NewTenant(slug.title(), slug))

    async def key(self, tenant_id: UUID, role: Role = Role.OWNER) -> str:
        """A new API key of that role."""
        async with tenancy.tenant_transaction(self.pool, tenant_id) as connection:
            made = await create_key(connection, system(tenant_id), NewKey(f"the {role.spelled}'s key", role))
        return made.key


@dataclass(frozen=True)
class World:
    """A tenant with clients that carry a key of each role."""

    tenant_id: UUID
    slug: str
    app: Application
    viewer: httpx.AsyncClient
    member: httpx.AsyncClient
    manager: httpx.AsyncClient
    admin: httpx.AsyncClient
    owner: httpx.AsyncClient


@asynccontextmanager
async def new_world(app: Application, slug: str) -> AsyncGenerator[World]:
    """A new tenant with a client for each role."""
    tenant_id = await app.tenant(slug)
    async with AsyncExitStack() as stack:
        clients = {
            role.spelled: await stack.enter_async_context(app.client(await app.key(tenant_id, role)))
            for role in Role
            if role is not Role.PUBLIC
        }
        yield World(tenant_id, slug, app, **clients)


@asynccontextmanager
async def running_application(database_url: str, settings: Settings | None = None) -> AsyncGenerator[Application]:
    """While inside, the application works on that (migrated) database."""
    pool = await open_pool(database_url, DatabaseRole.APP, size=8, name="cuework test")
    try:
        chosen = settings or Settings()  # pyright: ignore[reportCallIssue]
        configure_logs(chosen.model_copy(update={"log_level": "error"}))
        keyring = Keyring(TEST_KEY)
        channels = Channels.standard(keyring, Guard.from_settings(chosen))
        state = AppState(pool, chosen, keyring=keyring, channels=channels)
        yield Application(state, create_app(state))
        await channels.close()
    finally:
        await pool.close()
