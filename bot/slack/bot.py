"""What every listener is given: the use cases, Slack, the clock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.people.models import Actor
from bot.slack.delivery import Courier, HomeKeeper
from bot.slack.directory import Directory, Reader
from bot.slack.errands import Errands
from bot.slack.gateway import Gateway, GatewayError
from bot.slack.gateways import Gateways
from bot.slack.payloads import Who
from bot.telemetry.work import UseCase

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


class Stopping(Protocol):
    """Stops a workspace from which Slack has taken Handoff."""

    async def stop(self, workspace_id: str, why: str, *, at: datetime) -> None: ...


@dataclass(frozen=True)
class Bot:
    """The edge's way to everything else."""

    runner: Runner
    gateways: Gateways
    directory: Directory
    courier: Courier
    clock: Clock
    errands: Errands = field(default_factory=Errands)
    # Hears that Slack took Handoff out of a workspace; none where the settings hold the only token.
    stopping: Stopping | None = None

    async def run(
        self, use_case: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one use case in one transaction; what it announced is sent from now on."""
        with UseCase(use_case, kwargs):
            return await self.courier.carry_out(use_case, *args, **kwargs)

    async def read(
        self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one query."""
        with UseCase(query, kwargs):
            return await self.runner.read(query, *args, **kwargs)

    async def read_together(
        self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one query, whose answer those who ask at the same time share."""
        with UseCase(query, kwargs):
            return await self.runner.read_together(query, *args, **kwargs)

    def gateway(self, workspace_id: str) -> Gateway:
        """Slack, under the token of this workspace."""
        return self.gateways.of(workspace_id)

    async def soon(self, work: Coroutine[Any, Any, Any], /) -> None:
        """Wait a moment for a call to Slack of which the ack needs no answer; when it takes longer, the ack goes first."""
        await self.errands.soon(work)

    async def afterwards(self, work: Coroutine[Any, Any, Any], /) -> None:
        """The same for what follows a commit: it is done, so nobody is told that it failed where only Slack did."""
        await self.errands.soon(_as_a_courtesy(work))

    @property
    def homes(self) -> HomeKeeper:
        """Publishes Home tabs."""
        return self.courier.homes

    def actor(self, who: Who) -> Actor:
        """Who acts, now."""
        return Actor(workspace_id=who.workspace_id, person_id=who.person_id, now=self.clock.now())

    async def reader(self, who: Who) -> Reader:
        """Who reads the answer; known from now on if they were not."""
        return await self.directory.reader(who.workspace_id, who.person_id)

    def today(self, reader: Reader) -> date:
        """The calendar day where somebody is."""
        return self.clock.now().astimezone(reader.zone).date()


async def _as_a_courtesy(work: Coroutine[Any, Any, Any]) -> None:
    try:
        await work
    except GatewayError as error:
        log.warning("what was done could not be shown at once: %s", error)
