"""Server-sent events of what executions do, as it happens.

    execution   the whole row, with its revision: keep the highest of each id
    step        a finished step of an execution that moved
    figures     too much happened to tell row by row: how many rows were left out
    reset       what was missed cannot be told again: read the list

At most 20 rows a second. The id of a message is the instant up to which it tells; a client that comes back with
it is told what happened since, some of it again.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Request
from starlette.responses import StreamingResponse

from cuework.api.roles import Role
from cuework.api.routing import DetachedRoute, Router, Who
from cuework.api.state import state_of
from cuework.base import json
from cuework.workflows.feed import Feed, News, Wanted, Watcher

ROLES = {"stream_executions": Role.VIEWER}
router = Router("executions", route_class=DetachedRoute)

ROWS_A_SECOND = 20
SILENT_FOR_S = 15.0
FEED = "feed"


def feed_of(request: Request) -> Feed:
    """The process's feed, made on first use. Whoever shuts the process down calls its `close`."""
    state = state_of(request)
    return state.extras.setdefault(FEED, Feed(state.pool))


_MESSAGES: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/StreamMessage"}}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Messages, without end", "content": {"text/event-stream": _MESSAGES}}
}


@router.get("/executions/stream", response_class=StreamingResponse, responses=_STREAM)
async def stream_executions(
    request: Request,
    who: Who,
    workflow_id: UUID | None = None,
    execution_id: UUID | None = None,
    record_id: UUID | None = None,
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> StreamingResponse:
    """What executions do, as server-sent events: `execution`, `step`, `figures` and `reset`."""
    wanted = Wanted(workflow_id, execution_id, record_id)
    since = _instant(last_event_id)
    lines = _lines(feed_of(request), who.tenant_id, wanted, since, resumed=last_event_id is not None)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines, media_type="text/event-stream", headers=headers)


async def _lines(
    feed: Feed, tenant_id: UUID, wanted: Wanted, since: datetime | None, *, resumed: bool
) -> AsyncGenerator[bytes]:
    async with feed.watch(tenant_id, wanted) as watcher:
        yield b"retry: 2000\n: welcome\n\n"
        if resumed:
            missed = await feed.since(tenant_id, since, wanted) if since is not None else None
            if missed is None:
                yield _message("reset", {}, datetime.now(UTC))
            else:
                watcher.tell(missed)
        while not watcher.closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(watcher.arrived.wait(), SILENT_FOR_S)
            news = watcher.take(ROWS_A_SECOND)
            yield _messages(watcher, news) if news else b": still here\n\n"
            await asyncio.sleep(len(news) / ROWS_A_SECOND)


def _messages(watcher: Watcher, news: Sequence[News]) -> bytes:
    lines = [_message(each.kind, each.row, each.at) for each in news]
    if watcher.dropped:
        lines.append(_message("figures", {"left_out": watcher.dropped}, news[-1].at))
        watcher.dropped = 0
    return b"".join(lines)


def _message(kind: str, data: object, at: datetime) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (int(at.timestamp() * 1000), kind.encode(), json.dumps(data))


def _instant(text: str | None) -> datetime | None:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return None
