"""Effects leave the process: real PostgreSQL, real SMTP and HTTP servers."""

import asyncio
import ipaddress
import logging
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cuework.base.ids import lane_of, new_id
from cuework.channels.addresses import Guard
from cuework.channels.provider import Account, Answer, Checked, Delivered, Failed
from cuework.channels.registry import Channels, sealed_secret
from cuework.channels.secrets import Keyring
from cuework.db.pool import Pool, Role, open_pool
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.breaker import OPENS_AFTER
from cuework.runtime.effect_claims import claim, tenants_with_effects
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.runtime.effects import EffectLoop, Limits, effect_loop
from cuework.testing.http_server import HttpServer, http_server
from cuework.testing.mail_server import MailServer, mail_server
from cuework.testing.waiting import until

CANARY = "canary-c0de-password"


@dataclass
class Store:
    """Tenants, their connections and effects, as a pass and people would have written them."""

    pool: Pool
    discovery: Pool
    keyring: Keyring = field(default_factory=lambda: Keyring(os.urandom(32)))
    rung: list[UUID] = field(default_factory=list[UUID])
    opened: list[Channels] = field(default_factory=list[Channels])

    def loop(self, channels: Channels | None = None, **limits: Any) -> EffectLoop:
        guard = Guard([ipaddress.ip_network("127.0.0.0/8")])
        self.opened.append(channels or Channels.standard(self.keyring, guard))
        return EffectLoop(
            self.pool,
            self.discovery,
            self.opened[-1],
            self.rung.append,
            limits=Limits(**limits),
        )

    async def connection(self, tenant: UUID, kind: str, config: dict[str, Any], **secret: str) -> UUID:
        identity = new_id()
        sealed, sealed_with = sealed_secret(self.keyring, tenant, identity, kind, secret)
        await self.execute(
            tenant,
            """insert into connections (tenant_id, id, key, name, type, config, secret, secret_key_id)
            values ($1, $2, $3, 'Main', $4, $5, $6, $7)""",
            *(identity, str(identity), kind, config, sealed, sealed_with),
        )
        return identity

    async def contact(self, tenant: UUID, email: str, consent: str) -> UUID:
        identity = new_id()
        await self.execute(
            tenant,
            """insert into contacts (tenant_id, id, email, email_consent, created_at, updated_at)
            values ($1, $2, $3, $4, now(), now())""",
            *(identity, email, consent),
        )
        return identity

    async def effect(
        self,
        tenant: UUID,
        kind: str,
        request: dict[str, Any],
        connection: UUID | None = None,
        *,
        to: UUID | None = None,
        **policy: Any,
    ) -> UUID:
        identity, execution = new_id(), new_id()
        await self.execute(
            tenant,
            """insert into effects (tenant_id, id, execution_id, visit, lane, key, kind, connection_id, request, policy,
              due_at) values ($1, $2, $3, 'send', $4, $5, $6, $7, $8, $9, now())""",
            *(identity, execution, lane_of(execution), f"{execution}:send", kind, connection, request, policy),
        )
        if kind == "email":
            await self.execute(
                tenant,
                """insert into messages (tenant_id, id, channel, execution_id, visit, connection_id, sender, recipient,
                  state, contact_id, created_at)
                values ($1, $2, 'email', $3, 'send', $4, 'sales@example.com', $5, 'queued', $6, now())""",
                *(identity, execution, connection, request["to"], to),
            )
        return identity

    async def execute(self, tenant: UUID, query: str, *values: Any) -> None:
        async with tenant_transaction(self.pool, tenant) as connection:
            await connection.execute(query, tenant, *values)

    async def fetch(self, tenant: UUID, query: str, *values: Any) -> list[dict[str, Any]]:
        async with tenant_transaction(self.pool, tenant) as connection:
            return [dict(row) for row in await connection.fetch(query, tenant, *values)]

    async def row(self, tenant: UUID, effect: UUID) -> dict[str, Any]:
        query = """select *, extract(epoch from due_at - clock_timestamp())::float8 as due_in
            from effects where tenant_id = $1 and id = $2"""
        return (await self.fetch(tenant, query, effect))[0]

    async def message(self, tenant: UUID, effect: UUID) -> dict[str, Any]:
        return (await self.fetch(tenant, "select * from messages where tenant_id = $1 and id = $2", effect))[0]

    async def inputs(self, tenant: UUID) -> list[dict[str, Any]]:
        return await self.fetch(tenant, "select * from inbox where tenant_id = $1 order by id")

    async def make_due(self, tenant: UUID) -> None:
        await self.execute(tenant, "update effects set due_at = now() where tenant_id = $1 and state <> 'done'")


@pytest.fixture
async def store(module_database_url: str) -> AsyncIterator[Store]:
    async with (
        await open_pool(module_database_url, Role.APP, size=6) as pool,
        await open_pool(module_database_url, Role.WORKER, size=2) as discovery,
    ):
        store = Store(pool, discovery)
        yield store
        for channels in store.opened:
            await channels.close()
    connection = await asyncpg.connect(module_database_url)
    await connection.execute("truncate effects")  # discovery looks across tenants
    await connection.close()


@pytest.fixture
def tenant() -> UUID:
    return new_id()


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[HttpServer]:
    async with http_server() as server:
        yield server


async def mailbox(store: Store, tenant: UUID, server: MailServer, **secret: str) -> UUID:
    config = {"host": "127.0.0.1", "port": server.port, "security": "none", "from_email": "sales@example.com"}
    return await store.connection(tenant, "smtp", config | ({"username": "sales"} if secret else {}), **secret)


def mail(to: str = "ann@example.org") -> dict[str, Any]:
    return {"to": to, "subject": "Hello", "html": "<p>Hi</p>"}


@dataclass
class Scripted:
    """A channel that answers what the test says, and keeps what it was asked."""

    answers: Callable[[str], Awaitable[Answer]]
    kind: str = "http"
    account_type: str = "http"
    keys: list[str] = field(default_factory=list[str])

    def endpoint(self, request: Any, account: Account | None) -> str:
        return str(request.get("url"))

    async def deliver(self, request: Any, account: Account | None, *, key: str, within: timedelta) -> Answer:
        self.keys.append(key)
        return await self.answers(request["url"])

    async def check(self, account: Account) -> Checked:
        return Checked(ok=True, message="Scripted.")

    async def close(self) -> None:
        pass


async def test_an_email_is_delivered_once_and_its_outcome_becomes_an_input(
    store: Store, tenant: UUID, mails: MailServer
) -> None:
    effect = await store.effect(tenant, "email", mail(), await mailbox(store, tenant, mails))
    loop = store.loop()
    assert await loop.deliver_due() == 1
    assert await loop.deliver_due() == 0
    row, message = await store.row(tenant, effect), await store.message(tenant, effect)
    [delivered] = mails.mails
    assert (row["state"], row["attempts"], row["epoch"], row["due_at"]) == ("done", 1, 1, None)
    assert row["outcome"]["ok"] is True
    assert row["outcome"]["output"]["message_id"] == delivered.message_id == message["message_id"]
    assert (message["state"], message["attempts"], message["error"]) == ("sent", 1, None)
    assert message["sent_at"] is not None
    [arrived] = await store.inputs(tenant)
    assert {name: arrived[name] for name in ("kind", "lane", "execution_id", "visit", "payload")} == {
        "kind": "effect",
        "lane": row["lane"],
        "execution_id": row["execution_id"],
        "visit": "send",
        "payload": {"effect_id": str(effect)},
    }
    assert store.rung == [tenant]


async def test_an_http_request_carries_the_effects_key(store: Store, tenant: UUID, web: HttpServer) -> None:
    effect = await store.effect(tenant, "http", {"url": web.url, "body": {"a": 1}})
    await store.loop().deliver_due()
    row = await store.row(tenant, effect)
    assert web.heard[0].headers["idempotency-key"] == row["key"]
    assert row["outcome"]["output"]["body"] == {"ok": True}


async def test_a_batch_of_a_tenant_is_delivered_together(store: Store, tenant: UUID, mails: MailServer) -> None:
    connection = await mailbox(store, tenant, mails)
    for n in range(25):
        await store.effect(tenant, "email", mail(f"p{n}@example.org"), connection)
    assert await store.loop().deliver_due() == 25
    assert len({each.message_id for each in mails.mails}) == 25
    assert len(await store.inputs(tenant)) == 25
    assert len(mails.links) <= Limits().per_endpoint


async def test_what_is_not_due_is_not_taken(store: Store, tenant: UUID, web: HttpServer) -> None:
    await store.effect(tenant, "http", {"url": web.url})
    await store.execute(tenant, "update effects set due_at = now() + interval '1 hour' where tenant_id = $1")
    assert await store.loop().deliver_due() == 0
    assert web.heard == []


@pytest.mark.parametrize("address", ["ann@example.org", "ANN@Example.org"])
async def test_a_contact_who_denied_email_gets_none(
    store: Store, tenant: UUID, mails: MailServer, address: str
) -> None:
    await store.contact(tenant, "ann@example.org", "denied")
    effect = await store.effect(tenant, "email", mail(address), await mailbox(store, tenant, mails))
    await store.loop().deliver_due()
    row, message = await store.row(tenant, effect), await store.message(tenant, effect)
    assert (row["state"], row["outcome"]["skipped"]) == ("done", "no_consent")
    assert (message["state"], message["error"]) == ("skipped", "no_consent")
    assert mails.mails == []
    assert len(await store.inputs(tenant)) == 1


async def test_consent_denied_between_two_attempts_is_respected(store: Store, tenant: UUID, mails: MailServer) -> None:
    contact = await store.contact(tenant, "ann@example.org", "granted")
    connection = await mailbox(store, tenant, mails)
    effect = await store.effect(tenant, "email", mail(), connection, to=contact)
    mails.at_data = "451 Later"
    loop = store.loop()
    await loop.deliver_due()
    mails.at_data = None
    await store.execute(
        tenant, "update contacts set email_consent = 'denied', email = 'new@example.org' where tenant_id = $1"
    )
    await store.make_due(tenant)
    await loop.deliver_due()
    assert (await store.row(tenant, effect))["outcome"]["skipped"] == "no_consent"
    assert mails.mails == []


async def test_people_of_the_tenant_are_written_to_without_consent(
    store: Store, tenant: UUID, mails: MailServer
) -> None:
    contact = await store.contact(tenant, "bob@example.com", "denied")
    await store.execute(
        tenant,
        "insert into users (tenant_id, id, email, name, role) values ($1, $2, 'Bob@example.com', 'Bob', 'member')",
        new_id(),
    )
    connection = await mailbox(store, tenant, mails)
    to_the_user = await store.effect(tenant, "email", mail("bob@example.com"), connection)
    to_the_contact = await store.effect(tenant, "email", mail("bob@example.com"), connection, to=contact)
    await store.loop().deliver_due()
    assert (await store.row(tenant, to_the_user))["outcome"]["ok"] is True
    assert (await store.row(tenant, to_the_contact))["outcome"]["skipped"] == "no_consent"
    assert len(mails.mails) == 1


async def test_what_a_cancelled_execution_still_wanted_is_not_sent(store: Store, tenant: UUID, web: HttpServer) -> None:
    effect = await store.effect(tenant, "http", {"url": web.url})
    await store.execute(
        tenant,
        """insert into executions_done (tenant_id, id, workflow_id, version, lane, status, reason, trigger_type,
          entry_key, started_at, finished_at)
        select tenant_id, execution_id, execution_id, 1, lane, 'cancelled', 'cancelled', 'manual', 'x', now(), now()
        from effects where tenant_id = $1""",
    )
    await store.loop().deliver_due()
    assert (await store.row(tenant, effect))["outcome"]["skipped"] == "cancelled"
    assert web.heard == []


async def test_a_failure_that_may_pass_is_tried_again_under_the_same_key_and_obeys_retry_after(
    store: Store, tenant: UUID, web: HttpServer
) -> None:
    web.status, web.headers["Retry-After"] = 429, "100"
    effect = await store.effect(
        tenant, "http", {"url": web.url}, attempts=3, first_after_s=10, factor=2, max_after_s=60, timeout_s=5
    )
    loop = store.loop()
    await loop.deliver_due()
    waiting = await store.row(tenant, effect)
    assert (waiting["state"], waiting["attempts"], waiting["outcome"]["waiting"]) == ("queued", 1, "retry")
    assert waiting["outcome"]["error"]["code"] == "http_429"
    assert 95 < waiting["due_in"] <= 110
    assert await store.inputs(tenant) == []
    web.status = 200
    await store.make_due(tenant)
    await loop.deliver_due()
    done = await store.row(tenant, effect)
    assert (done["state"], done["attempts"], done["outcome"]["ok"]) == ("done", 2, True)
    assert {heard.headers["idempotency-key"] for heard in web.heard} == {done["key"]}


async def test_after_the_last_attempt_it_has_failed(store: Store, tenant: UUID, mails: MailServer) -> None:
    mails.at_data = "451 Try later"
    effect = await store.effect(
        tenant, "email", mail(), await mailbox(store, tenant, mails), attempts=2, first_after_s=1, max_after_s=1
    )
    loop = store.loop()
    for _ in range(2):
        await store.make_due(tenant)
        await loop.deliver_due()
    row, message = await store.row(tenant, effect), await store.message(tenant, effect)
    assert (row["state"], row["attempts"]) == ("done", 2)
    assert row["outcome"]["error"]["code"] == "smtp_refused"
    assert (message["state"], message["attempts"]) == ("failed", 2)
    assert "451 Try later" in message["error"]
    assert len(await store.inputs(tenant)) == 1


async def test_a_failure_that_will_not_pass_is_not_tried_again(store: Store, tenant: UUID, mails: MailServer) -> None:
    mails.at_rcpt = "550 Nobody here"
    effect = await store.effect(tenant, "email", mail(), await mailbox(store, tenant, mails), attempts=5)
    await store.loop().deliver_due()
    row = await store.row(tenant, effect)
    assert (row["state"], row["outcome"]["error"]) == (
        "done",
        {
            "code": "smtp_recipient",
            "message": "The mail server refused the recipient: 550 Nobody here",
            "retryable": False,
        },
    )


async def test_a_private_address_fails_for_good(store: Store, tenant: UUID) -> None:
    effect = await store.effect(tenant, "http", {"url": "http://169.254.169.254/latest/meta-data"})
    await store.loop().deliver_due()
    assert (await store.row(tenant, effect))["outcome"]["error"]["code"] == "address_refused"


async def test_a_missing_connection_or_channel_fails_in_words(store: Store, tenant: UUID) -> None:
    gone = await store.effect(tenant, "email", mail(), new_id())
    unknown = await store.effect(tenant, "pigeon", {})
    await store.loop().deliver_due()
    assert (await store.row(tenant, gone))["outcome"]["error"]["code"] == "no_connection"
    assert (await store.row(tenant, unknown))["outcome"]["error"]["code"] == "unknown_channel"


async def test_an_effect_whose_worker_froze_is_delivered_again_and_the_late_result_is_refused(
    store: Store, tenant: UUID, web: HttpServer
) -> None:
    effect = await store.effect(tenant, "http", {"url": web.url})
    [frozen] = await claim(store.pool, tenant, 10)
    assert (frozen.epoch, (await store.row(tenant, effect))["state"]) == (1, "leased")
    assert 5 < (await store.row(tenant, effect))["due_in"] <= 8
    assert await store.loop().deliver_due() == 0  # the lease holds
    await store.make_due(tenant)  # the lease has ended
    assert await store.loop().deliver_due() == 1
    late = Result(frozen, judge(Failed("timeout", "Too late."), {}, 0, jitter=0.5))
    assert await settle(store.pool, tenant, [late]) == 1
    row = await store.row(tenant, effect)
    assert (row["epoch"], row["attempts"], row["outcome"]["ok"]) == (2, 2, True)
    assert len(await store.inputs(tenant)) == 1


async def test_a_late_result_is_counted_by_the_loop(store: Store, tenant: UUID) -> None:
    reached, go = asyncio.Event(), asyncio.Event()

    async def slowly(url: str) -> Answer:
        reached.set()
        await go.wait()
        return Delivered({"by": "the late one"})

    await store.effect(tenant, "http", {"url": "x"})
    late, quick = store.loop(Channels.of(Scripted(slowly))), store.loop(Channels.of(Scripted(_delivered)))
    delivering = asyncio.create_task(late.deliver_due())
    await reached.wait()
    await store.make_due(tenant)
    await quick.deliver_due()
    go.set()
    await delivering
    assert (late.figures["late"], quick.figures["late"]) == (1, 0)
    assert len(await store.inputs(tenant)) == 1


async def test_a_worker_that_froze_before_it_began_begins_nothing(
    store: Store, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted = Scripted(_delivered)
    effect = await store.effect(tenant, "http", {"url": "x"})
    frozen_for = 3600.0
    loop = store.loop(Channels.of(scripted))
    clock = time.monotonic
    monkeypatch.setattr("cuework.runtime.effects.time.monotonic", lambda: clock() + frozen_for)
    monkeypatch.setattr("cuework.runtime.effect_claims.time", type("Clock", (), {"monotonic": staticmethod(clock)}))
    await loop.deliver_due()
    row = await store.row(tenant, effect)
    assert (row["state"], row["attempts"], scripted.keys) == ("queued", 0, [])


async def test_a_long_delivery_keeps_its_lease(store: Store, tenant: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cuework.runtime.effects._RENEW_EVERY", 0.02)
    reached, go = asyncio.Event(), asyncio.Event()

    async def slowly(url: str) -> Answer:
        reached.set()
        await go.wait()
        return Delivered({})

    effect = await store.effect(tenant, "http", {"url": "x"})
    loop, stop = store.loop(Channels.of(Scripted(slowly)), poll_s=0.01), asyncio.Event()
    running = asyncio.create_task(loop.run(stop))
    await reached.wait()
    await store.execute(tenant, "update effects set due_at = now() + interval '1 second' where tenant_id = $1")

    async def renewed() -> bool:
        return (await store.row(tenant, effect))["due_in"] > 5

    await until("the lease is renewed", renewed)
    go.set()
    stop.set()
    await running
    row = await store.row(tenant, effect)
    assert (row["state"], row["attempts"], loop.figures["late"]) == ("done", 1, 0)


async def test_an_effect_that_ends_its_workers_is_given_up(store: Store, tenant: UUID, web: HttpServer) -> None:
    effect = await store.effect(tenant, "http", {"url": web.url})
    for _ in range(10):
        await store.make_due(tenant)
        assert len(await claim(store.pool, tenant, 1)) == 1
    await store.make_due(tenant)
    await store.loop().deliver_due()
    assert (await store.row(tenant, effect))["outcome"]["error"]["code"] == "quarantined"
    assert web.heard == []


async def test_a_channel_that_raises_fails_its_effect_alone_and_tells_no_secret(
    store: Store, tenant: UUID, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def bad(url: str) -> Answer:
        if url == "bad":
            raise RuntimeError(f"header {CANARY}")
        return Delivered({})

    wrong = await store.effect(tenant, "http", {"url": "bad"}, attempts=1)
    right = await store.effect(tenant, "http", {"url": "good"})
    await store.loop(Channels.of(Scripted(bad))).deliver_due()
    assert (await store.row(tenant, wrong))["outcome"]["error"] == {
        "code": "channel_error",
        "message": "The channel failed with RuntimeError.",
        "retryable": True,
    }
    assert (await store.row(tenant, right))["outcome"]["ok"] is True
    printed = capsys.readouterr()
    assert CANARY not in printed.out + printed.err + caplog.text


async def test_an_answer_that_cannot_be_stored_fails_alone(store: Store, tenant: UUID) -> None:
    async def odd(url: str) -> Answer:
        return Delivered({"text": "a\x00b"} if url == "odd" else {})

    wrong = await store.effect(tenant, "http", {"url": "odd"})
    right = await store.effect(tenant, "http", {"url": "good"})
    await store.loop(Channels.of(Scripted(odd))).deliver_due()
    assert (await store.row(tenant, wrong))["outcome"]["error"]["code"] == "bad_answer"
    assert (await store.row(tenant, right))["outcome"]["ok"] is True
    assert len(await store.inputs(tenant)) == 2


async def _delivered(url: str) -> Answer:
    return Delivered({})


async def _down(url: str) -> Answer:
    return Failed("unreachable", "It is down.", retryable=True, provider_down=True)


async def test_an_endpoint_that_keeps_failing_is_left_alone_and_others_are_not(store: Store, tenant: UUID) -> None:
    async def mixed(url: str) -> Answer:
        return await (_down(url) if url == "down:1" else _delivered(url))

    scripted = Scripted(mixed)
    loop = store.loop(Channels.of(scripted), per_endpoint=1)
    failing = [await store.effect(tenant, "http", {"url": "down:1"}, attempts=9) for _ in range(OPENS_AFTER + 3)]
    good = await store.effect(tenant, "http", {"url": "up:1"})
    await loop.deliver_due()
    rows = [await store.row(tenant, effect) for effect in failing]
    held = [row for row in rows if row["outcome"]["waiting"] == "provider_down"]
    assert len(scripted.keys) == OPENS_AFTER + 1
    assert [(row["state"], row["attempts"]) for row in held] == [("queued", 0)] * 3
    assert all(row["due_in"] > 0 for row in held)
    assert "down:1 keeps failing" in held[0]["outcome"]["message"]
    assert (await store.row(tenant, good))["outcome"]["ok"] is True
    other = new_id()
    elsewhere = await store.effect(other, "http", {"url": "down:1"}, attempts=9)
    await loop.deliver_due()
    assert (await store.row(other, elsewhere))["outcome"]["waiting"] == "retry"  # another tenant's breaker is its own


async def test_a_tenant_takes_only_its_share_of_a_round(store: Store) -> None:
    greedy, modest = new_id(), new_id()
    for n in range(40):
        await store.effect(greedy, "http", {"url": f"{n}:1"})
    alone = await store.effect(modest, "http", {"url": "x:1"})
    await store.loop(Channels.of(Scripted(_delivered))).deliver_due(10)
    assert (await store.row(modest, alone))["state"] == "done"
    done = await store.fetch(greedy, "select id from effects where tenant_id = $1 and state = 'done'")
    assert 1 <= len(done) <= 9


async def test_a_long_queue_of_one_tenant_does_not_hide_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cuework.runtime.effect_claims._WINDOW", 5)
    greedy, modest = new_id(), new_id()
    for _ in range(8):
        await store.effect(greedy, "http", {"url": "x:1"})
    await store.effect(modest, "http", {"url": "x:1"})
    assert await tenants_with_effects(store.discovery) == [modest, greedy]


async def test_a_slow_endpoint_does_not_hold_up_others(store: Store, tenant: UUID) -> None:
    go = asyncio.Event()

    async def mixed(url: str) -> Answer:
        if url == "slow:1":
            await go.wait()
        return Delivered({})

    loop, stop = store.loop(Channels.of(Scripted(mixed)), per_tenant=4, poll_s=0.01), asyncio.Event()
    other = new_id()
    for _ in range(3):
        await store.effect(tenant, "http", {"url": "slow:1"})
    running = asyncio.create_task(loop.run(stop))
    quick = [
        await store.effect(tenant, "http", {"url": "quick:1"}),
        await store.effect(other, "http", {"url": "slow:2"}),
    ]

    async def delivered() -> bool:
        states = [(await store.row(tenant, quick[0]))["state"], (await store.row(other, quick[1]))["state"]]
        return states == ["done", "done"]

    await until("it is delivered", delivered)
    go.set()
    stop.set()
    await running
    assert len(await store.inputs(tenant)) == 4


async def test_a_loop_with_its_own_connections_delivers(
    store: Store, tenant: UUID, module_database_url: str, web: HttpServer
) -> None:
    effect = await store.effect(tenant, "http", {"url": web.url})
    channels = Channels.standard(store.keyring, Guard([ipaddress.ip_network("127.0.0.0/8")]))
    async with effect_loop(module_database_url, channels, store.rung.append) as loop:
        assert await loop.deliver_due() == 1
    assert (await store.row(tenant, effect))["state"] == "done"


async def test_two_loops_deliver_each_effect_once(store: Store, tenant: UUID, mails: MailServer) -> None:
    connection, stop = await mailbox(store, tenant, mails), asyncio.Event()
    loops = [store.loop(poll_s=0.01, in_hand=8) for _ in range(2)]
    running = [asyncio.create_task(loop.run(stop)) for loop in loops]
    for n in range(60):
        await store.effect(tenant, "email", mail(f"p{n}@example.org"), connection)
    await until("60 mails are there", lambda: len(mails.mails) >= 60)
    stop.set()
    await asyncio.gather(*running)
    assert len({each.message_id for each in mails.mails}) == len(mails.mails) == 60
    assert len(await store.inputs(tenant)) == 60
    assert sum(loop.figures["late"] for loop in loops) == 0


async def test_a_loop_that_is_told_to_stop_finishes_what_it_began(store: Store, tenant: UUID) -> None:
    reached, go, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slowly(url: str) -> Answer:
        reached.set()
        await go.wait()
        return Delivered({})

    effect = await store.effect(tenant, "http", {"url": "x:1"})
    loop = store.loop(Channels.of(Scripted(slowly)))
    running = asyncio.create_task(loop.run(stop))
    await reached.wait()
    stop.set()
    go.set()
    await running
    assert (await store.row(tenant, effect))["state"] == "done"


async def test_a_loop_that_is_killed_leaves_the_effect_to_the_next_one(
    store: Store, tenant: UUID, mails: MailServer
) -> None:
    held = asyncio.Event()
    mails.before_data = held.wait
    effect = await store.effect(tenant, "email", mail(), await mailbox(store, tenant, mails))
    first = asyncio.create_task(store.loop().deliver_due())
    await until("the delivery has begun", lambda: len(mails.links) == 1)
    first.cancel()
    held.set()
    mails.before_data = None
    await store.make_due(tenant)
    await store.loop().deliver_due()
    row = await store.row(tenant, effect)
    assert (row["state"], row["attempts"], row["epoch"]) == ("done", 2, 2)
    assert {each.message_id for each in mails.mails} == {row["outcome"]["output"]["message_id"]}
    await until(
        "the delivery has ended",
        lambda: not [task for task in asyncio.all_tasks() if task.get_name() == f"effect {effect}"],
    )


async def test_results_survive_a_database_that_is_away_for_a_moment(
    store: Store, tenant: UUID, module_database_url: str, web: HttpServer
) -> None:
    effect, stop = await store.effect(tenant, "http", {"url": web.url}), asyncio.Event()
    loop = store.loop(poll_s=0.01)

    async def cut() -> None:
        connection = await asyncpg.connect(module_database_url)
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        await connection.close()

    web.before_answer = cut
    running = asyncio.create_task(loop.run(stop))
    await until("the database is missed", lambda: loop.figures["database_gone"] > 0 or loop.figures["sent"] > 0)

    async def done() -> bool:
        return (await store.row(tenant, effect))["state"] == "done"

    await until("the effect is done", done)
    stop.set()
    await running
    assert len(web.heard) == 1
    assert len(await store.inputs(tenant)) == 1


async def test_no_credential_is_logged_stored_or_told(
    store: Store, tenant: UUID, web: HttpServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    web.body = b'{"you sent": "{authorization}"}'
    bearer = await store.connection(tenant, "http", {"base_url": web.url, "auth": "bearer"}, token=CANARY)
    effects = [await store.effect(tenant, "http", {"url": "/"}, bearer)]
    async with mail_server(CANARY + "-other") as refusing:
        wrong = await mailbox(store, tenant, refusing, password=CANARY)
        effects.append(await store.effect(tenant, "email", mail(), wrong, attempts=1))
        loop = store.loop()
        await loop.deliver_due()
    rows = [await store.row(tenant, effect) for effect in effects]
    assert [row["outcome"]["ok"] for row in rows] == [True, False]
    assert web.heard[0].headers["authorization"] == f"Bearer {CANARY}"
    told = [capsys.readouterr(), caplog.text, rows, vars(loop), await store.message(tenant, effects[1])]
    assert not re.search(CANARY, repr(told))
    everything = await store.fetch(tenant, "select connections::text as row from connections where tenant_id = $1")
    assert CANARY not in repr(everything)


async def test_what_attempts_take_is_added_up_and_what_lies_between_them_is_not(store: Store, tenant: UUID) -> None:
    async def answer(url: str) -> Answer:
        begun = time.monotonic()
        while time.monotonic() < begun + 0.02:
            pass
        return Failed("http_503", "Busy.", retryable=True) if len(channel.keys) < 3 else Delivered({"status": 200})

    channel = Scripted(answer)
    loop = store.loop(Channels.of(channel))
    identity = await store.effect(tenant, "http", {"url": "https://example.com/"}, first_after_s=600)
    took: list[int] = []
    for _ in range(3):
        await store.make_due(tenant)
        assert await loop.deliver_due() == 1
        took.append((await store.row(tenant, identity))["outcome"]["worked_ms"])
    assert took[0] >= 20
    assert took[1] >= took[0] + 20
    assert took[2] >= took[1] + 20
    assert took[2] < 60_000
