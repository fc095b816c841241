"""What people do while it is measured, and when it was done, as the stand-in saw it.

The load comes from the stand-in's own process: people act through its `Person`, with no HTTP between, so that the
two cores carry little more than the program that is measured and the stand-in that it talks to. Times are those of
this process: from the person's act to the later of the ack and the call that shows its effect.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import aiohttp

from bot.sandbox import ApiCall, LocalWorkspace, Message, Person, View
from tests.bench.agency import TYPED, am_of, channel_of, pm_of

T = TypeVar("T")

PATIENCE_SECONDS = 10.0


class Unfinished(Exception):
    """Something did not happen: the message says what, and what the stand-in had to complain of."""


class Side:
    """One of the two programs, seen from Slack's side."""

    def __init__(self, name: str, slack: LocalWorkspace) -> None:
        self.name = name
        self.slack = slack
        # Cards that wait for a decision, and how many were posted so far, by project.
        self.cards: dict[int, list[Message]] = defaultdict(list)
        self.expected: dict[int, int] = defaultdict(int)

    def begin(self) -> None:
        """Forget what was recorded, so that a long run does not grow."""
        self.slack.calls.clear()
        self.slack.deliveries.clear()

    def count(self, method: str) -> int:
        """How many calls of a method came since `begin`."""
        return sum(call.method == method for call in self.slack.calls)

    async def until(self, method: str, count: int) -> None:
        """Wait for so many calls of a method since `begin`. Raises `Unfinished`."""
        await self.until_true(lambda: self.count(method) >= count, f"{count} calls of {method}")

    async def until_true(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for what the stand-in records. Raises `Unfinished`."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not is_so():  # noqa: ASYNC110 (the stand-in only records)
                    await asyncio.sleep(0.001)
        except TimeoutError:
            complaints = [problem.text for problem in self.slack.problems][-3:]
            raise Unfinished(f"{self.name}: {what} did not come. {complaints}") from None

    def updated(self) -> dict[tuple[str, str], ApiCall]:
        """The first redrawing of each message since `begin`, by channel and ts."""
        found: dict[tuple[str, str], ApiCall] = {}
        for call in self.slack.calls:
            if call.method == "chat.update":
                found.setdefault((call.args["channel"], call.args["ts"]), call)
        return found

    async def settled(self) -> None:
        """Wait until it has nothing more to say."""
        await self.slack.settled(timeout=PATIENCE_SECONDS, quiet=0.03)
        failed = [call for call in self.slack.calls if call.error]
        if failed or self.slack.problems:
            raise Unfinished(f"{self.name}: {failed[:1]} {self.slack.problems[:3]}")

    def modal_of(self, person: Person) -> View:
        """The modal in front of somebody. Raises `Unfinished` when there is none, with what was refused."""
        if person.modal is None:
            refused = [f"{call.method}: {call.error}" for call in self.slack.calls if call.error]
            raise Unfinished(f"{self.name}: no modal opened for {person.id}. {refused[:3]}")
        return person.modal

    def milliseconds(self, since: datetime, ack_seconds: float, shown: ApiCall) -> float:
        """From the act to the later of its ack and the call that shows its effect."""
        return max(ack_seconds, (shown.at - since).total_seconds()) * 1000

    async def together(self, acts: Iterable[Awaitable[T]]) -> list[T]:
        """All at the same instant."""
        return list(await asyncio.gather(*acts))

    def now(self) -> datetime:
        """The stand-in's time."""
        return self.slack.workspace.now()


class Act(Protocol):
    """Something that a number of people do at the same instant."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    @property
    def needs_cards(self) -> bool:
        """Whether each act uses up a card that waits for a decision."""
        ...

    async def done(self, side: Side, projects: Sequence[int]) -> list[float]:
        """How long it took each of them, in milliseconds; ends when what follows is over too."""
        ...


@dataclass(frozen=True)
class Asking:
    """`/ask` with a real text: from the command to acked and modal open."""

    name: str = "/ask: acked, modal open"
    needs_cards: bool = False

    async def done(self, side: Side, projects: Sequence[int]) -> list[float]:
        """One account manager of each project types it in the project's channel."""
        side.begin()
        people = [side.slack.person(am_of(project)) for project in projects]

        async def ask(project: int) -> tuple[datetime, float]:
            began = side.now()
            result = await side.slack.person(am_of(project)).command(channel_of(project), "/ask", TYPED)
            if not result.acked or result.response is not None:
                raise Unfinished(f"{side.name}: /ask was answered with {result}")
            return began, result.seconds

        asked = await asyncio.gather(*map(ask, projects))
        await side.until("views.open", len(projects))
        opened = {call.answer["view"]["id"]: call for call in side.slack.calls if call.method == "views.open"}
        times = []
        for person, (began, seconds) in zip(people, asked, strict=True):
            times.append(side.milliseconds(began, seconds, opened[side.modal_of(person).id]))
        await side.settled()
        await asyncio.gather(*(person.close_modal() for person in people))
        return times


@dataclass(frozen=True)
class Accepting:
    """Accept: from the submission of the form to committed, acked and the card updated."""

    name: str = "Accept: committed, acked, card updated"
    needs_cards: bool = True
    # What is said after an Accept beside the card: the line in the thread and the words for the client.
    posts_after: int = 2

    async def done(self, side: Side, projects: Sequence[int]) -> list[float]:
        """One project manager for each project: the form is open in front of them, and all send it off."""
        cards = [_next_card(side, project) for project in projects]
        people = [side.slack.person(pm_of(project)) for project in projects]
        for person, card in zip(people, cards, strict=True):
            await person.press(card, "accept")
        await side.settled()
        for person in people:
            side.modal_of(person)
        side.begin()

        async def accept(place: int) -> tuple[datetime, float]:
            began = side.now()
            result = await people[place].submit()
            if not result.acked or not result.closed:
                raise Unfinished(f"{side.name}: Accept was answered with {result}")
            return began, result.seconds

        accepted = await asyncio.gather(*map(accept, range(len(projects))))
        places = [(card.channel, card.ts) for card in cards]
        await side.until_true(lambda: side.updated().keys() >= set(places), "every card's update")
        updated = side.updated()
        times = [
            side.milliseconds(began, seconds, updated[place])
            for place, (began, seconds) in zip(places, accepted, strict=True)
        ]
        if side.name == HANDOFF:
            await side.until("chat.postMessage", self.posts_after * len(projects))
        await side.settled()
        return times


HANDOFF = "handoff"
BARE = "bare"


def _next_card(side: Side, project: int) -> Message:
    """Handoff decides a card once; the bare app has one card a channel and redraws it every time."""
    waiting = side.cards[project]
    return waiting.pop(0) if side.name == HANDOFF else waiting[0]


async def cards_posted(side: Side, projects: Sequence[int]) -> None:
    """Wait until Handoff has posted another card for each of these projects. Raises `Unfinished`."""
    for project in projects:
        side.expected[project] += 1
    try:
        async with asyncio.timeout(PATIENCE_SECONDS + len(projects)):
            while any(len(_roots(side, project)) < side.expected[project] for project in projects):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    except TimeoutError:
        missing = [project for project in projects if len(_roots(side, project)) < side.expected[project]]
        raise Unfinished(f"Cards were not posted for {missing}.") from None
    for project in set(projects):
        new = projects.count(project)
        side.cards[project] += _roots(side, project)[-new:]
    await side.settled()


def _roots(side: Side, project: int) -> list[Message]:
    return side.slack.channel(channel_of(project)).roots


async def cards_put_up(side: Side, projects: Iterable[int], card: dict[str, Any]) -> None:
    """Post one card in each channel in the bare app's name."""
    headers = {"Authorization": f"Bearer {side.slack.seed.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for project in projects:
            body = {**card, "channel": channel_of(project)}
            async with session.post(f"{side.slack.api_url}chat.postMessage", json=body) as answer:
                said = await answer.json()
            assert said["ok"], said
            side.cards[project] = list(_roots(side, project))


def captured(call: ApiCall, name: str) -> Any:
    """An argument of a call as the app meant it."""
    value = call.args[name]
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
