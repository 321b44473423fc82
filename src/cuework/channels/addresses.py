"""The outbound guard: which addresses a tenant's request may reach.

A name is resolved once; every address it has must be public (or in a network that the operator allowed),
and the connection goes to one of the addresses that were checked, so a name that changes its answer gains
nothing. What cannot be resolved is refused. An allowed network allows its own addresses and no others.

Must not connect, and must not know HTTP or SMTP.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

import idna

from cuework.base.errors import CueworkError
from cuework.base.settings import Settings

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver: TypeAlias = Callable[[str, int], Awaitable[list[str]]]

# Source: IANA special-purpose address registries. Written out because the standard library's is_global
# differs between patch releases of Python.
_NOT_PUBLIC_V4 = [
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")  # mapped, NAT64, unique and link local lie outside
_NOT_PUBLIC_V6 = [
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # the first holds Teredo; then 6to4
]
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
_RESOLVE_WITHIN = 5.0
# Threads of its own: names that resolve slowly must not hold up whatever else runs in the loop's few threads.
_RESOLVING = ThreadPoolExecutor(32, thread_name_prefix="resolve")


class AddressRefused(CueworkError):
    """The host is no public address, or not spelled as one. Trying again does not help."""

    status, code, title = 422, "address_refused", "Address not allowed"


class NameUnresolved(CueworkError):
    """The name has no address right now. Nothing was contacted."""

    status, code, title = 503, "name_unresolved", "Host name not found"


class Guard:
    """Decides about hosts for one process. The operator's networks come from `CUEWORK_ALLOWED_NETWORKS`."""

    def __init__(self, allowed: Iterable[Network] = (), resolve: Resolver | None = None) -> None:
        self.allowed = tuple(allowed)
        self._resolve = resolve or system_resolver

    @classmethod
    def from_settings(cls, settings: Settings) -> "Guard":
        """The guard of this installation. Errors: ValueError names a network that is not one."""
        words = settings.allowed_networks.replace(",", " ").split()
        return cls(ipaddress.ip_network(word) for word in words)

    def permits(self, address: Address, /) -> bool:
        """Whether a request may go to that address."""
        return is_public(address) or any(
            address.version == network.version and address in network for network in self.allowed
        )

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses to connect to, each of them checked.

        Errors: AddressRefused if any address of the host is not permitted; NameUnresolved if it has none.
        """
        name = _plain_host(host)
        literal = _literal(name)
        answers = [str(literal)] if literal is not None else await self._answers(name, port)
        found = [_parsed(answer, host) for answer in answers]
        for address in found:
            if not self.permits(address):
                what = f"{host} is" if literal is not None else f"{host} leads to {address}, which is"
                raise AddressRefused(
                    f"{what} not a public address. "
                    "Only the operator can allow a private network (CUEWORK_ALLOWED_NETWORKS)."
                )
        return tuple(dict.fromkeys(str(address) for address in found))

    async def _answers(self, name: str, port: int) -> list[str]:
        try:
            async with asyncio.timeout(_RESOLVE_WITHIN):
                answers = await self._resolve(name, port)
        except TimeoutError:
            raise NameUnresolved(f"{name} was not resolved within {_RESOLVE_WITHIN:g} seconds.") from None
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise NameUnresolved(f"There is no address for {name} ({reason}). Is the name right?") from None
        if not answers:
            raise NameUnresolved(f"{name} has no address.")
        return answers


def is_public(address: Address, /) -> bool:
    """Whether it is a global unicast address that no tunnel or translation leads elsewhere."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    if address.scope_id is not None or address not in _GLOBAL_UNICAST_V6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_V6)


async def system_resolver(name: str, port: int) -> list[str]:
    """All addresses that the operating system knows for the name."""
    ask = partial(socket.getaddrinfo, name, port, type=socket.SOCK_STREAM)
    answers = await asyncio.get_running_loop().run_in_executor(_RESOLVING, ask)
    return [str(answer[4][0]) for answer in answers]


def spelled_host(host: str) -> str:
    """The host, if it is spelled as one; nothing is resolved. Errors: ValueError, as validators want it."""
    try:
        _literal(_plain_host(host))
    except AddressRefused as error:
        raise ValueError(error.detail) from None
    return host


def _plain_host(host: str) -> str:
    """Lower-case ASCII without brackets or final dot, as the resolver will see it."""
    name = host.strip().removeprefix("[").removesuffix("]")
    if ":" in name:
        return name
    try:
        name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        raise AddressRefused(f"{host!r} is not a host name.") from None
    name = name.removesuffix(".")
    if not name or len(name) > 253 or not re.fullmatch(r"[a-z0-9_.-]+", name):
        raise AddressRefused(f"{host!r} is not a host name.")
    return name


def _literal(name: str) -> Address | None:
    """The address, if the host is spelled as one in the one accepted spelling."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        if ":" in name or _ENDS_IN_NUMBER.search(name):
            raise AddressRefused(
                f"{name} is not a host name, and an address must be spelled like 203.0.113.7 or 2001:db8::7."
            ) from None
        return None


def _parsed(answer: str, host: str) -> Address:
    try:
        return ipaddress.ip_address(answer)
    except ValueError:
        raise AddressRefused(f"{host} was resolved to {answer!r}, which is no address.") from None
