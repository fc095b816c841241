"""One page of the demo with somebody before it: what they do, and where they look."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.demo.agency import CHANNELS
from tests.browser.chromium import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NAMES = {channel.id: channel.name for channel in CHANNELS}


class Screen:
    """The verbs of a person at the page; every one of them waits until the page has followed."""

    def __init__(self, page: Page, address: str, take: Callable[[Page, str], None]) -> None:
        self.page = page
        self._address = address
        self._take = take

    def picture(self, words: str) -> None:
        """Keep what is on the screen; `words` become the file's name."""
        self._take(self.page, words)

    # --- going places

    def open(self, person: str, channel: str = "home") -> None:
        """Load the page, acting as `person`, in `channel` (an id, or "home" for the app's own)."""
        self.page.goto(f"{self._address}/?as={person}&channel={channel}")
        self._arrived(channel)

    def go(self, channel: str) -> None:
        """Press a channel's row in the rail."""
        self.row(channel).click()
        self._arrived(channel)

    def become(self, person: str) -> None:
        """Press a face of the person switch."""
        self.face(person).click()
        expect(self.face(person)).to_have_attribute("aria-pressed", "true")

    def messages_tab(self) -> None:
        """Open the app's own conversation with the acting person."""
        self.row("home").click()
        tab = self.page.get_by_role("tab", name="Messages")
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        self._settled()

    def _arrived(self, channel: str) -> None:
        if channel == "home":
            expect(self.page.get_by_test_id("home").locator(".block").first).to_be_visible()
            return
        expect(self.page.get_by_role("heading", level=1, name=NAMES[channel])).to_be_visible()
        self._settled()

    def _settled(self) -> None:
        expect(self.messages.last).to_be_visible()
        expect(self.page.locator("#main .list.is-loading")).to_have_count(0)

    # --- what is on the page

    def row(self, channel: str) -> Locator:
        """A conversation in the rail."""
        return self.page.locator(f'#rail [data-channel="{channel}"]')

    def face(self, person: str) -> Locator:
        """Somebody in the person switch."""
        return self.page.locator(f'#rail [data-person="{person}"]')

    @property
    def composer(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_test_id("composer")

    @property
    def messages(self) -> Locator:
        """All messages of the open conversation, without what only this person sees."""
        return self.page.locator("#main article.message:not(.is-ephemeral)")

    def message(self, words: str) -> Locator:
        """The last message with these words in it."""
        return self.messages.filter(has_text=words).last

    @property
    def private(self) -> Locator:
        """What only this person sees here."""
        return self.page.locator("#main article.is-ephemeral")

    @property
    def thread(self) -> Locator:
        """The pane with a thread."""
        return self.page.get_by_test_id("thread")

    def open_thread(self, words: str) -> None:
        """Open the thread under the message with these words."""
        self.message(words).locator("[data-thread]").click()
        expect(self.thread.locator("article.message").nth(1)).to_be_visible()

    # --- acting

    def command(self, text: str) -> None:
        """Type a command and send it."""
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.composer).to_have_value("")

    def press(self, words: str, button: str) -> None:
        """Press a button of the message with these words."""
        self.button(words, button).click()

    def button(self, words: str, button: str) -> Locator:
        """A button of the message with these words; its name may go on, for those who only hear it."""
        return self.message(words).get_by_role("button", name=re.compile(rf"^{re.escape(button)}\b"))

    @property
    def form(self) -> Locator:
        """The open modal."""
        return self.page.locator("dialog.modal")

    def field(self, label: str) -> Locator:
        """A field of the open modal, by its label."""
        return self.form.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))

    def submit(self) -> None:
        """Send the open modal, which closes."""
        self.form.get_by_test_id("modal-submit").click()
        expect(self.form).to_have_count(0)

    def log(self, title: str, *, hours: int = 3, is_urgent: bool = False) -> None:
        """Log a client's request for the project of this channel, in one go."""
        self.command(f"/ask {title} ~{hours}h{' urgent' if is_urgent else ''}")
        expect(self.field("What does the client ask for?")).to_have_value(title)
        self.submit()
        expect(self.button(title, "Accept")).to_be_visible()

    def give_up(self) -> None:
        """Close what is open: a modal belongs to the person, so the next test would find it."""
        if self.form.count():
            self.page.keyboard.press("Escape")
            expect(self.form).to_have_count(0)
