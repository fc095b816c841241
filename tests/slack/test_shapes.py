"""What Bolt would stumble over is known before Bolt sees it; what Slack sends, however new, is not held up."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.shapes import is_readable
from tests.slack.test_catch_all import BODIES, event, press


@pytest.mark.parametrize("what", BODIES)
def test_whatever_slack_sends_is_readable(what: str) -> None:
    assert is_readable(BODIES[what])


def test_what_slack_may_add_one_day_is_no_reason_to_refuse() -> None:
    new = {"interactivity": {"pointer": [1, {}]}, "assistant_thread": {"x": [{}]}, "flags": [[]]}
    assert is_readable({**BODIES["an unknown button"], **new})
    assert is_readable(event("message", files=[{"id": "F1"}], blocks=[{"elements": [{}]}]))


BUTTON = {"action_id": "accept", "block_id": "b", "type": "button"}
DEEP: list[Any] = []
for _ in range(200):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "body",
    [
        press(BUTTON, team=5),
        press(BUTTON, view="V1"),
        press(BUTTON, authorizations=[None]),
        press({"action_id": ["accept"]}),
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": None},
        {"type": "view_submission", "view": {"callback_id": "ask"}},
        {"type": "view_submission"},
        {"type": "shortcut"},
        {"type": ["shortcut"]},
        {"type": "event_callback", "event": {}},
        {"type": "event_callback", "event": {"type": "message", "message": "hello"}},
        {"type": "event_callback"},
        {"event": None},
        {**press(BUTTON), "response_urls": None},
        {"type": "event_callback", "event": {"type": "group_archive", "channel": 11}},
        {"type": "event_callback", "event": {"type": "reaction_added", "item": {"channel": 11}}},
        {"type": "event_callback", "event": {"type": "message", "message": {"user": 5}}},
        {"command": {"name": "/ask"}},
        {"type": "shortcut", "callback_id": "x", "extra": DEEP},
    ],
)
def test_what_bolt_would_stumble_over_is_not(body: dict[str, Any]) -> None:
    assert not is_readable(body)
