"""Nothing that Slack sends stays unanswered, known or not, whole or not."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy.exc import OperationalError

from bot.slack.directory import Directory, Reader
from tests.slack_world import ACME, ANA, TEAM, World

WHO = {"id": ANA, "team_id": TEAM, "username": "ana", "name": "ana"}
PRESS: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": TEAM},
    "user": WHO,
    "channel": {"id": ACME, "name": "acme"},
    "container": {"type": "message", "message_ts": "1.1", "channel_id": ACME},
    "trigger_id": "1.2.3",
}


def event(kind: str, **facts: Any) -> dict[str, Any]:
    inner = {"type": kind, "event_ts": "1.1", **facts}
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event_time": 1, "event": inner}


def press(action: Any, **facts: Any) -> dict[str, Any]:
    return {**PRESS, "actions": [action], **facts}


BODIES: dict[str, dict[str, Any]] = {
    "an event nobody asked for": event("reaction_added", user=ANA, item={"type": "message"}),
    "a message in a channel": event("message", user=ANA, channel=ACME, ts="1.1", text="hello"),
    "a message that was changed": event("message", subtype="message_changed", channel=ACME, message={}),
    "a message that was deleted": event("message", subtype="message_deleted", channel=ACME, deleted_ts="1.1"),
    "a message of another bot": event("message", subtype="bot_message", bot_id="B9", channel=ACME, text="ok"),
    "a message without a text": event("message", user=ANA, channel=ACME, ts="1.1", thread_ts="1.0"),
    "somebody joined": event("member_joined_channel", user=ANA, channel=ACME),
    "a user with nothing known": event("user_change", user={"id": "U0NEW"}),
    "a home that is not opened": event("app_home_opened", user=ANA, tab="messages", channel="D1"),
    "the app was removed": event("app_uninstalled"),
    "tokens were revoked": event("tokens_revoked", tokens={"bot": ["U1"]}),
    "an unknown button": press(
        {"action_id": "from_long_ago", "block_id": "b", "type": "button", "value": "x"}
    ),
    "a button without a value": press({"action_id": "accept", "block_id": "b", "type": "button"}),
    "a button with a foreign value": press(
        {"action_id": "accept", "block_id": "b", "type": "button", "value": "'; DROP TABLE events; --"}
    ),
    "a revision that is no number": press(
        {
            "action_id": "decline",
            "block_id": "b",
            "type": "button",
            "value": "01a20683-8da0-7002-b3ce-e3dec90ea0bd:½",
        }
    ),
    "a press in a view nobody knows": {
        **press({"action_id": "zz", "block_id": "b", "type": "datepicker", "selected_date": None}),
        "view": {"id": "V1", "callback_id": "zz", "state": {"values": {}}},
    },
    "a modal nobody knows": {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": WHO,
        "view": {"id": "V1", "type": "modal", "callback_id": "zz", "state": {"values": {}}, "blocks": []},
    },
    "a form with nothing in it": {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": WHO,
        "view": {
            "id": "V2",
            "type": "modal",
            "callback_id": "ask",
            "private_metadata": "[]",
            "state": {"values": {}},
        },
    },
    "a modal that was closed": {
        "type": "view_closed",
        "team": {"id": TEAM},
        "user": WHO,
        "view": {"id": "V1", "callback_id": "ask"},
    },
    "a shortcut nobody knows": {
        "type": "shortcut",
        "team": {"id": TEAM},
        "user": WHO,
        "callback_id": "zz",
        "trigger_id": "1.2.3",
    },
    "letters in a select nobody knows": {
        "type": "block_suggestion",
        "team": {"id": TEAM},
        "user": WHO,
        "action_id": "zz",
        "block_id": "zz",
        "value": "a",
        "container": {"type": "view"},
    },
    "a command with an expired trigger": {
        "command": "/ask",
        "text": "acme a payload",
        "team_id": TEAM,
        "channel_id": ACME,
        "user_id": ANA,
        "user_name": "ana",
        "trigger_id": "1.2.3",
        "response_url": "",
    },
}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("what", BODIES)
async def test_it_is_answered(world: World, what: str, caplog: pytest.LogCaptureFixture) -> None:
    request = AsyncBoltRequest(body=BODIES[what], mode="socket_mode")
    answer = await world.handoff.app.async_dispatch(request)
    assert answer.status == 200, answer.body
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.only_on("sqlite")
async def test_a_press_of_somebody_who_cannot_be_looked_up_is_answered_and_begins_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """In an organisation one has to look who they are, and the database is away."""

    async def nobody(directory: Directory, workspace_id: str, person_id: str) -> Reader:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(Directory, "reader", nobody)
    org = {"enterprise": {"id": "E0ORG"}, "user": {**WHO, "id": "U0SISTER", "team_id": "T0SISTER"}}
    pressed = {**press({"action_id": "accept", "block_id": "b", "type": "button", "value": "x"}), **org}
    answer = await world.handoff.app.async_dispatch(AsyncBoltRequest(body=pressed, mode="socket_mode"))
    assert answer.status == 200, answer.body
    gc.collect()
    assert [str(warning.message) for warning in recwarn if "never awaited" in str(warning.message)] == []
