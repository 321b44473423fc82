"""Which addresses a request may reach."""

import asyncio
import ipaddress
import socket

import pytest

from cuework.channels.addresses import AddressRefused, Guard, NameUnresolved
from cuework.channels.network import open_socket


def words(text: str) -> list[str]:
    return text.split()


PRIVATE = words("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.8.8.8
169.254.169.254 169.254.0.1
172.16.0.1 172.31.255.254 192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:169.254.169.254 ::ffff:0:7f00:1 64:ff9b::7f00:1
64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 ff0e::1 4000::1
""")
PUBLIC = words("""
1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 100.128.0.1 192.0.1.1 2606:4700::1111 2a00:1450::5
""")
ODD_SPELLINGS = words("""
2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 0x7f.1 127.1 127.0.1 017700000001 0 00000000.0 1.1 8.8.8.010
127.0.0.1.5 1.2.3.0x4 0x 256.256.256.256 4294967296 127。0。0。0x1 １２７.1 fe80::1%lo ::1%1 [::1 1:2 a:80
""")
NO_NAMES = ["", " ", ".", "a b", "a\nb", "a\x00b", "a@b", "a/b", "a\\b", "a?b", "a#b", "x" * 254, "☃\ud800"]


def answering(*answers: str) -> Guard:
    async def resolve(name: str, port: int) -> list[str]:
        return list(answers)

    return Guard(resolve=resolve)


def never() -> Guard:
    async def resolve(name: str, port: int) -> list[str]:
        raise AssertionError(f"{name} should not have been resolved")

    return Guard(resolve=resolve)


@pytest.mark.parametrize("address", PRIVATE)
async def test_an_address_that_is_not_public_is_refused_as_literal_and_as_answer(address: str) -> None:
    with pytest.raises(AddressRefused, match="not a public address"):
        await never().addresses(address, 80)
    with pytest.raises(AddressRefused, match="not a public address"):
        await answering(address).addresses("example.com", 80)


@pytest.mark.parametrize("address", PUBLIC)
async def test_a_public_address_is_allowed_as_literal_and_as_answer(address: str) -> None:
    assert await never().addresses(address, 80) == (address,)
    assert await answering(address).addresses("example.com", 80) == (address,)


@pytest.mark.parametrize("host", ODD_SPELLINGS)
async def test_an_odd_spelling_of_an_address_is_refused_without_asking_anybody(host: str) -> None:
    with pytest.raises(AddressRefused):
        await never().addresses(host, 80)


@pytest.mark.parametrize("host", NO_NAMES)
async def test_what_is_no_host_name_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        await never().addresses(host, 80)


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        await answering("1.1.1.1", "10.0.0.1").addresses("example.com", 80)


async def test_localhost_is_refused() -> None:
    with pytest.raises(AddressRefused):
        await Guard().addresses("localhost", 80)


async def test_an_allowed_network_allows_its_own_addresses_and_no_others() -> None:
    guard = Guard([ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00:1::/32")])
    assert await guard.addresses("10.1.2.3", 80) == ("10.1.2.3",)
    assert await guard.addresses("fd00:1::5", 80) == ("fd00:1::5",)
    for other in ("10.2.0.1", "127.0.0.1", "::ffff:10.1.2.3", "fd00:2::1"):
        with pytest.raises(AddressRefused):
            await guard.addresses(other, 80)


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "unknown"), socket.gaierror(-3, "try again"), OSError("down")])
async def test_what_cannot_be_resolved_is_refused(failure: OSError) -> None:
    async def resolve(name: str, port: int) -> list[str]:
        raise failure

    with pytest.raises(NameUnresolved):
        await Guard(resolve=resolve).addresses("example.com", 80)
    with pytest.raises(NameUnresolved):
        await answering().addresses("example.com", 80)


async def test_an_answer_that_is_no_address_is_refused() -> None:
    with pytest.raises(AddressRefused):
        await answering("1.1.1.1", "localhost").addresses("example.com", 80)


async def test_a_name_that_changes_its_answer_is_resolved_once_and_the_checked_address_is_used() -> None:
    asked: list[str] = []
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def rebinding(name: str, _: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    guard = Guard([ipaddress.ip_network("127.0.0.1/32")], rebinding)
    async with server:
        link = await open_socket(guard, "rebind.example", port)
        assert link.getpeername() == ("127.0.0.1", port)
        link.close()
        assert asked == ["rebind.example"]
        with pytest.raises(AddressRefused):  # the second answer is checked as the first one was
            await open_socket(guard, "rebind.example", port)


async def test_the_next_checked_address_is_tried_when_one_does_not_answer() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def two(name: str, _: int) -> list[str]:
        return ["127.0.0.3", "127.0.0.1"]

    async with server:
        link = await open_socket(Guard([ipaddress.ip_network("127.0.0.0/8")], two), "two.example", port)
        assert link.getpeername()[0] == "127.0.0.1"
        link.close()
