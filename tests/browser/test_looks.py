"""Light and dark, on a desk and on a phone: every view fits its width."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.demo.agency import ALMA_WEB, LEADS, PETE
from tests.browser.chromium import expect
from tests.browser.conftest import DESK, Sit
from tests.browser.screen import Screen

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The page itself, and whatever scrolls up and down in it: none may be wider than it shows.
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("body, .scroll, .modal-scroll, .rail-scroll")]
    .filter((node) => node.scrollWidth > Math.min(node.clientWidth, window.screen.width))
    .map((node) => `${node.className || node.tagName}: ${node.scrollWidth} in ${node.clientWidth}`)"""


def fits(screen: Screen, words: str) -> None:
    """Keep a picture, and see that nothing sticks out."""
    screen.picture(words)
    assert screen.page.evaluate(TOO_WIDE) == [], words


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "how"), [("desk", {"viewport": DESK}), ("phone", PHONE)])
def test_every_view_fits(sit: Sit, scheme: str, name: str, how: dict[str, Any]) -> None:
    look = f"{name} {scheme}"
    pete = sit(PETE, ALMA_WEB, color_scheme=scheme, **how)
    background = pete.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 384) is (scheme == "dark"), background
    fits(pete, f"{look} channel")
    waiting = pete.messages.get_by_role("button", name=re.compile(r"^Accept\b"))
    waiting.last.click()
    expect(pete.field("Hours")).not_to_have_value("")
    fits(pete, f"{look} form")
    pete.form.get_by_role("button", name="Close").click()
    expect(pete.form).to_have_count(0)
    pete.open_thread("Accepted by Pete")
    fits(pete, f"{look} thread")
    pete.open(PETE)
    fits(pete, f"{look} home")
    pete.open(PETE, LEADS)
    chart = pete.page.get_by_role("img", name="Hours accepted per week").last
    chart.scroll_into_view_if_needed()
    fits(pete, f"{look} digest")
    if name == "phone":
        pete.page.get_by_role("button", name="Back to the list").click()
        expect(pete.row(ALMA_WEB)).to_be_in_viewport()
        fits(pete, f"{look} list")
