"""conversations.*, users.* and their kin: what the bot sees, and with which scope."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import LocalWorkspace
from tests.sandbox.conftest import APP, CHANNELS, SteeredClock, a_client, a_seed
from tests.sandbox.kit import modal, plain, refusal, section


async def test_auth_test_names_the_bot_and_carries_the_scopes(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == (slack.seed.bot_user_id, slack.seed.bot_id)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-local-workspace", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(slack: LocalWorkspace, token: str, error: str) -> None:
    async with a_client(slack, token) as client:
        assert (await refusal(client.auth_test()))["error"] == error


async def test_the_bot_token_opens_no_socket(client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("apps.connections.open")))["error"] == "not_allowed_token_type"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk uses it
async def test_the_install_code_is_exchanged_for_the_bot_token(slack: LocalWorkspace) -> None:
    async with a_client(slack, "") as client:
        installed = await client.oauth_v2_access(client_id="1", client_secret="2", code="local-install-code")
        assert installed["access_token"] == slack.seed.bot_token
        assert installed["team"]["id"] == slack.seed.team_id
        wrong = client.oauth_v2_access(client_id="1", client_secret="2", code="other")
        assert (await refusal(wrong))["error"] == "invalid_code"


async def test_blocks_are_validated_without_a_token(slack: LocalWorkspace) -> None:
    async with a_client(slack, "") as client:
        await client.api_call("blocks.validate", json={"blocks": [section()]})
        body = await refusal(client.api_call("blocks.validate", json={"view": modal(title=plain("a" * 25))}))
    (error,) = body["errors"]
    assert (error["pointer"], error["field"]) == ("/view/title/text", "text")


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"


async def test_a_missing_scope_is_told_with_what_is_needed_and_what_is_there(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    slack.faults.missing_scopes = {"chat:write"}
    body = await refusal(client.chat_postMessage(channel="C0ACME", text="a"))
    assert (body["error"], body["needed"]) == ("missing_scope", "chat:write")
    assert "users:read" in body["provided"].split(",")


@pytest.mark.parametrize(
    ("scope", "call", "needed"),
    [
        ("channels:read", ("conversations.info", {"channel": "C0ACME"}), "channels:read"),
        ("groups:read", ("conversations.info", {"channel": "G0TEAM"}), "groups:read"),
        ("channels:history", ("conversations.history", {"channel": "C0ACME"}), "channels:history"),
        ("groups:history", ("conversations.replies", {"channel": "G0TEAM", "ts": "1"}), "groups:history"),
        ("im:write", ("conversations.open", {"users": "U0MAYA"}), "im:write,mpim:write"),
        ("users:read", ("users.info", {"user": "U0MAYA"}), "users:read"),
        ("users:read.email", ("users.lookupByEmail", {"email": "a@a.example"}), "users:read.email"),
        ("files:write", ("files.getUploadURLExternal", {"filename": "a", "length": 1}), "files:write"),
        ("reactions:write", ("reactions.add", {"channel": "C0ACME"}), "reactions:write"),
        ("team:read", ("team.info", {}), "team:read"),
    ],
)
async def test_each_kind_of_conversation_needs_its_own_scope(
    clock: SteeredClock, scope: str, call: tuple[str, dict[str, Any]], needed: str
) -> None:
    kept = tuple(known for known in APP.bot_scopes if known != scope and not known.startswith("mpim"))
    seed = a_seed(app=replace(APP, bot_scopes=kept))
    async with LocalWorkspace(seed, clock=clock) as slack, a_client(slack) as client:
        body = await refusal(client.api_call(call[0], params=call[1]))
    assert (body["error"], body["needed"]) == ("missing_scope", needed)


async def test_what_a_channel_is_can_be_read(client: AsyncWebClient) -> None:
    async def info(channel: str) -> dict[str, Any]:
        answer = await client.conversations_info(channel=channel, include_num_members=True)
        found: dict[str, Any] = answer["channel"]
        return found

    shared = await info("C0SHARED")
    assert shared["is_ext_shared"]
    assert shared["is_member"]
    assert shared["num_members"] == 4
    assert not (await info("C0OPEN"))["is_member"]
    assert (await info("C0OLD"))["is_archived"]
    assert (await info("G0TEAM"))["is_private"]
    assert (await refusal(client.conversations_info(channel="G0SECRET")))["error"] == "channel_not_found"


async def test_private_channels_are_listed_only_with_the_bot_in_them(client: AsyncWebClient) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert [channel["name"] for channel in listed["channels"]] == [
        "acme-website",
        "acme-shared",
        "random",
        "team",
    ]
    own = await client.users_conversations(types="public_channel,private_channel", exclude_archived=True)
    assert "random" not in [channel["name"] for channel in own["channels"]]


async def test_lists_come_in_pages(client: AsyncWebClient) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = await client.conversations_list(limit=2, cursor=cursor)
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == [channel.name for channel in CHANNELS if not channel.is_private]
    assert (await refusal(client.conversations_list(cursor="garbage")))["error"] == "invalid_cursor"


async def test_members_and_joining(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    assert (await client.conversations_members(channel="C0OPEN"))["members"] == ["U0BEN", "U0MAYA"]
    needs = await refusal(client.conversations_join(channel="C0OPEN"))
    assert needs["error"] == "missing_scope"


async def test_a_direct_message_is_opened_once(client: AsyncWebClient) -> None:
    first = await client.conversations_open(users="U0MAYA")
    again = await client.conversations_open(users="U0MAYA")
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"]
    assert (await refusal(client.conversations_open(users="U0NOBODY")))["error"] == "user_not_found"
    assert (await client.conversations_info(channel=first["channel"]["id"]))["channel"]["user"] == "U0MAYA"


# -- history -----------------------------------------------------------------------------------------


async def filled(client: AsyncWebClient, count: int) -> list[str]:
    metadata = {"event_type": "card", "event_payload": {}}
    posts = [
        await client.chat_postMessage(channel="C0ACME", text=f"m{n}", metadata=metadata) for n in range(count)
    ]
    return [str(post["ts"]) for post in posts]


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


async def test_history_comes_newest_first_in_pages_without_replies(client: AsyncWebClient) -> None:
    stamps = await filled(client, 5)
    await client.chat_postMessage(channel="C0ACME", text="Reply", thread_ts=stamps[0])
    first = await client.conversations_history(channel="C0ACME", limit=3)
    assert texts(first) == ["m4", "m3", "m2"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel="C0ACME", limit=3, cursor=cursor)
    assert texts(rest) == ["m1", "m0"]
    assert not rest["has_more"]
    assert rest["messages"][-1]["reply_count"] == 1


async def test_oldest_latest_and_inclusive_bound_the_history(client: AsyncWebClient) -> None:
    stamps = await filled(client, 4)

    async def between(**bounds: Any) -> list[str]:
        return texts(await client.conversations_history(channel="C0ACME", **bounds))

    assert await between(oldest=stamps[1], latest=stamps[3]) == ["m2"]
    assert await between(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["m3", "m2", "m1"]
    assert await between(latest=stamps[2], inclusive=True, limit=1) == ["m2"]


async def test_metadata_is_told_only_to_who_asks_for_it(client: AsyncWebClient) -> None:
    (ts,) = await filled(client, 1)
    plain = await client.conversations_history(channel="C0ACME")
    asked = await client.conversations_history(channel="C0ACME", include_all_metadata=True)
    thread = await client.conversations_replies(channel="C0ACME", ts=ts, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"]["event_type"] == "card"
    assert thread["messages"][0]["metadata"]["event_type"] == "card"


async def test_a_thread_is_read_from_its_root_or_any_reply_in_pages(client: AsyncWebClient) -> None:
    (root,) = await filled(client, 1)
    replies = [
        await client.chat_postMessage(channel="C0ACME", text=f"r{n}", thread_ts=root) for n in range(4)
    ]
    whole = await client.conversations_replies(channel="C0ACME", ts=replies[2]["ts"])
    assert texts(whole) == ["m0", "r0", "r1", "r2", "r3"]
    first = await client.conversations_replies(channel="C0ACME", ts=root, limit=3)
    rest = await client.conversations_replies(
        channel="C0ACME", ts=root, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert texts(first) + texts(rest) == ["m0", "r0", "r1", "m0", "r2", "r3"]
    gone = client.conversations_replies(channel="C0ACME", ts="1700000000.000001")
    assert (await refusal(gone))["error"] == "thread_not_found"


async def test_history_of_a_channel_without_the_bot_is_closed(client: AsyncWebClient) -> None:
    assert (await refusal(client.conversations_history(channel="C0OPEN")))["error"] == "not_in_channel"


# -- people ------------------------------------------------------------------------------------------


async def test_a_person_has_zone_and_mail_and_an_outsider_is_a_stranger(client: AsyncWebClient) -> None:
    maya = (await client.users_info(user="U0MAYA"))["user"]
    assert (maya["tz"], maya["tz_offset"]) == ("Europe/Stockholm", 3600)
    assert maya["profile"]["email"] == "maya@agency.example"
    carla = (await client.users_info(user="U0CLIENT"))["user"]
    assert carla["is_stranger"]
    assert carla["team_id"] == "T0CLIENT"
    assert "email" not in carla["profile"]
    assert (await client.users_info(user="U0GONE"))["user"]["deleted"]
    assert (await refusal(client.users_info(user="U0NOBODY")))["error"] == "user_not_found"


async def test_mail_is_withheld_without_its_scope(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    slack.faults.missing_scopes = {"users:read.email"}
    assert "email" not in (await client.users_info(user="U0MAYA"))["user"]["profile"]


async def test_people_are_found_by_mail_and_listed_without_outsiders(client: AsyncWebClient) -> None:
    assert (await client.users_lookupByEmail(email="BEN@agency.example"))["user"]["id"] == "U0BEN"
    assert (await refusal(client.users_lookupByEmail(email="c@client.example")))["error"] == "users_not_found"
    assert "U0CLIENT" not in [member["id"] for member in (await client.users_list())["members"]]


async def test_bot_and_team_can_be_read(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    assert (await client.bots_info(bot=slack.seed.bot_id))["bot"]["app_id"] == slack.seed.app_id
    assert (await client.team_info())["team"]["id"] == slack.seed.team_id


# -- reactions and files -----------------------------------------------------------------------------


async def test_a_reaction_is_given_once_and_taken_back_once(client: AsyncWebClient) -> None:
    (ts,) = await filled(client, 1)
    where = {"channel": "C0ACME", "timestamp": ts}
    await client.reactions_add(name="eyes", **where)
    assert (await refusal(client.reactions_add(name="eyes", **where)))["error"] == "already_reacted"
    assert (await client.reactions_get(**where))["message"]["reactions"][0]["count"] == 1
    await client.reactions_remove(name="eyes", **where)
    assert (await refusal(client.reactions_remove(name="eyes", **where)))["error"] == "no_reaction"


async def test_a_file_is_uploaded_in_three_steps_and_shared_a_little_later(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    await client.files_upload_v2(
        channel="C0ACME", content=b"\x89PNG", filename="chart.png", title="Chart", initial_comment="See"
    )
    await slack.settled()
    message = slack.channel("acme-website").messages[-1]
    assert (message.text, message.subtype) == ("See", "file_share")
    file_id = message.files[0]["id"]
    info = await client.files_info(file=file_id)
    assert info["file"]["shares"]["public"]["C0ACME"][0]["ts"] == message.ts
    image = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Chart"}
    await client.chat_postMessage(channel="C0ACME", text="a", blocks=[image])


async def test_a_file_that_is_not_shared_cannot_stand_in_a_message(client: AsyncWebClient) -> None:
    place = await client.files_getUploadURLExternal(filename="a.png", length=4)
    image = {"type": "image", "slack_file": {"id": place["file_id"]}, "alt_text": "Chart"}
    body = await refusal(client.chat_postMessage(channel="C0ACME", text="a", blocks=[image]))
    assert body["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    early = client.files_completeUploadExternal(files=[{"id": place["file_id"]}])
    assert (await refusal(early))["error"] == "file_not_found"


async def test_a_file_with_alt_text_is_silently_not_shared_as_in_slack(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    await client.files_upload_v2(channel="C0ACME", content=b"x", filename="a.png", alt_txt="A chart")
    await slack.settled()
    assert slack.channel("acme-website").messages == []
    assert [problem.kind for problem in slack.problems] == ["alt_txt"]
