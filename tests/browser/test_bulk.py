"""Many executions at once: counted first, named, and followed to the end; and a few that were ticked."""

import re

import pytest
from playwright.async_api import APIRequestContext, Locator, Page, StorageState, expect
from tests.browser.conftest import Opener
from tests.browser.test_pages import make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
PEOPLE = ("Abel", "Bente", "Cosima")


async def test_all_that_match_are_counted_cancelled_and_retried_under_a_name(
    open_page: Opener, signed_in: StorageState
) -> None:
    page = await open_page(storage_state=signed_in)
    workflow = await waiting_workflow(page.request, "Wait for a day", "patient")
    await page.goto(f"/workflows/{workflow}/executions?status=waiting")
    await expect(rows(page)).to_have_count(len(PEOPLE))

    await choose(page, "Cancel all that have not ended…")
    dialog = page.get_by_role("dialog", name="Cancel many executions")
    await expect(dialog.get_by_role("status")).to_contain_text("3executions will be cancelled")
    start = dialog.get_by_role("button", name="Cancel 3")
    await expect(start).to_be_disabled()
    await dialog.get_by_label("Name of the incident").fill("Wrong list was imported")
    await start.click()
    strip = page.get_by_role("region", name="Job").filter(has_text="Wrong list was imported")
    await expect(strip).to_contain_text("3 executions cancelled")
    await expect(strip.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")
    await page.reload()
    await expect(strip).to_contain_text("3 executions cancelled")

    await page.get_by_label("Status").select_option("cancelled")
    await expect(rows(page)).to_have_count(len(PEOPLE))
    await choose(page, "Retry all cancelled…")
    dialog = page.get_by_role("dialog", name="Retry many executions")
    await dialog.get_by_label("Name of the incident").fill("It was the right list")
    await dialog.get_by_role("button", name="Retry 3").click()
    await expect(page.get_by_role("region", name="Job").filter(has_text="It was the right list")).to_contain_text(
        "3 executions retried"
    )
    await expect(rows(page)).to_have_count(0)

    await page.get_by_role("link", name="It was the right list").click()
    jobs = page.get_by_role("table", name="Jobs")
    await expect(jobs.get_by_role("row", name=re.compile("Wrong list was imported"))).to_contain_text(
        "Cancelling executions of Wait for a day"
    )
    await jobs.get_by_role("link", name="It was the right list").click()
    await expect(page).to_have_url(re.compile(f"/executions.*workflow={workflow}"))


async def test_ticked_executions_are_cancelled_from_the_keyboard(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    workflow = await waiting_workflow(page.request, "Wait longer", "very-patient")
    await page.goto(f"/workflows/{workflow}/executions?status=waiting")
    await expect(rows(page)).to_have_count(len(PEOPLE))
    await page.keyboard.press("j")
    for key in ("x", "j", "x"):
        await page.keyboard.press(key)
    chosen = page.get_by_role("region", name="Chosen executions")
    await expect(chosen).to_contain_text("2 executions chosen")
    await chosen.get_by_role("button", name="Cancel 2").click()
    await page.get_by_role("dialog", name="Cancel 2 executions?").get_by_role("button", name="Cancel 2").click()
    await expect(page.get_by_text("2 executions cancelled.")).to_be_visible()
    await expect(rows(page)).to_have_count(1)
    await expect(chosen).to_be_hidden()


async def waiting_workflow(api: APIRequestContext, name: str, tag: str) -> str:
    """A workflow in which three contacts wait. The answer: its id."""
    definition = {
        "name": name,
        "key": tag,
        "trigger": {"type": "contact.created", "when": {"field": "contact.tags", "op": "contains", "value": tag}},
        "steps": [{"id": "wait", "type": "flow.delay", "for": "1 day"}],
    }
    workflow = await make(api, "workflows", {"definition": definition})
    await make(api, f"workflows/{workflow}/publish", {})
    for person in PEOPLE:
        await make(api, "contacts", {"first_name": person, "tags": [tag]})
    return workflow


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Executions").locator("[data-row]")


async def choose(page: Page, item: str) -> None:
    await page.get_by_role("button", name="Bulk actions").click()
    await page.get_by_role("menuitem", name=item).click()
