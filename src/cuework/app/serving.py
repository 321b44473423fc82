"""Serving: everything in one process tree, begun and ended in the right order.

    data directory -> port -> PostgreSQL -> schema -> first tenant -> workers -> HTTP
    HTTP (requests finish, streams end) -> workers (passes are committed) -> PostgreSQL

Only the first SIGINT or SIGTERM begins the end; a second one cuts short what is still open.
"""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
import uvloop

from cuework.api.application import create_app
from cuework.api.state import AppState
from cuework.app.children import WorkerProcesses
from cuework.app.compose import open_state
from cuework.app.database import database
from cuework.app.first_start import SignIn, prepare_first_start
from cuework.app.only_one import only_one, tell_where
from cuework.base.errors import Unavailable
from cuework.base.logs import configure_logs
from cuework.base.settings import Settings
from cuework.db.logins import NARROWER, Logins, strengths
from cuework.db.newest import bring_to_newest

log = structlog.get_logger("cuework.serve")

_DRAIN_S = 8


def serve(chosen: Settings, *, demo: bool) -> None:
    """Serves until a signal. Errors: Conflict if the data directory is in use; Unavailable for the port."""
    configure_logs(chosen)
    chosen.data.mkdir(parents=True, exist_ok=True)
    with only_one(chosen.data) as lock, _listening(chosen) as listener, database(chosen) as logins:
        tell_where(lock, _address(chosen, listener))
        uvloop.run(_serve(chosen, logins, listener, demo=demo))
    _say("Stopped.")


async def _serve(chosen: Settings, logins: Logins, listener: socket.socket, *, demo: bool) -> None:
    await bring_to_newest(logins)
    for strength in await strengths(logins.running):
        log.warning("login.too_strong", why=strength, better=NARROWER)
    async with open_state(chosen, logins.running) as state, _workers(chosen, logins.running):
        sign_in = await prepare_first_start(state, demo=demo)
        server = _Server(state)
        ended = asyncio.create_task(server.serve([listener]))
        await server.ready.wait()
        if server.started:
            _say_where(chosen, _address(chosen, listener), sign_in)
        await ended


class _Server(uvicorn.Server):
    """uvicorn, told of signals by us, so that streams end before it waits for them."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self.ready = asyncio.Event()
        super().__init__(
            uvicorn.Config(
                create_app(state),
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=_DRAIN_S,
            )
        )

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """SIGINT and SIGTERM end the server."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self.stop)
        try:
            yield
        finally:
            self.ready.set()

    def stop(self) -> None:
        """Open streams end, requests under way finish; a second call does not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True
        feed = self._state.extras.get("feed")
        if feed is not None:
            feed.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Requests are answered from now on."""
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def _listening(chosen: Settings) -> Generator[socket.socket]:
    """The port is ours before anything else starts. Errors: Unavailable if it is taken."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((chosen.host, chosen.port))
        except OSError as error:
            raise Unavailable(
                f"Port {chosen.port} on {chosen.host} cannot be used: {error.strerror}. Choose another with --port."
            ) from None
        listener.set_inheritable(False)
        yield listener


@asynccontextmanager
async def _workers(chosen: Settings, dsn: str) -> AsyncGenerator[None]:
    processes = WorkerProcesses(chosen, dsn)
    processes.start()
    try:
        yield
    finally:
        await processes.stop()


def _say_where(chosen: Settings, address: str, sign_in: SignIn | None) -> None:
    lines = [f"Cuework is at {chosen.public_url or address}"]
    if sign_in is not None:
        lines.append(f"Sign in as {sign_in.email} with the password {sign_in.password} (shown this once).")
    lines.append(f"The API's manual is at {address}/api/docs. The data is in {chosen.data.absolute()}.")
    _say(*lines, "Stop with Ctrl-C.")


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _address(chosen: Settings, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else chosen.host  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
