"""Slash commands, what comes back at once, and response URLs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import Fault, LocalWorkspace
from tests.sandbox.conftest import APP, SteeredClock, a_seed
from tests.sandbox.kit import actions, button, section
from tests.sandbox.little_app import LittleApp


async def test_a_command_carries_every_field_slack_sends(slack: LocalWorkspace, app: LittleApp) -> None:
    await slack.person("maya").command("acme-website", "/ask", "  acme: newsletter  ")
    (payload,) = app.payloads("command")
    assert payload["text"] == "acme: newsletter"
    assert (payload["channel_id"], payload["channel_name"]) == ("C0ACME", "acme-website")
    assert (payload["user_id"], payload["user_name"]) == ("U0MAYA", "maya")
    assert (payload["team_id"], payload["api_app_id"]) == (slack.seed.team_id, slack.seed.app_id)
    assert payload["is_enterprise_install"] == "false"
    assert payload["response_url"].startswith(f"{slack.url}/response/")
    assert payload["trigger_id"]
    await slack.person("maya").command("team", "/ask")
    assert app.payloads("command")[-1]["channel_name"] == "privategroup"


async def test_people_channels_and_links_are_escaped_only_for_commands_that_ask_for_it(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    typed = "@ben in #acme-website see https://a.example <!channel>"
    for command in ("/ask", "/raw"):
        await slack.person("maya").command("C0ACME", command, typed)
    escaped, raw = (payload["text"] for payload in app.payloads("command"))
    assert escaped == ("<@U0BEN|ben> in <#C0ACME|acme-website> see <https://a.example> &lt;!channel&gt;")
    assert raw == typed


@pytest.mark.parametrize(("name", "sentence"), [("/ask", "/ask is not supported in threads. Sorry!")])
async def test_commands_are_refused_in_threads_and_the_app_hears_nothing(
    slack: LocalWorkspace, app: LittleApp, name: str, sentence: str
) -> None:
    result = await slack.person("maya").command("C0ACME", name, "a", in_thread=True)
    assert (result.acked, result.error_text) == (False, sentence)
    assert app.requests == []


async def test_an_unknown_command_never_leaves_slack(slack: LocalWorkspace, app: LittleApp) -> None:
    result = await slack.person("maya").command("C0ACME", "/dance")
    assert result.error == "invalid_command"
    assert app.requests == []


async def test_nobody_writes_to_an_app_whose_messages_tab_is_read_only(clock: SteeredClock) -> None:
    seed = a_seed(app=replace(APP, messages_tab_read_only=True))
    async with LocalWorkspace(seed, clock=clock) as slack:
        maya = slack.person("maya")
        with pytest.raises(LookupError, match="turned off"):
            await maya.say(seed.bot_user_id, "Hello?")
        assert (await maya.command(seed.bot_user_id, "/ask")).error == "read_only"


async def test_a_command_without_an_ack_times_out_in_slacks_words(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    slack.socket_mode.ack_seconds = 0.05

    async def be_silent(payload: dict[str, Any]) -> Any:
        return LittleApp.silent

    app.listener = be_silent
    result = await slack.person("maya").command("C0ACME", "/ask")
    assert result.error == "operation_timeout"
    assert result.error_text == '/ask failed with the error "operation_timeout"'
    assert len(app.payloads("command")) == 1, "Slack never repeats a command"


async def test_a_command_without_an_app_fails(slack: LocalWorkspace) -> None:
    result = await slack.person("maya").command("C0ACME", "/ask")
    assert result.error == "dispatch_failed"


async def answered(slack: LocalWorkspace, app: LittleApp, answer: Any) -> Any:
    async def reply(payload: dict[str, Any]) -> Any:
        return answer

    app.listener = reply
    return await slack.person("maya").command("C0ACME", "/ask")


async def test_an_answer_in_the_ack_is_shown_to_the_person_alone(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    result = await answered(slack, app, {"text": "Noted"})
    assert result.response == {"text": "Noted"}
    assert [message.text for message in slack.person("maya").ephemerals] == ["Noted"]
    assert slack.channel("C0ACME").messages == []


async def test_an_answer_in_the_ack_can_be_for_the_channel(slack: LocalWorkspace, app: LittleApp) -> None:
    await answered(slack, app, {"response_type": "in_channel", "text": "Noted", "blocks": [section("Noted")]})
    assert [message.text for message in slack.channel("C0ACME").messages] == ["Noted"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"blocks": [section("a" * 3001)]}, "invalid_response"),
        ({"response_type": "ephemeral"}, "empty_response"),
    ],
)
async def test_an_answer_that_slack_would_not_show_is_reported(
    slack: LocalWorkspace, app: LittleApp, answer: dict[str, Any], kind: str
) -> None:
    await answered(slack, app, answer)
    assert [problem.kind for problem in slack.problems] == [kind]
    assert slack.person("maya").ephemerals == []


# -- response_url ------------------------------------------------------------------------------------


async def a_response_url(slack: LocalWorkspace, app: LittleApp) -> AsyncWebhookClient:
    await slack.person("maya").command("C0ACME", "/ask")
    return AsyncWebhookClient(app.payloads("command")[-1]["response_url"])


async def test_a_response_url_works_five_times(slack: LocalWorkspace, app: LittleApp) -> None:
    url = await a_response_url(slack, app)
    for number in range(5):
        assert (await url.send(text=str(number))).body == "ok"
    spent = await url.send(text="again")
    assert spent.status_code == 404
    assert "used_url" in spent.body
    assert len(slack.person("maya").ephemerals) == 5


async def test_a_response_url_lives_half_an_hour(
    slack: LocalWorkspace, app: LittleApp, clock: SteeredClock
) -> None:
    url = await a_response_url(slack, app)
    clock.advance(minutes=31)
    assert "expired_url" in (await url.send(text="late")).body


async def test_a_response_url_refuses_what_a_post_would(slack: LocalWorkspace, app: LittleApp) -> None:
    url = await a_response_url(slack, app)
    assert "no_text" in (await url.send(text="")).body
    assert "invalid_blocks" in (await url.send(text="a", blocks=[{"type": "section"}])).body


async def test_a_response_url_answers_in_the_channel_and_in_a_thread(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    url = await a_response_url(slack, app)
    await url.send(text="Root", response_type="in_channel")
    root = slack.channel("C0ACME").messages[-1]
    await url.send_dict({"text": "Reply", "response_type": "in_channel", "thread_ts": root.ts})
    assert [message.text for message in slack.channel("C0ACME").thread(root.ts)] == ["Root", "Reply"]


async def test_a_response_url_of_a_press_replaces_or_deletes_the_message(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    maya = slack.person("maya")
    await app.web.chat_postEphemeral(
        channel="C0ACME", user="U0MAYA", text="Sure?", blocks=[actions(button("yes"))]
    )
    await maya.press(maya.ephemerals[0], "yes")
    (payload,) = app.payloads("block_actions")
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    url = AsyncWebhookClient(payload["response_url"])
    await url.send(text="Done", replace_original=True)
    assert [(message.text, message.blocks) for message in maya.ephemerals] == [("Done", [])]
    await url.send(delete_original=True)
    assert maya.ephemerals == []


async def test_a_response_url_can_be_told_to_fail(slack: LocalWorkspace, app: LittleApp) -> None:
    url = await a_response_url(slack, app)
    slack.faults.add(Fault("response_url", "ratelimited", retry_after=7))
    limited = await url.send(text="a")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
