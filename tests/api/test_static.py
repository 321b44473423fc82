"""The built web application: files, their compressed copies, and the page for every other address."""

import gzip
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest_asyncio
from fastapi import FastAPI

from cuework.api.static import serve_static

PAGE = "<!doctype html><title>Cuework</title>"
SCRIPT = "export const words = 'the same again and again';\n" * 100


@pytest_asyncio.fixture
async def browser(tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-1a2b.js").write_text(SCRIPT)
    (tmp_path / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    app = FastAPI()
    serve_static(app, tmp_path)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://cuework.test") as client:
        yield client


async def test_a_browser_that_takes_gzip_gets_the_compressed_copy(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert answer.text == SCRIPT


async def test_a_client_that_does_not_gets_the_file_as_it_is(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.text == SCRIPT


async def test_hashed_files_are_kept_for_ever_and_the_page_is_not(browser: httpx.AsyncClient) -> None:
    script = await browser.get("/assets/index-1a2b.js")
    page = await browser.get("/workflows/some-id/yaml")
    assert "immutable" in script.headers["cache-control"]
    assert (page.text, page.headers["cache-control"]) == (PAGE, "no-cache")


async def test_addresses_of_the_api_and_missing_files_are_problems(browser: httpx.AsyncClient) -> None:
    for path in ("/api/v1/nothing", "/assets/gone-3c4d.js"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
