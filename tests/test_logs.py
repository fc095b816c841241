"""What is logged, and what never is."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.logs import JsonLines, PlainLines, new_reference, reference, without_secrets

SECRETS = [
    "xoxb-123456789012-abcdefABCDEF",
    "xoxp-1-2-3-abcdef0123",
    "xapp-1-A0123-456-abcdef",
    "xoxe.xoxb-1-abcdefghij",
    "xoxe-1-abcdefghij",
    "v0=" + "a" * 64,
]


def record(message: str, *args: object, error: bool = False) -> logging.LogRecord:
    trace = None
    if error:
        try:
            raise ValueError(f"the token {SECRETS[0]} is bad")
        except ValueError:
            trace = sys.exc_info()
    return logging.LogRecord("bot.test", logging.ERROR, __file__, 1, message, args, trace)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_token_and_no_signature_is_ever_written(secret: str) -> None:
    for lines in (JsonLines(), PlainLines()):
        assert secret not in lines.format(record("called with %s", secret))
        assert secret not in lines.format(record(f"called with {secret}", error=True))
        assert SECRETS[0] not in lines.format(record("failed", error=True))


def test_what_is_no_secret_stays() -> None:
    assert without_secrets("ACME-12 xoxb is a prefix, v0=short") == "ACME-12 xoxb is a prefix, v0=short"


def test_a_line_is_json_and_carries_the_reference_of_its_work() -> None:
    quoted = new_reference()
    line = json.loads(JsonLines().format(record('it said "no"\nand left')))
    assert line["message"] == 'it said "no"\nand left'
    assert line["reference"] == quoted == reference()
    assert line["level"] == "error"


def test_a_reference_can_be_read_aloud() -> None:
    for _ in range(200):
        assert not set(new_reference()[2:]) & set("01OIL")
