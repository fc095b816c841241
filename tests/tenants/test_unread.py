"""The database is down, and this process has not met the workspace: everybody is told so, and no word is lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import OperationalError

from bot.bootstrap import Handoff, handoff
from bot.clock import FrozenClock
from tests.tenants.crowd import ACME, ANA, NOW, Slack, settings, yes_sayer

TYPED = "acme: A sign-up & a menu"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with yes_sayer() as found:
        yield found


@pytest.fixture
async def down(database_url: str, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Handoff]:
    async def fails(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("the database is down"))

    async with handoff(settings(database_url, slack.url), clock=FrozenClock(NOW)) as built:
        monkeypatch.setattr(built.bot.runner, "read", fails)
        monkeypatch.setattr(built.bot.runner, "run", fails)
        yield built


async def deliver(built: Handoff, body: dict[str, Any]) -> BoltResponse:
    person = {"user": {"id": ANA, "team_id": "T1"}, "team": {"id": "T1"}}
    return await built.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=person | body))


def failed(kind: str) -> float:
    return REGISTRY.get_sample_value("handoff_acks_total", {"kind": kind, "outcome": "failed"}) or 0.0


async def test_a_command_gives_every_word_back(down: Handoff) -> None:
    before = failed("command")
    answer = await down.app.async_dispatch(
        AsyncBoltRequest(
            mode="socket_mode",
            body={
                "team_id": "T1",
                "user_id": ANA,
                "channel_id": ACME,
                "command": "/ask",
                "text": "acme: A sign-up &amp; a menu",
                "trigger_id": "1.2.3",
                "is_enterprise_install": "false",
            },
        )
    )
    assert answer.status == 200
    assert TYPED in str(json.loads(answer.body)["blocks"]).replace("&amp;", "&")
    assert failed("command") == before + 1


async def test_a_form_stays_open_with_what_was_typed(down: Handoff) -> None:
    before = failed("submission")
    inputs = [{"type": "input", "block_id": "title", "element": {"type": "plain_text_input"}}]
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "log",
        "private_metadata": "",
        "blocks": inputs,
        "state": {"values": {}},
    }
    answer = await deliver(down, {"type": "view_submission", "view": view})
    assert answer.status == 200
    assert json.loads(answer.body)["response_action"] == "errors"
    assert failed("submission") == before + 1


async def test_a_press_is_answered_at_the_address_it_came_with(down: Handoff, slack: Slack) -> None:
    before = failed("press")
    press = {
        "type": "block_actions",
        "channel": {"id": ACME},
        "trigger_id": "1.2.3",
        "response_url": f"{slack.url}response_url",
        "actions": [{"type": "button", "action_id": "accept", "block_id": "b", "value": ""}],
    }
    answer = await deliver(down, press)
    assert answer.status == 200
    (told,) = slack.calls
    assert (told.method, told.token) == ("response_url", "")
    assert told.arguments["replace_original"] is False
    assert "again" in told.arguments["text"]
    assert failed("press") == before + 1


async def test_a_press_without_an_address_is_marked_by_slack_itself(down: Handoff) -> None:
    view = {"id": "V1", "type": "home", "callback_id": "", "state": {"values": {}}}
    actions = [{"type": "button", "action_id": "accept", "block_id": "b", "value": ""}]
    answer = await deliver(
        down, {"type": "block_actions", "trigger_id": "1.2", "view": view, "actions": actions}
    )
    assert answer.status == 500


async def test_an_event_is_left_for_slack_to_bring_again(down: Handoff) -> None:
    before = failed("event")
    event = {"type": "app_home_opened", "user": ANA}
    answer = await deliver(
        down, {"type": "event_callback", "team_id": "T1", "event": event, "event_id": "Ev1"}
    )
    assert answer.status == 500
    assert failed("event") == before + 1
