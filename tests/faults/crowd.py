"""The people: they ask and decide as hurriedly as they can, and try again when Slack says that it did not work."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bot.sandbox import Message, Person
from tests.faults.agency import PROJECTS, am_of, channel_of, pm_of
from tests.faults.ledger import Ledger, Told
from tests.faults.slack import WatchedSlack

WORKERS = 6
# Somebody who was told that it did not work tries again after a moment, and gives up in the end: long after a lone
# process has come back, even on a machine that is busy with something else.
PAUSE_SECONDS = 0.4
GIVES_UP_SECONDS = 240.0
# Who is refused again and again (their card still shows what it was before) comes back after a while: longer than
# anything waits for a token that was refused. All of it together is longer than the clock is ever wrong.
REFUSALS_BEFORE_A_BREAK = 25
BREAK_SECONDS = 310.0
# Longer than the slowest call.
IN_HAND_SECONDS = 45.0
# An answer beside the ack (a sentence, a modal) follows it within a moment.
SHOWN_WITHIN_SECONDS = 1.5
# How long people wait for cards that are still to come.
PATIENCE_SECONDS = 6.0
# So many of the requests are changed by their account manager before they are decided.
EDITED = 0.4
EDITED_HOURS = 4
STATES = {"accept": "approved", "decline": "rejected", "withdraw": "withdrawn"}


class Crowd:
    """Everybody in the agency, and what they were told."""

    def __init__(
        self,
        slack: WatchedSlack,
        rng: random.Random,
        faults_taken: Callable[[], int],
        let_pass: Callable[[float], None],
    ) -> None:
        self._slack = slack
        self._rng = rng
        self._faults_taken = faults_taken
        self._let_pass = let_pass
        self.ledger = Ledger()
        self._busy: dict[str, asyncio.Lock] = {}
        self._claimed: set[str] = set()
        self._count = 0

    async def work(self, requests: int) -> None:
        """Log so many requests and decide whatever can be decided meanwhile."""
        wanted = self._count + requests
        logging = self._rng.choices(range(PROJECTS), k=requests)

        async def go() -> None:
            while logging:
                await self._log(logging.pop())
                await self._decide_one()
                if self._rng.random() < 0.2:
                    await self._something_else()

        await asyncio.gather(*(go() for _ in range(WORKERS)))
        assert self._count == wanted
        await self.decide_all(patience=PATIENCE_SECONDS)

    async def decide_all(self, *, patience: float = 0.0) -> bool:
        """Decide every card that can be seen, and those that come for as long as the patience lasts; whether any was."""
        claimed = len(self._claimed)
        until = asyncio.get_running_loop().time() + patience

        async def go() -> None:
            while True:
                if await self._decide_one():
                    continue
                is_missing = sum(self.ledger.asked.values()) > len(self._claimed)
                if not is_missing or asyncio.get_running_loop().time() > until:
                    return
                await asyncio.sleep(0.1)

        await asyncio.gather(*(go() for _ in range(WORKERS)))
        return len(self._claimed) > claimed

    # ---- asking

    async def _log(self, project: int) -> None:
        self._count += 1
        title = f"Ask {self._count:04d}: {self._rng.choice(('newsletter', 'banner', 'landing page'))}"
        self.ledger.asked[title] = False
        person = self._slack.person(am_of(project))
        async with self._turn(person):
            if not await self._opens(person, title, lambda: self._ask(person, project, title)):
                return
            await person.fill(title=title, hours="3")
            self.ledger.asked[title] = await self._sent_off(person, title)

    async def _ask(self, person: Person, project: int, title: str) -> Any:
        return await person.command(channel_of(project), "/ask", f"P{project} {title}")

    # ---- deciding

    async def _decide_one(self) -> bool:
        found = self._undecided()
        if found is None:
            return False
        project, card, request_id = found
        self._claimed.add(request_id)
        # Two changes of a card in a row: the first must not be drawn over the second, however late it comes.
        if self._rng.random() < EDITED and not await self._edit(project, card, request_id):
            return True
        act = self._rng.choices(list(STATES), weights=(6, 3, 1))[0]
        person = self._slack.person(am_of(project) if act == "withdraw" else pm_of(project))
        what = f"{act} of {request_id}"
        async with self._turn(person):
            if not await self._opens(person, what, lambda: person.press(card, act)):
                return True
            if act == "decline":
                await person.fill(why="It does not fit the goal.", bridge="budget", bridge_text="From 500 on")
            if await self._sent_off(person, what):
                self.ledger.decided[request_id] = STATES[act]
        return True

    async def _edit(self, project: int, card: Message, request_id: str) -> bool:
        """Its account manager changes the hours; false where nobody can say whether it was taken."""
        person, what = self._slack.person(am_of(project)), f"edit of {request_id}"
        async with self._turn(person):
            if not await self._opens(person, what, lambda: self._edit_form(person, card)):
                return False
            await person.fill(hours=str(EDITED_HOURS))
            if not await self._sent_off(person, what):
                return False
        self.ledger.edited[request_id] = EDITED_HOURS * 60
        return True

    async def _edit_form(self, person: Person, card: Message) -> Any:
        result = await person.press(card, "more")
        if result.acked:
            await _until(lambda: person.modal is not None)
        if person.modal is None or "'edit'" not in str(person.modal.blocks):
            return result
        result = await person.choose("edit")
        if result.acked:
            await _until(lambda: person.modal is not None and bool(person.modal.body.get("submit")))
        return result

    def _undecided(self) -> tuple[int, Message, str] | None:
        projects = list(range(PROJECTS))
        self._rng.shuffle(projects)
        for project in projects:
            for message in self._slack.channel(channel_of(project)).roots:
                request_id = card_of(message)
                if request_id is not None and request_id not in self._claimed and _waits(message):
                    return project, message, request_id
        return None

    # ---- what else people do

    async def _something_else(self) -> None:
        project = self._rng.randrange(PROJECTS)
        person = self._slack.person(am_of(project))
        channel = self._slack.channel(channel_of(project))
        async with self._turn(person):
            if channel.roots and self._rng.random() < 0.5:
                root = self._rng.choice(channel.roots)
                await person.say(channel, "How does it look?", thread_ts=root.thread_ts or root.ts)
            else:
                await person.open_home()

    # ---- how it goes

    def _turn(self, person: Person) -> asyncio.Lock:
        """Nobody does two things at once."""
        return self._busy.setdefault(person.id, asyncio.Lock())

    async def _opens(self, person: Person, what: str, act: Callable[[], Awaitable[Any]]) -> bool:
        """Do what opens a form, until it is open; false when nobody would try any longer."""
        refused = 0
        for _ in _tries():
            if person.modal is not None:
                await person.close_modal(whole_stack=True)
            seen, broken = _seen(person), self._faults_taken()
            result = await act()
            if result.acked and getattr(result, "response", None) is None:
                await self._shown(person, seen)
            if person.modal is not None and person.modal.body.get("submit"):
                self.ledger.note(Told.DONE, what)
                return True
            said = getattr(result, "response", None) or person.modal is not None or _seen(person) > seen
            is_slacks = not result.acked or self._faults_taken() > broken
            self.ledger.note(Told.REFUSED if said else Told.SLACK_FAILED if is_slacks else Told.NOTHING, what)
            refused += bool(said)
            if said and refused % REFUSALS_BEFORE_A_BREAK == 0:
                await self._take_a_break()
            await asyncio.sleep(PAUSE_SECONDS)
        self.ledger.given_up.append(what)
        return False

    async def _take_a_break(self) -> None:
        """Let a while pass, but not while Slack has anything in hand: no call of it takes as long as that.

        Where it always has, there is no break.
        """
        try:
            async with asyncio.timeout(IN_HAND_SECONDS):
                while self._slack.is_busy:  # noqa: ASYNC110 (the stand-in only records)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            return
        self._let_pass(BREAK_SECONDS)

    async def _sent_off(self, person: Person, what: str) -> bool:
        """Send the open form off until it is taken; whether it was."""
        form = person.modal
        for _ in _tries():
            # A form that comes late, for an earlier try, is no reason to ask for the same thing twice.
            while person.modal is not None and person.modal is not form:
                await person.close_modal()
            if person.modal is None:
                # The answer that it was taken was for an earlier try: Slack's client closed the form.
                return False
            result = await person.submit()
            if result.acked and result.closed:
                self.ledger.note(Told.DONE, what)
                return True
            told = Told.REFUSED if result.errors or result.acked else Told.SLACK_FAILED
            self.ledger.note(told, what)
            await asyncio.sleep(PAUSE_SECONDS)
        self.ledger.given_up.append(f"{what}, sent off")
        await person.close_modal(whole_stack=True)
        return False

    async def _shown(self, person: Person, seen: int) -> None:
        """Wait for a form, or for a sentence more than was `seen`."""
        await _until(lambda: person.modal is not None or _seen(person) > seen)


async def _until(is_there: Callable[[], bool]) -> None:
    """Wait until it is there, or as long as an answer takes that is still to come."""
    try:
        async with asyncio.timeout(SHOWN_WITHIN_SECONDS):
            while not is_there():  # noqa: ASYNC110 (the stand-in only records)
                await asyncio.sleep(0.01)
    except TimeoutError:
        return


def _tries() -> Iterator[None]:
    """One for each time that somebody would try."""
    time = asyncio.get_running_loop().time
    until = time() + GIVES_UP_SECONDS
    while time() < until:
        yield


def _seen(person: Person) -> int:
    return len(person.ephemerals) + len(person.direct_messages)


def card_of(message: Message) -> str | None:
    """The request whose card this is, as its key says."""
    key = key_of(message)
    return key.removeprefix("card:") if key.startswith("card:") else None


def key_of(message: Message) -> str:
    """What Handoff posted it with; empty for what others wrote."""
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key") or "")


def _waits(message: Message) -> bool:
    """Whether it can be decided, as far as anybody sees."""
    return '"accept"' in str(message.blocks).replace("'", '"')
