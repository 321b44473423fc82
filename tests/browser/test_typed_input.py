"""What somebody typed is not thrown away unawares: not by Esc, a click beside, the cross, Back, or leaving the page."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, StorageState, expect
from tests.browser.conftest import Opener
from tests.browser.tour import at_rest, lead

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Place:
    """A page with a button that opens fields, and one of those."""

    address: str
    opener: str
    field: str = "Name"


# One for each form that is written by itself: other records share the first, other settings that of users.
PLACES = (
    Place("/contacts", "New contact", "First name"),
    Place("/forms", "New form"),
    Place("/workflows", "New workflow"),
    Place("/settings/users", "New user"),
    Place("/settings/pipelines", "New pipeline"),
    Place("/settings/account", "Edit"),
)


async def test_typed_input_is_asked_about_and_untouched_fields_close_at_once(
    open_page: Opener, signed_in: StorageState
) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/tasks")
    await at_rest(page)
    for place in PLACES:
        await lead(page, place.address)
        fields, field = await opened(page, place)
        await page.keyboard.press("Escape")
        await expect(fields).to_be_hidden()

        fields, field = await opened(page, place)
        await field.fill("Half a name")
        for close in (by_escape, by_cross, beside):
            await close(page, fields)
            await page.get_by_role("button", name="Go on editing").click()
            await expect(question(page)).to_be_hidden()
            await expect(field).to_have_value("Half a name")
        await by_escape(page, fields)
        await page.get_by_role("button", name="Discard").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.get_by_role("button", name=place.opener).first).to_be_focused()


async def test_what_is_typed_and_taken_back_is_not_asked_about(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/contacts")
    fields, field = await opened(page, PLACES[0])
    await field.fill("Half a name")
    await field.fill("")
    await page.keyboard.press("Escape")
    await expect(fields).to_be_hidden()


async def test_a_tag_that_is_typed_and_not_yet_entered_is_not_lost(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/contacts")
    fields, tags = await opened(page, Place("/contacts", "New contact", "Tags"))
    await tags.fill("half-a-tag")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Go on editing").click()
    await expect(question(page)).to_be_hidden()
    await fields.get_by_label("First name").fill("Tagrid")
    await tags.fill("another-tag")
    await tags.press("Control+s")
    added = page.get_by_role("button", name=re.compile("^Remove the tag"))
    await expect(added.and_(page.get_by_label("half-a-tag"))).to_be_visible()
    await expect(added.and_(page.get_by_label("another-tag"))).to_be_visible()

    # On the page itself, Esc puts the field away, and what is in it is there when it is opened again.
    await page.get_by_role("button", name="Add tag").click()
    field = page.get_by_label("New tag")
    await field.fill("third-tag")
    await field.press("Escape")
    await expect(field).to_be_hidden()
    await expect(page.get_by_label("Remove the tag third-tag")).to_have_count(0)
    await page.get_by_role("button", name="Add tag").click()
    await expect(field).to_have_value("third-tag")


async def test_back_keeps_a_half_filled_form(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Contacts").click()
    _, field = await opened(page, PLACES[0])
    await field.fill("Half a name")
    await page.go_back()
    await page.get_by_role("button", name="Go on editing").click()
    await expect(page).to_have_url(re.compile("/contacts$"))
    await expect(field).to_have_value("Half a name")
    await page.go_back()
    await page.get_by_role("button", name="Discard").click()
    await expect(page).to_have_url(re.compile("/workflows$"))
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_leaving_a_workflow_whose_yaml_is_not_saved_asks(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await page.get_by_role("link", name="Hot lead").click()
    await page.get_by_role("navigation", name="Workflow").get_by_role("link", name="YAML").click()
    await page.locator(".cm-line").first.click()
    await page.keyboard.type("# half a thought ")
    await expect(page.get_by_text("not saved")).to_be_visible()

    contacts = page.get_by_role("navigation", name="Main").get_by_role("link", name="Contacts")
    await contacts.click()
    await page.get_by_role("button", name="Go on editing").click()
    await expect(page.locator(".cm-line").first).to_contain_text("half a thought")

    async with page.expect_event("dialog") as asked:
        await page.evaluate("setTimeout(() => location.reload())")
    browsers_own = await asked.value
    assert browsers_own.type == "beforeunload"
    await browsers_own.dismiss()
    await expect(page.locator(".cm-line").first).to_contain_text("half a thought")

    await contacts.click()
    await page.get_by_role("button", name="Leave and lose changes").click()
    await expect(page.get_by_role("heading", name="Contacts")).to_be_visible()


async def test_what_a_form_holds_is_saved_or_taken_back(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/forms")
    await page.get_by_role("link", name="Contact us").click()
    introduction = page.get_by_label("Introduction")
    before = await introduction.input_value()
    bar = page.get_by_role("region", name="Unsaved changes")
    await expect(bar).to_be_hidden()
    await introduction.fill("Half a thought")
    await bar.get_by_role("button", name="Discard").click()
    await expect(introduction).to_have_value(before)
    await introduction.fill(f"{before} Really.")
    await bar.get_by_role("button", name="Save").click()
    await expect(bar).to_be_hidden()
    await page.reload()
    await expect(introduction).to_have_value(f"{before} Really.")


async def opened(page: Page, place: Place) -> tuple[Locator, Locator]:
    """The dialog that the place's button opens, and its field."""
    await page.get_by_role("button", name=place.opener).first.click()
    fields = page.get_by_role("dialog")
    field = fields.get_by_label(place.field, exact=True)
    await expect(field).to_be_visible()
    return fields, field


async def by_escape(page: Page, _fields: Locator) -> None:
    await page.keyboard.press("Escape")


async def by_cross(_page: Page, fields: Locator) -> None:
    await fields.get_by_role("button", name="Close").first.click()


async def beside(page: Page, _fields: Locator) -> None:
    await page.mouse.click(4, 300)


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Discard what you typed?")
