"""What the page calls, and what its live socket is told."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import LocalWorkspace
from tests.sandbox.conftest import SteeredClock
from tests.sandbox.kit import actions, button, field, modal, options, select, text_field
from tests.sandbox.little_app import LittleApp

ROOT = Path(__file__).resolve().parents[2]


class Page:
    """The page's calls as one person."""

    def __init__(self, slack: LocalWorkspace, session: aiohttp.ClientSession, user: str) -> None:
        self._slack, self._session, self._user = slack, session, user

    async def get(self, name: str, **query: str) -> Any:
        url = f"{self._slack.url}/client/{name}"
        async with self._session.get(url, params={"as": self._user, **query}) as response:
            assert response.headers["Cache-Control"] == "no-store"
            return await response.json()

    async def post(self, name: str, **body: Any) -> Any:
        url = f"{self._slack.url}/client/{name}"
        async with self._session.post(url, json={"as": self._user, **body}) as response:
            return await response.json()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as open_session:
        yield open_session


@pytest.fixture
def maya(slack: LocalWorkspace, session: aiohttp.ClientSession) -> Page:
    return Page(slack, session, "U0MAYA")


async def test_the_page_and_its_parts_are_served_uncached_and_nothing_else(
    slack: LocalWorkspace, session: aiohttp.ClientSession
) -> None:
    async with session.get(slack.url + "/") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
    async with session.get(slack.url + "/archives/C0ACME/p1700000000000001") as response:
        assert response.content_type == "text/html"
    for path in ("/static/nothing.js", "/static/..%2fserver.py", "/static/%2e%2e/server.py"):
        async with session.get(slack.url + path) as response:
            assert response.status == 404


async def test_forms_are_turned_away(slack: LocalWorkspace, session: aiohttp.ClientSession) -> None:
    async with session.post(slack.url + "/client/say", data={"as": "U0MAYA"}) as response:
        assert response.status == 415


async def test_the_start_shows_what_this_person_may_see(maya: Page, app: LittleApp) -> None:
    start = await maya.get("start")
    assert start["me"] == "U0MAYA"
    names = [channel["name"] for channel in start["channels"] if channel["kind"] != "im"]
    assert names == ["acme-website", "acme-shared", "random", "secret", "team", "old"]
    assert start["app"]["connected"]
    assert start["app"]["home"]
    assert [known["command"] for known in start["app"]["commands"]] == ["/ask", "/raw"]
    assert start["clock"] == {"now": "2026-03-02T09:00:00+00:00", "movable": True}
    assert start["modal"] is None
    assert (await maya.get("start", **{"as": ""}))["me"] == "U0MAYA"
    outsider = await maya.get("start", **{"as": "U0CLIENT"})
    assert [channel["name"] for channel in outsider["channels"] if channel["kind"] != "im"] == ["acme-shared"]
    direct = [channel for channel in start["channels"] if channel["kind"] == "im"]
    assert [channel["with"] for channel in direct] == [start["app"]["bot_user_id"]]


async def test_messages_come_in_pages_with_ephemerals_in_their_place(maya: Page, app: LittleApp) -> None:
    for text in ("one", "two"):
        await app.web.chat_postMessage(channel="C0ACME", text=text)
    await app.web.chat_postEphemeral(channel="C0ACME", user="U0MAYA", text="for you")
    root = (await app.web.chat_postMessage(channel="C0ACME", text="three"))["ts"]
    await maya.post("say", channel="C0ACME", text="Reply", thread_ts=root)

    newest = await maya.get("messages", channel="C0ACME", limit="2")
    assert [message["text"] for message in newest["messages"]] == ["two", "for you", "three"]
    assert newest["has_more"]
    assert newest["messages"][1]["is_ephemeral"]
    assert (newest["messages"][2]["reply_count"], newest["messages"][2]["reply_users"]) == (1, ["U0MAYA"])
    older = await maya.get("messages", channel="C0ACME", before=newest["messages"][0]["ts"])
    assert [message["text"] for message in older["messages"]] == ["one"]
    thread = await maya.get("thread", channel="C0ACME", ts=root)
    assert [message["text"] for message in thread["messages"]] == ["three", "Reply"]


async def test_a_whole_story_through_the_page(slack: LocalWorkspace, maya: Page, app: LittleApp) -> None:
    async def listen(payload: dict[str, Any]) -> Any:
        if payload.get("command"):
            await app.web.views_open(
                trigger_id=payload["trigger_id"], view=modal(field(text_field()), field(select(2), "kind"))
            )
        elif payload["type"] == "view_submission":
            return {"response_action": "errors", "errors": {"field": "Say more."}}
        return None

    app.listener = listen
    assert await maya.post("command", channel="C0ACME", command="/ask", text="") == {"ok": True}
    refused = await maya.post("command", channel="C0ACME", command="/ask", text="", thread_ts="1.2")
    assert refused == {"ok": False, "error": "/ask is not supported in threads. Sorry!"}

    view = (await maya.get("start"))["modal"]
    assert view["state"]["field"]["text"]["value"] is None
    missing = await maya.post("submit", view_id=view["id"], state={})
    assert set(missing["errors"]) == {"field", "kind"}
    state = {"field": {"text": {"value": "a"}}, "kind": {"choose": {"selected_option": options(1)[0]}}}
    await maya.post("type", view_id=view["id"], state=state)
    assert await maya.post("submit", view_id=view["id"], state=state) == {
        "ok": False,
        "errors": {"field": "Say more."},
    }
    assert slack.person("maya").typed("text") == "a"
    assert await maya.post("close", view_id=view["id"]) == {"ok": True}
    gone = await maya.post("submit", view_id=view["id"], state={})
    assert gone == {"ok": False, "error": "This is no longer there. Reload the page."}


async def test_presses_suggestions_and_shortcuts_reach_the_app(maya: Page, app: LittleApp) -> None:
    async def listen(payload: dict[str, Any]) -> Any:
        return {"options": options(1)} if payload.get("type") == "block_suggestion" else None

    app.listener = listen
    finder = {"type": "external_select", "action_id": "find", "min_query_length": 0}
    blocks = [actions(button("accept"), select(2), finder, block_id="b")]
    ts = (await app.web.chat_postMessage(channel="C0ACME", text="Card", blocks=blocks))["ts"]
    where = {"kind": "message", "channel": "C0ACME", "ts": ts}
    assert await maya.post("press", where=where, block_id="b", action_id="accept") == {"ok": True}
    chosen = {"selected_option": options(1)[0]}
    assert await maya.post("press", where=where, block_id="b", action_id="choose", value=chosen) == {
        "ok": True
    }
    assert app.payloads("block_actions")[1]["actions"][0]["selected_option"]["value"] == "v0"
    found = await maya.post("suggest", where=where, block_id="b", action_id="find", value="o")
    assert found == {"options": options(1)}
    assert await maya.post("shortcut", callback_id="log") == {"ok": True}
    assert await maya.post("shortcut", callback_id="log_message", channel="C0ACME", ts=ts) == {"ok": True}
    wrong = await maya.post("press", where=where, block_id="b", action_id="nothing")
    assert wrong["ok"] is False


async def test_the_live_socket_tells_a_person_what_is_theirs(
    slack: LocalWorkspace, maya: Page, app: LittleApp, session: aiohttp.ClientSession
) -> None:
    async with (
        session.ws_connect(slack.url + "/client/live?as=U0MAYA") as mine,
        session.ws_connect(slack.url + "/client/live?as=U0CLIENT") as other,
    ):
        await asyncio.sleep(0)
        ts = (await app.web.chat_postMessage(channel="C0ACME", text="Hi <@U0MAYA>"))["ts"]
        await app.web.chat_update(channel="C0ACME", ts=ts, text="New")
        await app.web.chat_postEphemeral(channel="C0ACME", user="U0MAYA", text="Psst")
        await slack.person("ben").say("acme-website", "Reply", thread_ts=ts)
        await slack.person("maya").command("C0ACME", "/ask")
        await app.web.views_open(trigger_id=app.payloads("command")[0]["trigger_id"], view=modal())
        await app.web.chat_postMessage(channel="C0SHARED", text="For all")
        frames = [await mine.receive_json(timeout=2) for _ in range(9)]
        assert [frame["type"] for frame in frames] == [
            "message", "unread", "message_changed", "ephemeral", "message", "thread", "unread", "view", "message",
        ]  # fmt: skip
        assert (frames[1]["unread"], frames[1]["mentions"]) == (1, 1)
        assert frames[7]["view"]["depth"] == 1
        assert (await other.receive_json(timeout=2))["message"]["text"] == "For all"


async def test_a_new_direct_message_is_announced_before_its_first_word(
    slack: LocalWorkspace, app: LittleApp, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect(slack.url + "/client/live?as=U0BEN") as live:
        await asyncio.sleep(0)
        await app.web.chat_postMessage(channel="U0BEN", text="Hello")
        frames = [await live.receive_json(timeout=2) for _ in range(2)]
        assert [frame["type"] for frame in frames] == ["channel", "message"]
        assert frames[0]["channel"]["kind"] == "im"


async def test_the_clock_is_moved_from_the_page_and_what_is_due_happens(
    slack: LocalWorkspace, maya: Page, app: LittleApp, clock: SteeredClock
) -> None:
    await app.web.chat_scheduleMessage(
        channel="C0ACME", text="Later", post_at=int(clock.now().timestamp()) + 60
    )
    assert await maya.post("clock", to="2026-03-09T09:00:00+00:00") == {"now": "2026-03-09T09:00:00+00:00"}
    assert [message.text for message in slack.channel("acme-website").messages] == ["Later"]
    assert (await maya.post("clock", to="2026-03-09T09:00:00"))["ok"] is False


async def test_the_bot_is_invited_and_read_marks_are_kept(
    slack: LocalWorkspace, maya: Page, app: LittleApp
) -> None:
    await maya.post("invite", channel="C0OPEN", bot=True)
    await slack.settled()
    assert app.payloads("member_joined_channel")[0]["event"]["channel"] == "C0OPEN"
    ts = (await app.web.chat_postMessage(channel="C0OPEN", text="Thanks"))["ts"]
    await maya.post("read", channel="C0OPEN", ts=ts)
    (random,) = [channel for channel in (await maya.get("start"))["channels"] if channel["id"] == "C0OPEN"]
    assert (random["unread"], random["last_read"]) == (0, ts)
    await maya.post("remove", channel="C0OPEN")
    opened = await maya.post("im", **{"with": "U0BEN"})
    assert opened["channel"]["with"] == "U0BEN"


async def test_opening_the_home_tells_the_app(maya: Page, app: LittleApp) -> None:
    assert await maya.get("home") == {"view": None}
    assert app.payloads("app_home_opened")[0]["event"]["tab"] == "home"


def test_a_workspace_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        json.dumps(
            {
                "display_information": {"name": "App"},
                "features": {"slash_commands": [{"command": "/ask", "description": "Ask"}]},
                "oauth_config": {"scopes": {"bot": ["commands"]}},
                "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
            }
        )
    )
    command = [
        sys.executable,
        "-m",
        "bot.sandbox",
        "--people",
        "3",
        "--channels",
        "2",
        "--manifest",
        str(manifest),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            about = json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(timeout=10)
    assert len(about["people"]) == 3
    assert len(about["channels"]) == 2
    assert about["api_url"].startswith("http://127.0.0.1:")
