"""Connections that go only where the guard allows, to the very address it checked.

Proxies from the environment play no part: sockets are opened here and nowhere else.
"""

import asyncio
import socket
from collections.abc import Iterable

import httpcore

from cuework.channels.addresses import Guard

_MOST_ADDRESSES = 4


async def open_socket(guard: Guard, host: str, port: int) -> socket.socket:
    """A connected, non-blocking socket to the first checked address that accepts; the caller closes it.

    Errors: AddressRefused, NameUnresolved; OSError of the last address tried. No time limit of its own.
    """
    addresses = await guard.addresses(host, port)
    failure: OSError | None = None
    for address in addresses[:_MOST_ADDRESSES]:
        link = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            link.setblocking(False)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().sock_connect(link, (address, port))
        except OSError as error:
            link.close()
            failure = error
        except BaseException:
            link.close()
            raise
        else:
            return link
    raise failure or OSError(f"{host} has no address")


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's connections behind the guard; TLS still names and verifies the host of the URL."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # httpcore types it as a stand-in for when anyio is missing; anyio comes with httpx.
        self._plain: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()  # pyright: ignore[reportAttributeAccessIssue]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A stream to a checked address. Errors: the guard's, and httpcore's of the last address tried."""
        addresses = await self._guard.addresses(host, port)
        options = list(socket_options or ())
        failure: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a socket file is a private service."""
        raise httpcore.ConnectError("Socket files are not reached.")

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)
