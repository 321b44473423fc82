"""HTTP requests to other systems, against a real server."""

import asyncio
import gzip
import ipaddress
import json as standard_json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cuework.base import json
from cuework.channels.addresses import Guard
from cuework.channels.http import HttpProvider, retry_after
from cuework.channels.provider import Account, Answer, Delivered, Failed
from cuework.channels.secrets import Keyring
from cuework.testing.http_server import HttpServer
from cuework.testing.http_server import http_server as serving_http

CANARY = "canary-5e1f-credential"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
KEY = "0192f0c0-0000-7000-8000-000000000000:hook"
SOON = timedelta(seconds=60)


@pytest.fixture
async def http(keyring: Keyring, allowing: Guard) -> AsyncIterator[HttpProvider]:
    provider = HttpProvider(keyring, allowing)
    yield provider
    await provider.close()


def failed(answer: Answer) -> Failed:
    assert isinstance(answer, Failed), answer
    return answer


def output(answer: Answer) -> Any:
    assert isinstance(answer, Delivered), answer
    return answer.output


async def test_a_request_carries_the_effects_key_and_its_answer_becomes_the_output(
    http: HttpProvider, http_server: HttpServer
) -> None:
    request = {
        "method": "post",
        "url": f"{http_server.url}/orders?a=1",
        "headers": {"X-Shop": "7"},
        "body": {"n": 1},
    }
    answer = await http.deliver(request, None, key=KEY, within=SOON)
    assert output(answer) == {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"ok": True},
        "truncated": False,
    }
    [heard] = http_server.heard
    assert (heard.method, heard.path, standard_json.loads(heard.body)) == ("POST", "/orders?a=1", {"n": 1})
    assert heard.headers["idempotency-key"] == KEY
    assert heard.headers["x-shop"] == "7"
    assert heard.headers["host"] == f"127.0.0.1:{http_server.port}"


async def test_an_author_cannot_change_the_key_by_a_header(http: HttpProvider, http_server: HttpServer) -> None:
    request = {"url": http_server.url, "headers": {"Idempotency-Key": "mine"}}
    output(await http.deliver(request, None, key=KEY, within=SOON))
    assert http_server.heard[0].headers["idempotency-key"] == KEY


async def test_a_text_body_goes_as_it_is(http: HttpProvider, http_server: HttpServer) -> None:
    request = {
        "url": http_server.url,
        "body": "a=1&b=ü",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
    }
    output(await http.deliver(request, None, key=KEY, within=SOON))
    assert http_server.heard[0].body == "a=1&b=ü".encode()
    assert http_server.heard[0].headers["content-type"] == "application/x-www-form-urlencoded"


async def test_without_the_operators_permission_this_machine_is_not_reached(
    keyring: Keyring, http_server: HttpServer
) -> None:
    http = HttpProvider(keyring, Guard())
    for url in (
        http_server.url,
        f"http://localhost:{http_server.port}",
        f"http://[::ffff:127.0.0.1]:{http_server.port}",
    ):
        answer = failed(await http.deliver({"url": url}, None, key=KEY, within=SOON))
        assert (answer.code, answer.retryable) == ("address_refused", False)
    assert http_server.heard == []


async def test_a_name_is_connected_by_the_address_that_was_checked_and_keeps_its_name(
    keyring: Keyring, http_server: HttpServer
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(name: str, port: int) -> list[str]:
        return next(answers)

    http = HttpProvider(keyring, Guard([LOOPBACK], rebinding))
    http_server.headers["Connection"] = "close"
    url = f"http://api.example.com:{http_server.port}/"
    output(await http.deliver({"url": url}, None, key=KEY, within=SOON))
    assert http_server.heard[0].headers["host"] == f"api.example.com:{http_server.port}"
    await http.close()
    assert failed(await http.deliver({"url": url}, None, key=KEY, within=SOON)).code == "address_refused"


async def test_tls_verifies_the_name_of_the_url_and_not_the_address(keyring: Keyring, certificate: Any) -> None:
    async def here(name: str, _: int) -> list[str]:
        return ["127.0.0.1"]

    http = HttpProvider(keyring, Guard([LOOPBACK], here), tls=certificate.trusting)
    async with serving_http(certificate.server) as server:
        where = [f"https://{name}.example.com:{server.port}/" for name in ("mail", "other")]
        good, other = [await http.deliver({"url": url}, None, key=KEY, within=SOON) for url in where]
        await http.close()
    assert output(good)["status"] == 200
    assert (failed(other).code, failed(other).retryable) == ("tls_certificate", False)


async def test_proxies_of_the_environment_are_not_used(
    http: HttpProvider, http_server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    output(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))


async def test_a_redirect_is_not_followed_and_is_named(http: HttpProvider, http_server: HttpServer) -> None:
    http_server.status, http_server.headers["Location"] = 302, "http://169.254.169.254/latest"
    answer = failed(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))
    assert (answer.code, answer.retryable) == ("http_302", False)
    assert "http://169.254.169.254/latest" in answer.message
    assert len(http_server.heard) == 1


@pytest.mark.parametrize(
    "url",
    [
        "", "no-scheme", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http:///x",
        "http://user:password@127.0.0.1/", "http://127.0.0.1@example.com/", "http://example.com\\@127.0.0.1/",
        "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://a\r\nb/", "http://[::1", "//127.0.0.1/",
    ],
)  # fmt: skip
async def test_a_url_that_cannot_be_used_is_refused_for_good(http: HttpProvider, url: str) -> None:
    answer = failed(await http.deliver({"url": url}, None, key=KEY, within=SOON))
    assert (answer.code, answer.retryable) == ("bad_request", False)


@pytest.mark.parametrize(
    "headers",
    [{"X-A": "a\r\nX-B: b"}, {"X\r\nA": "b"}, {"Host": "internal"}, {"Transfer-Encoding": "chunked"},
     {"X A": "b"}, {"Content-Length": "5"}, {"": "x"}, {"X-A": "a\x00b"}],
)  # fmt: skip
async def test_a_header_that_would_break_the_request_is_refused(http: HttpProvider, headers: dict[str, str]) -> None:
    answer = failed(await http.deliver({"url": "http://127.0.0.1:9", "headers": headers}, None, key=KEY, within=SOON))
    assert (answer.code, answer.retryable) == ("bad_request", False)


@pytest.mark.parametrize(("status", "retryable", "down"), [
    (400, False, False), (404, False, False), (409, False, False), (408, True, False), (429, True, True),
    (500, True, True), (501, False, False), (503, True, True),
])  # fmt: skip
async def test_statuses_are_told_apart(
    http: HttpProvider,
    http_server: HttpServer,
    status: int,
    retryable: bool,
    down: bool,
) -> None:
    http_server.status = status
    answer = failed(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))
    assert (answer.code, answer.retryable, answer.provider_down) == (f"http_{status}", retryable, down)
    assert answer.output is not None
    assert answer.output["body"] == {"ok": True}


async def test_the_author_says_which_statuses_are_a_success(http: HttpProvider, http_server: HttpServer) -> None:
    http_server.status = 404
    answer = await http.deliver({"url": http_server.url, "expect": [404]}, None, key=KEY, within=SOON)
    assert output(answer)["status"] == 404


async def test_retry_after_is_passed_on(http: HttpProvider, http_server: HttpServer) -> None:
    http_server.status, http_server.headers["Retry-After"] = 429, "17"
    answer = failed(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))
    assert answer.retry_after == timedelta(seconds=17)


@pytest.mark.parametrize(("text", "wait"), [
    (None, None), ("0", timedelta(0)), (" 120 ", timedelta(minutes=2)), ("99999999999", timedelta(days=1)),
    ("Sun, 01 Mar 2026 09:00:30 GMT", timedelta(seconds=30)), ("Sun, 01 Mar 2020 09:00:30 GMT", timedelta(0)),
    ("soon", None), ("-5", None), ("²", None),
])  # fmt: skip
def test_retry_after_is_read_as_seconds_or_a_date(text: str | None, wait: timedelta | None) -> None:
    assert retry_after(text, datetime(2026, 3, 1, 9, tzinfo=UTC)) == wait


async def test_a_server_that_hangs_is_left_after_the_time_allowed(http: HttpProvider, http_server: HttpServer) -> None:
    http_server.before_answer = asyncio.Event().wait  # type: ignore[assignment]
    answer = failed(await http.deliver({"url": http_server.url}, None, key=KEY, within=timedelta(milliseconds=100)))
    assert (answer.code, answer.retryable, answer.provider_down) == ("timeout", True, True)


async def test_a_closed_port_is_worth_another_try(http: HttpProvider) -> None:
    answer = failed(await http.deliver({"url": "http://127.0.0.1:1/"}, None, key=KEY, within=SOON))
    assert (answer.code, answer.retryable, answer.provider_down) == ("unreachable", True, True)


async def test_a_long_answer_is_cut_and_marked(http: HttpProvider, http_server: HttpServer) -> None:
    http_server.body = b'"' + b"x" * 3_000_000 + b'"'
    answer = output(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))
    assert answer["truncated"] is True
    assert len(answer["body"]) == 256_000


async def test_a_compressed_bomb_is_cut(http: HttpProvider, http_server: HttpServer) -> None:
    http_server.body, http_server.headers["Content-Encoding"] = gzip.compress(b"x" * 50_000_000), "gzip"
    answer = output(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))
    assert (answer["truncated"], len(answer["body"])) == (True, 256_000)


@pytest.mark.parametrize(
    "body", [b'{"a": "x\\u0000y"}', b"x\x00y", b"\xff\xfe", b"[" * 100_000, b"{", b'"\\ud800"', b"1e999"]
)
async def test_whatever_is_answered_can_be_stored(http: HttpProvider, http_server: HttpServer, body: bytes) -> None:
    http_server.body = body
    answer = output(await http.deliver({"url": http_server.url}, None, key=KEY, within=SOON))
    text = json.dumps_text(answer)
    assert "\\u0000" not in text


@pytest.mark.parametrize(("config", "credential", "header"), [
    ({"auth": "bearer"}, {"token": CANARY}, f"Bearer {CANARY}"),
    ({"auth": "basic", "username": "ann"}, {"password": CANARY},
     "Basic YW5uOmNhbmFyeS01ZTFmLWNyZWRlbnRpYWw="),
    ({"auth": "header", "header": "Authorization"}, {"value": CANARY}, CANARY),
])  # fmt: skip
async def test_a_connection_signs_in_and_an_echo_of_its_credential_is_hidden(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account],
    caplog: pytest.LogCaptureFixture, config: dict[str, str], credential: dict[str, str], header: str,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    connection = account("http", {"base_url": f"{http_server.url}/v1/", **config}, **credential)
    http_server.body = b'{"you sent": ["{authorization}"]}'
    for status in (200, 400):
        http_server.status = status
        answer = await http.deliver({"url": "/people"}, connection, key=KEY, within=SOON)
        told = json.dumps_text(answer) + repr(answer) + repr(connection) + caplog.text
        assert CANARY not in told
        assert header.removeprefix("Basic ") not in told
    assert http_server.heard[0].headers["authorization"] == header
    assert http_server.heard[0].path == "/v1/people"


@pytest.mark.parametrize("url", ["http://127.0.0.2:{port}/", "https://127.0.0.1:{port}/", "http://127.0.0.1:1/"])
async def test_credentials_do_not_go_to_another_host(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account], url: str
) -> None:
    connection = account("http", {"base_url": http_server.url, "auth": "bearer"}, token=CANARY)
    answer = failed(await http.deliver({"url": url.format(port=http_server.port)}, connection, key=KEY, within=SOON))
    assert (answer.code, answer.retryable) == ("bad_request", False)
    assert CANARY not in repr(answer)


@pytest.mark.parametrize("url", ["//127.0.0.2/x", "@127.0.0.2/x", ".127.0.0.2/", "?@127.0.0.2", "\\\\127.0.0.2"])
async def test_a_path_cannot_leave_the_connections_host(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account], url: str
) -> None:
    connection = account("http", {"base_url": http_server.url, "auth": "bearer"}, token=CANARY)
    output(await http.deliver({"url": url}, connection, key=KEY, within=SOON))
    assert http_server.heard[0].headers["host"] == f"127.0.0.1:{http_server.port}"


@pytest.mark.parametrize(
    "url",
    ["../admin", "/people/../../admin", "people/%2e%2E/%2e%2e/admin", "people/..%2f../admin", "a\\..\\..\\admin", ".."],
)
async def test_a_path_does_not_climb_out_of_the_connections_own(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account], url: str
) -> None:
    connection = account("http", {"base_url": f"{http_server.url}/v1", "auth": "bearer"}, token=CANARY)
    for written in (url, f"{http_server.url}/v1/{url}"):
        answer = failed(await http.deliver({"url": written}, connection, key=KEY, within=SOON))
        assert (answer.code, http_server.heard) == ("bad_request", [])


async def test_dots_that_lead_nowhere_are_sent(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account]
) -> None:
    connection = account("http", {"base_url": f"{http_server.url}/v1", "auth": "bearer"}, token=CANARY)
    output(await http.deliver({"url": "/v1.2/a..b/.hidden?next=../x"}, connection, key=KEY, within=SOON))
    assert http_server.heard[0].path == "/v1/v1.2/a..b/.hidden?next=../x"


async def test_a_connection_copied_to_another_tenant_sends_nothing(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account]
) -> None:
    mine, theirs = (account("http", {"base_url": http_server.url, "auth": "bearer"}, token=CANARY) for _ in range(2))
    copied = Account(theirs.tenant_id, theirs.id, "main", "http", mine.config, mine.sealed, mine.sealed_with)
    answer = failed(await http.deliver({"url": "/"}, copied, key=KEY, within=SOON))
    assert (answer.code, http_server.heard) == ("secret_unreadable", [])


async def test_a_check_tells_in_words_what_was_answered(
    http: HttpProvider, http_server: HttpServer, account: Callable[..., Account]
) -> None:
    connection = account("http", {"base_url": http_server.url, "auth": "bearer"}, token=CANARY)
    good = await http.check(connection)
    assert (good.ok, good.message) == (True, f"{http_server.url} answered 200.")
    http_server.status = 401
    bad = await http.check(connection)
    assert (bad.ok, bad.message) == (False, f"{http_server.url} refused the credentials: it answered 401.")
    gone = await http.check(account("http", {"base_url": "http://127.0.0.1:1"}))
    assert not gone.ok
    assert "could not be reached" in gone.message


def test_the_endpoint_names_host_and_port(http: HttpProvider) -> None:
    assert http.endpoint({"url": "https://API.example.com/x"}, None) == "api.example.com:443"
    assert http.endpoint({"url": "nonsense"}, None) == ""
