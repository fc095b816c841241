"""Faults on demand and rate limits."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, LocalWorkspace
from tests.sandbox.conftest import SteeredClock
from tests.sandbox.kit import bars, refusal


async def test_a_limited_call_says_how_long_to_wait(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    slack.faults.add(Fault("chat.postMessage", "ratelimited", retry_after=30))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0ACME", text="a")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "30"
    assert caught.value.response["error"] == "ratelimited"
    await client.chat_postMessage(channel="C0ACME", text="b")
    assert [(call.http_status, call.error) for call in slack.calls_of("chat.postMessage")] == [
        (429, "ratelimited"),
        (200, None),
    ]


@pytest.mark.parametrize(("kind", "posted"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_connection_can_die_before_or_after_the_post(
    slack: LocalWorkspace, client: AsyncWebClient, kind: str, posted: int
) -> None:
    slack.faults.add(Fault("chat.postMessage", kind))
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0ACME", text="a")
    assert len(slack.channel("acme-website").messages) == posted


async def test_slack_can_be_down_or_talk_html(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    for kind in ("http_500", "html"):
        slack.faults.add(Fault("*", kind))
        with pytest.raises(SlackApiError):
            await client.auth_test()
    assert (await client.auth_test())["ok"]


async def test_any_error_can_be_answered_a_number_of_times(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    slack.faults.add(Fault("auth.test", "error:token_revoked", times=2))
    for _ in range(2):
        assert (await refusal(client.auth_test()))["error"] == "token_revoked"
    await client.auth_test()


async def test_a_slow_answer_comes_in_the_end(slack: LocalWorkspace, client: AsyncWebClient) -> None:
    slack.faults.add(Fault("auth.test", "slow", seconds=0.01))
    assert (await client.auth_test())["ok"]


async def test_a_fault_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Fault("auth.test", "explode")


async def test_blocks_that_are_not_rolled_out_are_refused(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    slack.faults.refuse_blocks = {"data_visualization"}
    body = await refusal(client.chat_postMessage(channel="C0ACME", text="a", blocks=[bars()]))
    assert body["error"] == "invalid_blocks"
    slack.faults.clear()
    await client.chat_postMessage(channel="C0ACME", text="a", blocks=[bars()])


async def test_an_unlisted_app_reads_history_once_a_minute_and_15_messages(
    slack: LocalWorkspace, client: AsyncWebClient, clock: SteeredClock
) -> None:
    for number in range(20):
        await client.chat_postMessage(channel="C0ACME", text=str(number))
    slack.faults.unlisted_history_limit = True
    assert len((await client.conversations_history(channel="C0ACME"))["messages"]) == 15
    assert (await refusal(client.conversations_history(channel="C0ACME")))["error"] == "ratelimited"
    clock.advance(seconds=60)
    await client.conversations_history(channel="C0ACME")


async def test_a_channel_takes_one_message_a_second_after_a_burst(
    slack: LocalWorkspace, client: AsyncWebClient, clock: SteeredClock
) -> None:
    slack.faults.enforce_rate_limits = True

    async def post(channel: str) -> int:
        try:
            await client.chat_postMessage(channel=channel, text="a")
        except SlackApiError as error:
            return int(error.response.headers["Retry-After"])
        return 0

    assert [await post("C0ACME") for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert await post("C0SHARED") == 0
    clock.advance(seconds=1)
    assert [await post("C0ACME") for _ in range(2)] == [0, 1]


async def test_updates_have_50_a_minute_in_the_whole_workspace(
    slack: LocalWorkspace, client: AsyncWebClient
) -> None:
    stamps = {
        channel: (await client.chat_postMessage(channel=channel, text="a"))["ts"]
        for channel in ("C0ACME", "C0SHARED")
    }
    slack.faults.enforce_rate_limits = True
    for number in range(50):
        channel = ("C0ACME", "C0SHARED")[number % 2]
        await client.chat_update(channel=channel, ts=stamps[channel], text=str(number))
    late = client.chat_update(channel="C0ACME", ts=stamps["C0ACME"], text="late")
    assert (await refusal(late))["error"] == "ratelimited"
