"""A post office over the local workspace: notices of plain kinds, couriers that a test starts, kills and replaces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.outbox.models import Notice, Posting
from bot.outbox.service import announce, refresh
from bot.sandbox.web_api.door import ApiCall
from bot.slack.delivery import Courier
from bot.slack.home_tabs import draw_home
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.pacing import Pacing
from tests.slack_world import ACME, TEAM, World

NOTE, ONCE, CARD, LINK, BROKEN, CHART = "note", "once", "card", "link", "broken", "chart"


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@dataclass
class PostOffice:
    """The outbox of the agency's workspace, with kinds of its own."""

    world: World
    # What the cards mirror.
    wall: dict[UUID, str] = field(default_factory=dict)
    # Called while a card is drawn.
    on_draw: Callable[[], None] = lambda: None
    told: list[str] = field(default_factory=list)
    pacing: Pacing = field(default_factory=lambda: Pacing(seconds_between_posts=0))

    def __post_init__(self) -> None:
        self.slack = self.world.slack
        self.courier = self.new_courier()

    def new_courier(self, **changes: Any) -> Courier:
        """Another process: its own courier on the same database."""
        bot = self.world.bot
        parts: dict[str, Any] = {
            "runner": bot.runner,
            "gateways": bot.gateways,
            "directory": bot.directory,
            "clock": self.world.clock,
            "kinds": self.kinds(),
            "draw_home": draw_home,
            "pacing": self.pacing,
        }
        return Courier(**{**parts, **changes})

    def kinds(self) -> dict[str, Kind]:
        return {
            NOTE: Kind(self._note, when_shut_out=self._shut_out),
            ONCE: Kind(self._note, rather_twice=False),
            CARD: Kind(self._card, mirrors=True, is_linked_to=True, when_shut_out=self._shut_out),
            LINK: Kind(self._link, mirrors=True),
            BROKEN: Kind(self._broken),
            CHART: Kind(self._chart),
        }

    async def announce(
        self,
        text: str,
        *,
        to: str = ACME,
        kind: str = NOTE,
        subject: UUID | None = None,
        thread_of: str | None = None,
    ) -> UUID:
        """Announce a notice that says `text`, whose beginning is its key too; returns what it is about."""
        about = subject or new_id()
        await self.world.bot.runner.run(
            announce,
            workspace_id=TEAM,
            kind=kind,
            subject_id=about,
            destination=to,
            dedupe_key=text[:100],
            now=self.world.clock.now(),
            facts={"text": text},
            thread_of=thread_of,
        )
        return about

    async def change(self, subject: UUID, text: str) -> None:
        """Change what a card mirrors, as a use case of another process would."""
        self.wall[subject] = text
        await self.world.bot.runner.run(self.refresh_now, subject)

    def refresh_now(self, session: Session, subject: UUID) -> None:
        refresh(session, workspace_id=TEAM, subject_id=subject, now=self.world.clock.now())

    async def deliver(self, *, after: float = 0.0) -> None:
        """Deliver what is due in so many seconds."""
        self.world.clock.advance(timedelta(seconds=after))
        await self.courier.drain()

    def said(self, channel: str = ACME) -> list[str]:
        """What stands in a channel, roots and replies, oldest first."""
        return [message.text for message in self.slack.channel(channel).messages]

    def posts(self) -> int:
        """How often Handoff asked Slack to post."""
        return len(self.slack.calls_of("chat.postMessage"))

    async def notice(self, key: str) -> Notice:
        def load(session: Session) -> Notice:
            found = session.scalars(select(Notice).where(Notice.dedupe_key == key)).one()
            session.expunge(found)
            return found

        return await self.world.bot.read(load)

    async def posting(self, subject: UUID) -> Posting:
        def load(session: Session) -> Posting:
            found = session.scalars(select(Posting).where(Posting.subject_id == subject)).one()
            session.expunge(found)
            return found

        return await self.world.bot.read(load)

    async def age(self, key: str, by: timedelta) -> None:
        """Let a notice be older than it is."""

        def change(session: Session) -> None:
            notice = session.scalars(select(Notice).where(Notice.dedupe_key == key)).one()
            session.execute(
                update(Notice).where(Notice.id == notice.id).values(created_at=notice.created_at - by)
            )

        await self.world.bot.runner.run(change)

    def when_called(self, method: str, act: Callable[[], None]) -> None:
        """Act once at the moment the stand-in has done a call, before it answers."""
        self.slack._api.calls = _Watched(self.slack.calls, method, act)

    def called(self, method: str) -> asyncio.Event:
        """Set once the stand-in has done a call."""
        called = asyncio.Event()
        self.when_called(method, called.set)
        return called

    async def kill(self, courier: Courier, running: asyncio.Task[None]) -> None:
        """End a courier as kill -9 does: nothing that is under way is finished or written down."""
        running.cancel()
        for task in courier._saying | courier._refreshing:
            task.cancel()
        await asyncio.gather(running, return_exceptions=True)

    def _note(self, session: Session, loaded: Loaded, audience: Audience) -> Message:
        return Message(text=str(loaded.facts["text"]), blocks=(section(str(loaded.facts["text"])),))

    def _card(self, session: Session, loaded: Loaded, audience: Audience) -> Message:
        text = self.wall.get(loaded.subject_id, str(loaded.facts["text"]))
        self.on_draw()
        return Message(text=text, blocks=(section(text),))

    def _link(self, session: Session, loaded: Loaded, audience: Audience) -> Message:
        cards = select(Posting.ts).where(
            Posting.subject_id == loaded.subject_id, Posting.kind == CARD, ~Posting.is_gone
        )
        ts = session.scalar(cards)
        # What comes while this is being drawn is not in it.
        self.on_draw()
        text = f"{loaded.facts['text']}, see {ts or 'nothing'}"
        return Message(text=text, blocks=(section(text),))

    def _broken(self, session: Session, loaded: Loaded, audience: Audience) -> Message:
        raise ZeroDivisionError(loaded.facts["text"])

    def _chart(self, session: Session, loaded: Loaded, audience: Audience) -> Message:
        text = str(loaded.facts["text"])
        chart = {
            "type": "data_visualization",
            "title": "Growth",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}, {"label": "b", "value": 2}]},
        }
        return Message(text, (section(text), chart), fallback=Message(text, (section(f"{text} as text"),)))

    def _shut_out(self, session: Session, *, notice: Any, code: str, now: Any) -> None:
        self.told.append(notice.dedupe_key)


class _Watched(list[ApiCall]):
    """The stand-in's list of calls, which acts when a call of one method is added."""

    def __init__(self, calls: Iterable[ApiCall], method: str, act: Callable[[], None]) -> None:
        super().__init__(calls)
        self._method, self._act = method, act
        self._is_done = False

    def append(self, call: ApiCall) -> None:
        super().append(call)
        if call.method == self._method and not self._is_done:
            self._is_done = True
            self._act()
