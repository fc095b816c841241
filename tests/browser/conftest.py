"""One demo and one browser for all browser tests; for each test, screens that are watched and pictures that are kept."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.browser.demo import ROOT, running_demo
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.screen import Screen

DESK = {"width": 1440, "height": 900}
HAS_FAILED = pytest.StashKey[bool]()


class Sit(Protocol):
    """Sits somebody down before a fresh browser; `how` are Playwright's options of a context."""

    def __call__(self, person: str, channel: str = "home", **how: Any) -> Screen: ...


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Where the demo's page is."""
    with running_demo() as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this folder."""
    # The tests that come this far have Playwright.
    from tests.browser.chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def pictures() -> Path:
    """The folder of the pictures, without those of the last run."""
    folder = Path(os.environ.get("HANDOFF_ARTIFACTS", ROOT / "artifacts")) / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    return folder


@pytest.fixture(scope="module")
def take(pictures: Path, request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a page, named by its story, its place in it and the words given."""
    story = request.path.stem.removeprefix("test_").replace("_", "-")
    taken: Counter[str] = Counter()

    def take(page: Page, words: str) -> None:
        taken[story] += 1
        name = re.sub(r"\W+", "-", words.lower()).strip("-")
        page.screenshot(path=pictures / f"{story}-{taken[story]:02}-{name}.png", animations="disabled")

    return take


@pytest.fixture
def sit(
    browser: Browser, address: str, take: Callable[[Page, str], None], request: pytest.FixtureRequest
) -> Iterator[Sit]:
    """Lets people sit down; in the end nothing may have failed, complained or left this computer."""
    # The tests that come this far have Playwright.
    from tests.browser.chromium import PATIENCE_MS
    from tests.browser.screen import Screen

    open_now: list[tuple[BrowserContext, Screen, Watch]] = []

    def sit(person: str, channel: str = "home", **how: Any) -> Screen:
        context = browser.new_context(**{"viewport": DESK, "color_scheme": "light", **how})
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(context, address)
        screen = Screen(context.new_page(), address, take)
        open_now.append((context, screen, watch))
        screen.open(person, channel)
        return screen

    yield sit
    for context, screen, _ in open_now:
        if request.node.stash.get(HAS_FAILED, False):
            screen.picture(f"FAILED {request.node.name[:80]}")
            screen.give_up()
        context.close()
    assert [trouble for *_, watch in open_now for trouble in watch.troubles] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember a failure, so that it is pictured before the browser closes."""
    report = yield
    if call.when == "call":
        item.stash[HAS_FAILED] = report.failed  # type: ignore[attr-defined]
    return report
