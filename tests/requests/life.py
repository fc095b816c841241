"""What a request's life should be, written a second time and simply: the model that `test_life` compares with.

It knows no database. Where it and the services differ, one of them is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.errors import Refusal, WrongFields
from bot.ledger.models import Funding
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio.forms import Figures as Agreed
from bot.requests.deciding import MOST_DELAY_DAYS, MOST_MINOR, MOST_MINUTES, Figures
from bot.requests.models import EventKind, State
from bot.requests.refusals import (
    AlreadyDecided,
    AlreadyTold,
    ClientHasAnswered,
    NoAnswerNeeded,
    NobodyElse,
    NotAccepted,
    NotNow,
    NotTheDecider,
    NotTheManager,
    NotTheRequester,
    NotWaiting,
    Outdated,
    OwnRequest,
)
from bot.requests.service import Ask

Refused = type[Refusal] | None
PAID_BY_CLIENT = Funding.CHANGE_ORDER
DECIDED = {State.APPROVED, State.REJECTED, State.IMPLEMENTED}


@dataclass
class PersonModel:
    """Somebody, and whether they may act."""

    zone: str = "UTC"
    is_external: bool = False
    is_active: bool = True

    @property
    def refused(self) -> Refused:
        """Why they may do nothing at all."""
        if not self.is_active:
            return UnknownPerson
        return ExternalPerson if self.is_external else None


@dataclass
class RequestModel:
    """A request as everybody remembers it."""

    id: UUID
    project: str
    number: int
    requester: str
    decider: str
    # Who held the ball from when on; None: put away.
    held: list[tuple[str | None, datetime]]
    state: State = State.UNDER_REVIEW
    told: bool = False
    # The client said yes to what they pay for.
    agreed: bool = False
    figures: Figures | None = None
    decided_at: datetime | None = None
    events: list[EventKind] = field(default_factory=lambda: [EventKind.SUBMITTED])
    version: int = 1

    @property
    def holder(self) -> str | None:
        """Who has to act."""
        return self.held[-1][0]

    @property
    def is_billable(self) -> bool:
        """Whether the client has to say yes of their own."""
        return self.figures is not None and PAID_BY_CLIENT in self.figures.split

    @property
    def is_answered(self) -> bool:
        """Whether nothing more is to be got from the client."""
        return self.told and (self.agreed or not self.is_billable)

    def hand_to(self, holder: str | None, now: datetime) -> None:
        """The ball passes on, never backwards in time; who has it already keeps it."""
        if holder != self.holder:
            self.held.append((holder, max(now, self.held[-1][1])))

    def happened(self, kind: EventKind) -> None:
        """One more line in the history, one more version of the card."""
        self.events.append(kind)
        self.version += 1


@dataclass
class ProjectModel:
    """A project of the one client."""

    id: UUID
    pm: str
    versions: list[Agreed]
    agreed: Agreed
    is_closed: bool = False
    approvals: int = 0
    last_number: int = 0


@dataclass
class AgencyModel:
    """Everybody and everything in one workspace."""

    people: dict[str, PersonModel]
    projects: dict[str, ProjectModel]
    am: str
    goodwill: int
    director: str | None = None
    requests: list[RequestModel] = field(default_factory=list)

    def refused(self, person: str) -> Refused:
        """Why somebody may do nothing at all."""
        known = self.people.get(person)
        return UnknownPerson if known is None else known.refused

    def decider(self, project: str, requester: str) -> str | None:
        """Who decides what this person asks on this project."""
        for person in (self.projects[project].pm, self.director, self.am):
            if person and person != requester and self.refused(person) is None:
                return person
        return None

    # --- what should be refused, in the order in which it is looked at

    def submit_refused(self, person: str, project: str, ask: Ask, now: datetime) -> Refused:
        """Why this cannot be logged."""
        if refused := self.refused(person):
            return refused
        today = now.astimezone(ZoneInfo(self.people[person].zone)).date()
        wrong = (
            self.projects[project].is_closed
            or not ask.title.strip("\x00 ")
            or (ask.needed_by is not None and ask.needed_by < today)
            or (ask.minutes is not None and not 0 <= ask.minutes <= MOST_MINUTES)
        )
        if wrong:
            return WrongFields
        return None if self.decider(project, person) else NobodyElse

    def decide_refused(self, person: str, request: RequestModel, revision: int) -> Refused:
        """Why this person may not decide that."""
        if refused := self.refused(person):
            return refused
        if request.state in DECIDED:
            return AlreadyDecided
        if request.state is State.WITHDRAWN:
            return NotWaiting
        if person == request.requester:
            return OwnRequest
        if person != request.decider:
            return NotTheDecider
        return Outdated if revision != 1 else None

    def figures_refused(self, person: str, request: RequestModel, figures: Figures, now: datetime) -> Refused:
        """Why it cannot be accepted on these figures."""
        parts = figures.split
        given = parts.get(Funding.GOODWILL, 0)
        wrong = (
            not 0 <= figures.minutes <= MOST_MINUTES
            or not 0 <= figures.fee_minor <= MOST_MINOR
            or not 0 <= figures.delay_days <= MOST_DELAY_DAYS
            or sum(parts.values()) != figures.minutes
            or min(parts.values(), default=0) < 0
            or (figures.fee_minor and PAID_BY_CLIENT not in parts)
            or (given and person != self.director and given > self.goodwill_left(now))
        )
        return WrongFields if wrong else None

    def goodwill_left(self, now: datetime) -> int:
        """What may still be given away in this calendar month (the workspace lives in UTC)."""
        given = sum(
            request.figures.split.get(Funding.GOODWILL, 0)
            for request in self.requests
            if request.figures and request.decided_at and month(request.decided_at) == month(now)
        )
        return max(0, self.goodwill - given)

    def withdraw_refused(self, person: str, request: RequestModel) -> Refused:
        """Why this person may not take that back."""
        if refused := self.refused(person):
            return refused
        if person != request.requester:
            return NotTheRequester
        if request.state in DECIDED:
            return AlreadyDecided
        return NotWaiting if request.state is State.WITHDRAWN else None

    def tell_refused(self, person: str, request: RequestModel) -> Refused:
        """Why this person may not say that the client has the answer."""
        if refused := self.refused(person):
            return refused
        if person != request.requester:
            return NotTheRequester
        if request.told:
            return AlreadyTold
        return None if request.state in DECIDED else NotWaiting

    def done_refused(self, person: str, request: RequestModel) -> Refused:
        """Why this person may not say that it is done."""
        if refused := self.refused(person):
            return refused
        if person != self.projects[request.project].pm:
            return NotTheManager
        return None if request.state is State.APPROVED else NotAccepted

    def agree_refused(self, person: str, request: RequestModel) -> Refused:
        """Why this person may not say that the client said yes."""
        if refused := self.refused(person):
            return refused
        if person != request.requester:
            return NotTheRequester
        if request.state not in {State.APPROVED, State.IMPLEMENTED}:
            return NotNow
        if not request.is_billable:
            return NoAnswerNeeded
        return ClientHasAnswered if request.agreed else None

    # --- what should follow

    def accepted(self, request: RequestModel, figures: Figures, now: datetime) -> None:
        """A yes: the requester tells the client, and the baseline grows."""
        project = self.projects[request.project]
        last = project.versions[-1]
        due_on: date | None = last.due_on and last.due_on + timedelta(days=figures.delay_days)
        # What something else goes out for was agreed on already.
        more = figures.minutes - figures.split.get(Funding.SWAP, 0)
        project.versions.append(Agreed(last.minutes + more, last.budget_minor + figures.fee_minor, due_on))
        project.approvals += 1
        request.figures = figures
        self.decided(request, State.APPROVED, EventKind.APPROVED, now)

    def decided(self, request: RequestModel, state: State, kind: EventKind, now: datetime) -> None:
        """A yes or a no."""
        request.state, request.decided_at = state, now
        request.hand_to(request.requester, now)
        request.happened(kind)

    def withdrawn(self, request: RequestModel, now: datetime) -> None:
        """Taken back."""
        request.state = State.WITHDRAWN
        request.hand_to(None, now)
        request.happened(EventKind.WITHDRAWN)

    def client_told(self, request: RequestModel, now: datetime) -> None:
        """The client has the answer."""
        request.told = True
        self.pass_on(request, now)
        request.happened(EventKind.SENT_TO_CLIENT if request.is_billable else EventKind.CLIENT_TOLD)

    def client_agreed(self, request: RequestModel, now: datetime) -> None:
        """The client said yes."""
        request.told = request.agreed = True
        self.pass_on(request, now)
        request.happened(EventKind.CLIENT_ACCEPTED)

    def done(self, request: RequestModel, now: datetime) -> None:
        """Delivered: nobody has to act any more, unless the client still owes an answer."""
        request.state = State.IMPLEMENTED
        self.pass_on(request, now)
        request.happened(EventKind.IMPLEMENTED)

    def pass_on(self, request: RequestModel, now: datetime) -> None:
        """The client's answer first, then the work, then nothing."""
        if request.is_answered:
            request.hand_to(
                self.projects[request.project].pm if request.state is State.APPROVED else None, now
            )
        elif request.state is not State.REJECTED:
            request.hand_to(request.requester, now)

    def rerouted(self, project: str, now: datetime) -> int:
        """What waits goes to whoever decides there now, what is to be done to the manager; how many moved."""
        moved = 0
        for request in self.requests:
            decider = self.decider(project, request.requester)
            waits = request.project == project and request.state is State.UNDER_REVIEW
            if waits and decider and decider != request.decider:
                request.decider = decider
                request.hand_to(decider, now)
                request.happened(EventKind.REASSIGNED)
                moved += 1
            pm = self.projects[project].pm
            to_do = request.project == project and request.state is State.APPROVED and request.is_answered
            if to_do and request.holder != pm:
                request.hand_to(pm, now)
                request.happened(EventKind.HANDED_OVER)
                moved += 1
        return moved


def month(instant: datetime) -> tuple[int, int]:
    """The calendar month in UTC."""
    return instant.year, instant.month
