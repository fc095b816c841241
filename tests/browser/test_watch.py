"""What the other tests lean on: a trouble in the browser does not go unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo.agency import ANA, GENERAL
from tests.browser.chromium import PATIENCE_MS, expect
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_every_kind_of_trouble_is_noticed(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(context, address)
        page = context.new_page()
        page.goto(f"{address}/?as={ANA}&channel={GENERAL}")
        expect(page.get_by_test_id("messages")).to_be_visible()
        assert watch.troubles == []
        with page.expect_event("pageerror"):
            page.evaluate("setTimeout(() => { throw new Error('broken') })")
        with page.expect_event("response"):
            page.evaluate("fetch('/nowhere').then(() => null)")
        # This machine, and yet not the demo: nobody listens there. The demo's own page may not even ask.
        bare = context.new_page()
        bare.goto("about:blank")
        with bare.expect_event("requestfailed"):
            bare.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
        seen = "\n".join(watch.troubles)
        assert "error on the page: broken" in seen
        assert f"404: GET {address}/nowhere" in seen
        assert "asked outside: http://127.0.0.1:9/" in seen
        assert "failed: GET http://127.0.0.1:9/" in seen
        assert "console error: " in seen
