"""Takes the README's picture from a fresh demo: a card that waits beside one that was talked over and accepted.

    python -m tests.browser.picture [FILE]

FILE is docs/handoff.png unless it is given. Needs what the browser tests need.
"""

from __future__ import annotations

import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.demo.agency import ALMA_WEB, ANA, HOME_ZONE, PETE
from tests.browser.chromium import chromium, expect
from tests.browser.demo import ROOT, running_demo
from tests.browser.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Wide enough for a thread beside its channel.
WIDTH, HEIGHT = 1290, 825
# What the README can carry.
MOST_BYTES = 250_000
MORNING = time(10, 12)
TITLE = "Show the menus of the restaurants as PDF"


def main() -> None:
    """Play the scene and keep it."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "handoff.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    with running_demo() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        screen = Screen(page, address, lambda page, _: _keep(page, file))
        screen.open(ANA, ALMA_WEB)
        _move_clock(screen)
        _play(screen)
        screen.picture("the scene")
    assert file.stat().st_size <= MOST_BYTES, f"{file.stat().st_size} bytes are too many"
    sys.stdout.write(f"{file}: {file.stat().st_size} bytes\n")


def _move_clock(screen: Screen) -> None:
    """A decision at five in the morning would look odd: the next working morning it is."""
    now = datetime.now(ZoneInfo(HOME_ZONE))
    day = now.date() + timedelta(days=now.time() >= MORNING)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    screen.page.get_by_test_id("clock-field").fill(f"{day}T{MORNING:%H:%M}")
    screen.page.get_by_role("button", name="Set", exact=True).click()
    expect(screen.page.get_by_role("region", name="Demo clock").get_by_role("time")).to_contain_text(
        f"{MORNING:%H:%M}"
    )


def _play(screen: Screen) -> None:
    screen.command(f"/ask {TITLE}, by Friday, ~3h")
    screen.field("Details").fill("Fourteen restaurants, new menus every month.")
    screen.submit()
    expect(screen.button(TITLE, "Accept")).to_be_visible()
    screen.become(PETE)
    screen.message(TITLE).hover()
    screen.message(TITLE).get_by_role("button", name="Reply in thread").click()
    _reply(screen, "The old menus too?")
    screen.become(ANA)
    screen.open_thread(TITLE)
    _reply(screen, "Only the new ones. I asked Lucía.")
    screen.become(PETE)
    screen.press(TITLE, "Accept")
    screen.submit()
    screen.open_thread(TITLE)
    expect(screen.thread).to_contain_text("Pete accepted this")
    screen.page.mouse.move(0, 0)
    screen.messages.last.scroll_into_view_if_needed()


def _reply(screen: Screen, words: str) -> None:
    field = screen.page.get_by_test_id("thread-composer")
    field.fill(words)
    field.press("Enter")
    expect(screen.thread.locator("article.message").last).to_contain_text(words)


def _keep(page: Page, file: Path) -> None:
    """Everything below the clock, which belongs to the demo alone."""
    top = page.locator("#frame").evaluate("node => node.getBoundingClientRect().top")
    page.screenshot(
        path=file,
        animations="disabled",
        clip={"x": 0, "y": top, "width": WIDTH, "height": HEIGHT - top},
    )


if __name__ == "__main__":
    main()
