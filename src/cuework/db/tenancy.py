"""The only place that says which tenant a transaction serves: once, at its beginning.

Outside such a transaction the setting is empty and every policy answers with no rows.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from cuework.db.pool import Connection, Pool


@asynccontextmanager
async def tenant_transaction(pool: Pool, tenant_id: UUID, /) -> AsyncGenerator[Connection]:
    """One transaction of one tenant on a pooled connection: committed at the end, rolled back on any exception."""
    async with pool.acquire() as connection, tenant_scope(connection, tenant_id):
        yield connection


@asynccontextmanager
async def tenant_scope(connection: Connection, tenant_id: UUID, /) -> AsyncGenerator[None]:
    """The same on a connection that the caller holds; begins in one round trip."""
    try:
        await begin(connection, tenant_id)
        yield
    except BaseException:
        if not connection.is_closed():
            await connection.execute("rollback")
        raise
    await connection.execute("commit")


async def begin(connection: Connection, tenant_id: UUID, /) -> None:
    """Begins a transaction of that tenant. `SET LOCAL`, not set_config: Citus passes only the former on."""
    checked = UUID(str(tenant_id))  # the text goes into SQL: nothing but a UUID may pass
    statement = f"begin; set local app.tenant_id = '{checked}'"
    try:
        await connection.execute(statement)
    except asyncpg.QueryCanceledError:
        # Of a pooled session, the timer of whoever was cut off before can end the next one's first statement.
        await connection.execute("rollback")
        await connection.execute(statement)
