"""The main job as a person does it: a record changes, a workflow starts, and everyone can watch."""

import re

import pytest
from playwright.async_api import Locator, Page, StorageState, expect
from tests.browser.conftest import Opener, sign_in
from tests.browser.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


async def test_a_person_makes_the_main_job_happen_and_watches_it(open_page: Opener, served: Served) -> None:
    monitor = await open_page()
    await sign_in(monitor, served)
    await go_to(monitor, "Executions")
    await monitor.evaluate("window.neverReloaded = true")

    desk = await monitor.context.new_page()
    await desk.goto("/forms")
    await submit_form(await open_page(java_script_enabled=False), await hosted_page(desk))
    await expect(execution(monitor, "Contact form", "Greta Solberg")).to_be_visible()

    await create_contact(desk, "Noor", "Sandberg")
    welcome = execution(monitor, "Welcome new contacts", "Noor Sandberg")
    await expect(welcome).to_be_visible()
    assert await monitor.evaluate("window.neverReloaded"), "the monitor shows what happens without being loaded again"
    await expect_contact_welcomed(desk)

    await welcome.click()
    await expect_four_steps(monitor)
    await follow_history_to_execution(desk, monitor.url)

    await complete_task(desk, "Welcome Noor")
    await create_deal(desk, "Solberg rollout", "1200")
    await expect_notified(desk, "New deal: Solberg rollout")


async def test_a_workflow_is_turned_off_and_on_again(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await page.get_by_role("switch", name="Hot lead is on").click()
    await expect(page.get_by_role("switch", name="Hot lead is off")).to_be_visible()
    await page.reload()
    await page.get_by_role("switch", name="Hot lead is off").click()
    await expect(page.get_by_role("switch", name="Hot lead is on")).to_be_visible()


async def test_an_error_in_the_yaml_is_shown_at_its_line_and_fixed_there(
    open_page: Opener, signed_in: StorageState
) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await page.get_by_role("link", name="Contact form").click()
    await page.get_by_role("navigation", name="Workflow").get_by_role("link", name="YAML").click()
    line = page.locator(".cm-line", has_text="id: score")
    await expect(line).to_contain_text("contact.add_score, points: 15}")

    await type_before(line, ", points: 15}", backspaces=2, text="er")
    await expect(page.get_by_role("status").filter(has_text="1 problem, marked at the line")).to_be_visible()
    wrong = line.locator(".cm-lintRange-error")
    await expect(wrong).to_have_text("contact.add_scoer")
    await expect_beside(page.locator(".cm-lint-marker-error"), line)

    await page.keyboard.press("Escape")
    await wrong.hover()
    await page.get_by_role("button", name="Use contact.add_score").click()
    await expect(page.get_by_text("No problems found")).to_be_visible()

    await type_before(line, "}", backspaces=2, text="20")
    await expect(page.get_by_text("No problems found")).to_be_visible()
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_text("Unpublished changes")).to_be_visible()
    await page.get_by_role("button", name="Publish…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("20")
    await dialog.get_by_label("Version note").fill("A form is worth more")
    await dialog.get_by_role("button", name="Publish").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Version 2")).to_be_visible()
    await expect(page.get_by_text("Unpublished changes")).to_be_hidden()


async def test_records_are_found_from_the_keyboard(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await create_contact(page, "Ottilie", "Marchetti")

    # As fast as people type: nothing of it is lost while the search opens.
    await page.keyboard.press("Control+k", delay=100)
    await page.keyboard.type("ottilie march", delay=20)
    await expect(page.get_by_role("option", name="Ottilie Marchetti")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Ottilie Marchetti")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_be_hidden()

    await page.keyboard.press("g")
    await page.keyboard.press("c")
    await expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("marchetti")
    contacts = page.get_by_role("table", name="Contacts")
    await expect(contacts).to_have_attribute("aria-rowcount", "2")
    await expect(contacts.get_by_role("link", name="Ottilie Marchetti")).to_be_visible()


async def test_the_focus_is_where_it_was_when_a_dialog_closes(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/contacts")
    inside = {"New contact": page.get_by_role("textbox"), "Search everything": page.get_by_role("combobox")}
    for opener, opened in inside.items():
        button = page.get_by_role("button", name=re.compile(f"^{opener}"))
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await expect(page.get_by_role("dialog").filter(has=opened)).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(button).to_be_focused()


async def test_tasks_are_opened_closed_and_done_without_a_mouse(open_page: Opener, signed_in: StorageState) -> None:
    page = await open_page(storage_state=signed_in)
    await page.goto("/workflows")
    await create_contact(page, "Idris", "Vargas")
    await create_contact(page, "Livia", "Nowak")
    await page.goto("/tasks?tab=open")
    rows = page.get_by_role("list", name="Tasks").locator("[data-line]")
    await expect(rows.filter(has_text="Welcome Livia")).to_be_visible()
    await page.keyboard.press("j")
    focused = page.locator("[data-line]:focus")
    task = focused.get_by_role("checkbox")
    first = await task.get_attribute("aria-label") or ""
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Title")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(task).to_have_accessible_name(first)
    await page.keyboard.press("x")
    await expect(page.get_by_text("Done: ")).to_be_visible()
    await expect(focused).to_have_count(1)
    await expect(task).not_to_have_accessible_name(first)


async def go_to(page: Page, place: str) -> None:
    await page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()
    await expect(page.get_by_role("heading", name=place, exact=True)).to_be_visible()


def execution(monitor: Page, workflow: str, record: str) -> Locator:
    """Its link in the monitor, once it is completed."""
    return monitor.get_by_role("link", name=f"completed: {workflow} for {record}")


async def hosted_page(forms: Page) -> str:
    link = forms.get_by_role("table", name="Forms").get_by_role("link", name="opens in a new tab").first
    address = await link.get_attribute("href")
    assert address is not None
    return address


async def submit_form(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_label("First name").fill("Greta")
    await page.get_by_label("Last name").fill("Solberg")
    await page.get_by_label("Email", exact=True).fill("greta@solberg.example")
    await page.get_by_label("Your message").fill("Do you also plan for small teams?")
    await page.get_by_role("button", name="Send message").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


async def create_contact(page: Page, first: str, last: str) -> None:
    await go_to(page, "Contacts")
    await page.get_by_role("button", name="New contact").click()
    sheet = page.get_by_role("dialog", name="New contact")
    await sheet.get_by_label("First name").fill(first)
    await sheet.get_by_label("Last name").fill(last)
    await sheet.get_by_label("Email", exact=True).fill(f"{first}.{last}@example.com".lower())
    await sheet.get_by_role("button", name="Create contact").click()
    await expect(page.get_by_role("heading", name=f"{first} {last}")).to_be_visible()


async def expect_contact_welcomed(contact: Page) -> None:
    """The contact's open page shows what the workflow did, without being loaded again."""
    await expect(contact.get_by_role("button", name="Remove the tag new-contact")).to_be_visible()
    await expect(contact.get_by_role("button", name=re.compile(r"^Score\s*10\b"))).to_be_visible()
    await expect(contact.get_by_text("Welcomed by a workflow and handed to the sales team")).to_be_visible()


async def expect_four_steps(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Noor Sandberg")).to_be_visible()
    await expect(page.get_by_text("Completed", exact=True)).to_be_visible()
    steps = page.get_by_role("list", name="Steps").locator("> li")
    await expect(steps).to_have_count(4)
    for step, did in zip(await steps.all(), ("tag", "score", "welcome", "history"), strict=True):
        await expect(step.locator("code", has_text=did)).to_be_visible()
        await expect(step).not_to_contain_text(re.compile("Failed|Waiting|Running|Skipped"))


async def follow_history_to_execution(contact: Page, execution_url: str) -> None:
    links = contact.get_by_role("listitem").get_by_role("link", name="Welcome new contacts")
    await expect(links.nth(2)).to_be_visible()
    await links.first.click()
    await expect(contact).to_have_url(execution_url)


async def complete_task(page: Page, title: str) -> None:
    await go_to(page, "Tasks")
    tabs = page.get_by_role("navigation", name="Tasks")
    await tabs.get_by_role("link", name="My team’s").click()
    await page.get_by_role("checkbox", name=f"Mark “{title}” as done").click()
    await expect(page.get_by_text(f"Done: {title}")).to_be_visible()
    await tabs.get_by_role("link", name="Done").click()
    await expect(page.get_by_role("checkbox", name=f"Open “{title}” again")).to_be_checked()


async def create_deal(page: Page, name: str, value: str) -> None:
    await go_to(page, "Deals")
    await page.get_by_role("button", name="New deal").click()
    sheet = page.get_by_role("dialog", name="New deal")
    await sheet.get_by_label("Name").fill(name)
    await sheet.get_by_label("Value").fill(value)
    await sheet.get_by_role("button", name="Create deal").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


async def expect_notified(page: Page, text: str) -> None:
    await page.get_by_role("button", name=re.compile(r"^Notifications, \d+ unread$")).click()
    await expect(page.get_by_role("dialog").get_by_text(text)).to_be_visible()


async def type_before(line: Locator, end: str, *, backspaces: int, text: str) -> None:
    """Puts the cursor before the line's end, deletes some letters and types others."""
    page = line.page
    await line.click()
    for key in ("End", *["ArrowLeft"] * len(end), *["Backspace"] * backspaces):
        await page.keyboard.press(key)
    await page.keyboard.type(text)


async def expect_beside(marker: Locator, line: Locator) -> None:
    """The mark in the margin stands at that line."""
    await expect(marker).to_be_visible()
    at, beside = await marker.bounding_box(), await line.bounding_box()
    assert at is not None
    assert beside is not None
    assert beside["y"] <= at["y"] + at["height"] / 2 <= beside["y"] + beside["height"]
