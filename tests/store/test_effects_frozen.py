"""A real process that delivers effects is frozen or killed in the middle: the effect is delivered again."""

import asyncio
import ipaddress
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from cuework.base.ids import lane_of, new_id
from cuework.base.json import dumps_text
from cuework.channels.addresses import Guard
from cuework.channels.registry import Channels, sealed_secret
from cuework.channels.secrets import Keyring
from cuework.runtime.effect_claims import LEASE
from cuework.runtime.effects import effect_loop
from cuework.testing.mail_server import MailServer, mail_server
from cuework.testing.waiting import PATIENCE_S, until

pytestmark = pytest.mark.slow

KEY = bytes(range(32))
WORKER = """
import asyncio, signal, sys
from ipaddress import ip_network
from cuework.channels.addresses import Guard
from cuework.channels.registry import Channels
from cuework.channels.secrets import Keyring
from cuework.runtime.effects import effect_loop

async def main():
    channels = Channels.standard(Keyring(bytes(range(32))), Guard([ip_network("127.0.0.0/8")]))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with effect_loop(sys.argv[1], channels, lambda tenant: None) as loop:
        await loop.run(stop)
        print(loop.figures["late"], loop.figures["sent"])

asyncio.run(main())
"""


@asynccontextmanager
async def worker(database_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, database_url, stdout=asyncio.subprocess.PIPE, env=os.environ
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def queue_email(connection: "asyncpg.Connection[asyncpg.Record]", tenant: UUID, server: MailServer) -> UUID:
    """An effect as a pass writes it, with the connection it is sent over."""
    account, effect, execution = new_id(), new_id(), new_id()
    sealed, sealed_with = sealed_secret(Keyring(KEY), tenant, account, "smtp", {})
    config = {"host": "127.0.0.1", "port": server.port, "security": "none", "from_email": "sales@example.com"}
    await connection.execute(
        """insert into connections (tenant_id, id, key, name, type, config, secret, secret_key_id)
        values ($1, $2, 'mail', 'Mail', 'smtp', $3, $4, $5)""",
        *(tenant, account, dumps_text(config), sealed, sealed_with),
    )
    await connection.execute(
        """insert into effects (tenant_id, id, execution_id, visit, lane, key, kind, connection_id, request, due_at)
        values ($1, $2, $3, 'send', $4, $5, 'email', $6, $7, now())""",
        *(tenant, effect, execution, lane_of(execution), f"{execution}:send", account),
        dumps_text({"to": "ann@example.org", "subject": "Hello", "html": "<p>Hi</p>"}),
    )
    return effect


class Gate:
    """Holds the first delivery at the server until it is opened; later ones pass."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            await self.opened.wait()


async def delivered_by_another(database_url: str, effect: UUID) -> None:
    """Another process's loop takes the effect up, once its lease has ended by itself."""
    connection = await asyncpg.connect(database_url)
    left = await connection.fetchval("select due_at - clock_timestamp() from effects where id = $1", effect)
    await connection.close()
    assert left <= LEASE
    channels = Channels.standard(Keyring(KEY), Guard([ipaddress.ip_network("127.0.0.0/8")]))
    async with effect_loop(database_url, channels, lambda tenant: None) as loop:
        await until(f"effect {effect} is taken up", loop.deliver_due)


async def test_a_frozen_workers_effect_is_taken_up_within_seconds_and_its_late_result_is_refused(
    database_url: str,
) -> None:
    connection = await asyncpg.connect(database_url)
    async with mail_server() as mails, worker(database_url) as frozen:
        mails.before_data = gate = Gate()
        effect = await queue_email(connection, new_id(), mails)
        await asyncio.wait_for(gate.reached.wait(), PATIENCE_S)
        frozen.send_signal(signal.SIGSTOP)
        await delivered_by_another(database_url, effect)
        frozen.send_signal(signal.SIGCONT)
        gate.opened.set()
        frozen.send_signal(signal.SIGTERM)
        printed, _ = await asyncio.wait_for(frozen.communicate(), PATIENCE_S)
    assert printed.decode().splitlines()[-1].split()[0] == "1"  # one result came too late and was counted
    assert len(mails.mails) == 2
    assert len({mail.message_id for mail in mails.mails}) == 1
    row = await connection.fetchrow("select state, attempts, epoch from effects where id = $1", effect)
    assert row is not None
    assert tuple(row) == ("done", 2, 2)
    assert await connection.fetchval("select count(*) from inbox where kind = 'effect'") == 1
    await connection.close()


async def test_a_killed_workers_effect_is_taken_up_within_seconds_under_the_same_key(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    async with mail_server() as mails, worker(database_url) as killed:
        mails.before_data = gate = Gate()
        effect = await queue_email(connection, new_id(), mails)
        await asyncio.wait_for(gate.reached.wait(), PATIENCE_S)
        killed.kill()
        await killed.wait()
        await delivered_by_another(database_url, effect)
        gate.opened.set()
    assert mails.mails
    assert len({mail.message_id for mail in mails.mails}) == 1
    assert await connection.fetchval("select state from effects where id = $1", effect) == "done"
    assert await connection.fetchval("select count(*) from inbox where kind = 'effect'") == 1
    await connection.close()
