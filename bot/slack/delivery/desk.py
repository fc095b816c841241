"""What every delivery works with, and the two things all of them do: write an outcome down, and draw plainer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.outbox.due import LEASE, DuePosting
from bot.slack.delivery.failures import BAD_BLOCKS
from bot.slack.delivery.rush import Rush
from bot.slack.directory import NEVER, Directory, is_channel
from bot.slack.gateway import GatewayError, RateLimited, Refused
from bot.slack.gateways import Gateways
from bot.slack.kinds import Audience, Kind
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Message
from bot.slack.pacing import Pacing

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 5.0
INFO = "conversations.info"


@dataclass(frozen=True)
class Desk:
    """The parts a delivery uses."""

    runner: Runner
    gateways: Gateways
    directory: Directory
    clock: Clock
    kinds: Mapping[str, Kind]
    pacing: Pacing
    rush: Rush

    async def write(
        self, outcome: Callable[Concatenate[Session, P], None], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Write down what became of something, waiting for a database that is away as long as the lease may last.

        After that the lease runs out, and whoever takes it over looks what happened: nothing is said twice.
        """
        time = asyncio.get_running_loop().time
        give_up_at, wait = time() + LEASE.total_seconds(), FIRST_RETRY_SECONDS
        while True:
            try:
                await self.runner.run(outcome, *args, **kwargs)
            except SQLAlchemyError as error:
                if time() + wait > give_up_at:
                    log.error("an outcome could not be written down: %s", error)
                    return
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_RETRY_SECONDS)
            else:
                return

    def raise_if_paused(self, workspace_id: str, method: str) -> None:
        """Keep from a call that Slack asked us not to make yet. Raises `RateLimited` with the seconds that are left."""
        seconds = self.pacing.paused(workspace_id, method, self.clock.now())
        if seconds > 0:
            raise RateLimited(method, seconds)

    def known_audience(self, posting: DuePosting, *, at: float) -> Audience | None:
        """Who reads a message, as far as it is known `at` this time of the loop; may be called on any thread."""
        if posting.has_new_readers:
            return None
        is_external = self.directory.known_external(
            posting.workspace_id, posting.channel_id, at=at, readerships=posting.readerships
        )
        return None if is_external is None else Audience(is_external=is_external, now=self.clock.now())

    async def undisturbed_until(self, workspace_id: str, person_id: str) -> datetime | None:
        """Until when somebody wants to be left alone, as far as Slack tells; it is never worth failing for."""
        try:
            gateway = self.gateways.of(workspace_id)
            return await gateway.undisturbed_until(person_id, now=self.clock.now())
        except GatewayError as error:
            log.debug("Slack does not say whether somebody is to be disturbed: %s", error)
            return None

    async def is_external(
        self, workspace_id: str, channel: str, *, since: float = NEVER, readerships: int = 0
    ) -> bool:
        """Whether outsiders can read along here, as new as it is asked for (`Directory.channel`).

        Raises `RateLimited`, `NotSent` or `Unclear` when the question has to be asked again later.
        """
        if not self.directory.remembers_channel(workspace_id, channel, since=since, readerships=readerships):
            self.raise_if_paused(workspace_id, INFO)
        return await self.directory.is_external(workspace_id, channel, since=since, readerships=readerships)

    async def is_external_now(self, workspace_id: str, channel: str, *, readerships: int) -> bool:
        """The same for something new: asked of Slack at this moment, as far as its limits allow; raises the same."""
        now = asyncio.get_running_loop().time()
        if not is_channel(channel):
            return False
        known = self.directory.known_external(workspace_id, channel, at=now, readerships=readerships)
        # The event may be late or lost, and a look before each message is cheap: a channel gets one a second at most. Only
        # where Slack's limit on looks is near does one serve for a minute, so that nothing is held up by it.
        if known is None or self.pacing.may_look(workspace_id):
            try:
                return await self.is_external(workspace_id, channel, since=now, readerships=readerships)
            except RateLimited as limited:
                if known is None:
                    raise
                self.pacing.pause(workspace_id, limited.method, self.clock.now(), limited.retry_after)
        return known


def tolerate(session: Session, step: Callable[[], None], *, what: str) -> None:
    """Take a step that may fail by a mistake of ours without undoing what was written down before it."""
    try:
        with session.begin_nested():
            step()
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("%s failed", what)


async def with_plainer(send: Callable[[Message], Awaitable[T]], message: Message, *, what: str) -> T:
    """Send a message; when Slack refuses its blocks, what it can draw instead; at last the bare text."""
    while True:
        try:
            return await send(message)
        except Refused as refused:
            less = plainer(message) if refused.code in BAD_BLOCKS else None
            if less is None:
                raise
            log.error("Slack refused the blocks of %s: %s %s", what, refused.code, refused.details)
            message = less


def plainer(message: Message) -> Message | None:
    """The same message with less that can be refused; none when there is nothing left to take away."""
    if message.fallback is not None:
        return message.fallback
    if message.blocks or len(message.text) > MESSAGE_TEXT:
        return Message(text=clip(message.text, MESSAGE_TEXT))
    return None
