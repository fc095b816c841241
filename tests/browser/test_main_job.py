"""The main job, as a newcomer walks it: Ana asks, Pete accepts, Ana tells the client."""

from __future__ import annotations

import re

from bot.demo.agency import ALMA_WEB, ANA, GENERAL, PETE
from tests.browser.chromium import expect
from tests.browser.conftest import Sit

FRIDAY = re.compile(r"^Fri ")


def test_what_the_am_types_fills_the_form_and_the_card_appears_live(sit: Sit) -> None:
    ana, pete = sit(ANA, ALMA_WEB), sit(PETE, ALMA_WEB)
    ana.picture("the project's channel")
    ana.composer.press_sequentially("/as")
    completion = ana.page.get_by_role("option", name="/ask")
    expect(completion).to_be_visible()
    ana.picture("the composer completes the command")
    ana.composer.press("Enter")
    expect(ana.composer).to_have_value("/ask ")
    ana.composer.press_sequentially("show the menus of the restaurants as PDF, by Friday, ~3h")
    ana.picture("the request is typed")
    ana.composer.press("Enter")

    expect(ana.form.get_by_role("heading", name="Client request")).to_be_visible()
    expect(ana.field("Project")).to_have_value("Almarena Hotels · Almarena Website")
    expect(ana.field("What does the client ask for?")).to_have_value(
        "Show the menus of the restaurants as PDF"
    )
    expect(ana.field("Rough hours")).to_have_value("3")
    expect(ana.form.get_by_text(FRIDAY)).to_be_visible()
    expect(ana.form.get_by_role("radio", name="Nothing said yet")).to_be_checked()
    ana.picture("the form is prefilled")
    ana.submit()

    for person in (ana, pete):
        card = person.message("Show the menus of the restaurants as PDF")
        expect(card).to_contain_text("Ana for Almarena Hotels")
        expect(card).to_contain_text("with this one")
        expect(card.get_by_role("button")).to_contain_text(["Accept", "Decline", "Withdraw"])
    ana.picture("the card is there")


def test_the_pm_accepts_and_the_card_changes_for_both(sit: Sit) -> None:
    title = "A page for the new spa in Cádiz"
    ana = sit(ANA, ALMA_WEB)
    ana.log(title)

    desk = sit(ANA, GENERAL)
    expect(desk.face(PETE)).to_have_attribute("aria-label", re.compile(r"\d+ for them$"))
    desk.picture("somebody waits for Pete")
    desk.become(PETE)
    expect(desk.row(ALMA_WEB)).to_have_attribute("aria-label", re.compile(r"almarena-website, \d+ for you"))
    expect(desk.row(ALMA_WEB).locator(".badge")).to_be_visible()
    desk.picture("Pete is mentioned")
    desk.go(ALMA_WEB)
    expect(desk.row(ALMA_WEB).locator(".badge")).to_have_count(0)
    desk.picture("Pete sees the card")

    desk.press(title, "Accept")
    expect(desk.field("Hours")).to_have_value("3")
    expect(desk.field("Fee for the client (EUR)")).to_have_value("330")
    expect(desk.field("Delay of the delivery, in calendar days")).to_have_value("0")
    expect(desk.field("Who pays?")).to_have_value(re.compile("^Change order"))
    desk.picture("Accept is prefilled")
    desk.submit()

    for person in (desk, ana):
        card = person.message(title)
        expect(card).to_contain_text("Accepted by Pete")
        expect(card).to_contain_text("3 h, €330, no delay, change order")
        expect(person.button(title, "Accept")).to_have_count(0)
        expect(card.locator("[data-thread]")).to_contain_text("1 reply")
    desk.open_thread(title)
    expect(desk.thread).to_contain_text("Pete accepted this: 3 h, €330, no delay, change order.")
    desk.picture("the thread tells who decided")
    ana.picture("Ana sees it without a reload")


def test_the_am_gets_words_for_the_client_and_says_when_they_are_sent(sit: Sit) -> None:
    title = "Larger photos of the rooms"
    pete = sit(PETE, ALMA_WEB)
    ana = sit(ANA, ALMA_WEB)
    ana.log(title)
    pete.press(title, "Accept")
    expect(pete.field("Hours")).to_have_value("3")
    pete.submit()

    ana.messages_tab()
    words = ana.message(title)
    expect(words).to_contain_text("Words you can send to Almarena Hotels:")
    expect(words).to_contain_text("Hi Lucía,")
    expect(words).to_contain_text("(€330)")
    ana.picture("words for the client")
    ana.press(title, "Sent to Almarena Hotels")
    ana.submit()
    expect(words).to_contain_text("You told Almarena Hotels at")
    expect(ana.button(title, "Sent to Almarena Hotels")).to_have_count(0)
    expect(ana.button(title, "Almarena Hotels accepted")).to_be_visible()
    ana.picture("the client is told")
    ana.go(ALMA_WEB)
    expect(ana.message(title)).to_contain_text("Almarena Hotels was told at")
