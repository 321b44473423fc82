"""Every page, on a desk and on a phone: nothing grave for people with disabilities, nothing wrong in the console, and
nothing wider than the screen."""

import os
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import APIRequestContext, Browser, BrowserContext, Page, StorageState, expect
from tests.browser.complaints import NO_ID, Complaints
from tests.browser.conftest import PATIENCE_MS
from tests.browser.served import Served
from tests.browser.tour import ON_PHONE, THEMES, Findings, Stop, button, item, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]


@dataclass
class Tour:
    """What was seen and heard on every page."""

    findings: Findings
    heard: list[str]


@pytest.fixture(scope="module")
def pictures() -> Path | None:
    """Where screenshots go, if somebody wants to look at them."""
    named = os.environ.get("CUEWORK_SCREENSHOTS")
    if not named:
        return None
    Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named)


@pytest.fixture(scope="module")
async def tour(
    chromium: Browser,
    served: Served,
    signed_in: StorageState,
    pictures: Path | None,
) -> AsyncGenerator[Tour]:
    """Every page was seen once; the tests read what came of it."""
    complaints = Complaints()
    calm: dict[str, Any] = {"base_url": served.url, "locale": "en-GB", "reduced_motion": "reduce"}
    stranger = await chromium.new_context(**calm)
    person = await chromium.new_context(**calm, storage_state=signed_in)
    for context in (stranger, person):
        context.set_default_timeout(PATIENCE_MS)
        complaints.listen_to(context)
    outside = await walk(await stranger.new_page(), PUBLIC, pictures)
    inside = await walk(await person.new_page(), await pages_of(person), pictures)
    grave = {theme: outside.grave[theme] + inside.grave[theme] for theme in THEMES}
    yield Tour(Findings(grave, outside.too_wide + inside.too_wide), complaints.heard)
    await stranger.close()
    await person.close()


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious_on_any_page(tour: Tour, theme: str) -> None:
    assert not tour.findings.grave[theme], "\n".join(tour.findings.grave[theme])


def test_no_page_says_an_error_or_asks_for_what_fails(tour: Tour) -> None:
    assert not tour.heard, "\n".join(tour.heard)


def test_no_page_is_wider_than_the_screen(tour: Tour) -> None:
    assert not tour.findings.too_wide, "\n".join(tour.findings.too_wide)


async def send_nothing(page: Page) -> None:
    await page.get_by_role("button", name="Send message").click()
    await expect(page.get_by_role("alert")).to_be_visible()


async def half_filled(page: Page) -> None:
    await button("^New deal$")(page)
    await page.get_by_label("Name", exact=True).fill("Half a name")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Discard what you typed?")).to_be_visible()


async def ticked(page: Page) -> None:
    await page.get_by_role("checkbox", name="Choose Welcome").first.check()
    await expect(page.get_by_role("region", name="Chosen executions")).to_be_visible()


async def opened_row(page: Page) -> None:
    await page.locator("[data-row]").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def opened_step(page: Page) -> None:
    await page.get_by_role("list", name="Steps").get_by_role("button").first.click()


PUBLIC = (
    Stop("sign-in", "/sign-in"),
    Stop("hosted-form", "/f/demo/contact", inside=False),
    Stop("hosted-form-refused", "/f/demo/contact", send_nothing, inside=False),
    Stop("hosted-thanks", "/f/demo/contact/thanks", inside=False),
    Stop("hosted-gone", "/f/demo/no-such-form", inside=False),
)
LISTS = ("workflows", "executions", "contacts", "companies", "deals", "tasks", "forms")
WORKFLOW_TABS = ("", "/yaml", "/test", "/executions", "/versions", "/explain")
CONTACT_TABS = ("", "/messages", "/tasks", "/deals", "/workflows")
SETTINGS = (
    "account",
    "connections",
    "hooks",
    "users",
    "teams",
    "keys",
    "fields",
    "pipelines",
    "tags",
    "stages",
    "audit",
)


NEW = {"users": "user", "pipelines": "pipeline"}


async def pages_of(person: BrowserContext) -> list[Stop]:
    """The application's pages, with addresses of what the demo holds and what is made for the tour."""
    api = person.request
    contact, deal = await make_records(api)
    workflow = await first_id(api, "workflows")
    company, form = await first_id(api, "companies"), await first_id(api, "forms")
    execution = await welcome_of(person, contact, deal)
    return [
        *[Stop(name, f"/{name}") for name in LISTS],
        *[Stop(f"workflow{tab.replace('/', '-')}", f"/workflows/{workflow}{tab}") for tab in WORKFLOW_TABS],
        Stop("execution", execution),
        Stop("execution-step", execution, opened_step),
        Stop("executions-ticked", "/executions", ticked),
        Stop("executions-bulk", "/executions", item("^Bulk actions$", "^Cancel all")),
        Stop("held-back", "/executions/held-back"),
        Stop("jobs", "/executions/jobs"),
        *[Stop(f"contact{tab.replace('/', '-')}", f"/contacts/{contact}{tab}") for tab in CONTACT_TABS],
        Stop("company", f"/companies/{company}"),
        Stop("deal", f"/deals/{deal}"),
        Stop("tasks-team", "/tasks?tab=team"),
        Stop("form", f"/forms/{form}"),
        Stop("form-submissions", f"/forms/{form}?show=submissions"),
        *[Stop(f"settings-{tab}", f"/settings/{tab}") for tab in SETTINGS],
        Stop("nowhere", "/no/such/page"),
        Stop("deleted", f"/contacts/{NO_ID}"),
        Stop("new-contact", "/contacts", button("^New contact$")),
        Stop("new-deal-discarded", "/deals", half_filled),
        Stop("new-task", "/tasks", button("^New task$")),
        Stop("new-form", "/forms", button("^New form$")),
        Stop("edit-contact", f"/contacts/{contact}", button("^Edit$")),
        Stop("delete-contact", f"/contacts/{contact}", item("^More$", "^Delete$")),
        Stop("new-mail-server", "/settings/connections", item("^New connection$", "^Mail server")),
        *[Stop(f"new-{one.replace(' ', '-')}", f"/settings/{tab}", button(f"^New {one}$")) for tab, one in NEW.items()],
        Stop("audit-entry", "/settings/audit", opened_row),
        Stop("new-workflow", "/workflows", button("^New workflow$")),
        Stop("notifications", "/workflows", button("^Notifications")),
        Stop("search", "/workflows", button("^Search everything")),
        Stop("keyboard-help", "/workflows", button("^Keyboard$")),
        Stop("drawer", "/workflows", button("^Open navigation$"), ON_PHONE),
    ]


async def make_records(api: APIRequestContext) -> tuple[str, str]:
    """A contact and a deal that workflows have something to do with."""
    email = "ines.alcazar@example.com"
    person = {"first_name": "Ines", "last_name": "Alcázar", "email": email, "email_consent": "granted"}
    contact = await make(api, "contacts", person)
    value = {"amount": "48000.00", "currency": "EUR"}
    deal = await make(api, "deals", {"name": "Alcázar: annual plan", "value": value, "contact_id": contact})
    answers: dict[str, str | float | bool] = {
        "first_name": "Ines",
        "email": email,
        "message": "Could you call me about the annual plan?",
    }
    sent = await api.post("/f/demo/contact", form=answers)
    assert sent.ok, await sent.text()
    return contact, deal


async def make(api: APIRequestContext, kind: str, body: Mapping[str, object]) -> str:
    me = await (await api.get("/api/v1/me")).json()
    made = await api.post(f"/api/v1/{kind}", data=dict(body), headers={"X-CSRF-Token": me["csrf_token"]})
    assert made.ok, await made.text()
    return (await made.json())["id"]


async def first_id(api: APIRequestContext, kind: str) -> str:
    return (await (await api.get(f"/api/v1/{kind}")).json())["items"][0]["id"]


async def welcome_of(person: BrowserContext, contact: str, deal: str) -> str:
    """The contact's first execution, once all that the records start is completed."""
    monitor = await person.new_page()
    await monitor.goto(f"/executions?record={deal}")
    await expect(monitor.get_by_role("link", name="completed: High-value deal")).to_be_visible()
    await monitor.goto(f"/executions?record={contact}")
    await expect(monitor.get_by_role("link", name="completed: Contact form")).to_be_visible()
    address = await monitor.get_by_role("link", name="completed: Welcome new contacts").get_attribute("href")
    await monitor.close()
    assert address is not None
    return address
