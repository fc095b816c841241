"""What cards, lists and words for the client are made of: plain values, loaded once, rendered anywhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bot.ledger.models import Funding
from bot.ledger.repository import Accepted
from bot.portfolio.languages import Language
from bot.requests.afterwards.bridges import Bridge
from bot.requests.bargaining.condition_models import ConditionKind, ConditionOutcome
from bot.requests.models import ClientAnswer, EventKind, Outcome, Priority, Promise, Reason, State


@dataclass(frozen=True)
class PersonName:
    """A person as lines name them."""

    id: str
    name: str


@dataclass(frozen=True)
class DecisionFacts:
    """The decision that stands."""

    id: UUID
    outcome: Outcome
    by: PersonName
    at: datetime
    minutes: int
    fee_minor: int
    delay_days: int
    # When the project is due by this decision; what the client was told stays true to it.
    due_on: date | None
    reason: str
    # Who pays for how many minutes, largest part first.
    split: tuple[tuple[Funding, int], ...]
    # Where a "no" or a "not now" leads to.
    bridge: Bridge | None = None
    # In whose place it was decided: somebody who was away.
    on_behalf_of: PersonName | None = None
    # Who agreed too, where one yes was not enough, and in whose place.
    agreed_by: PersonName | None = None
    agreed_for: PersonName | None = None


@dataclass(frozen=True)
class FirstYes:
    """What was agreed to first, where somebody else has to agree too."""

    by: PersonName
    on_behalf_of: PersonName | None
    at: datetime
    minutes: int
    fee_minor: int
    delay_days: int
    split: tuple[tuple[Funding, int], ...]
    # The lines above which it lies: minutes, fee_minor, goodwill.
    above: Mapping[str, int]


@dataclass(frozen=True)
class ClearedDecision:
    """A decision that was taken back."""

    outcome: Outcome
    by: PersonName
    at: datetime


@dataclass(frozen=True)
class AppealFacts:
    """What was not known when it was declined."""

    by: PersonName
    text: str


@dataclass(frozen=True)
class LinkedRequest:
    """Another request that asks for the same, and where its card stands; none until it is posted."""

    reference: str
    card: tuple[str, str] | None


@dataclass(frozen=True)
class QuestionFacts:
    """What a decider asked back, and the answer once there is one."""

    number: int
    by: PersonName
    at: datetime
    text: str
    answered_by: PersonName | None
    answered_at: datetime | None
    answer: str


def letter_of(position: int) -> str:
    """What people call an option: A, B, C."""
    return "ABC"[position - 1]


@dataclass(frozen=True)
class OfferFacts:
    """One option of a counter-offer."""

    id: UUID
    round: int
    position: int
    by: PersonName
    what: str
    minutes: int
    fee_minor: int
    delay_days: int
    ready_on: date | None
    funding: Funding
    valid_until: date
    # As far as the clock has seen: the service asks the time itself.
    is_over: bool
    taken_by: PersonName | None
    taken_at: datetime | None

    @property
    def letter(self) -> str:
        """A, B, C."""
        return letter_of(self.position)

    def due_on(self, project_due_on: date | None) -> date | None:
        """The day this option is about: a later delivery of the project, or when the part itself is ready."""
        if self.ready_on is not None or project_due_on is None or not self.delay_days:
            return self.ready_on
        return project_due_on + timedelta(days=self.delay_days)


@dataclass(frozen=True)
class BallClock:
    """By when whoever has the ball has to answer, and what follows if they do not."""

    due_at: datetime
    # Who gets the ball then; without anybody, the holder is only reminded.
    goes_to: PersonName | None
    reminded_at: datetime | None


@dataclass(frozen=True)
class SwapFacts:
    """One thing that goes out for a request."""

    # The accepted request that goes out; none for a part of what was agreed at the start.
    request_id: UUID | None
    name: str
    minutes: int
    # As the client knows it.
    title: str = ""


@dataclass(frozen=True)
class ConditionFacts:
    """What an acceptance depends on, and how that ended."""

    number: int
    kind: ConditionKind
    text: str
    confirmer: PersonName
    due_on: date | None
    outcome: ConditionOutcome | None
    settled_at: datetime | None
    settled_by: PersonName | None
    reason: str
    out: tuple[SwapFacts, ...] = ()


@dataclass(frozen=True)
class CardFacts:
    """Everything a card shows: the ask, who waits for whom, and what it does to the baseline."""

    workspace_id: str
    id: UUID
    reference: str
    revision: int
    version: int
    state: State
    title: str
    details: str
    reason: Reason
    promise: Promise
    needed_by: date | None
    estimated_minutes: int | None
    source_url: str
    answer_owed_on: date
    client_told_at: datetime | None
    submitted_at: datetime
    closed_at: datetime | None
    requester: PersonName
    decider: PersonName
    ball: PersonName | None
    project_id: UUID
    project: str
    project_key: str
    channel_id: str
    client: str
    contact: str
    currency: str
    # As first agreed, so that growth is measured against what was sold.
    agreed_minutes: int
    agreed_budget_minor: int
    # Minor units an hour.
    rate_minor: int
    due_on: date | None
    goodwill_limit: int
    accepted: Accepted
    decision: DecisionFacts | None
    # Who runs the project.
    manager_id: str = ""
    client_answer: ClientAnswer = ClientAnswer.NOT_REQUIRED
    answer_valid_until: date | None = None
    actual_minutes: int | None = None
    # The newest question, while it is still to be decided.
    question: QuestionFacts | None = None
    # Since when the client believes what was promised; none while nothing was said.
    promise_at: datetime | None = None
    # In which the client is written to.
    language: Language = Language.ENGLISH
    # What was decided before and no longer stands, newest first.
    cleared: tuple[ClearedDecision, ...] = ()
    # What its appeal says, while it is still to be decided; and whether there was one.
    appeal: AppealFacts | None = None
    is_appealed: bool = False
    # What it is a duplicate of, and what is a duplicate of it.
    duplicate_of: LinkedRequest | None = None
    duplicates: tuple[LinkedRequest, ...] = ()
    # Who is offered to re-open it: known where that is offered only.
    may_reopen: frozenset[str] = frozenset()
    # How often it came back to whoever decides.
    rounds: int = 0
    priority: Priority = Priority.NORMAL
    # Where an answer is awaited.
    clock: BallClock | None = None
    # Before this nobody nudges the holder again; none when they may be nudged at once.
    nudge_from: datetime | None = None
    # How many counter-offers there were; and the options on the table, or the one the decision came from.
    offer_round: int = 0
    offers: tuple[OfferFacts, ...] = ()
    # The first yes, while the second is awaited.
    first_yes: FirstYes | None = None
    # For whom whoever looks acts now: known behind "More" alone.
    stands_for: frozenset[str] = frozenset()
    # Who may say who decides it: known behind "More" alone.
    may_reassign: Collection[str] = ()
    # What the decision depends on, or came from.
    condition: ConditionFacts | None = None
    # The request (`ACME-12`) that took its place.
    swapped_for: str = ""
    # In whose place the holder of the ball acts: somebody who is away.
    ball_for: PersonName | None = None

    @property
    def is_back(self) -> bool:
        """Whether it waits for who logged it, to be asked again or let go: what was deferred is back."""
        holder = self.ball_for or self.ball
        return self.state is State.UNDER_REVIEW and holder is not None and holder.id == self.requester.id

    @property
    def bridge(self) -> Bridge | None:
        """Where the "no" or "not now" that stands leads to."""
        return self.decision.bridge if self.decision is not None else None

    @property
    def is_at_risk(self) -> bool:
        """Whether work has begun that the client should pay for and has not said yes to."""
        return self.state in {State.IN_PROGRESS, State.IMPLEMENTED} and self.client_answer.is_outstanding

    @property
    def awaits_decision(self) -> bool:
        """Whether somebody still has to say yes or no."""
        return self.state.awaits_decision

    def acting_for(self, person: PersonName) -> PersonName:
        """Who does what is a person's to do on it: they, or who has the ball in their place."""
        stands_in = self.ball_for is not None and self.ball_for.id == person.id
        return self.ball if stands_in and self.ball is not None else person


@dataclass(frozen=True)
class Line:
    """One request as lists show it."""

    id: UUID
    reference: str
    title: str
    state: State
    project: str
    client: str
    requester: PersonName
    ball: PersonName | None
    needed_by: date | None
    answer_owed_on: date
    submitted_at: datetime
    is_open: bool
    is_client_told: bool
    client_answer: ClientAnswer
    # Where its card stands; none until it is posted.
    card: tuple[str, str] | None


@dataclass(frozen=True)
class PastEvent:
    """One line of a request's history."""

    kind: EventKind
    by: PersonName
    at: datetime
    facts: dict[str, object]
    hash: str
