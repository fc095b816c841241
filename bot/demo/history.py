"""Plays the story through the real use cases and the real outbox, so that cards, threads and words stand as they would."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.demo import agency
from bot.demo.agency import ALMA_WEB, ANA, DIRECTOR, EVERYBODY, HOME_ZONE, PETE, TEAM, DemoProject
from bot.demo.calendar import Calendar
from bot.demo.clock import StoryClock
from bot.demo.plot import (
    Asks,
    Begins,
    ClientAgrees,
    Decides,
    Deed,
    DigestsFallDue,
    EverybodyReads,
    Finishes,
    GoesAway,
    Happening,
    Replies,
    Says,
    SetsDigest,
    Starts,
    Tells,
    beginning,
    happenings,
)
from bot.demo.story import REQUESTS
from bot.demo.story.rows import (
    Accepted,
    Asked,
    Choice,
    Conditional,
    Declined,
    Deferred,
    Offered,
    Outcome,
    Questioned,
    Withdrawn,
)
from bot.digests import service as digests
from bot.ledger.models import Funding
from bot.outbox import repository as outbox
from bot.people.hours import WorkingTime, hours_of
from bot.people.models import Actor
from bot.people.settings import Targets, change_settings, change_working_time
from bot.portfolio import service as portfolio
from bot.portfolio.forms import ClientForm, ProjectForm
from bot.portfolio.forms import Figures as Agreed
from bot.requests import deciding, service
from bot.requests.afterwards import client_answers, delivering
from bot.requests.afterwards.bridges import Bridge
from bot.requests.announcing import CARD
from bot.requests.bargaining import asking, offering
from bot.requests.bargaining.conditional import Depends, accept_on_condition
from bot.requests.models import ChangeRequest
from bot.requests.routing import absences
from bot.requests.timing.targets import next_owed_reminder
from bot.sandbox import LocalWorkspace
from bot.slack.bot import Bot

MINOR = 100
# What still has to be read when the story ends: the newest card for Pete, the newest words for Ana.
UNREAD = ((PETE, ALMA_WEB), (ANA, "private"))
# Its people take their time: nothing of what they answered was late.
PATIENT = Targets(urgent=2 * 60, high=8 * 60, normal=4 * 8 * 60)
# While the story is played, nobody listens to what is said in it: it was said long ago.
_HEARING = {"app_mentions:read", "channels:history", "groups:history", "im:history"}


class History:
    """Plays every happening at its instant, and remembers what it made."""

    def __init__(self, bot: Bot, slack: LocalWorkspace, clock: StoryClock, calendar: Calendar) -> None:
        self._bot = bot
        self._slack = slack
        self._clock = clock
        self._calendar = calendar
        self._clients: dict[str, UUID] = {}
        self._projects: dict[str, UUID] = {}
        self._requests: dict[int, ChangeRequest] = {}
        self._remarks: dict[int, str] = {}
        self._sources: dict[str, str] = {}

    async def play(self) -> None:
        """Play it from its beginning to the present; the clock runs from now on."""
        faults = self._slack.faults
        faults.missing_scopes |= _HEARING
        faults.enforce_rate_limits = False
        self._clock.hold(beginning(self._calendar))
        await self._introduce()
        for happening in happenings(self._calendar):
            self._clock.hold(happening.at)
            if await self._do(happening):
                await self._bot.courier.drain()
        self._read_all(but=UNREAD)
        self._clock.move_to(self._calendar.now)
        await self._bot.run(_forget_what_was_owed, self._clock.now())
        # What was tried in vain before is due again by now.
        await self._bot.courier.drain()
        faults.enforce_rate_limits = True
        faults.missing_scopes -= _HEARING

    def _actor(self, who: str) -> Actor:
        return Actor(TEAM, who, self._clock.now())

    async def _introduce(self) -> None:
        """Handoff meets everybody; the director says how the agency works, and the clients are entered."""
        for person in EVERYBODY:
            await self._bot.directory.reader(TEAM, person)
        await self._bot.run(
            change_settings, self._actor(DIRECTOR), director_id=DIRECTOR, zone=HOME_ZONE, currency="EUR"
        )
        await self._bot.run(change_working_time, self._actor(DIRECTOR), usual=WorkingTime(), targets=PATIENT)
        for client in agency.CLIENTS:
            form = ClientForm(
                name=client.name,
                am_id=client.am,
                contact_name=client.contact,
                currency=client.currency,
                renewal_on=self._day(client.renews_in),
                goodwill_minutes=client.goodwill * 60,
            )
            added = await self._bot.run(portfolio.add_client, self._actor(client.am), form=form)
            self._clients[client.name] = added.id

    async def _do(self, happening: Happening) -> bool:
        """Let it happen; whether Handoff may have something to say about it."""
        actor = self._actor(happening.who)
        match happening.deed:
            case Asks(number, row):
                await self._ask(actor, number, row)
            case Decides(number, outcome):
                await self._decide(actor, self._requests[number], outcome, REQUESTS[number])
            case Tells(number):
                await self._bot.run(service.client_told, actor, request_id=self._requests[number].id)
            case ClientAgrees(number):
                request = self._requests[number]
                await self._bot.run(
                    client_answers.client_accepted, actor, request_id=request.id, revision=request.revision
                )
            case Begins(number):
                await self._bot.run(delivering.start, actor, request_id=self._requests[number].id)
            case Finishes(number):
                await self._bot.run(delivering.delivered, actor, request_id=self._requests[number].id)
            case GoesAway(delegate, days, note):
                until = self._calendar.last_day + timedelta(days=days - 1)
                await self._bot.run(
                    absences.go_away,
                    actor,
                    first_day=self._calendar.last_day,
                    last_day=until,
                    delegate_id=delegate,
                    note=note,
                )
            case DigestsFallDue():
                return bool(await self._bot.run(digests.run_due, actor.now))
            case _:
                await self._go_on(actor, happening.deed)
                return False
        return True

    async def _go_on(self, actor: Actor, deed: Deed) -> None:
        """What Handoff says nothing about."""
        match deed:
            case Starts(project):
                await self._start(actor, project)
            case Says() | Replies():
                await self._talk(actor.person_id, deed)
            case SetsDigest():
                await self._set_digest(actor, deed)
            case EverybodyReads():
                self._read_all()

    async def _start(self, actor: Actor, project: DemoProject) -> None:
        form = ProjectForm(
            client_id=self._clients[project.client],
            name=project.name,
            key=project.key,
            pm_id=project.pm,
            channel_id=project.channel,
            starts_on=self._day(project.starts),
            figures=Agreed(project.hours * 60, project.budget * MINOR, self._day(project.due)),
            scope=project.scope,
        )
        added = await self._bot.run(portfolio.add_project, actor, form=form)
        self._projects[project.key] = added.id

    async def _ask(self, actor: Actor, number: int, row: Asked) -> None:
        ask = service.Ask(
            project_id=self._projects[row.project],
            title=row.title,
            details=row.details,
            reason=row.reason,
            needed_by=None if row.needed is None else self._calendar.day(row.day - row.needed),
            minutes=None if row.hours is None else _minutes(row.hours),
            promise=row.promise,
            source_url=self._sources[row.source] if row.source else "",
        )
        self._requests[number] = await self._bot.run(service.submit, actor, ask)

    async def _decide(self, actor: Actor, request: ChangeRequest, outcome: Outcome, row: Asked) -> None:
        run = self._bot.run
        this: dict[str, Any] = {"request_id": request.id, "revision": request.revision}
        match outcome:
            case Withdrawn():
                await run(service.withdraw, actor, request_id=request.id, reason=outcome.why)
            case Declined(bridge=(kind, words)):
                bridge = Bridge(kind, words)
                await run(deciding.decline, actor, reason=outcome.why, bridge=bridge, **this)
            case Accepted():
                await run(deciding.accept, actor, figures=_figures(outcome), **this)
            case Questioned():
                await run(asking.ask_for_info, actor, question=outcome.question, **this)
            case Offered():
                until = self._calendar.day(row.day - outcome.valid)
                options = [_option(choice, until) for choice in outcome.options]
                await run(offering.counter_offer, actor, options=options, **this)
            case Deferred():
                await run(deciding.defer, actor, reason=outcome.why, **this)
            case Conditional():
                by = self._calendar.day(row.day - outcome.by)
                depends = Depends(outcome.condition, request.requester_id, by)
                figures = _figures(Accepted(outcome.after, outcome.at, outcome.hours, outcome.fee))
                await run(accept_on_condition, actor, figures=figures, depends=depends, **this)

    async def _talk(self, who: str, deed: Says | Replies) -> None:
        person = self._slack.person(who)
        if isinstance(deed, Replies):
            channel, ts = await self._root(deed.under)
            await person.say(channel, deed.words, thread_ts=ts)
            return
        said = await person.say(deed.remark.channel, deed.remark.words)
        self._remarks[deed.number] = said.ts
        self._sources[deed.remark.name] = _permalink(deed.remark.channel, said.ts)

    async def _set_digest(self, actor: Actor, deed: SetsDigest) -> None:
        await self._bot.run(
            digests.set_schedule,
            actor,
            channel_id=deed.channel,
            kind=deed.kind,
            is_on=True,
            zone=HOME_ZONE,
            at=deed.at,
            covers=deed.covers,
            is_external=False,
        )

    async def _root(self, under: Asks | Says) -> tuple[str, str]:
        """The message that a thread hangs on: a request's card, or a remark."""
        if isinstance(under, Says):
            return under.remark.channel, self._remarks[under.number]
        request = self._requests[under.number]
        card = await self._bot.read(outbox.place_of, workspace_id=TEAM, dedupe_key=f"{CARD}:{request.id}")
        if card is None or card.channel_id is None or card.ts is None:
            raise LookupError(f"{request.reference} has no card to reply to.")
        return card.channel_id, card.ts

    def _read_all(self, *, but: tuple[tuple[str, str], ...] = ()) -> None:
        for channel in self._slack.workspace.channels.values():
            place = "private" if channel.is_im else channel.id
            for member in channel.members:
                if (member, place) not in but and channel.last_ts is not None:
                    channel.mark_read(member, channel.last_ts)

    def _day(self, days: int) -> date:
        """So many days from the last one; what would be a weekend's is the Friday before."""
        day = self._calendar.last_day + timedelta(days=days)
        return day - timedelta(days=max(0, day.isoweekday() - 5))


def _forget_what_was_owed(session: Session, now: datetime) -> None:
    """Nobody was reminded while the story was played, and nobody is reminded of it all at once now."""
    for request in session.scalars(select(ChangeRequest).where(ChangeRequest.owed_remind_at <= now)):
        hours = hours_of(session, workspace_id=TEAM, person_id=request.requester_id, now=now)
        request.owed_remind_at = next_owed_reminder(request.answer_owed_on, hours, now)


def _figures(outcome: Accepted) -> deciding.Figures:
    paid = {outcome.paid: outcome.hours} if isinstance(outcome.paid, Funding) else outcome.paid
    return deciding.Figures(
        minutes=_minutes(outcome.hours),
        fee_minor=outcome.fee * MINOR,
        delay_days=outcome.delay,
        split={funding: _minutes(hours) for funding, hours in paid.items()},
    )


def _option(choice: Choice, until: date) -> offering.Option:
    return offering.Option(
        choice.what, _minutes(choice.hours), choice.fee * MINOR, funding=choice.paid, valid_until=until
    )


def _minutes(hours: float) -> int:
    return round(hours * 60)


def _permalink(channel: str, ts: str) -> str:
    return f"https://brightside.slack.com/archives/{channel}/p{ts.replace('.', '')}"
