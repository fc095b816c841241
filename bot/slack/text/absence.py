"""The sentences of `/handoff away`, of what a delegate hears, and of why an absence cannot be set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.people import refusals as no
from bot.people.models import Delegation
from bot.slack.text.markup import day, escape
from bot.slack.text.refusals import Reading, explains

TITLE = "Away"
SUBMIT = "Save"
FROM = "First day away"
TO = "Last day away"
DELEGATE = "Who acts for you"
NOTE = "Note"
NOTE_HINT = "Read by the person who acts, and by nobody else: where things stand, for example."
REMOVE = "Remove"
WHOSE = "Whose absence? `/handoff away` is for your own, `/handoff away @name` for somebody else's."
IS_SET = "*Set already*"


def delegate_of(person: str) -> str:
    """The label of who acts for whoever reads it, unless a person is named."""
    return f"Who acts for {person}" if person else DELEGATE


def delegate_hint(person: str) -> str:
    """What that means, under the field: to whoever reads it, unless a person is named."""
    who, place = (person, f"{person}'s place") if person else ("you", "your place")
    return f"They decide what {who} would decide, and do what waits on {who}. It is on record that it was in {place}."


def days(first_day: date, last_day: date) -> str:
    """`Mon 30 Nov to Fri 4 Dec`, or the one day."""
    return day(first_day) if first_day == last_day else f"{day(first_day)} to {day(last_day)}"


def line(delegation: Delegation, delegate: str, person: str = "") -> str:
    """One absence in the list: of whoever reads it, unless `person` is named."""
    note = f"\n{escape(delegation.note)}" if delegation.note else ""
    return f"*{days(*delegation.days)}* · {escape(delegate)} acts for {escape(person) or 'you'}{note}"


def away_of(person: str) -> str:
    """Above the form of somebody else's absence."""
    return f"*{escape(person)}* is away. They are told that you noted it."


def label_of_remove(delegation: Delegation) -> str:
    """What a screen reader says of the button."""
    return f"Remove the absence {days(*delegation.days)}"


def is_set(delegation: Delegation, delegate: str, *, has_begun: bool, moved: int, person: str = "") -> str:
    """What follows from an absence that was just set (of whoever reads it, unless `person` is named); plain text."""
    whose = person or "you"
    if not has_begun:
        return (
            f"From {day(delegation.first_day)} to {day(delegation.last_day)} {delegate} acts for {whose}. "
            "Until then nothing changes; it begins and ends by itself."
        )
    went = f"Nothing waited on {whose}." if not moved else f"{_requests(moved)} went to {delegate} now."
    return (
        f"Until {day(delegation.last_day)} {delegate} acts for {whose}. {went} "
        f"It ends by itself, and what still waits then comes back to {whose}."
    )


def set_for_you(delegation: Delegation, by: str, delegate: str, *, is_past: bool) -> str:
    """What somebody reads for whom another set an absence; it follows the absence."""
    when = days(*delegation.days)
    if is_past:
        return f"You are not away any more ({when})."
    return (
        f"{escape(by)} noted that you are away, {when}: {escape(delegate)} acts for you until then. "
        "`/handoff away` takes it back."
    )


def named(delegation: Delegation, person: str, *, has_begun: bool, is_past: bool) -> str:
    """What a delegate hears in private; it follows the absence."""
    who = escape(person)
    if is_past:
        return f"{who} is not away any more ({days(*delegation.days)}), so you no longer act for {who}."
    note = f"\n> {escape(delegation.note)}" if delegation.note else ""
    if has_begun:
        return f"{who} is away until {day(delegation.last_day)} and named you: what waits on {who} waits on you now.{note}"
    return (
        f"{who} will be away, {days(*delegation.days)}, and named you: what waits on {who} then waits on you. "
        f"Until then nothing changes.{note}"
    )


def comes_to_you(whose: str, count: int) -> str:
    """What waits on somebody else comes to who acts for them."""
    waits = "waits" if count == 1 else "wait"
    return f"{escape(whose)} is away. {_requests(count)} of theirs {waits} on you now:"


def comes_back(count: int) -> str:
    """What was with a delegate comes back."""
    waits = "waits" if count == 1 else "wait"
    return f"You are back. {_requests(count)} {waits} on you again:"


def _requests(count: int) -> str:
    return "One request" if count == 1 else f"{count} requests"


def _in_order(names: Sequence[str]) -> str:
    return " → ".join(names)


@explains(no.EndsBeforeStart)
def _(refusal: no.EndsBeforeStart, _r: Reading) -> str:
    return f"{day(refusal.last_day)} is before {day(refusal.first_day)}. Change one of them."


@explains(no.AbsenceOver)
def _(refusal: no.AbsenceOver, _r: Reading) -> str:
    return f"{day(refusal.last_day)} is over already. Choose the last day you are away."


@explains(no.AbsenceTooLong)
def _(refusal: no.AbsenceTooLong, _r: Reading) -> str:
    return (
        f"These are {refusal.days} days; {refusal.most} are the most. Give the projects to somebody instead."
    )


@explains(no.AbsenceTooFar)
def _(refusal: no.AbsenceTooFar, _r: Reading) -> str:
    return f"{day(refusal.first_day)} {refusal.first_day.year} is far from today. Look at the year again."


@explains(no.NoteTooLong)
def _(refusal: no.NoteTooLong, _r: Reading) -> str:
    return f"This has {refusal.length} characters; {refusal.limit} is the most."


@explains(no.DelegateOneself)
def _(_refusal: no.DelegateOneself, _r: Reading) -> str:
    return "This is you. Choose who acts while you are away."


@explains(no.AbsencesOverlap)
def _(refusal: no.AbsencesOverlap, _r: Reading) -> str:
    return (
        f"You are away {days(refusal.first_day, refusal.last_day)} already, and {refusal.delegate} acts for you. "
        "Remove that first, or choose other days."
    )


@explains(no.DelegatesInACircle)
def _(refusal: no.DelegatesInACircle, _r: Reading) -> str:
    return f"It would come back to you: {_in_order(refusal.names)}. Choose somebody who is there."


@explains(no.DelegatesInALongChain)
def _(refusal: no.DelegatesInALongChain, _r: Reading) -> str:
    return (
        f"It would be handed on {len(refusal.names) - 1} times: {_in_order(refusal.names)}. "
        f"{refusal.most} are the most. Choose somebody who is there."
    )


@explains(no.NoSuchAbsence)
def _(_refusal: no.NoSuchAbsence, _r: Reading) -> str:
    return "This absence is over, or was removed already. `/handoff away` shows what is set."


@explains(no.NotYourAbsence)
def _(refusal: no.NotYourAbsence, _r: Reading) -> str:
    return (
        f"Only {refusal.name}, the director or an admin of this Slack can change when {refusal.name} is away."
    )
