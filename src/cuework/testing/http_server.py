"""An HTTP server for tests: it records every request and answers what it is told.

Must not be used where people reach it: it believes everything.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as the server got it; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpServer:
    """What was heard and what is answered next. `{authorization}` in the body becomes that request header."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list[Heard])
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    body: bytes = b'{"ok": true}'
    before_answer: Callable[[], Awaitable[object]] | None = None
    _open: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the client or the test ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while line := (await reader.readline()).decode("latin-1"):
                await self._answer(line, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers: dict[str, str] = {}
        while (header := (await reader.readline()).decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = line.split()
        self.heard.append(Heard(method, path, headers, body))
        if self.before_answer is not None:
            await self.before_answer()
        answer = self.body.replace(b"{authorization}", headers.get("authorization", "").encode())
        lines = [f"HTTP/1.1 {self.status} Something", f"Content-Length: {len(answer)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + answer)
        await writer.drain()

    async def end(self) -> None:
        """Every connection is closed."""
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


@asynccontextmanager
async def http_server(tls: SSLContext | None = None) -> AsyncGenerator[HttpServer]:
    """A server on a free port of 127.0.0.1, gone afterwards with all its connections."""
    server = HttpServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.end()
