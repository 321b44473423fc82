"""Whoever may only read is shown everything there is to read, and offered nothing that would be refused."""

import re

import pytest
from playwright.async_api import APIRequestContext, Page, StorageState, expect
from tests.browser.conftest import Opener, sign_in
from tests.browser.served import Served
from tests.browser.test_pages import CONTACT_TABS, LISTS, WORKFLOW_TABS, first_id, make
from tests.browser.tour import at_rest, lead

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

VIEWER = Served("", "reader@demo.example", "only-reads-what-is-there")
CHANGES = re.compile(
    r"^(New|Edit|Delete|Add|Win|Lose|Reopen|Publish|Retry|Cancel|Bulk|Enroll|Discard|Revoke|Deactivate|Save|Check$)"
)


async def test_a_viewer_is_offered_nothing_that_is_refused(open_page: Opener, signed_in: StorageState) -> None:
    owner = await open_page(storage_state=signed_in)
    await owner.goto("/workflows")
    person = {"name": "Rea Reader", "email": VIEWER.email, "role": "viewer", "password": VIEWER.password}
    await make(owner.request, "users", person)
    page = await open_page()
    await sign_in(page, VIEWER)
    for address in await addresses(page.request):
        await lead(page, address)
        await at_rest(page)
        assert await offered(page) == [], address

    await page.goto("/settings")
    tabs = page.get_by_role("navigation", name="Settings").get_by_role("link")
    await expect(tabs.first).to_be_visible()
    for name in await tabs.all_inner_texts():
        await tabs.filter(has_text=re.compile(f"^{name}$")).click()
        await at_rest(page)
        assert await offered(page) == [], name


async def addresses(api: APIRequestContext) -> list[str]:
    workflow, contact = await first_id(api, "workflows"), await first_id(api, "contacts")
    others = [f"/{kind}/{await first_id(api, kind)}" for kind in ("companies", "deals", "forms")]
    return [
        *[f"/{name}" for name in LISTS],
        *[f"/workflows/{workflow}{tab}" for tab in WORKFLOW_TABS if tab != "/test"],
        *[f"/contacts/{contact}{tab}" for tab in CONTACT_TABS],
        *others,
        "/executions/jobs",
        "/tasks?tab=open",
    ]


async def offered(page: Page) -> list[str]:
    """What of it can be pressed and changes something."""
    buttons, switches = page.get_by_role("button", name=CHANGES), page.get_by_role("switch")
    found = buttons.or_(switches).or_(page.get_by_role("link", name="Edit", exact=True))
    return [await each.inner_text() for each in await found.all() if await each.is_enabled()]
