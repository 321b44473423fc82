"""The main job with the keyboard alone: the focus is always somewhere sensible, and one sees where."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, StorageState, expect
from tests.browser.conftest import Opener
from tests.browser.tour import THEMES, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

MOST_TABS = 60
LOOKED_AT = 35
# Whether what has the focus, or what frames it, looks otherwise than without.
_LOOKS_THE_SAME = """() => {
  const focused = document.activeElement;
  const chain = [focused, focused.parentElement, focused.parentElement?.parentElement].filter(Boolean);
  const look = () => chain.map(getComputedStyle).map((style) => [
    style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor,
  ].join()).join();
  const shown = look();
  focused.blur();
  const without = look();
  focused.focus();
  return shown === without ? focused.outerHTML.slice(0, 200) : null;
}"""


async def test_the_main_job_is_done_with_the_keyboard_alone(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    keys = page.keyboard
    await page.goto("/workflows")
    await at_rest(page)

    await press(page, "g", "c")
    await expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    await tab_to(page, page.get_by_role("button", name="New contact"))
    await keys.press("Enter")
    await expect(page.get_by_label("First name")).to_be_focused()
    await keys.type("Wiebke")
    await keys.press("Tab")
    await keys.type("Aalto")
    await keys.press("Control+s")
    await expect(page.get_by_role("heading", name="Wiebke Aalto")).to_be_focused()

    history = page.get_by_role("listitem").get_by_role("link", name="Welcome new contacts")
    await expect(history.first).to_be_visible()
    await press(page, "g", "e")
    await expect(page.get_by_role("link", name="completed: Welcome new contacts for Wiebke Aalto")).to_be_visible()
    await press(page, "j")
    await expect(page.locator("[data-row]:focus")).to_contain_text("Wiebke Aalto")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="Wiebke Aalto")).to_be_focused()
    await expect(page.get_by_role("list", name="Steps").locator("> li")).to_have_count(4)

    await press(page, "g", "t")
    await tab_to(page, page.get_by_role("navigation", name="Tasks").get_by_role("link", name="All open"))
    await keys.press("Enter")
    await press(page, "/")
    await keys.type("Wiebke")
    task = page.get_by_role("checkbox", name="Mark “Welcome Wiebke” as done")
    await expect(page.get_by_role("list", name="Tasks").locator("[data-line]")).to_have_count(1)
    await expect(task).to_be_visible()
    await keys.press("Tab")
    await press(page, "j", "x")
    await expect(page.get_by_text("Done: Welcome Wiebke")).to_be_visible()
    assert await page.evaluate("document.activeElement !== document.body"), "the focus fell off the page"


async def make(page: Page, kind: str, label: str, name: str) -> None:
    """A record is made of its list's page, without a mouse."""
    await page.get_by_role("button", name=f"New {kind}").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label(label, exact=True).fill(name)
    await page.keyboard.press("Control+s")


@pytest.mark.parametrize(("kind", "name"), [("contact", "First name"), ("company", "Name"), ("deal", "Name")])
async def test_a_new_records_heading_has_the_focus(
    open_page: Opener, signed_in: StorageState, kind: str, name: str
) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto({"contact": "/contacts", "company": "/companies", "deal": "/deals"}[kind])
    await make(page, kind, name, f"Ylva the {kind}")
    await expect(page.get_by_role("heading", name=f"Ylva the {kind}")).to_be_focused()


async def test_the_heading_has_the_focus_also_where_its_page_is_awaited(
    open_page: Opener, signed_in: StorageState
) -> None:
    page = await open_page(storage_state=signed_in)
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await page.route(re.compile(r"/assets/CompanyPage-[^/]*\.js$"), hold)
    await page.goto("/companies")
    await make(page, "company", "Name", "Ylva the awaited")
    await expect(page.get_by_role("status", name="Loading")).to_be_visible()
    arrived.set()
    await expect(page.get_by_role("heading", name="Ylva the awaited")).to_be_focused()


async def test_a_deleted_records_list_has_the_focus(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/companies")
    await make(page, "company", "Name", "Gone soon")
    await expect(page.get_by_role("heading", name="Gone soon")).to_be_focused()
    await page.get_by_role("button", name="More").focus()
    await press(page, "Enter", "Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Companies")).to_be_focused()


@pytest.mark.parametrize("theme", THEMES)
async def test_whatever_has_the_focus_shows_it(open_page: Opener, signed_in: StorageState, theme: str) -> None:
    page = await open_page(storage_state=signed_in, color_scheme=theme)
    hidden: list[str] = []
    for address in ("/executions", "/contacts", "/tasks?tab=open", "/settings/users"):
        await page.goto(address)
        await at_rest(page)
        for _ in range(LOOKED_AT):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement === document.body"):
                break
            if invisible := await page.evaluate(_LOOKS_THE_SAME):
                hidden.append(f"{address}: {invisible}")
    assert not hidden, "\n".join(hidden)


async def test_an_address_that_is_nowhere_keeps_the_navigation(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    for address in ("/no/such/page", "/settings/nothing", "/contacts/some/such/page"):
        await page.goto(address)
        await expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
        await expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Contacts").click()
    await expect(page).to_have_url(re.compile("/contacts$"))


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until that has the focus."""
    await expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {target} within {MOST_TABS} steps.")
