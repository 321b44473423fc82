"""A walk through every page: how it looks, what axe says of it, whether it fits a phone, what goes wrong on it.

Each page is opened once and then seen light and dark, on a desk and on a phone. The application itself leads from one
page to the next, as its links do; it is loaded anew where something was opened, so that nothing of it is left.
Must not judge: the tests do.
"""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page, ViewportSize, expect

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
THEMES = ("light", "dark")
View = tuple[str, ViewportSize]
ON_PHONE: tuple[View, ...] = (("dark", PHONE), ("light", PHONE))
# Colours are the same on a desk and on a phone, so dark is looked at once; all four are photographed.
MAIN: tuple[View, ...] = (("light", DESK), ("dark", DESK), ("light", PHONE))
EVERYWHERE: tuple[View, ...] = (("light", DESK), ("dark", DESK), *ON_PHONE)
_GRAVE = {"serious", "critical"}
# What lies behind a dialog is a page of the walk itself. Style sheets are read where they are, not fetched again.
_RUN_AXE = """async (rules) => {
  const dialogs = [...document.querySelectorAll("[role=dialog]")];
  const options = {resultTypes: ["violations"], preload: false, ...(rules && {runOnly: rules})};
  const found = await axe.run(dialogs.length > 0 ? {include: dialogs} : document, options);
  const places = (nodes) => nodes.map((node) => node.target.join(" "));
  return found.violations.map(({id, impact, help, nodes}) => ({id, impact, help, where: places(nodes)}));
}"""
# The promise is kept when the page's code and data are there; React may draw it a little later.
_LEAD = """async (place) => {
  const router = self.__TSR_ROUTER__;
  await router.navigate({href: place});
  const isThere = () => router.state.resolvedLocation?.href === router.state.location.href;
  while (router.state.status !== "idle" || !isThere()) await new Promise((drawn) => requestAnimationFrame(drawn));
}"""
# The page hears of another theme before a frame's callbacks run, and has drawn it by the next.
_DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"
# What breathes for ever has no rest to wait for.
_STILL = """Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect?.getComputedTiming().iterations !== Infinity).map((each) => each.finished)
).then(() => undefined)"""


@dataclass(frozen=True)
class Stop:
    """A page, and what is opened on it."""

    name: str
    address: str
    then: Callable[[Page], Awaitable[None]] | None = None
    views: tuple[View, ...] = MAIN
    inside: bool = True
    """Whether it is a page of the application, which can lead to the next."""


@dataclass
class Findings:
    """What the walk saw, by theme."""

    grave: dict[str, list[str]] = field(default_factory=lambda: {theme: [] for theme in THEMES})
    too_wide: list[str] = field(default_factory=list[str])


async def walk(page: Page, stops: Sequence[Stop], pictures: Path | None) -> Findings:
    """Every stop is seen, and photographed if there is a place for that.

    Errors: playwright's, if a page never comes to rest.
    """
    findings = Findings()
    assert AXE.exists(), "web/node_modules is missing. Type: ./dev test"
    axe = AXE.read_text("utf-8")
    anew = True
    for stop in stops:
        await _look(page, stop.views[0])
        if anew or not stop.inside:
            await page.goto(stop.address)
        else:
            await lead(page, stop.address)
        await at_rest(page)
        assert urlsplit(page.url).path == urlsplit(stop.address).path, f"{stop.name} led to {page.url}"
        if stop.then is not None:
            await stop.then(page)
            await at_rest(page)
        if not await page.evaluate("'axe' in self"):
            await page.evaluate(axe)
        for view in EVERYWHERE if pictures is not None and stop.views is MAIN else stop.views:
            await _see(page, stop, view, findings, pictures)
        anew = stop.then is not None or not stop.inside
    return findings


async def lead(page: Page, address: str) -> None:
    """The application that is open shows another of its pages, as a link in it would."""
    await page.evaluate(_LEAD, address)


async def at_rest(page: Page) -> None:
    """Everything asked for has come, and nothing moves."""
    await expect(page.get_by_role("heading").or_(page.get_by_role("dialog")).first).to_be_visible()
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    await expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)
    await page.evaluate("document.fonts.ready.then(() => undefined)")
    await page.evaluate(_STILL)


async def _see(page: Page, stop: Stop, view: View, findings: Findings, pictures: Path | None) -> None:
    theme, size = view
    width = size["width"]
    await _look(page, view)
    await page.evaluate(_DRAWN)
    await page.evaluate(_STILL)
    # Only colours differ between the themes, so the whole check is done in one.
    violations = await page.evaluate(_RUN_AXE, None if theme == THEMES[0] else ["color-contrast"])
    grave = [_words(each) for each in violations if each["impact"] in _GRAVE]
    findings.grave[theme] += [f"{stop.name} at {width} px: {each}" for each in grave]
    needed = await page.evaluate("document.documentElement.scrollWidth")
    if needed > width:
        findings.too_wide.append(f"{stop.name}: {needed} px of {width} px")
    if pictures is not None:
        place = pictures / f"{stop.name}-{theme}-{width}.png"
        await page.screenshot(path=place, animations="disabled", caret="hide")


async def _look(page: Page, view: View) -> None:
    """The page is as large and as bright as in the view."""
    theme, size = view
    if page.viewport_size != size:
        await page.set_viewport_size(size)
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def _words(violation: dict[str, Any]) -> str:
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {json.dumps(violation['where'])}"


def button(name: str) -> Callable[[Page], Awaitable[None]]:
    """Presses a button that opens something."""

    async def press(page: Page) -> None:
        await page.get_by_role("button", name=re.compile(name)).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()

    return press


def item(menu: str, name: str) -> Callable[[Page], Awaitable[None]]:
    """Takes an item of a menu; it opens something."""

    async def take(page: Page) -> None:
        await page.get_by_role("button", name=re.compile(menu)).first.click()
        await page.get_by_role("menuitem", name=re.compile(name)).click()
        await expect(page.get_by_role("dialog")).to_be_visible()

    return take
