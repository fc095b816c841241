"""What the rules of a request refuse: facts (people by name), for `slack/text/refusals` to put in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.errors import Refusal
from bot.requests.models import Outcome, State


@dataclass
class NoSuchRequest(Refusal):
    """There is no such request in this workspace."""

    reference: str


@dataclass
class AlreadyDecided(Refusal):
    """Somebody decided first."""

    reference: str
    outcome: Outcome
    decided_by: str
    decided_at: datetime


@dataclass
class NotWaiting(Refusal):
    """The request no longer waits for a decision: withdrawn, closed."""

    reference: str
    state: State
    by: str
    at: datetime | None


@dataclass
class NotNow(Refusal):
    """What was pressed makes no sense where the request is now."""

    reference: str
    state: State


@dataclass
class NotTheDecider(Refusal):
    """Only one person decides this request, and it is somebody else."""

    reference: str
    project: str
    decider: str
    # Who acts in their place meanwhile, and until which day.
    stand_in: str = ""
    until: date | None = None


@dataclass
class OwnRequest(Refusal):
    """Nobody decides a request of their own."""

    reference: str
    decider: str


@dataclass
class NobodyToAgree(Refusal):
    """Above a line the director has to agree too, and there is none who can act."""

    reference: str


@dataclass
class AgreedAlready(Refusal):
    """Who agreed first does not agree a second time: somebody else has to."""

    reference: str
    second: str


@dataclass
class SecondYesFirst(Refusal):
    """Above a line two must agree before anything is made to depend on something."""

    reference: str
    second: str


@dataclass
class MayNotReassign(Refusal):
    """Only these people say who decides a request."""

    reference: str
    names: tuple[str, ...]


@dataclass
class LoggedIt(Refusal):
    """Who logged a request does not decide it."""

    name: str


@dataclass
class DeclinedIt(Refusal):
    """Who declined what was appealed does not decide it again."""

    name: str


@dataclass
class DecidesAlready(Refusal):
    """It is theirs to decide already."""

    name: str


@dataclass
class NotTheRequester(Refusal):
    """Only who logged a request does this."""

    reference: str
    requester: str
    # Who acts in their place meanwhile, and until which day.
    stand_in: str = ""
    until: date | None = None


@dataclass
class Outdated(Refusal):
    """The press was on an older revision than the request has now."""

    reference: str
    shown: int
    current: int


@dataclass
class QuestionWaits(Refusal):
    """The decider asked already, and the answer has not come yet."""

    reference: str
    asked: str
    at: datetime


@dataclass
class NothingAsked(Refusal):
    """No question waits for an answer."""

    reference: str
    state: State


@dataclass
class AlreadyAnswered(Refusal):
    """The question was answered before."""

    reference: str
    by: str
    at: datetime


@dataclass
class MayNotReopen(Refusal):
    """Only those who decide may take a decision up again; `names` are who may."""

    reference: str
    names: tuple[str, ...]


@dataclass
class AlreadyAppealed(Refusal):
    """A request is appealed once."""

    reference: str
    decider: str


@dataclass
class NobodyToAppealTo(Refusal):
    """Whoever declined is the only one who may decide it."""

    reference: str
    declined_by: str


@dataclass
class NotTheirs(Refusal):
    """Only who logged a request and who decides it say that it is a duplicate."""

    reference: str
    requester: str
    decider: str


@dataclass
class SameRequest(Refusal):
    """A request is no duplicate of itself."""


@dataclass
class NotAnOriginal(Refusal):
    """What nobody asks for any more cannot stand for another request."""

    reference: str
    state: State


@dataclass
class OtherClient(Refusal):
    """A request of another client cannot stand for this one."""

    reference: str


@dataclass
class NothingChanged(Refusal):
    """What was sent off is what stood there before."""

    reference: str


@dataclass
class NobodyElse(Refusal):
    """Whoever logs this is the only one who could decide it, and no director is named."""

    project: str


@dataclass
class Missing(Refusal):
    """A required value is not there."""


@dataclass
class InThePast(Refusal):
    """A date that should lie ahead is over."""

    day: date


@dataclass
class TooMuch(Refusal):
    """A figure is larger than anything plausible; `most` is the bound."""

    most: int


@dataclass
class NobodyBilled(Refusal):
    """There is a fee, but no part of the hours is on a change order, so nobody would be asked for it."""


@dataclass
class NotWholeDays(Refusal):
    """A delay is counted in whole days, from none to so many."""

    most: int


@dataclass
class AlreadyTold(Refusal):
    """The client already has the answer."""

    reference: str
    at: datetime


@dataclass
class ProjectClosed(Refusal):
    """Nothing more can be asked on a project that is over."""

    project: str


@dataclass
class NotTheManager(Refusal):
    """Only the project's manager says how far the work is."""

    reference: str
    project: str
    manager: str
    # Who acts in their place meanwhile, and until which day.
    stand_in: str = ""
    until: date | None = None


@dataclass
class NotAccepted(Refusal):
    """Only what was accepted can be done."""

    reference: str
    state: State


@dataclass
class ClientNotTold(Refusal):
    """The client does not have the answer yet, so the work is not over for everybody."""

    reference: str
    client: str
    requester: str


@dataclass
class NoAnswerNeeded(Refusal):
    """The client pays nothing for it, so that no yes of theirs is needed."""

    reference: str
    client: str


@dataclass
class ClientHasAnswered(Refusal):
    """The client's answer is on record already."""

    reference: str
    client: str
