"""Deciding goes wrong politely: a missing reason, a wrong person; and Home shows what waits."""

from __future__ import annotations

from bot.demo.agency import ALMA_WEB, ANA, OLGA, PETE
from tests.browser.chromium import expect
from tests.browser.conftest import Sit


def test_declining_needs_a_reason_which_the_thread_tells_and_the_client_does_not_read(sit: Sit) -> None:
    title, why = "Snow on the home page in December", "Snow in Málaga makes nobody book."
    ana, pete = sit(ANA, ALMA_WEB), sit(PETE, ALMA_WEB)
    ana.log(title)
    pete.press(title, "Decline")
    pete.form.get_by_test_id("modal-submit").click()
    expect(pete.form.get_by_role("alert").filter(visible=True)).to_have_count(2)
    reason = pete.field("Why not?")
    expect(reason).to_have_attribute("aria-invalid", "true")
    expect(reason).to_be_focused()
    pete.picture("the missing reason is marked")
    reason.fill(why)
    pete.field("What could be done instead?").fill("with more budget")
    pete.page.get_by_role("option", name="A yes with more budget").click()
    pete.field("In words for the client").fill("A snowy page of its own.")
    pete.submit()

    expect(ana.message(title)).to_contain_text("Declined by Pete")
    ana.open_thread(title)
    expect(ana.thread).to_contain_text(why)
    ana.picture("the reason is in the thread")
    ana.messages_tab()
    expect(ana.message(title)).to_contain_text(why)
    words = ana.message(title).locator("pre")
    expect(words).to_contain_text(title)
    expect(words).not_to_contain_text(why)
    ana.picture("words that do not give the reason away")


def test_who_may_not_decide_is_told_so_and_nobody_else_sees_it(sit: Sit) -> None:
    title = "A quiz about tapas"
    ana, pete, olga = sit(ANA, ALMA_WEB), sit(PETE, ALMA_WEB), sit(OLGA, ALMA_WEB)
    ana.log(title)
    olga.press(title, "Accept")
    expect(olga.private.last).to_contain_text("Only Pete can decide")
    expect(olga.form).to_have_count(0)
    olga.picture("the wrong person is told who decides")
    ana.press(title, "Decline")
    expect(ana.private.last).to_contain_text("your own request, so Pete decides it")
    expect(pete.button(title, "Accept")).to_be_visible()
    expect(pete.private.filter(has_text="decide")).to_have_count(0)


def test_home_shows_what_waits_and_leads_to_the_card(sit: Sit) -> None:
    title = "Weather of the week on each hotel page"
    # Urgent: it comes before what the other tests left waiting, on the first page.
    sit(ANA, ALMA_WEB).log(title, is_urgent=True)
    pete = sit(PETE)
    home = pete.page.get_by_test_id("home")
    waiting = home.locator(".block", has_text=title)
    expect(waiting).to_contain_text("Ana for Almarena Hotels · Almarena Website")
    expect(home.get_by_role("heading", level=2)).to_contain_text(
        ["Waiting on you", "You asked", "Your projects"]
    )
    pete.picture("what waits for Pete")
    waiting.get_by_role("link").click()
    expect(pete.message(title)).to_be_focused()
    expect(pete.message(title)).to_be_in_viewport()
    expect(pete.button(title, "Accept")).to_be_visible()
