"""The live stream, over the whole application: what happens is told, as whole rows, until the process stops."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.api.contract import CheckedApplication
from tests.api.given import published

from cuework.api.execution_stream import FEED
from cuework.base import json
from cuework.testing.application import World
from cuework.testing.passes import run_passes
from cuework.testing.waiting import until

TAG = {
    "name": "Tag",
    "trigger": {"type": "contact.created"},
    "steps": [{"id": "tag", "type": "contact.add_tag", "tag": "new"}],
}
WITHIN_S = 100.0


@dataclass
class Stream:
    """What came: the status, and messages as (event, id, data)."""

    status: int = 0
    text: str = ""
    ended: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def messages(self) -> list[tuple[str, str, dict[str, Any]]]:
        found: list[tuple[str, str, dict[str, Any]]] = []
        for block in self.text.split("\n\n"):
            parts = dict(
                line.split(": ", 1) for line in block.splitlines() if not line.startswith(":") and ": " in line
            )
            if "event" in parts:
                found.append((parts["event"], parts["id"], json.loads(parts["data"])))
        return found

    async def until(self, *kinds: str) -> list[tuple[str, str, dict[str, Any]]]:
        """The messages, once there is one of each kind."""
        async with asyncio.timeout(WITHIN_S):
            while not set(kinds) <= {kind for kind, _, _ in self.messages()}:
                await self.news.wait()
                self.news.clear()
        return self.messages()


@asynccontextmanager
async def streaming(world: World, query: str = "", **headers: str) -> AsyncGenerator[Stream]:
    """A browser that follows the stream: httpx would wait for its end."""
    stream, gone = Stream(), asyncio.Event()
    sent = {"authorization": world.viewer.headers["authorization"], **headers}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/executions/stream",
        "raw_path": b"/api/v1/executions/stream",
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("cuework.test", 80),
    }
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            stream.status = message["status"]
        else:
            stream.text += message.get("body", b"").decode()
            stream.ended = not message.get("more_body", False)
        stream.news.set()

    task = asyncio.create_task(world.app.asgi(scope, receive, send))
    try:
        async with asyncio.timeout(WITHIN_S):
            while "welcome" not in stream.text and stream.status in (0, 200):
                await stream.news.wait()
                stream.news.clear()
        yield stream
        assert isinstance(world.app, CheckedApplication)
        told = [{"event": event, "id": identity, "data": data} for event, identity, data in stream.messages()]
        world.app.contract.check_messages("stream_executions", told)
    finally:
        gone.set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def happens(world: World) -> str:
    identity: str = (await world.member.post("/contacts", json={"first_name": "Ada"})).json()["id"]
    await run_passes(world.app.pool, world.tenant_id)
    return identity


async def watched(world: World) -> None:
    """The tail has read once: what is there from now on is news."""
    feed = world.app.state.extras[FEED]
    await until("the tail has read", lambda: feed.reads(world.tenant_id) > 0, within_s=WITHIN_S)


async def test_what_happens_is_told_as_whole_rows(acme: World) -> None:
    await published(acme, TAG)
    async with streaming(acme) as stream:
        await watched(acme)
        ada = await happens(acme)
        messages = await stream.until("execution", "step")
    rows = [data for kind, _, data in messages if kind == "execution"]
    listed = (await acme.viewer.get("/executions")).json()["items"]
    assert {name: rows[-1][name] for name in ("id", "status", "revision", "record")} == {
        name: listed[0][name] for name in ("id", "status", "revision", "record")
    }
    assert rows[-1]["record"] == {"type": "contact", "id": ada, "name": "Ada"}
    steps = [data for kind, _, data in messages if kind == "step"]
    assert (steps[0]["execution_id"], steps[0]["visit"], steps[0]["status"]) == (rows[-1]["id"], "tag", "completed")


async def test_what_was_missed_is_told_to_whoever_comes_back(acme: World) -> None:
    await published(acme, TAG)
    async with streaming(acme) as stream:
        await watched(acme)
        await happens(acme)
        last_id = (await stream.until("execution"))[-1][1]
    ben = await happens(acme)
    async with streaming(acme, last_event_id=last_id) as stream:
        messages = await stream.until("execution")
        async with asyncio.timeout(WITHIN_S):
            while ben not in {data["record"]["id"] for kind, _, data in messages if kind == "execution"}:
                await stream.news.wait()
                stream.news.clear()
                messages = stream.messages()


@pytest.mark.parametrize("last_event_id", ["1000", "no-number", "99999999999999"])
async def test_an_id_that_is_too_old_or_none_is_answered_with_a_reset(acme: World, last_event_id: str) -> None:
    async with streaming(acme, last_event_id=last_event_id) as stream:
        assert (await stream.until("reset"))[0][0] == "reset"


async def test_one_workflow_can_be_watched_alone(acme: World) -> None:
    one, two = await published(acme, TAG), await published(acme, TAG)
    async with streaming(acme, f"workflow_id={two}") as stream:
        await watched(acme)
        await happens(acme)
        messages = await stream.until("execution")
    assert {data["workflow_id"] for kind, _, data in messages if kind == "execution"} == {two}
    assert one != two


async def test_nobody_hears_of_another_tenant(acme: World, other: World) -> None:
    await published(acme, TAG)
    await published(other, TAG)
    async with streaming(acme) as mine, streaming(other) as theirs:
        await watched(acme)
        await watched(other)
        ada = await happens(acme)
        await mine.until("execution")
        eve = await happens(other)
        await theirs.until("execution")
    assert {data["record"]["id"] for kind, _, data in mine.messages() if kind == "execution"} == {ada}
    assert {data["record"]["id"] for kind, _, data in theirs.messages() if kind == "execution"} == {eve}


async def test_a_stream_ends_when_the_process_stops(acme: World) -> None:
    async with streaming(acme) as stream:
        feed = acme.app.state.extras.pop(FEED)
        feed.close()
        async with asyncio.timeout(WITHIN_S):
            while not stream.ended:
                await stream.news.wait()
                stream.news.clear()


async def test_a_stream_needs_a_key(acme: World) -> None:
    async with acme.app.client() as nobody:
        assert (await nobody.get("/executions/stream")).status_code == 401
