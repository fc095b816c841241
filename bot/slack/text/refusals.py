"""A sentence for every refusal: why not, and what to do instead. Plain text, so that modals can show it too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger.service import GoodwillSpent, SplitMismatch
from bot.requests import refusals as no
from bot.requests.models import State
from bot.slack.text.labels import OUTCOMES, STATES
from bot.slack.text.markup import clean, day, hours

R = TypeVar("R", bound=Refusal)


class Reading:
    """Who reads the sentence: their zone, and what day it is there."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone = zone
        self.today: date = now.astimezone(zone).date()

    def at(self, instant: datetime) -> str:
        """`at 14:10`, or `on Mon 23 Nov at 14:10` when it was another day."""
        local = instant.astimezone(self.zone)
        if local.date() == self.today:
            return f"at {local:%H:%M}"
        return f"on {day(local.date())} at {local:%H:%M}"


Explain = Callable[[Any, Reading], str]
_sentences: dict[type[Refusal], Explain] = {}


def explains(kind: type[R]) -> Callable[[Callable[[R, Reading], str]], Callable[[R, Reading], str]]:
    """Registers the sentence for one kind of refusal."""

    def register(sentence: Callable[[R, Reading], str]) -> Callable[[R, Reading], str]:
        _sentences[kind] = sentence
        return sentence

    return register


def explain(refusal: Refusal, reading: Reading) -> str:
    """The sentence for a refusal; several wrong fields become one sentence each."""
    if isinstance(refusal, WrongFields):
        return " ".join(explain(wrong, reading) for wrong in refusal.fields)
    if isinstance(refusal, WrongField):
        return explain(refusal.why, reading)
    return clean(_sentences[type(refusal)](refusal, reading))


def explained() -> frozenset[type[Refusal]]:
    """The refusals that have a sentence (a test compares it with those that exist)."""
    return frozenset(_sentences)


def one_or_other(name: str, stand_in: str, until: date | None) -> str:
    """`Pete`, or `Pete, or Olga while Pete is away (until Fri 27 Nov),`."""
    if not stand_in:
        return name
    days = f" (until {day(until)})" if until else ""
    return f"{name}, or {stand_in} while {name} is away{days},"


@explains(no.NoSuchRequest)
def _(refusal: no.NoSuchRequest, _r: Reading) -> str:
    return f"There is no request {refusal.reference.strip()[:40]} here. `/handoff list` shows those that are."


@explains(no.AlreadyDecided)
def _(refusal: no.AlreadyDecided, reading: Reading) -> str:
    return (
        f"{refusal.reference} was already {OUTCOMES[refusal.outcome]} by {refusal.decided_by} "
        f"{reading.at(refusal.decided_at)}. Nothing was changed."
    )


@explains(no.NotWaiting)
def _(refusal: no.NotWaiting, reading: Reading) -> str:
    when = f" {reading.at(refusal.at)}" if refusal.at else ""
    by = f" by {refusal.by}" if refusal.state is State.WITHDRAWN else ""
    return (
        f"{refusal.reference} is {STATES[refusal.state]}{by}{when}, so there is nothing to decide any more."
    )


@explains(no.NotNow)
def _(refusal: no.NotNow, _r: Reading) -> str:
    return f"{refusal.reference} is {STATES[refusal.state]} now, so that cannot be done with it."


@explains(no.NotTheDecider)
def _(refusal: no.NotTheDecider, _r: Reading) -> str:
    who = one_or_other(refusal.decider, refusal.stand_in, refusal.until)
    return f"Only {who} can decide {refusal.reference} ({refusal.project})."


@explains(no.OwnRequest)
def _(refusal: no.OwnRequest, _r: Reading) -> str:
    return f"{refusal.reference} is your own request, so {refusal.decider} decides it. You can withdraw it."


@explains(no.NotTheRequester)
def _(refusal: no.NotTheRequester, _r: Reading) -> str:
    who = one_or_other(refusal.requester, refusal.stand_in, refusal.until)
    return f"{refusal.reference} is {refusal.requester}'s request: only {who} can do that."


@explains(no.Outdated)
def _(refusal: no.Outdated, _r: Reading) -> str:
    return (
        f"{refusal.reference} was changed since: you saw revision {refusal.shown}, it is at {refusal.current} now. "
        "The card as it is now is shown to you alone."
    )


@explains(no.NobodyElse)
def _(refusal: no.NobodyElse, _r: Reading) -> str:
    return (
        f"You would decide your own request on {refusal.project}, and nobody else may. "
        "Name a director with `/handoff settings`, who then decides it."
    )


@explains(no.Missing)
def _(_refusal: no.Missing, _r: Reading) -> str:
    return "This is needed."


@explains(no.InThePast)
def _(refusal: no.InThePast, _r: Reading) -> str:
    return f"{day(refusal.day)} {refusal.day.year} is in the past. When is it needed?"


@explains(no.TooMuch)
def _(refusal: no.TooMuch, _r: Reading) -> str:
    return f"This has to be between 0 and {refusal.most:,}."


@explains(no.NotWholeDays)
def _(refusal: no.NotWholeDays, _r: Reading) -> str:
    return f"Whole days, 0 to {refusal.most:,}."


@explains(no.NobodyBilled)
def _(_refusal: no.NobodyBilled, _r: Reading) -> str:
    return "A fee needs hours on a change order: otherwise nobody is asked for it. Leave it out, or change who pays."


@explains(no.AlreadyTold)
def _(refusal: no.AlreadyTold, reading: Reading) -> str:
    return f"You told the client about {refusal.reference} {reading.at(refusal.at)} already."


@explains(no.ProjectClosed)
def _(refusal: no.ProjectClosed, _r: Reading) -> str:
    return f"{refusal.project} is closed. Choose another project."


@explains(no.NotTheManager)
def _(refusal: no.NotTheManager, _r: Reading) -> str:
    who = one_or_other(refusal.manager, refusal.stand_in, refusal.until)
    return f"{refusal.manager} runs {refusal.project}, so only {who} can say how far {refusal.reference} is."


@explains(no.NotAccepted)
def _(refusal: no.NotAccepted, _r: Reading) -> str:
    return f"{refusal.reference} is {STATES[refusal.state]}, so there is nothing to mark as done."


@explains(no.ClientNotTold)
def _(refusal: no.ClientNotTold, _r: Reading) -> str:
    return f"{refusal.requester} has no answer of {refusal.client} to {refusal.reference} yet. Close it after that."


@explains(SplitMismatch)
def _(refusal: SplitMismatch, _r: Reading) -> str:
    return f"The parts add up to {hours(refusal.split)}, but the work is {hours(refusal.minutes)}."


@explains(GoodwillSpent)
def _(refusal: GoodwillSpent, _r: Reading) -> str:
    if not refusal.limit:
        return f"{refusal.client} has no goodwill hours. Choose who pays, or ask the director."
    return (
        f"{refusal.client} has {hours(refusal.left)} of {hours(refusal.limit)} goodwill left this month, "
        f"and this is {hours(refusal.asked)}. Only the director can give more."
    )
