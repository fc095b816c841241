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
from bot.outbox.repository import refresh_channel
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
NEVER = float("-inf")
# A person who cannot be looked up in this time is taken as we know them, so that no trigger dies of it.
LOOK_UP_SECONDS = 1.0


@dataclass(frozen=True)
class Reader:
    """Somebody who reads an answer: their name and the zone they live in."""

    id: str
    name: str
    zone: ZoneInfo
    is_external: bool


@dataclass(frozen=True)
class _Channel:
    """What Slack said of a channel; no facts where something changed since then."""

    facts: ChannelFacts | None
    # When it was asked, on the loop's clock.
    asked_at: float
    # How often any process had heard by then that who can read it has changed.
    readerships: int


class Directory:
    """People become known when they first touch Handoff; channels are looked at again every minute."""

    def __init__(self, *, runner: Runner, gateways: Gateways, clock: Clock) -> None:
        self._runner = runner
        self._gateways = gateways
        self._clock = clock
        self._readers: dict[tuple[str, str], tuple[Reader, float]] = {}
        self._channels: dict[tuple[str, str], _Channel] = {}

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

    async def is_external(
        self, workspace_id: str, channel_id: str, *, since: float = NEVER, readerships: int = 0
    ) -> bool:
        """Whether people of another company can read this channel; when Slack will not say, it counts as so.

        How new the answer has to be is said as for `channel`.

        Raises `RateLimited`, `Unclear` or, while the token is refused, `Refused` when the question has to be asked again
        later.
        """
        if not is_channel(channel_id):
            return False
        try:
            facts = await self.channel(workspace_id, channel_id, since=since, readerships=readerships)
            return facts.is_external
        except Refused as refused:
            if refused.code in TOKEN_REFUSED:
                raise
            # A channel we cannot see will refuse the post itself; any other "no" must not leak a figure.
            return refused.code != "channel_not_found"

    async def channel(
        self, workspace_id: str, channel_id: str, *, since: float = NEVER, readerships: int = 0
    ) -> ChannelFacts:
        """What this channel is, as Slack said it within the last minute, and not before `since` on the loop's clock.

        So it did when so many changes of its readers had been heard of (`readerships`), or more.
        """
        key = (workspace_id, channel_id)
        while True:
            known = self._kept(key, at=self._time(), since=since, readerships=readerships)
            if known is not None:
                return known
            before, asked_at = self._channels.get(key), self._time()
            facts = await self._gateways.of(workspace_id).channel(channel_id)
            # Slack may have said it before it told us, meanwhile, that something changed.
            if self._channels.get(key) is before:
                if before is not None and _has_changed_unheard(before, facts, readerships):
                    await self._tell_all(workspace_id, channel_id)
                heard = readerships if before is None else max(before.readerships, readerships)
                self._channels[key] = _Channel(facts, asked_at, heard)
                return facts

    def remembers_channel(
        self, workspace_id: str, channel_id: str, *, since: float = NEVER, readerships: int = 0
    ) -> bool:
        """Whether it is known without asking Slack."""
        known = self.known_external(
            workspace_id, channel_id, at=self._time(), since=since, readerships=readerships
        )
        return known is not None

    def known_external(
        self,
        workspace_id: str,
        channel_id: str,
        *,
        at: float,
        since: float = NEVER,
        readerships: int = 0,
    ) -> bool | None:
        """The same as `is_external`, as far as it is known `at` this time of the loop without asking Slack.

        May be called on any thread.
        """
        if not is_channel(channel_id):
            return False
        known = self._kept((workspace_id, channel_id), at=at, since=since, readerships=readerships)
        return None if known is None else known.is_external

    def forget_channel(self, workspace_id: str, channel_id: str) -> None:
        """Something about this channel changed: ask again, also where Slack is being asked just now."""
        self._channels[workspace_id, channel_id] = _Channel(None, NEVER, 0)

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

    def _kept(
        self, key: tuple[str, str], *, at: float, since: float, readerships: int
    ) -> ChannelFacts | None:
        known = self._channels.get(key)
        if known is None or known.readerships < readerships or known.asked_at < since:
            return None
        return known.facts if known.asked_at + CHANNEL_KEPT.total_seconds() > at else None

    async def _tell_all(self, workspace_id: str, channel_id: str) -> None:
        """Slack says what nobody heard as it happened: as if it had been heard now."""
        log.warning("who reads %s has changed, and Slack has not said so", channel_id)
        await self._runner.run(
            refresh_channel, workspace_id=workspace_id, channel_id=channel_id, now=self._clock.now()
        )

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def is_channel(place: str) -> bool:
    """Whether others than one person can read what is said in this place."""
    return place.startswith(("C", "G"))


def _has_changed_unheard(before: _Channel, facts: ChannelFacts, readerships: int) -> bool:
    """Whether other people can read a channel than it was last known, and no process has heard of it."""
    is_other = before.facts is not None and before.facts.is_external is not facts.is_external
    return is_other and before.readerships >= readerships
