"""Pools of connections that run as one of Cuework's roles, with jsonb spelled by base.json.

Nothing here opens a transaction: see tenancy. Pools never run as the owner of the tables.
"""

from enum import StrEnum
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pgproto import pgproto

from cuework.base import json
from cuework.base.ids import make_ids_with

Connection: TypeAlias = "asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]"
Pool: TypeAlias = "asyncpg.Pool[Any]"

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a loop lives through and tries again after: the database is away, or would not. InternalClientError is what
asyncpg says when a session is ended in the middle of an exchange."""

make_ids_with(pgproto.UUID)


class Role(StrEnum):
    """Who a connection acts as. OWNER owns the tables and only migrates; none of them bypasses row-level security."""

    OWNER = "cuework_owner"
    APP = "cuework_app"
    WORKER = "cuework_worker"


# A frozen or cut-off process must not hold lanes or row locks: PostgreSQL ends its session within seconds.
SESSION_LIMITS = {
    "idle_in_transaction_session_timeout": "8s",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "tcp_user_timeout": "8s",
    "jit": "off",
    "client_min_messages": "warning",
}


async def connect(dsn: str, role: Role, *, name: str = "cuework", **limits: str) -> "asyncpg.Connection[Any]":
    """One connection of that role outside any pool. Errors: asyncpg's and OSError when it cannot be had."""
    server_settings = SESSION_LIMITS | limits | {"role": role.value, "application_name": name}
    connection = await asyncpg.connect(dsn, server_settings=server_settings, statement_cache_size=500)
    await prepare(connection)
    return connection


async def open_pool(dsn: str, role: Role, *, size: int, name: str = "cuework") -> Pool:
    """A pool of at most `size` connections of that role; the first is opened at once."""
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=_keep,
        statement_cache_size=500,
        server_settings=SESSION_LIMITS | {"role": role.value, "application_name": name},
    )


async def prepare(connection: Connection) -> None:
    """jsonb comes and goes as Python values."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=json.dumps_text, decoder=json.loads, format="text"
        )


async def _keep(connection: Connection) -> None:
    """Sessions keep no state between uses: every setting is `set local`, so there is nothing to reset."""
