"""Events: who hears of what, and what the payloads say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import LocalWorkspace
from tests.sandbox.conftest import APP, SteeredClock, a_seed
from tests.sandbox.kit import actions, button, field, refusal, section, select, text_field
from tests.sandbox.little_app import LittleApp


async def test_the_envelope_of_an_event_says_where_it_comes_from(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    said = await slack.person("ben").say("acme-website", "Hi")
    (payload,) = app.payloads("message")
    assert payload["type"] == "event_callback"
    assert payload["team_id"] == slack.seed.team_id
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == slack.seed.bot_user_id
    assert payload["is_ext_shared_channel"] is False
    event = payload["event"]
    assert (event["ts"], event["event_ts"], event["channel_type"]) == (said.ts, said.ts, "channel")
    assert event["client_msg_id"]
    assert "thread_ts" not in event


async def test_messages_come_only_from_channels_with_the_bot_in_them(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    maya = slack.person("maya")
    for channel in ("random", "secret", "acme-website", "team"):
        await maya.say(channel, channel)
    await maya.say(slack.seed.bot_user_id, "privately")
    await maya.say("U0BEN", "between us")
    heard = [
        (payload["event"]["text"], payload["event"]["channel_type"]) for payload in app.payloads("message")
    ]
    assert heard == [("acme-website", "channel"), ("team", "group"), ("privately", "im")]


@pytest.mark.parametrize("missing", ["scope", "subscription"])
async def test_messages_need_the_scope_and_the_subscription(clock: SteeredClock, missing: str) -> None:
    events = tuple(name for name in APP.bot_events if missing != "subscription" or name != "message.channels")
    async with (
        LocalWorkspace(a_seed(app=replace(APP, bot_events=events)), clock=clock) as slack,
        LittleApp(slack) as app,
    ):
        if missing == "scope":
            slack.faults.missing_scopes = {"channels:history"}
        await slack.person("ben").say("acme-website", "Hi @Handoff")
        assert app.payloads("message") == []
        assert len(app.payloads("app_mention")) == 1


async def test_the_bots_own_messages_come_back_as_events(slack: LocalWorkspace, app: LittleApp) -> None:
    metadata = {"event_type": "card", "event_payload": {"id": "7"}}
    await app.web.chat_postMessage(channel="C0ACME", text="Card", metadata=metadata)
    await slack.settled()
    (payload,) = app.payloads("message")
    assert payload["event"]["bot_id"] == slack.seed.bot_id
    assert payload["event"]["user"] == slack.seed.bot_user_id
    assert payload["event"]["metadata"] == metadata


async def test_a_reply_names_its_thread_and_whose_it_is(slack: LocalWorkspace, app: LittleApp) -> None:
    root = await app.web.chat_postMessage(channel="C0ACME", text="Root")
    await slack.person("ben").say("acme-website", "ok", thread_ts=root["ts"])
    event = app.payloads("message")[-1]["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (root["ts"], slack.seed.bot_user_id)


async def test_an_update_and_a_deletion_are_told(slack: LocalWorkspace, app: LittleApp) -> None:
    ts = (await app.web.chat_postMessage(channel="C0ACME", text="Old"))["ts"]
    await app.web.chat_update(channel="C0ACME", ts=ts, text="New")
    await app.web.chat_delete(channel="C0ACME", ts=ts)
    await slack.settled()
    (changed,) = app.payloads("message_changed")
    assert changed["event"]["message"]["text"] == "New"
    assert changed["event"]["previous_message"]["text"] == "Old"
    assert changed["event"]["hidden"]
    assert changed["event"]["ts"] != ts
    (deleted,) = app.payloads("message_deleted")
    assert deleted["event"]["deleted_ts"] == ts


async def test_the_app_hears_of_its_invitation_of_names_and_of_sharing(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    await slack.invite_bot("random", by="U0MAYA")
    await slack.rename_channel("random", "chatter")
    await slack.share_channel("chatter")
    await slack.remove_bot("chatter")
    joined = app.payloads("member_joined_channel")[0]["event"]
    assert (joined["user"], joined["channel"], joined["inviter"]) == (
        slack.seed.bot_user_id,
        "C0OPEN",
        "U0MAYA",
    )
    assert app.payloads("channel_rename")[0]["event"]["channel"]["name"] == "chatter"
    assert app.payloads("channel_shared")[0]["event"]["channel"] == "C0OPEN"
    assert app.payloads("channel_left")[0]["event"]["channel"] == "C0OPEN"


async def test_the_app_hears_of_a_new_time_zone_and_of_its_end(slack: LocalWorkspace, app: LittleApp) -> None:
    await slack.change_person("maya", tz="Asia/Tokyo")
    assert app.payloads("user_change")[0]["event"]["user"]["tz_offset"] == 9 * 3600
    await slack.uninstall()
    assert app.payloads("tokens_revoked")[0]["event"]["tokens"]["bot"] == [slack.seed.bot_user_id]
    assert len(app.payloads("app_uninstalled")) == 1
    assert (await refusal(app.web.auth_test()))["error"] == "account_inactive"


async def test_opening_the_messages_tab_is_told_too(slack: LocalWorkspace, app: LittleApp) -> None:
    await slack.person("maya").open_home(tab="messages")
    event = app.payloads("app_home_opened")[0]["event"]
    assert (event["tab"], event["user"]) == ("messages", "U0MAYA")
    assert event["channel"].startswith("D")


# -- presses and shortcuts ---------------------------------------------------------------------------


async def test_a_press_tells_who_what_and_where(slack: LocalWorkspace, app: LittleApp) -> None:
    await app.web.chat_postMessage(
        channel="C0ACME",
        text="Card",
        blocks=[section(), actions(button("accept", value="7"), block_id="decide")],
    )
    await slack.person("ben").press(slack.channel("C0ACME").messages[-1], "accept")
    (payload,) = app.payloads("block_actions")
    assert payload["user"]["id"] == "U0BEN"
    assert payload["team"] == {"id": slack.seed.team_id, "domain": slack.seed.team_domain}
    assert payload["channel"] == {"id": "C0ACME", "name": "acme-website"}
    assert payload["container"]["message_ts"] == payload["message"]["ts"]
    action = payload["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("accept", "decide", "7")
    assert payload["response_url"]
    assert payload["trigger_id"]


async def test_what_a_person_chose_in_a_message_comes_with_their_next_press(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    blocks = [
        actions(select(2), button("go"), block_id="row"),
        field(text_field("why"), "reason"),
    ]
    await app.web.chat_postMessage(channel="C0ACME", text="Card", blocks=blocks)
    card = slack.channel("C0ACME").messages[-1]
    ben = slack.person("ben")
    await ben.press(card, "choose", value="v1")
    await ben.press(card, "why", value="Because")
    await ben.press(card, "go")
    await slack.person("maya").press(card, "go")
    chosen, pressed, others = app.payloads("block_actions")
    assert chosen["actions"][0]["selected_option"]["value"] == "v1"
    assert pressed["state"]["values"]["row"]["choose"]["selected_option"]["value"] == "v1"
    assert pressed["state"]["values"]["reason"]["why"]["value"] == "Because"
    assert others["state"]["values"]["row"]["choose"]["selected_option"] is None


async def test_nothing_can_be_pressed_without_interactivity(clock: SteeredClock) -> None:
    seed = a_seed(app=replace(APP, interactivity=False))
    async with LocalWorkspace(seed, clock=clock) as slack, LittleApp(slack) as app:
        await app.web.chat_postMessage(channel="C0ACME", text="Card", blocks=[actions(button("go"))])
        result = await slack.person("ben").press(slack.channel("C0ACME").messages[-1], "go")
        assert not result.acked
        assert [problem.kind for problem in slack.problems] == ["no_interactivity"]


async def test_a_button_that_is_not_there_cannot_be_pressed(slack: LocalWorkspace, app: LittleApp) -> None:
    await app.web.chat_postMessage(channel="C0ACME", text="Card", blocks=[actions(button("accept"))])
    with pytest.raises(LookupError, match=r"no 'decline' here.*/accept \(button\)"):
        await slack.person("ben").press(slack.channel("C0ACME").messages[-1], "decline")


async def test_shortcuts_carry_their_message_or_nothing(slack: LocalWorkspace, app: LittleApp) -> None:
    ben = slack.person("ben")
    said = await ben.say("acme-website", "Please do this")
    await ben.shortcut("log_message", message=said)
    (on_message,) = app.payloads("message_action")
    assert on_message["message"]["text"] == "Please do this"
    assert on_message["message_ts"] == said.ts
    assert on_message["response_url"]
    await ben.shortcut("log")
    (anywhere,) = app.payloads("shortcut")
    assert "channel" not in anywhere
    assert "response_url" not in anywhere
    with pytest.raises(LookupError, match="no global shortcut 'other'"):
        await ben.shortcut("other")


# -- Slack Connect -----------------------------------------------------------------------------------


async def test_an_outsider_presses_and_writes_but_has_no_commands_and_shortcuts(
    slack: LocalWorkspace, app: LittleApp
) -> None:
    carla = slack.person("carla")
    said = await carla.say("acme-shared", "Hello")
    payload = app.payloads("message")[-1]
    assert payload["is_ext_shared_channel"]
    assert payload["event"]["team"] == "T0CLIENT"
    assert (await carla.command("acme-shared", "/ask")).error == "invalid_command"
    assert (await carla.shortcut("log_message", message=said)).error == "not_allowed"

    await app.web.chat_postMessage(channel="C0SHARED", text="Card", blocks=[actions(button("accept"))])
    assert (await carla.press(slack.channel("acme-shared").messages[-1], "accept")).acked
    (press,) = app.payloads("block_actions")
    assert press["team"]["id"] == slack.seed.team_id
    assert press["user"]["team_id"] == "T0CLIENT"


async def test_an_outsider_does_not_see_other_channels(slack: LocalWorkspace, app: LittleApp) -> None:
    await app.web.chat_postMessage(channel="C0ACME", text="Card", blocks=[actions(button("accept"))])
    with pytest.raises(LookupError, match="does not see"):
        await slack.person("carla").press(slack.channel("C0ACME").messages[-1], "accept")
    with pytest.raises(LookupError, match="cannot write"):
        await slack.person("carla").say("acme-website", "Hi")


# -- unread ------------------------------------------------------------------------------------------


async def test_unread_and_mentions_are_counted_for_each_person(slack: LocalWorkspace, app: LittleApp) -> None:
    channel = slack.channel("acme-website")

    def counters(user: str) -> tuple[int, int]:
        return channel.unread[user], channel.mentions[user]

    root = await slack.person("ben").say("acme-website", "@maya look")
    await slack.person("ben").say("acme-website", "and again", thread_ts=root.ts)
    await app.web.chat_postMessage(channel="C0ACME", text="<!here> all")
    assert counters("U0MAYA") == (2, 2)
    assert counters("U0BEN") == (1, 1)
    await slack.person("maya").read("acme-website", root.ts)
    assert counters("U0MAYA") == (1, 0)
    await slack.person("maya").read("acme-website")
    assert counters("U0MAYA") == (0, 0)


async def test_a_typed_broadcast_pings_and_a_pasted_one_does_not(slack: LocalWorkspace) -> None:
    picked: Any = await slack.person("ben").say("acme-website", "@channel hi")
    pasted = await slack.person("ben").say("acme-website", "<!channel> hi")
    assert (picked.text, picked.pings) == ("<!channel> hi", ["channel"])
    assert (pasted.text, pasted.pings) == ("&lt;!channel&gt; hi", [])
