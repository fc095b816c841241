"""The local workspace as a server: starts, listens on 127.0.0.1, hands out its people and channels, stops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from aiohttp import web

from bot.sandbox import events, responding
from bot.sandbox.channels import Channel
from bot.sandbox.clock import Clock
from bot.sandbox.delivery.http import HttpDelivery
from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.delivery.transport import Kind
from bot.sandbox.faults import Faults
from bot.sandbox.guard import only_from_here, say_strict_headers
from bot.sandbox.installing import authorize, uninstall
from bot.sandbox.page_api import PageApi
from bot.sandbox.person import Person
from bot.sandbox.posting import tell_unread
from bot.sandbox.problems import Problem
from bot.sandbox.seeds import WorkspaceSeed
from bot.sandbox.step_execution import StepExecution
from bot.sandbox.steps import run_step
from bot.sandbox.uploading import receive_upload, send_file
from bot.sandbox.web_api.door import ApiCall, WebApi
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

_TICK_SECONDS = 0.5
_MOST_BYTES = 32 * 1024 * 1024
_PAGE = Path(__file__).parent / "page"


class LocalWorkspace:
    """A stand-in of Slack over real HTTP and WebSockets; an async context manager."""

    def __init__(
        self,
        seed: WorkspaceSeed,
        *,
        clock: Clock,
        host: str = "127.0.0.1",
        port: int = 0,
        records: bool = True,
    ) -> None:
        """Prepares the workspace; with records=False it forgets calls and deliveries (long benchmarks)."""
        self.seed = seed
        self.workspace = Workspace(seed, clock)
        self.deliveries: list[tuple[Kind, JsonObject]] = []
        if records:
            self.workspace.courier.on_sent = lambda kind, payload: self.deliveries.append((kind, payload))
        self._host, self._port = host, port
        self._api = WebApi(self.workspace, records=records)
        self._page = PageApi(self.workspace, _PAGE)
        self._runner: web.AppRunner | None = None
        self._ticker: asyncio.Task[None] | None = None

    # -- life -------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Starts to listen; url is known from here on."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.workspace.url = f"http://{self._host}:{self._port}"
        self._ticker = asyncio.get_running_loop().create_task(self._tick_for_ever())

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_MOST_BYTES, middlewares=[only_from_here])
        application.on_response_prepare.append(say_strict_headers)
        workspace = self.workspace
        routes = application.router
        routes.add_route("*", "/api/{method}", self._api.answer)
        routes.add_get("/oauth/v2/authorize", self._authorize)
        routes.add_get("/link/", workspace.socket_mode.accept)
        routes.add_post("/response/{token}", self._respond)
        routes.add_post("/upload/{id}", self._receive)
        routes.add_get("/files/{id}", self._send_file)
        self._page.add_routes(routes)
        return application

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        return authorize(self.workspace, request)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        return await responding.respond(self.workspace, request)

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        return await receive_upload(self.workspace, request)

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        return await send_file(self.workspace, request)

    async def stop(self) -> None:
        """Stops listening and drops what is under way."""
        if self._ticker is not None:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
        await self.workspace.courier.close()
        await self.workspace.socket_mode.close()
        await self._page.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> LocalWorkspace:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            await self.tick()

    async def tick(self) -> int:
        """Does what is due by the workspace's clock (retries, scheduled messages); returns how much it was."""
        return await self.workspace.timetable.run_due(self.workspace.now())

    # -- what tests and the demo look at ----------------------------------------------------------

    @property
    def url(self) -> str:
        """Returns the address of the page."""
        return self.workspace.url

    @property
    def api_url(self) -> str:
        """Returns the base address of the Web API."""
        return f"{self.workspace.url}/api/"

    @property
    def faults(self) -> Faults:
        """Returns the switches of what goes wrong."""
        return self.workspace.faults

    @property
    def calls(self) -> list[ApiCall]:
        """Returns every Web API call received, oldest first."""
        return self._api.calls

    @property
    def problems(self) -> list[Problem]:
        """Returns what the app did wrong towards Slack; tests demand an empty list."""
        return self.workspace.problems

    @property
    def socket_mode(self) -> SocketMode:
        """Returns the app's Socket Mode connections."""
        return self.workspace.socket_mode

    @property
    def http_delivery(self) -> HttpDelivery:
        """Returns the delivery over HTTP. Raises LookupError without a request_url."""
        if self.workspace.http_delivery is None:
            raise LookupError("This workspace delivers through Socket Mode: its seed has no request_url.")
        return self.workspace.http_delivery

    def calls_of(self, method: str) -> list[ApiCall]:
        """Lists the calls of one method."""
        return [call for call in self._api.calls if call.method == method]

    def person(self, user: str) -> Person:
        """Returns a person to act through (id or handle). Raises LookupError."""
        return Person(self.workspace, self.workspace.member_named(user))

    def channel(self, id_or_name: str) -> Channel:
        """Returns a channel. Raises LookupError."""
        return self.workspace.channel_named(id_or_name)

    async def connected(self, *, seconds: float = 5.0) -> None:
        """Waits until the app has a Socket Mode connection. Raises TimeoutError."""
        await self.workspace.socket_mode.until_connected(seconds)

    async def settled(self, *, timeout: float = 5.0, quiet: float = 0.08) -> None:  # noqa: ASYNC109 - plain to call
        """Waits until nothing is on its way to the app and no call came for quiet seconds. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout):
            idle_since = loop.time()
            while True:
                busy = not self.workspace.courier.is_idle or self._api.in_progress > 0
                now = loop.time()
                idle_since = now if busy else max(idle_since, self._api.last_call_at)
                if now - idle_since >= quiet:
                    return
                await asyncio.sleep(quiet / 8)

    # -- what an administrator does ----------------------------------------------------------------

    async def invite_bot(self, channel: str, *, by: str | None = None) -> None:
        """Takes the bot into a channel and tells the app."""
        where = self.channel(channel)
        where.members.add(self.seed.bot_user_id)
        self._page.tell_channel(where)
        await _all(events.member_joined(self.workspace, where, self.seed.bot_user_id, by))

    async def remove_bot(self, channel: str) -> None:
        """Takes the bot out of a channel and tells the app."""
        where = self.channel(channel)
        where.members.discard(self.seed.bot_user_id)
        self._page.tell_channel(where)
        kind = "group_left" if where.is_private else "channel_left"
        await _all(events.simple(self.workspace, kind, where, channel=where.id, actor_id=""))

    async def invite(self, channel: str, user: str) -> None:
        """Takes a person into a channel and tells the app."""
        where, member = self.channel(channel), self.workspace.member_named(user)
        where.members.add(member.id)
        self._page.tell_channel(where)
        await _all(events.member_joined(self.workspace, where, member.id, None))

    async def share_channel(self, channel: str, *, with_team: str = "T0OUTSIDE0") -> None:
        """Shares a channel with another organization (Slack Connect) and tells the app."""
        where = self.channel(channel)
        where.is_ext_shared = True
        self._page.tell_channel(where)
        fields = {"channel": where.id, "connected_team_id": with_team}
        await _all(events.simple(self.workspace, "channel_shared", where, **fields))

    async def rename_channel(self, channel: str, name: str) -> None:
        """Renames a channel and tells the app."""
        where = self.channel(channel)
        where.name = name
        self._page.tell_channel(where)
        renamed = {"id": where.id, "name": name, "created": where.created}
        await _all(events.simple(self.workspace, "channel_rename", where, channel=renamed))

    async def archive_channel(self, channel: str) -> None:
        """Archives a channel and tells the app."""
        where = self.channel(channel)
        where.is_archived = True
        self._page.tell_channel(where)
        await _all(events.simple(self.workspace, "channel_archive", where, channel=where.id, user=""))

    async def change_person(self, user: str, **fields: object) -> None:
        """Changes fields of a member (tz, real_name, deleted, …) and sends user_change."""
        member = self.workspace.member_named(user)
        for name, value in fields.items():
            setattr(member, name, value)
        member.updated = self.workspace.seconds()
        shown = member.as_user(self.workspace.now(), with_email="users:read.email" in self.workspace.scopes)
        await _all(events.simple(self.workspace, "user_change", None, user=shown, cache_ts=member.updated))

    async def uninstall(self) -> None:
        """Tells the app that it was uninstalled; its tokens are dead from here on."""
        await _all(uninstall(self.workspace))

    async def run_step(self, callback_id: str, **inputs: object) -> StepExecution:
        """Runs a step of the app as a workflow would. Raises LookupError for what Slack would not run."""
        return await run_step(self.workspace, callback_id, inputs)

    async def disconnect(self, reason: str) -> None:
        """Tells every Socket Mode connection "warning", "refresh_requested" or "link_disabled"."""
        await self.workspace.socket_mode.disconnect(reason)

    def read(self, user: str, channel: str) -> None:
        """Marks a channel as read by a person."""
        where = self.channel(channel)
        where.mark_read(self.workspace.member_named(user).id, where.last_ts or "")
        tell_unread(self.workspace, where)


async def _all(deliveries: Iterable[asyncio.Task[None]]) -> None:
    """Waits until the app has acked (or not) these events."""
    under_way = list(deliveries)
    if under_way:
        await asyncio.wait(under_way)
