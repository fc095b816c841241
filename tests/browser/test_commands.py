"""What can be typed, who reads the answer, and a whole request without a mouse."""

from __future__ import annotations

from bot.demo.agency import ANA, GENERAL, PETE
from tests.browser.chromium import expect
from tests.browser.conftest import Sit


def test_handoff_answers_only_the_one_who_typed(sit: Sit) -> None:
    pete, ana = sit(PETE, GENERAL), sit(ANA, GENERAL)
    pete.command("/handoff help")
    expect(pete.private.last).to_contain_text("/ask")
    pete.picture("help")
    pete.command("/handoff mine")
    expect(pete.private.last).to_contain_text("Waiting on you")
    expect(pete.private.last.get_by_role("link").first).to_be_visible()
    pete.picture("mine")
    pete.command("/handoff mien")
    expect(pete.private.last).to_contain_text("Did you mean /handoff mine?")
    expect(pete.private).to_have_count(3)
    expect(ana.private).to_have_count(0)


def test_a_request_is_logged_without_a_mouse(sit: Sit) -> None:
    ana = sit(ANA, GENERAL)
    keys = ana.page.keyboard
    ana.composer.focus()
    keys.press("Control+K")
    expect(ana.page.get_by_test_id("switcher")).to_be_focused()
    keys.press("Escape")
    expect(ana.page.get_by_test_id("switcher")).to_have_count(0)
    keys.type("hm")
    expect(ana.composer).to_have_value("hm")
    keys.press("Control+K")
    expect(ana.page.get_by_test_id("switcher")).to_be_focused()
    keys.type("almarena web")
    ana.picture("going somewhere by its name")
    keys.press("Enter")
    expect(ana.composer).to_be_focused()
    expect(ana.page.get_by_role("heading", level=1, name="almarena-website")).to_be_visible()
    keys.type("/as")
    expect(ana.page.get_by_role("option", name="/ask")).to_be_visible()
    keys.press("Tab")
    keys.type("print the map of the garden ~2h")
    keys.press("Enter")
    expect(ana.form.locator(":focus")).to_have_count(1)

    title, details = ana.field("What does the client ask for?"), ana.field("Details")
    for field in (title, details):
        for _ in range(4):
            keys.press("Tab")
            if field.evaluate("node => node === document.activeElement"):
                break
        expect(field).to_be_focused()
    keys.type("For guests who walk.")
    ana.picture("the form by keyboard")
    keys.press("Control+Enter")
    expect(ana.form).to_have_count(0)
    expect(ana.composer).to_be_focused()
    expect(ana.message("Print the map of the garden")).to_contain_text("For guests who walk.")

    keys.type("/ask nothing after all")
    keys.press("Enter")
    expect(ana.form).to_be_visible()
    expect(ana.form.locator(":focus")).to_have_count(1)
    keys.press("Escape")
    expect(ana.form).to_have_count(0)
    expect(ana.composer).to_be_focused()
