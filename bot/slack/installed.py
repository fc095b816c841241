"""The gateways of all workspaces in which Handoff is installed: their tokens are read, decrypted and remembered briefly.

What another process changed is known within seconds: an installation that is used is read again in the background, at
most every few seconds, and decrypted again only when its version has changed. Nobody who presses waits for that.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.db.runner import Runner
from bot.slack.authorizing import Served
from bot.slack.gateway import Clients, Connection, Gateway, NotSent, Refused, Tenant
from bot.slack.gateway.lines import NOT_INSTALLED
from bot.workspaces import installations
from bot.workspaces.installations import Seat
from bot.workspaces.sealing import Sealer, UnreadableToken

log = logging.getLogger(__name__)

# So old it may be used as it is; older, it is used and read again meanwhile; older still, it is read first.
FRESH_SECONDS = 3.0
KEPT_SECONDS = 30.0
# Who is not installed may be a moment later, through another process.
UNKNOWN_KEPT_SECONDS = 1.0
# Beyond so many remembered, those that nobody used for long are forgotten.
REMEMBERED = 20_000


@dataclass
class _Held:
    seat: Seat | None
    connection: Connection | None
    read_at: float


class Installed:
    """Finds gateways and authorises requests, for any number of workspaces."""

    def __init__(self, *, runner: Runner, sealer: Sealer, clock: Clock, client: Clients) -> None:
        self._runner = runner
        self._sealer = sealer
        self._clock = clock
        self._client = client
        self._held: dict[str, _Held] = {}
        self._gateways: dict[str, Gateway] = {}
        self._reading: dict[str, asyncio.Task[_Held]] = {}

    def of(self, workspace_id: str) -> Gateway:
        """The gateway of a workspace."""
        gateway = self._gateways.get(workspace_id)
        if gateway is None:
            gateway = self._gateways[workspace_id] = Gateway(_Line(self, workspace_id))
        return gateway

    async def served(self, workspace_id: str) -> Served | None:
        """Whether a request's workspace is served: no call to Slack, and mostly none to the database."""
        held = await self._find(workspace_id)
        if held.connection is None or held.seat is None:
            return None
        return Served(held.seat.bot_user_id, held.seat.bot_id, str(held.connection.client.token))

    async def connection(self, workspace_id: str) -> Connection:
        """Under which token to call for a workspace; raises `Refused` or `NotSent`."""
        held = await self._find(workspace_id)
        if held.connection is not None:
            return held.connection
        if held.seat is not None and held.seat.token is not None and not held.seat.is_stopped:
            raise NotSent("authorize", "the token cannot be decrypted")
        raise Refused("authorize", NOT_INSTALLED)

    async def belongs_to(self, workspace_id: str, enterprise_id: str) -> None:
        """Slack tells to which organisation a workspace belongs now: written down where that is news."""
        held = self._held.get(workspace_id)
        if held is None or held.seat is None or held.seat.enterprise_id == enterprise_id:
            return
        await self._runner.run(
            installations.belongs_to, workspace_id=workspace_id, enterprise_id=enterprise_id
        )
        log.info("%s belongs to the organisation %s now", workspace_id, enterprise_id or "(none)")
        self.forget(workspace_id)

    async def token_died(
        self, workspace_id: str, code: str, *, version: int | None = None, at: datetime | None = None
    ) -> None:
        """Stop a workspace: Slack says that its token will never work again, or (`at` some time) that we are out."""
        is_news = await self._runner.run(
            installations.stop,
            workspace_id=workspace_id,
            why=code,
            now=self._clock.now(),
            version=version,
            since=at,
        )
        if is_news:
            log.warning("%s is stopped: %s", workspace_id, code)
        self.forget(workspace_id)

    def forget(self, workspace_id: str) -> None:
        """Something changed about this installation: read it again."""
        self._held.pop(workspace_id, None)
        # What is being read right now may have been read before the change.
        self._reading.pop(workspace_id, None)

    async def _find(self, workspace_id: str) -> _Held:
        held, now = self._held.get(workspace_id), asyncio.get_running_loop().time()
        if held is None:
            return await self._read(workspace_id)
        age = now - held.read_at
        if held.connection is None:
            return held if age < UNKNOWN_KEPT_SECONDS else await self._read(workspace_id)
        if age > KEPT_SECONDS:
            return await self._read(workspace_id)
        if age > FRESH_SECONDS:
            self._begin_reading(workspace_id)
        return held

    async def _read(self, workspace_id: str) -> _Held:
        # Many may wait for the same one; if one of them goes away, the others still wait.
        try:
            return await asyncio.shield(self._begin_reading(workspace_id))
        except SQLAlchemyError as error:
            held = self._held.get(workspace_id)
            if held is None:
                raise NotSent("authorize", "the installation cannot be read") from error
            return held

    def _begin_reading(self, workspace_id: str) -> asyncio.Task[_Held]:
        task = self._reading.get(workspace_id)
        if task is None:
            task = self._reading[workspace_id] = asyncio.create_task(self._read_now(workspace_id))
            task.add_done_callback(lambda done: self._has_read(workspace_id, done))
        return task

    def _has_read(self, workspace_id: str, task: asyncio.Task[_Held]) -> None:
        failed = task.cancelled() or task.exception() is not None
        if self._reading.get(workspace_id) is not task:
            return
        del self._reading[workspace_id]
        if failed:
            return
        if len(self._held) > REMEMBERED:
            old = asyncio.get_running_loop().time() - KEPT_SECONDS
            self._held = {key: held for key, held in self._held.items() if held.read_at > old}
            self._gateways = {key: gateway for key, gateway in self._gateways.items() if key in self._held}
        self._held[workspace_id] = task.result()

    async def _read_now(self, workspace_id: str) -> _Held:
        began = asyncio.get_running_loop().time()
        seat = await self._runner.read(installations.seat, workspace_id=workspace_id)
        known = self._held.get(workspace_id)
        if known is not None and known.seat == seat:
            return _Held(seat, known.connection, began)
        return _Held(seat, self._connected(seat), began)

    def _connected(self, seat: Seat | None) -> Connection | None:
        if seat is None or seat.token is None or seat.is_stopped:
            return None
        try:
            token = self._sealer.open(seat.token, workspace_id=seat.workspace_id)
        except UnreadableToken as error:
            log.error(
                "The token of %s was encrypted with key %s, which HANDOFF_ENCRYPTION_KEY does not hold.",
                seat.workspace_id,
                error.key_id,
            )
            return None
        tenant = Tenant(seat.workspace_id, seat.enterprise_id)
        return Connection(self._client(token), tenant, version=seat.version)


class _Line:
    """The line of one workspace."""

    def __init__(self, installed: Installed, workspace_id: str) -> None:
        self._installed = installed
        self._workspace_id = workspace_id

    async def connection(self) -> Connection:
        return await self._installed.connection(self._workspace_id)

    async def is_dead(self, connection: Connection, code: str) -> None:
        await self._installed.token_died(self._workspace_id, code, version=connection.version)
