"""A real Cuework, a real Chromium, and people who use the one through the other."""

import re
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import pytest
from playwright.async_api import Browser, Page, StorageState, async_playwright, expect
from tests.browser.complaints import Complaints
from tests.browser.served import Served, require_web_files, serving

from cuework.testing.postgres import SessionDatabases
from development import browser as installed

PATIENCE_MS = 30_000
DESK = {"width": 1440, "height": 900}

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
async def served(databases: SessionDatabases, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Served]:
    """Cuework with its demo tenant and its worker; one for all browser tests of this process."""
    require_web_files()
    with databases.fresh_database() as url:
        async with serving(url, tmp_path_factory.mktemp("served")) as served:
            yield served


@pytest.fixture(scope="session")
async def chromium() -> AsyncGenerator[Browser]:
    place = installed.find()
    assert place is not None, "There is no Chrome or Chromium for the browser tests; type: ./dev test"
    async with async_playwright() as playwright:
        # Tests have no use for the sandbox, and root may not have it; containers have a small /dev/shm and no graphics
        # card, and imitating one costs a seventh of the browser's time.
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-gpu-rasterization"]
        browser = await playwright.chromium.launch(executable_path=place, headless=True, args=options)
        yield browser
        await browser.close()


Opener = Callable[..., Coroutine[Any, Any, Page]]


@pytest.fixture
async def open_page(chromium: Browser, served: Served) -> AsyncGenerator[Opener]:
    """Opens a page for somebody who is signed in nowhere yet. In the end nothing may have gone wrong in any."""
    complaints = Complaints()

    async def open_one(**options: Any) -> Page:
        chosen = {"base_url": served.url, "viewport": DESK, "locale": "en-GB", **options}
        context = await chromium.new_context(**chosen)
        context.set_default_timeout(PATIENCE_MS)
        complaints.listen_to(context)
        return await context.new_page()

    before = set(chromium.contexts)
    yield open_one
    for context in set(chromium.contexts) - before:
        await context.close()
    assert not complaints.heard, "\n".join(complaints.heard)


@pytest.fixture(scope="session")
async def signed_in(chromium: Browser, served: Served) -> StorageState:
    """What the browser of the demo's owner remembers after signing in."""
    context = await chromium.new_context(base_url=served.url)
    page = await context.new_page()
    await sign_in(page, served)
    kept = await context.storage_state()
    await context.close()
    return kept


async def sign_in(page: Page, served: Served) -> None:
    """As a person does it; the workflows are shown in the end."""
    await page.goto("/")
    await page.get_by_label("Email").fill(served.email)
    await page.get_by_label("Password").fill(served.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(re.compile("/workflows$"))
    await expect(page.get_by_role("heading", name="Workflows")).to_be_visible()
