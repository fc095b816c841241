"""Playwright and the Chromium it drives: a test module that imports this is skipped, with the reason, where one is missing.

Whoever sets HANDOFF_CHROMIUM asks for these tests (`.ci/run` does), and then what is missing is a failure.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ASKED_FOR = os.environ.get("HANDOFF_CHROMIUM")
NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, since CI runs as root; and nothing that calls home.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
# How long a condition may take to hold: the bot posts one message a second in a channel.
PATIENCE_MS = 10_000


def _missing(what: str) -> NoReturn:
    if ASKED_FOR is not None:
        pytest.fail(f"HANDOFF_CHROMIUM is set, but {what}", pytrace=False)
    pytest.skip(what, allow_module_level=True)


try:
    sync_api = importlib.import_module("playwright.sync_api")
except ImportError:
    _missing("playwright is not installed: pip install --require-hashes -r requirements-browser.txt")

PROGRAM = shutil.which(ASKED_FOR) if ASKED_FOR else next(filter(None, map(shutil.which, NAMES)), None)
if PROGRAM is None:
    _missing(f"there is no Chromium at {ASKED_FOR or ', '.join(NAMES)}")

expect = sync_api.expect
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
