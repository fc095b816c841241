"""What a history says of the row of its request: event by event, as the use cases change that row.

Of a column it does not tell of, nothing is said: what a request gave as details, reason and link before its first
edit, and who decides what was taken up again. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.requests.models import ClientAnswer, Event, EventKind, Outcome, Priority, Promise, State

# The events that each wrote one decision, and what was decided.
DECIDING = {
    EventKind.APPROVED: Outcome.APPROVED,
    EventKind.REJECTED: Outcome.REJECTED,
    EventKind.DEFERRED: Outcome.DEFERRED,
    EventKind.APPROVED_CONDITIONAL: Outcome.APPROVED_CONDITIONAL,
    EventKind.OFFER_TAKEN: Outcome.APPROVED,
    EventKind.CONDITION_MET: Outcome.APPROVED,
    EventKind.CONDITION_NOT_MET: Outcome.REJECTED,
    EventKind.CONDITION_EXPIRED: Outcome.REJECTED,
}
# Before whoever decides again: what was decided does not stand any more.
_REVIEWED = frozenset(
    {
        EventKind.EDITED,
        EventKind.REOPENED,
        EventKind.APPEALED,
        EventKind.ASKED_AGAIN,
        EventKind.CLIENT_DECLINED,
        EventKind.SWAP_UNDONE,
    }
)
_STATES = {
    **{kind: State(outcome.value) for kind, outcome in DECIDING.items()},
    **dict.fromkeys(_REVIEWED, State.UNDER_REVIEW),
    EventKind.WITHDRAWN: State.WITHDRAWN,
    EventKind.INFO_ASKED: State.NEEDS_INFO,
    EventKind.INFO_ANSWERED: State.UNDER_REVIEW,
    EventKind.COUNTERED: State.COUNTERED,
    EventKind.OFFERS_REFUSED: State.UNDER_REVIEW,
    EventKind.FIRST_YES: State.UNDER_REVIEW,
    EventKind.STARTED: State.IN_PROGRESS,
    EventKind.IMPLEMENTED: State.IMPLEMENTED,
    EventKind.CLOSED: State.CLOSED,
    EventKind.SWAPPED_OUT: State.CLOSED,
    EventKind.MARKED_DUPLICATE: State.VOID,
}
_ANSWERS = {
    EventKind.SENT_TO_CLIENT: ClientAnswer.SENT,
    EventKind.CLIENT_ACCEPTED: ClientAnswer.ACCEPTED,
    EventKind.CLIENT_DECLINED: ClientAnswer.DECLINED,
    EventKind.ANSWER_EXPIRED: ClientAnswer.EXPIRED,
}
_TELLING = frozenset({EventKind.CLIENT_TOLD, EventKind.SENT_TO_CLIENT, EventKind.CLIENT_ACCEPTED})
_ACCEPTED = frozenset({State.APPROVED, State.IN_PROGRESS, State.IMPLEMENTED})

# Of each column what it may hold; of a column that is not named, nothing is known.
Told = dict[str, tuple[Any, ...]]


def as_told(events: Sequence[Event], *, is_billable: bool) -> Told:
    """What each column of the row may hold after these events, days as ISO dates.

    `is_billable`: the client pays for what stands accepted, which is told by its funding.
    """
    row = _Row(events[0], is_billable=is_billable)
    for event in events[1:]:
        row.follow(event)
    return row.told


class _Row:
    """A request's row as far as it is told."""

    def __init__(self, first: Event, *, is_billable: bool) -> None:
        facts = first.facts
        self.told: Told = {
            "submitted_at": (first.at,),
            "requester_id": (first.actor_id,),
            "title": (facts.get("title"),),
            "estimated_minutes": (facts.get("minutes"),),
            "needed_by": (facts.get("needed_by"),),
            # Before there were priorities, everything was as urgent as the next.
            "priority": (facts.get("priority", Priority.NORMAL),),
            "revision": (1,),
            "state": (State.UNDER_REVIEW,),
            "client_told_at": (None,),
            "client_answer": (ClientAnswer.NOT_REQUIRED,),
        }
        for fact, column in (("promise", "promise"), ("decider", "decider_id")):
            if fact in facts:
                self.told[column] = (facts[fact],)
        self._is_billable = is_billable
        self._is_decided = False
        # While the second yes is awaited: who decided before the first.
        self._before_first_yes: tuple[Any, ...] | None = None
        self._awaits_second = False

    def follow(self, event: Event) -> None:
        """Change the row as this event did."""
        comes_back = event.kind is EventKind.CAME_BACK and self._is_in(State.DEFERRED)
        if comes_back or event.kind in _REVIEWED | {EventKind.WITHDRAWN, EventKind.MARKED_DUPLICATE}:
            self._take_back(event.kind)
        if event.kind in DECIDING:
            self._decide(DECIDING[event.kind])
        if event.kind is EventKind.FIRST_YES:
            self._awaits_second, self._before_first_yes = True, self.told.get("decider_id")
        self._hear_of_client(event)
        if comes_back:
            self.told["state"] = (State.UNDER_REVIEW,)
        elif event.kind in _STATES:
            self.told["state"] = (_STATES[event.kind],)
        self._pass_on(event)
        if event.kind is EventKind.EDITED:
            changes: Mapping[str, Sequence[Any]] = event.facts.get("changes") or {}
            self.told |= {name: (change[1],) for name, change in changes.items()}
            self.told["revision"] = (event.facts.get("revision"),)
        elif event.kind is EventKind.HOLDING_SENT:
            self.told["promise"] = (Promise.HOLDING_REPLY,)

    def _take_back(self, kind: EventKind) -> None:
        if kind is EventKind.WITHDRAWN and self._awaits_second:
            # Taken back or let go: only the latter gives the decision back.
            self.told.pop("decider_id", None)
        self._settle_first_yes()
        if kind not in {EventKind.WITHDRAWN, EventKind.MARKED_DUPLICATE}:
            # Whoever decides on its project by then.
            self.told.pop("decider_id", None)
        if self._is_decided:
            self._is_decided = False
            self.told |= {"client_told_at": (None,), "client_answer": (ClientAnswer.NOT_REQUIRED,)}

    def _decide(self, outcome: Outcome) -> None:
        self._settle_first_yes()
        self._is_decided = True
        if outcome is Outcome.APPROVED:
            needed = ClientAnswer.NOT_SENT if self._is_billable else ClientAnswer.NOT_REQUIRED
            self.told["client_answer"] = (needed,)

    def _settle_first_yes(self) -> None:
        """Whose decision it was, it is again."""
        if self._awaits_second:
            self._awaits_second = False
            self._tell("decider_id", self._before_first_yes)

    def _hear_of_client(self, event: Event) -> None:
        if event.kind in _TELLING:
            self.told["client_told_at"] = (self.told["client_told_at"][0] or event.at,)
        if event.kind in _ANSWERS:
            self.told["client_answer"] = (_ANSWERS[event.kind],)
        elif event.kind is EventKind.CLIENT_TOLD and self._is_in(*_ACCEPTED):
            # What the client pays for is sent to them instead, since there are such answers.
            self.told["client_answer"] = (ClientAnswer.NOT_REQUIRED,)
        elif event.kind is EventKind.STARTED and "answer" in event.facts:
            self.told["client_answer"] = (event.facts["answer"],)
        elif event.kind is EventKind.IMPLEMENTED and "minutes" not in event.facts:
            # Done before anybody kept what the client answers.
            self.told["client_answer"] = (*self.told["client_answer"], ClientAnswer.NOT_REQUIRED)

    def _pass_on(self, event: Event) -> None:
        """Who asks and who decides now, where the event says so."""
        facts = event.facts
        for fact, column in (("requester", "requester_id"), ("decider", "decider_id")):
            if fact in facts:
                self.told[column] = (facts[fact],)
        if event.kind is EventKind.FIRST_YES:
            self._tell("decider_id", (facts["director"],) if "director" in facts else None)
        states = self.told["state"]
        if event.kind is EventKind.HANDED_OVER and facts.get("left") and states[0].awaits_decision:
            # A question or an offer may have died with who left.
            self.told["state"] = (*states, State.UNDER_REVIEW)

    def _tell(self, column: str, values: tuple[Any, ...] | None) -> None:
        if values is None:
            self.told.pop(column, None)
        else:
            self.told[column] = values

    def _is_in(self, *states: State) -> bool:
        return self.told["state"][0] in states
