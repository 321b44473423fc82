"""A change of the key that seals credentials: everything is sealed again, whatever happens in between."""

import asyncio
import os
from typing import Any
from uuid import UUID

import pytest

from cuework.channels.secrets import Keyring, SecretUnreadable, open_sealed, seal
from cuework.crm import hooks, sealing
from cuework.crm.actor import system
from cuework.crm.connections import create_connection
from cuework.crm.hook_signatures import Kind
from cuework.db.pool import Pool
from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office

OLD, NEW = os.urandom(32), os.urandom(32)
BEFORE, BOTH, AFTER = Keyring(OLD), Keyring(NEW, [OLD]), Keyring(NEW)
SMTP = {"host": "smtp.example.com", "username": "crm", "from_email": "hello@example.com"}


async def with_credentials(office: Office, keyring: Keyring, count: int, name: str = "mail") -> None:
    """So many connections with passwords, one without, and a hook that requires a signature."""
    actor = system(office.tenant_id)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        for number in range(count + 1):
            secret = {"password": f"canary {number}"} if number else None
            values = {"key": f"{name}-{number}", "name": name, "type": "smtp", "config": SMTP, "secret": secret}
            await create_connection(connection, actor, keyring, values)
        required = hooks.Required(Kind.HEADER, "X-Proof", "the sender's own secret")
        await hooks.create_hook(connection, actor, keyring, {"key": name, "name": name}, required)


async def rows(office: Office, table: str = "connections") -> list[Any]:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        return await connection.fetch(f"select * from {table} order by id")


def passwords(found: list[Any], keyring: Keyring, tenant_id: UUID) -> list[str]:
    return [
        open_sealed(keyring, tenant_id, row["id"], sealed=row["secret"], sealed_with=row["secret_key_id"]).reveal(
            "password"
        )
        for row in found
        if row["secret"] is not None
    ]


async def test_everything_opens_with_the_new_key_alone_and_is_otherwise_as_it_was(office: Office) -> None:
    await with_credentials(office, BEFORE, 5)
    before = await rows(office)
    with pytest.raises(SecretUnreadable):
        passwords(before, AFTER, office.tenant_id)
    done = await sealing.seal_again(office.pool, office.tenant_id, BOTH, batch=2)
    assert {table: (each.resealed, each.already, each.left) for table, each in done.items()} == {
        "connections": (5, 0, 0),
        "hooks": (1, 0, 0),
    }
    after = await rows(office)
    assert passwords(after, AFTER, office.tenant_id) == [f"canary {number}" for number in range(1, 6)]
    changed = {"secret", "secret_key_id"}
    for old, new in zip(before, after, strict=True):
        assert {name: value for name, value in old.items() if name not in changed} == {
            name: value for name, value in new.items() if name not in changed
        }
    [hook] = await rows(office, "hooks")
    assert hooks.opened(AFTER, office.tenant_id, hook["id"], hook) == {"current": "the sender's own secret"}


async def test_it_may_be_stopped_anywhere_and_goes_on_with_what_is_left(office: Office) -> None:
    await with_credentials(office, BEFORE, 6)
    committed = 0
    while committed < 4:  # each try is cut off after a batch that was committed
        task = asyncio.create_task(sealing.seal_again(office.pool, office.tenant_id, BOTH, batch=2))
        while (now := await _sealed_with(office.pool, office.tenant_id, AFTER)) == committed and not task.done():
            pass
        task.cancel()
        await asyncio.wait([task])
        assert now % 2 == 0 or now == 6
        committed = max(now, committed)
    done = (await sealing.seal_again(office.pool, office.tenant_id, BOTH, batch=2))["connections"]
    assert done.resealed + done.already == 6
    assert done.already >= committed
    assert len(passwords(await rows(office), AFTER, office.tenant_id)) == 6


async def test_repeated_it_does_nothing_and_notes_nothing(office: Office) -> None:
    await with_credentials(office, BEFORE, 3)
    await sealing.seal_again(office.pool, office.tenant_id, BOTH)
    noted = await rows(office, "audit")
    resealed = [row for row in noted if row["action"] == "secret.reseal"]
    assert [(row["after"]["table"], row["after"]["count"]) for row in resealed] == [("connections", 3), ("hooks", 1)]
    before = await rows(office)
    done = await sealing.seal_again(office.pool, office.tenant_id, BOTH)
    assert (done["connections"].resealed, done["connections"].already) == (0, 3)
    assert await rows(office) == before
    assert len(await rows(office, "audit")) == len(noted)


async def test_what_no_key_opens_is_left_and_named_and_the_rest_is_done(office: Office) -> None:
    await with_credentials(office, BEFORE, 3)
    await with_credentials(office, Keyring(os.urandom(32)), 2, "lost")
    before = {row["id"]: row["secret"] for row in await rows(office)}
    done = await sealing.seal_again(office.pool, office.tenant_id, BOTH, batch=1)
    assert (done["connections"].resealed, done["connections"].left) == (3, 2)
    assert (done["hooks"].resealed, done["hooks"].left) == (1, 1)
    left = {row["id"]: row["secret_key_id"] for row in await rows(office) if row["secret"] == before[row["id"]]}
    assert done["connections"].unreadable == {row_id: key for row_id, key in left.items() if key is not None}


async def test_credentials_that_are_entered_meanwhile_are_kept(office: Office) -> None:
    """The row is locked while it is sealed again: neither side writes over the other."""
    await with_credentials(office, BEFORE, 8)
    found = [row["id"] for row in await rows(office) if row["secret"] is not None]

    async def enter(row_id: UUID) -> None:
        sealed, key_id = seal(BOTH, office.tenant_id, row_id, {"password": "entered meanwhile"})
        async with tenant_transaction(office.pool, office.tenant_id) as connection:
            query = "update connections set secret = $3, secret_key_id = $4 where tenant_id = $1 and id = $2"
            await connection.execute(query, office.tenant_id, row_id, sealed, key_id)

    await asyncio.gather(
        sealing.seal_again(office.pool, office.tenant_id, BOTH, batch=3), *[enter(row_id) for row_id in found[::2]]
    )
    told = passwords(await rows(office), AFTER, office.tenant_id)
    assert told[::2] == ["entered meanwhile"] * 4
    assert told[1::2] == ["canary 2", "canary 4", "canary 6", "canary 8"]


async def _sealed_with(pool: Pool, tenant_id: UUID, keyring: Keyring) -> int:
    async with tenant_transaction(pool, tenant_id) as connection:
        query = "select count(*) from connections where secret_key_id = $1"
        return await connection.fetchval(query, keyring.current_id)
