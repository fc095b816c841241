"""What Sentry is told of an error: where it was, under which reference, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot import logs
from bot.telemetry import crash_reports

TOKEN = "xoxb-123456789012-abcdefABCDEF"
WORDS = "please keep the budget of Acme between us"


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.reports: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        if event is not None:
            self.reports.append(dict(event))


@pytest.fixture
def kept() -> Iterator[Kept]:
    transport = Kept()
    crash_reports.switch_on("http://key@127.0.0.1:9/1", version="1", transport=transport)
    yield transport
    sentry_sdk.get_client().close()
    # By itself it would look for libraries to hook into, SQLAlchemy among them, and stay in them for other tests.
    sentry_sdk.init(default_integrations=False, auto_enabling_integrations=False)


def test_a_report_holds_the_code_and_the_reference_and_no_words(kept: Kept) -> None:
    reference = logs.new_reference(kind="press", workspace="T1", request="R1")
    typed = WORDS
    try:
        raise ValueError(f"cannot read {typed} with {TOKEN}")
    except ValueError:
        logging.getLogger("bot.test").exception("a press failed: %s", typed)
    sentry_sdk.flush()
    (report,) = kept.reports
    told = json.dumps(report, default=str)
    assert WORDS not in told
    assert TOKEN not in told
    assert report["tags"] == {"reference": reference, "workspace": "T1", "kind": "press"}
    (exception,) = report["exception"]["values"]
    assert exception["type"] == "ValueError"
    frame = exception["stacktrace"]["frames"][-1]
    assert frame["function"] == "test_a_report_holds_the_code_and_the_reference_and_no_words"
    assert "vars" not in frame
    assert report["logentry"] == {"message": "a press failed: %s"}


def test_what_is_no_error_is_not_reported(kept: Kept) -> None:
    logging.getLogger("bot.test").warning("nothing to see")
    sentry_sdk.flush()
    assert kept.reports == []
