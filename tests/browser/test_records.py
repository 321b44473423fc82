"""What a person decides about records in a browser, and that the page does what was chosen."""

import pytest
from playwright.async_api import StorageState, expect
from tests.browser.conftest import Opener
from tests.browser.test_main_job import create_deal
from tests.browser.test_pages import make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


async def test_winning_a_deal_names_what_it_starts_and_asks_first(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await create_deal(page, "Marchetti renewal", "900")
    dialog = page.get_by_role("dialog", name="Mark “Marchetti renewal” as won?")

    await page.get_by_role("button", name="Win").click()
    await expect(dialog).to_contain_text("This starts “Deal won”")
    await dialog.get_by_role("button", name="Keep as it is").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("button", name="Reopen")).to_be_hidden()

    await page.get_by_role("button", name="Win").click()
    await dialog.get_by_role("button", name="Mark as won").click()
    await expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    await expect(page.get_by_role("link", name="Deal won").first).to_be_visible()


async def test_a_column_that_is_chosen_is_shown_however_narrow_the_table(
    open_page: Opener, signed_in: StorageState
) -> None:
    page = await open_page(storage_state=signed_in, viewport={"width": 1000, "height": 800})
    await page.goto("/contacts")
    contacts = page.get_by_role("table", name="Contacts")
    for name in ("Phone", "Job title", "Country"):
        await expect(contacts.get_by_role("columnheader", name=name)).to_have_count(0)
        await page.get_by_role("button", name="Columns").click()
        await page.get_by_role("menuitemcheckbox", name=name).click()
        await expect(page.get_by_role("menuitemcheckbox", name=name)).to_be_checked()
        await page.keyboard.press("Escape")
        await expect(contacts.get_by_role("columnheader", name=name)).to_be_visible()


async def test_a_tag_gets_another_name_and_one_that_is_there_makes_one_of_both(
    open_page: Opener, signed_in: StorageState
) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/settings/tags")
    contact = await make(page.request, "contacts", {"first_name": "Tagmar", "tags": ["fare", "trade-fair"]})
    await page.reload()
    for old, new, verb in (("fare", "fair", "Rename"), ("fair", "trade-fair", "Merge")):
        await page.get_by_role("button", name=f"Rename {old}", exact=True).click()
        dialog = page.get_by_role("dialog", name=f"Rename “{old}”")
        await dialog.get_by_label("Name").fill(new)
        await dialog.get_by_role("button", name=verb, exact=True).click()
        await expect(dialog).to_be_hidden()
        await expect(page.get_by_role("button", name=f"Rename {old}", exact=True)).to_have_count(0)
    await page.goto(f"/contacts/{contact}")
    await expect(page.get_by_label("Remove the tag trade-fair")).to_be_visible()
    await expect(page.get_by_label("Remove the tag fair")).to_have_count(0)
