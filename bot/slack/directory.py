"""Who people and what channels are, as far as the edge needs it at once: remembered briefly, asked of Slack rarely."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.people import repository as people
from bot.people.models import Person
from bot.people.service import PersonFacts, remember
from bot.slack.gateway import ChannelFacts, GatewayError, Refused
from bot.slack.gateway.lines import TOKEN_REFUSED
from bot.slack.gateways import Gateways
from bot.workspaces.models import Workspace

log = logging.getLogger(__name__)

PERSON_KEPT = timedelta(hours=12)
CHANNEL_KEPT = timedelta(seconds=60)
# A person who cannot be looked up in this time is taken as we know them, so that no trigger dies of it.
LOOK_UP_SECONDS = 1.0


@dataclass(frozen=True)
class Reader:
    """Somebody who reads an answer: their name and the zone they live in."""

    id: str
    name: str
    zone: ZoneInfo
    is_external: bool


class Directory:
    """People become known when they first touch Handoff; channels are looked at again every minute."""

    def __init__(self, *, runner: Runner, gateways: Gateways, clock: Clock) -> None:
        self._runner = runner
        self._gateways = gateways
        self._clock = clock
        self._readers: dict[tuple[str, str], tuple[Reader, float]] = {}
        self._channels: dict[tuple[str, str], tuple[ChannelFacts, float]] = {}

    async def reader(self, workspace_id: str, person_id: str) -> Reader:
        """Who this is; learned from Slack the first time, and again after half a day."""
        key = (workspace_id, person_id)
        known = self._readers.get(key)
        if known is not None and known[1] > self._time():
            return known[0]
        person = await self._runner.read(people.person, workspace_id=workspace_id, person_id=person_id)
        if person is None or self._clock.now() - person.refreshed_at > PERSON_KEPT:
            person = await self._learn(workspace_id, person_id, person)
        reader = Reader(person.id, person.name, person.tz, person.is_external)
        self._readers[key] = (reader, self._time() + PERSON_KEPT.total_seconds())
        return reader

    async def refresh(self, workspace_id: str, facts: PersonFacts) -> None:
        """Slack says that somebody changed (name, zone, deactivated)."""
        self._readers.pop((workspace_id, facts.id), None)
        now = self._clock.now()

        def update_if_known(session: Session) -> None:
            if people.person(session, workspace_id=workspace_id, person_id=facts.id) is not None:
                remember(session, workspace_id, facts, now)

        await self._runner.run(update_if_known)

    async def is_external(self, workspace_id: str, channel_id: str) -> bool:
        """Whether people of another company can read this channel; when Slack will not say, it counts as so.

        Raises `RateLimited`, `Unclear` or, while the token is refused, `Refused` when the question has to be asked again
        later.
        """
        if not channel_id.startswith(("C", "G")):
            return False
        try:
            return (await self.channel(workspace_id, channel_id)).is_external
        except Refused as refused:
            if refused.code in TOKEN_REFUSED:
                raise
            # A channel we cannot see will refuse the post itself; any other "no" must not leak a figure.
            return refused.code != "channel_not_found"

    async def channel(self, workspace_id: str, channel_id: str) -> ChannelFacts:
        """What this channel is, at most a minute old."""
        key = (workspace_id, channel_id)
        known = self._channels.get(key)
        if known is not None and known[1] > self._time():
            return known[0]
        facts = await self._gateways.of(workspace_id).channel(channel_id)
        self._channels[key] = (facts, self._time() + CHANNEL_KEPT.total_seconds())
        return facts

    def remembers_channel(self, workspace_id: str, channel_id: str) -> bool:
        """Whether it is known without asking Slack."""
        return self.known_external(workspace_id, channel_id, at=self._time()) is not None

    def known_external(self, workspace_id: str, channel_id: str, *, at: float) -> bool | None:
        """The same as `is_external`, as far as it is known `at` this time of the loop without asking Slack.

        May be called on any thread.
        """
        if not channel_id.startswith(("C", "G")):
            return False
        known = self._channels.get((workspace_id, channel_id))
        return known[0].is_external if known is not None and known[1] > at else None

    def forget_channel(self, workspace_id: str, channel_id: str) -> None:
        """Something about this channel changed: ask again."""
        self._channels.pop((workspace_id, channel_id), None)

    def forget_person(self, workspace_id: str, person_id: str) -> None:
        """Something about this person changed: read the row again."""
        self._readers.pop((workspace_id, person_id), None)

    async def _learn(self, workspace_id: str, person_id: str, known: Person | None) -> Person:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                facts = await self._gateways.of(workspace_id).person(person_id)
        except (GatewayError, TimeoutError) as error:
            log.warning(
                "could not look up a person: %s", error if not isinstance(error, TimeoutError) else "slow"
            )
            if known is not None:
                return known
            facts = PersonFacts(id=person_id, name=person_id, zone="")
        now = self._clock.now()

        def learn(session: Session) -> Person:
            zone = facts.zone or session.get_one(Workspace, workspace_id).zone
            return remember(
                session, workspace_id, PersonFacts(**{**vars(facts), "id": person_id, "zone": zone}), now
            )

        return await self._runner.run(learn)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()
