"""The thin path: a command opens a modal, its submission posts a card, a press updates it."""

from __future__ import annotations

from typing import Any

from bot.sandbox import LocalWorkspace
from tests.sandbox.little_app import LittleApp

MODAL = {
    "type": "modal",
    "callback_id": "ask",
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def card(text: str) -> list[dict[str, Any]]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "accept",
                    "text": {"type": "plain_text", "text": "Accept"},
                    "value": "1",
                }
            ],
        },
    ]


async def test_a_request_goes_from_the_command_to_the_accepted_card(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    async def listen(payload: dict[str, Any]) -> Any:
        if payload.get("command"):
            await app.web.views_open(trigger_id=payload["trigger_id"], view=MODAL)
        elif payload["type"] == "view_submission":
            what = payload["view"]["state"]["values"]["what"]["text"]["value"]
            await app.web.chat_postMessage(channel="C0ACME", text=what, blocks=card(what))
        elif payload["type"] == "block_actions":
            message = payload["message"]
            await app.web.chat_update(channel="C0ACME", ts=message["ts"], text="Accepted", blocks=[])
        return None

    app.listener = listen
    maya, ben = slack.person("maya"), slack.person("ben")

    asked = await maya.command("acme-website", "/ask", "newsletter")
    assert asked.acked
    assert maya.modal is not None

    await maya.fill(what="A newsletter & more")
    sent = await maya.submit()
    assert sent.closed
    assert maya.modal is None

    posted = slack.channel("acme-website").messages[-1]
    assert posted.text == "A newsletter &amp; more"
    pressed = await ben.press(posted, "accept")
    assert pressed.acked
    assert slack.channel("acme-website").messages[-1].text == "Accepted"
    await slack.settled()
    assert slack.problems == []


async def test_what_is_said_reaches_the_app_as_an_event_with_escaped_text(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    await slack.person("ben").say("acme-website", "2 < 3 & @Handoff look")
    (event,) = [payload["event"] for payload in app.payloads("message")]
    assert event["text"] == f"2 &lt; 3 &amp; <@{slack.seed.bot_user_id}> look"
    assert event["blocks"][0]["type"] == "rich_text"
    (mention,) = app.payloads("app_mention")
    assert mention["event"]["ts"] == event["ts"]
    assert "channel_type" not in mention["event"]
