"""chat.*: what is posted, changed and deleted, and what Slack refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import LocalWorkspace
from tests.sandbox.conftest import APP, SteeredClock, a_client, a_seed
from tests.sandbox.kit import actions, button, refusal, section


async def test_a_post_answers_with_the_message_and_the_ids_slack_made(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel="C0ACME", text="Hi", blocks=[section(), actions(button())])
    message = answer["message"]
    assert answer["channel"] == "C0ACME"
    assert message["ts"] == answer["ts"]
    assert message["bot_id"] == slack.seed.bot_id
    assert message["bot_profile"]["app_id"] == slack.seed.app_id
    assert all(block["block_id"] for block in message["blocks"])
    assert slack.channel("acme-website").messages[-1].ts == answer["ts"]


async def test_ts_are_unique_and_rising_even_if_the_clock_stands_still_or_goes_back(
    client: AsyncWebClient, clock: SteeredClock
) -> None:
    stamps = []
    for hours in (0, 0, 1, -5, 1):
        clock.advance(hours=hours)
        stamps.append((await client.chat_postMessage(channel="C0ACME", text="a"))["ts"])
    assert stamps == sorted(set(stamps))


async def test_a_post_to_a_person_opens_their_direct_message(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel="U0MAYA", text="Hello")
    assert answer["channel"].startswith("D")
    assert [message.text for message in slack.person("maya").direct_messages] == ["Hello"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0OPEN", "text": "a"}, "not_in_channel"),
        ({"channel": "G0SECRET", "text": "a"}, "channel_not_found"),
        ({"channel": "C0NOWHERE", "text": "a"}, "channel_not_found"),
        ({"channel": "U0GONE", "text": "a"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "a"}, "is_archived"),
        ({"channel": "C0ACME", "text": ""}, "no_text"),
        ({"channel": "C0ACME", "text": "a", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"channel": "C0ACME", "text": "a", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "C0ACME", "text": "a", "thread_ts": "1700000000.000001"}, "thread_not_found"),
        ({"channel": "C0ACME", "text": "a", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"channel": "C0ACME", "text": "a", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"channel": "C0ACME", "text": "a", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"channel": "C0ACME", "markdown_text": "a", "text": "a"}, "markdown_text_conflict"),
    ],
)
async def test_a_post_is_refused_as_slack_refuses_it(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    assert (await refusal(client.api_call("chat.postMessage", json=arguments)))["error"] == error


async def test_refused_blocks_are_told_with_json_pointers(client: AsyncWebClient) -> None:
    body = await refusal(client.chat_postMessage(channel="C0ACME", text="a", blocks=[section("a" * 3001)]))
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_public_channels_take_posts_from_outside_only_with_the_scope_for_it(
    clock: SteeredClock,
) -> None:
    app = replace(APP, bot_scopes=(*APP.bot_scopes, "chat:write.public"))
    async with LocalWorkspace(a_seed(app=app), clock=clock) as slack, a_client(slack) as client:
        await client.chat_postMessage(channel="C0OPEN", text="From outside")
        assert (await refusal(client.chat_postMessage(channel="G0SECRET", text="a")))[
            "error"
        ] == "channel_not_found"


async def test_text_is_cut_at_40000_and_escaped_where_the_app_left_it_bare(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(
        channel="C0ACME", text="a < b & c &amp; <@U0MAYA> <https://a.example|x>"
    )
    assert answer["message"]["text"] == "a &lt; b &amp; c &amp; <@U0MAYA> <https://a.example|x>"
    long = await client.chat_postMessage(channel="C0ACME", text="a" * 41_000)
    assert len(long["message"]["text"]) == 40_000


async def test_forms_and_json_say_the_same(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    blocks = '[{"type":"section","text":{"type":"mrkdwn","text":"In a form"}}]'
    metadata = '{"event_type":"card","event_payload":{"id":"7"}}'
    await client.api_call(
        "chat.postMessage", params={"channel": "C0ACME", "text": "a", "blocks": blocks, "metadata": metadata}
    )
    posted = slack.channel("acme-website").messages[-1]
    assert posted.blocks[0]["text"]["text"] == "In a form"
    assert posted.metadata == {"event_type": "card", "event_payload": {"id": "7"}}


async def test_who_is_notified_comes_from_blocks_where_there_are_any(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0ACME", text="<!channel>", blocks=[section("Only <@U0BEN>")])
    await client.chat_postMessage(channel="C0ACME", text="<!here> and <@U0MAYA>")
    pings = [message.pings for message in slack.channel("acme-website").messages]
    assert pings == [["U0BEN"], ["here", "U0MAYA"]]


# -- chat.update -------------------------------------------------------------------------------------


async def posted(client: AsyncWebClient, **more: Any) -> str:
    answer = await client.chat_postMessage(channel="C0ACME", text="Old", blocks=[section("Old")], **more)
    return str(answer["ts"])


async def test_text_without_blocks_removes_the_blocks_and_marks_the_edit(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    ts = await posted(client)
    await client.chat_update(channel="C0ACME", ts=ts, text="New")
    message = slack.channel("acme-website").messages[-1]
    assert (message.text, message.blocks) == ("New", [])
    assert message.edited is not None


async def test_blocks_in_an_update_leave_no_edit_mark(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    ts = await posted(client)
    await client.chat_update(channel="C0ACME", ts=ts, text="New", blocks=[section("New")])
    message = slack.channel("acme-website").messages[-1]
    assert message.blocks[0]["text"]["text"] == "New"
    assert message.edited is None


async def test_metadata_left_out_of_an_update_stays(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"id": "7"}}
    ts = await posted(client, metadata=metadata)
    await client.chat_update(channel="C0ACME", ts=ts, text="New")
    assert slack.channel("acme-website").messages[-1].metadata == metadata
    await client.chat_update(channel="C0ACME", ts=ts, text="New", metadata={})
    assert slack.channel("acme-website").messages[-1].metadata is None


async def test_an_update_takes_4000_characters_and_no_more(client: AsyncWebClient) -> None:
    ts = await posted(client)
    await client.chat_update(channel="C0ACME", ts=ts, text="a" * 4000)
    assert (await refusal(client.chat_update(channel="C0ACME", ts=ts, text="a" * 4001)))[
        "error"
    ] == "msg_too_long"


async def test_only_own_messages_that_exist_can_be_updated(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    said = await slack.person("ben").say("acme-website", "Mine")
    shown = await client.chat_postEphemeral(channel="C0ACME", user="U0BEN", text="Psst")
    for ts, error in (
        (said.ts, "cant_update_message"),
        (shown["message_ts"], "message_not_found"),
        ("1700000000.000001", "message_not_found"),
    ):
        assert (await refusal(client.chat_update(channel="C0ACME", ts=ts, text="a")))["error"] == error
    assert (await refusal(client.chat_delete(channel="C0ACME", ts=said.ts)))["error"] == "cant_delete_message"
    assert (await refusal(client.chat_update(channel="U0BEN", ts=said.ts, text="a")))[
        "error"
    ] == "channel_not_found"


async def test_a_deleted_root_with_replies_stays_as_a_tombstone(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    ts = await posted(client)
    await slack.person("ben").say("acme-website", "Reply", thread_ts=ts)
    await client.chat_delete(channel="C0ACME", ts=ts)
    assert slack.channel("acme-website").roots[0].subtype == "tombstone"
    lonely = await posted(client)
    await client.chat_delete(channel="C0ACME", ts=lonely)
    assert lonely not in slack.channel("acme-website").by_ts


# -- the rest ----------------------------------------------------------------------------------------


async def test_an_ephemeral_is_seen_by_one_person_of_the_channel(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel="C0ACME", user="U0MAYA", text="Only you")
    assert [message.text for message in slack.person("maya").ephemerals] == ["Only you"]
    assert slack.person("ben").ephemerals == []
    assert slack.channel("acme-website").messages == []
    outside = client.chat_postEphemeral(channel="C0ACME", user="U0CLIENT", text="a")
    assert (await refusal(outside))["error"] == "user_not_in_channel"


async def test_a_permalink_names_channel_message_and_thread(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    ts = await posted(client)
    reply = await client.chat_postMessage(channel="C0ACME", text="Reply", thread_ts=ts)
    link = (await client.chat_getPermalink(channel="C0ACME", message_ts=reply["ts"]))["permalink"]
    assert link == f"{slack.url}/archives/C0ACME/p{reply['ts'].replace('.', '')}?thread_ts={ts}&cid=C0ACME"
    gone = client.chat_getPermalink(channel="C0ACME", message_ts="1700000000.000001")
    assert (await refusal(gone))["error"] == "message_not_found"


async def test_a_scheduled_message_comes_when_the_clock_gets_there(
    slack: LocalWorkspace, client: AsyncWebClient, clock: SteeredClock
) -> None:
    now = int(clock.now().timestamp())
    for post_at, error in ((now - 1, "time_in_past"), (now + 121 * 86_400, "time_too_far")):
        late = client.chat_scheduleMessage(channel="C0ACME", text="a", post_at=post_at)
        assert (await refusal(late))["error"] == error
    await client.chat_scheduleMessage(channel="C0ACME", text="Later", post_at=now + 60)
    taken = await client.chat_scheduleMessage(channel="C0ACME", text="Never", post_at=now + 60)
    await client.chat_deleteScheduledMessage(
        channel="C0ACME", scheduled_message_id=taken["scheduled_message_id"]
    )
    assert [
        entry["text"] for entry in (await client.chat_scheduledMessages_list())["scheduled_messages"]
    ] == ["Later"]
    clock.advance(seconds=60)
    await slack.tick()
    assert [message.text for message in slack.channel("acme-website").messages] == ["Later"]


async def test_at_most_30_messages_are_scheduled_for_five_minutes_of_a_channel(
    client: AsyncWebClient, clock: SteeredClock
) -> None:
    at = int(clock.now().timestamp()) + 600
    for _ in range(30):
        await client.chat_scheduleMessage(channel="C0ACME", text="a", post_at=at)
    more = client.chat_scheduleMessage(channel="C0ACME", text="a", post_at=at)
    assert (await refusal(more))["error"] == "restricted_too_many"


async def test_a_reply_to_a_reply_goes_under_the_root_and_is_reported(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    ts = await posted(client)
    reply = await client.chat_postMessage(channel="C0ACME", text="One", thread_ts=ts)
    await client.chat_postMessage(channel="C0ACME", text="Two", thread_ts=reply["ts"])
    assert [message.text for message in slack.channel("acme-website").thread(ts)] == ["Old", "One", "Two"]
    assert [problem.kind for problem in slack.problems] == ["thread_ts_of_a_reply"]
