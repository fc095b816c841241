"""What the page calls: /client/…, and the page's own files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import events, posting
from bot.sandbox.channels import Channel
from bot.sandbox.client import interacting, modal_acts, saying
from bot.sandbox.client.answers import CommandResult, PressResult
from bot.sandbox.clock import Movable
from bot.sandbox.live import Live
from bot.sandbox.modals import View
from bot.sandbox.page_pictures import channel_picture, messages_picture, start_picture, thread_picture
from bot.sandbox.people import Member
from bot.sandbox.wire import JsonObject, dumps, loads
from bot.sandbox.workspace import Workspace

_NO_STORE = {"Cache-Control": "no-store"}
_LOST = "This is no longer there. Reload the page."
Act = Callable[[JsonObject], Awaitable[JsonObject]]


class PageApi:
    """The page's side of the workspace; every call names who acts with "as"."""

    def __init__(self, workspace: Workspace, page: Path) -> None:
        self._workspace = workspace
        self._folder = page
        self._live = Live(workspace)

    def add_routes(self, routes: web.UrlDispatcher) -> None:
        """Adds the page's addresses."""
        routes.add_get("/", self._index)
        routes.add_get("/archives/{channel}/{message}", self._index)
        routes.add_get("/static/{path:.+}", self._static)
        routes.add_get("/client/live", self._live.serve)
        asked: dict[str, Act] = {
            "start": self._start,
            "messages": self._messages,
            "thread": self._thread,
            "home": self._home,
            "clock": self._clock,
        }
        for name, act in asked.items():
            routes.add_get(f"/client/{name}", self._asking(act))
        done: dict[str, Act] = {
            "say": self._say,
            "command": self._command,
            "press": self._press,
            "type": self._type,
            "submit": self._submit,
            "close": self._close,
            "suggest": self._suggest,
            "shortcut": self._shortcut,
            "read": self._read,
            "im": self._im,
            "invite": self._invite,
            "remove": self._remove,
            "clock": self._clock,
        }
        for name, act in done.items():
            routes.add_post(f"/client/{name}", self._doing(act))

    async def close(self) -> None:
        """Ends the live sockets."""
        await self._live.close()

    # -- the page's files -------------------------------------------------------------------------

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return self._file(request.match_info["path"])

    def _file(self, name: str) -> web.StreamResponse:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=_NO_STORE)

    # -- plumbing ---------------------------------------------------------------------------------

    def _asking(self, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(act, dict(request.query))

        return answer

    def _doing(self, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            # Only JSON is taken: a form on a foreign page cannot send it to this address.
            if request.content_type != "application/json":
                raise web.HTTPUnsupportedMediaType
            try:
                asked = loads(await request.read() or b"{}")
            except ValueError:
                raise web.HTTPBadRequest from None
            return await self._answer(act, asked if isinstance(asked, dict) else {})

        return answer

    async def _answer(self, act: Act, asked: JsonObject) -> web.StreamResponse:
        try:
            body = await act(asked)
        except (LookupError, ValueError) as error:
            text = str(error.args[0]) if error.args and " " in str(error.args[0]) else _LOST
            body = {"ok": False, "error": text}
        return web.Response(text=dumps(body), content_type="application/json", headers=_NO_STORE)

    def _who(self, asked: JsonObject) -> Member:
        return self._workspace.member_named(str(asked.get("as", "")))

    def _where(self, asked: JsonObject) -> Channel:
        return self._workspace.channel_named(str(asked.get("channel", "")))

    def _view(self, asked: JsonObject) -> View:
        return self._workspace.modals.by_id[str(asked.get("view_id", ""))]

    # -- looking ----------------------------------------------------------------------------------

    async def _start(self, asked: JsonObject) -> JsonObject:
        if asked.get("as"):
            return start_picture(self._workspace, self._who(asked))
        # The page is opened without knowing anybody: it begins as somebody of the house.
        members = self._workspace.members.values()
        own = (member for member in members if not (member.is_bot or member.is_external or member.deleted))
        return start_picture(self._workspace, next(own))

    async def _messages(self, asked: JsonObject) -> JsonObject:
        before = str(asked.get("before") or "-")
        limit = max(1, min(200, int(asked.get("limit") or 50)))
        return messages_picture(
            self._where(asked), self._who(asked), before="" if before == "-" else before, limit=limit
        )

    async def _thread(self, asked: JsonObject) -> JsonObject:
        return thread_picture(self._where(asked), self._who(asked), str(asked.get("ts", "")))

    async def _home(self, asked: JsonObject) -> JsonObject:
        view = await interacting.open_home(self._workspace, self._who(asked), str(asked.get("tab") or "home"))
        return {"view": view.for_page() if view else None}

    # -- doing ------------------------------------------------------------------------------------

    async def _say(self, asked: JsonObject) -> JsonObject:
        thread_ts = asked.get("thread_ts") or None
        message = await saying.say(
            self._workspace,
            self._who(asked),
            self._where(asked),
            str(asked.get("text", "")),
            thread_ts=thread_ts,
        )
        return {"ok": True, "message": message.for_page()}

    async def _command(self, asked: JsonObject) -> JsonObject:
        result = await saying.command(
            self._workspace,
            self._who(asked),
            self._where(asked),
            str(asked.get("command", "")),
            str(asked.get("text", "")),
            thread_ts=asked.get("thread_ts") or None,
        )
        return _outcome(result)

    async def _press(self, asked: JsonObject) -> JsonObject:
        member, where = self._who(asked), asked["where"]
        action_id, block_id = str(asked.get("action_id", "")), asked.get("block_id")
        value: Any = asked.get("value")
        if where["kind"] == "view":
            view = self._workspace.modals.by_id[str(where["view_id"])]
            result = await interacting.use_in_view(
                self._workspace, member, view, action_id, block_id=block_id, value=value
            )
            return _outcome(result)
        channel = self._workspace.channel_named(str(where["channel"]))
        message = self._workspace.find_message(channel, str(where["ts"]), member.id)
        if message is None:
            return {"ok": False, "error": _LOST}
        result = await interacting.press_in_message(
            self._workspace, member, channel, message, action_id, block_id=block_id, value=value
        )
        return _outcome(result)

    async def _type(self, asked: JsonObject) -> JsonObject:
        _take_typed(self._view(asked), asked.get("state"))
        return {"ok": True}

    async def _submit(self, asked: JsonObject) -> JsonObject:
        view = self._view(asked)
        _take_typed(view, asked.get("state"))
        result = await modal_acts.submit(self._workspace, self._who(asked), view)
        if result.errors:
            return {"ok": False, "errors": result.errors}
        return {"ok": False, "error": result.error_text} if result.error else {"ok": True}

    async def _close(self, asked: JsonObject) -> JsonObject:
        whole = bool(asked.get("whole_stack"))
        await modal_acts.close(self._workspace, self._who(asked), self._view(asked), whole_stack=whole)
        return {"ok": True}

    async def _suggest(self, asked: JsonObject) -> JsonObject:
        member, where = self._who(asked), asked.get("where") or {}
        message = None
        if where.get("kind") == "message":
            channel = self._workspace.channel_named(str(where.get("channel")))
            message = self._workspace.find_message(channel, str(where.get("ts")), member.id)
        return await interacting.suggestions(
            self._workspace,
            member,
            str(asked.get("action_id", "")),
            str(asked.get("value", "")),
            view=self._view(asked) if message is None else None,
            message=message,
            block_id=asked.get("block_id"),
        )

    async def _shortcut(self, asked: JsonObject) -> JsonObject:
        member = self._who(asked)
        channel = self._where(asked) if asked.get("channel") else None
        message = None
        if channel is not None and asked.get("ts"):
            message = self._workspace.find_message(channel, str(asked["ts"]), member.id)
        result = await interacting.shortcut(
            self._workspace, member, str(asked.get("callback_id", "")), channel=channel, message=message
        )
        return _outcome(result)

    async def _read(self, asked: JsonObject) -> JsonObject:
        channel = self._where(asked)
        channel.mark_read(self._who(asked).id, str(asked.get("ts") or channel.last_ts or ""))
        posting.tell_unread(self._workspace, channel)
        return {"ok": True}

    async def _im(self, asked: JsonObject) -> JsonObject:
        member, other = self._who(asked), self._workspace.member_named(str(asked.get("with", "")))
        channel = self._workspace.direct_message(member.id, other.id)
        return {"channel": channel_picture(self._workspace, channel, member)}

    async def _invite(self, asked: JsonObject) -> JsonObject:
        channel, bot = self._where(asked), self._workspace.seed.bot_user_id
        channel.members.add(bot)
        self.tell_channel(channel)
        events.member_joined(self._workspace, channel, bot, None)
        return {"ok": True}

    async def _remove(self, asked: JsonObject) -> JsonObject:
        channel = self._where(asked)
        channel.members.discard(self._workspace.seed.bot_user_id)
        self.tell_channel(channel)
        kind = "group_left" if channel.is_private else "channel_left"
        events.simple(self._workspace, kind, channel, channel=channel.id, actor_id="")
        return {"ok": True}

    async def _clock(self, asked: JsonObject) -> JsonObject:
        clock = self._workspace.clock
        if asked.get("to"):
            if not isinstance(clock, Movable):
                return {"ok": False, "error": "This workspace lives by the real time."}
            to = datetime.fromisoformat(str(asked["to"]))
            if to.tzinfo is None:
                return {"ok": False, "error": "Say the time zone too."}
            clock.move_to(to)
            self._workspace.changes.tell_everyone({"type": "clock", "now": clock.now().isoformat()})
            await self._workspace.timetable.run_due(clock.now())
        return {"now": clock.now().isoformat()}

    def tell_channel(self, channel: Channel) -> None:
        """Tells every member's page how a channel looks now."""
        for user in channel.members:
            member = self._workspace.members[user]
            shown = channel_picture(self._workspace, channel, member)
            self._workspace.changes.tell([user], {"type": "channel", "channel": shown})


def _outcome(result: CommandResult | PressResult) -> JsonObject:
    if result.error:
        return {"ok": False, "error": result.error_text or result.error}
    return {"ok": True}


def _take_typed(view: View, state: Any) -> None:
    """Keeps what the page says was typed, for the fields this view has."""
    if not isinstance(state, dict):
        return
    for block_id, typed in state.items():
        known = view.state.get(block_id)
        if known is None or not isinstance(typed, dict):
            continue
        for action_id, value in typed.items():
            if action_id in known and isinstance(value, dict):
                known[action_id] = {**known[action_id], **value, "type": known[action_id]["type"]}
