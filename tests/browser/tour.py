"""A walk through every page: how it looks, what axe says of it, whether it fits a phone, what goes wrong on it.

Each page is loaded once and then seen light and dark, on a desk and on a phone. Must not judge: the tests do.
"""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Page, ViewportSize, expect

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
THEMES = ("light", "dark")
_GRAVE = {"serious", "critical"}
_RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {resultTypes: ["violations"], ...(rules && {runOnly: rules})});
  const places = (nodes) => nodes.map((node) => node.target.join(" "));
  return found.violations.map(({id, impact, help, nodes}) => ({id, impact, help, where: places(nodes)}));
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
    for stop in stops:
        await page.set_viewport_size(DESK)
        await page.emulate_media(color_scheme="light")
        await page.goto(stop.address)
        await at_rest(page)
        if stop.then is not None:
            await stop.then(page)
            await at_rest(page)
        await page.evaluate(axe)
        for theme in THEMES:
            await _see(page, stop, theme, findings, pictures)
    return findings


async def at_rest(page: Page) -> None:
    """Everything asked for has come, and nothing moves."""
    await expect(page.get_by_role("heading").or_(page.get_by_role("dialog")).first).to_be_visible()
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    await expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)
    await page.evaluate("document.fonts.ready.then(() => undefined)")
    await page.evaluate(_STILL)


async def _see(page: Page, stop: Stop, theme: str, findings: Findings, pictures: Path | None) -> None:
    await page.set_viewport_size(DESK)
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    await page.evaluate(_DRAWN)
    await page.evaluate(_STILL)
    # Only colours differ between the themes, so the whole check is done once.
    violations = await page.evaluate(_RUN_AXE, None if theme == THEMES[0] else ["color-contrast"])
    findings.grave[theme] += [f"{stop.name}: {_words(each)}" for each in violations if each["impact"] in _GRAVE]
    await _photograph(page, f"{stop.name}-{theme}", pictures)
    if theme != THEMES[0] and pictures is None:
        return  # what is left is as wide in every theme
    await page.set_viewport_size(PHONE)
    width = await page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        findings.too_wide.append(f"{stop.name}: {width} px")
    await _photograph(page, f"{stop.name}-{theme}", pictures)


async def _photograph(page: Page, name: str, pictures: Path | None) -> None:
    if pictures is not None and page.viewport_size is not None:
        place = pictures / f"{name}-{page.viewport_size['width']}.png"
        await page.screenshot(path=place, animations="disabled", caret="hide")


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
