"""The Monday digest comes when the clock of the demo is moved."""

from __future__ import annotations

import re

from bot.demo.agency import LEADS, MAX
from tests.browser.chromium import expect
from tests.browser.conftest import Sit


def test_on_monday_at_nine_the_digest_is_there_with_its_chart(sit: Sit) -> None:
    leads = sit(MAX, LEADS)
    digest = leads.messages.filter(has_text="Scope, week").last
    before = digest.get_attribute("data-ts") or ""
    clock = leads.page.get_by_role("region", name="Demo clock")
    leads.picture("before Monday")
    clock.get_by_role("button", name="Next Monday 09:00").click()
    expect(clock.get_by_role("time")).to_have_text(re.compile(r"^Mon .*09:0\d$"))

    expect(digest).not_to_have_attribute("data-ts", before)
    expect(digest).to_contain_text(re.compile(r"Scope, week \d+ · 8 projects"))
    chart = digest.get_by_role("img", name=re.compile("^Hours accepted per week"))
    chart.scroll_into_view_if_needed()
    expect(chart.locator("rect, path").first).to_be_attached()
    expect(digest.get_by_role("table", name="Hours accepted per week")).to_be_attached()
    leads.picture("the Monday digest")
    digest.locator("[data-thread]").click()
    expect(leads.thread.locator("article.message").nth(1)).to_be_visible()
    leads.picture("its details in the thread")
    expect(leads.messages.filter(has_text="Deadlines, Mon").last).to_be_attached()
