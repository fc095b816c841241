"""What Handoff says of its own accord: reminders, escalations, nudges; and why a nudge is refused."""

from __future__ import annotations

from datetime import datetime

from bot.reminders.nudging import NobodyToNudge, Nudged, NudgedAlready
from bot.requests.facts import CardFacts
from bot.slack.text.card import ball_and_rule, ball_line, outcome_line
from bot.slack.text.markup import day, due_token, escape, instant_token, link, link_to_message, one_line
from bot.slack.text.refusals import Reading, explains

NUDGE = "Nudge"
NUDGED = "Nudged"
NUDGE_MEANING = "Ask whoever has the ball how it stands: one private line from you."


def nudge_meaning(card: CardFacts) -> str:
    """What a nudge does, or when it is possible again."""
    if card.ball is None:
        return NUDGE_MEANING
    if card.nudge_from is not None:
        return f"You can nudge {escape(card.ball.name)} again at {instant_token(card.nudge_from)}."
    return f"Ask {escape(card.ball.name)} how it stands: one private line from you."


def nudged(done: Nudged) -> str:
    """What the AM reads after a nudge (plain text)."""
    if done.reads_at is None:
        return f"{done.holder} reads now that you ask how it stands with {done.reference}."
    return f"{done.holder} is off work. They read that you ask about {done.reference} when they are back."


def about(card: CardFacts, place: tuple[str, str] | None) -> str:
    """`ACME-12 · Newsletter sign-up`, as a link to its card where that is known."""
    title = escape(one_line(card.title), 200)
    reference = link(link_to_message(*place), card.reference) if place else escape(card.reference)
    return f"*{reference} · {title}*"


def reminder(card: CardFacts, place: tuple[str, str] | None) -> str:
    """Whoever has the ball is reminded of it, and told what follows."""
    said = f"{about(card, place)} waits for your answer"
    if card.clock is None:
        return f"{said}."
    said += f" {due_token(card.clock.due_at)}."
    if card.clock.goes_to is not None:
        return f"{said} After that it goes to {escape(card.clock.goes_to.name)}."
    return f"{said} {escape(card.requester.name)} waits for it."


def nudge(card: CardFacts, place: tuple[str, str] | None, by: str) -> str:
    """The AM asks how it stands."""
    return f"{escape(by)} asks how it stands with {about(card, place)}. You have the ball."


def yours_now(card: CardFacts, place: tuple[str, str] | None, before: str, due_at: datetime | None) -> str:
    """The next authority is told that they decide now."""
    when = f" {due_token(due_at)}" if due_at else ""
    rule = f" {_rule(card)}" if card.clock else ""
    return f"{escape(before)} has not answered {about(card, place)}{when}, so you decide now.{rule}"


def escalated_in_thread(card: CardFacts, before: str, after: str, due_at: datetime | None) -> str:
    """The story's line for an escalation: both are named, nobody is pinged (who decides now is told in private)."""
    when = f" {due_token(due_at)}" if due_at else ""
    return f"No answer from {escape(before)}{when}: {escape(after)} decides now."


def still_theirs(card: CardFacts, holder: str, due_at: datetime | None) -> str:
    """The story's line where two must agree and the second does not answer: why it goes to nobody, and what can be done."""
    when = f" {due_token(due_at)}" if due_at else ""
    name = escape(holder)
    return (
        f"No answer from {name}{when}. It stays with {name}, since nobody else can agree too; "
        f"{escape(card.requester.name)} can nudge, and {name} can give it to somebody else (More, Reassign)."
    )


def answer_owed(card: CardFacts, place: tuple[str, str] | None) -> str:
    """The AM is reminded that the client waits."""
    said = (
        f"You owe {escape(card.client)} an answer about {about(card, place)} by {day(card.answer_owed_on)}."
    )
    if card.ball is None or card.ball.id == card.requester.id:
        return said
    return f"{said}\n{ball_and_rule(card)}"


def over(card: CardFacts, place: tuple[str, str] | None) -> str:
    """What a private message says when its reader has nothing more to do."""
    return f"{about(card, place)}\n{outcome_line(card) or ball_line(card)}"


def _rule(card: CardFacts) -> str:
    assert card.clock is not None, "asked only where an answer is awaited"
    by = f"Your answer is due {due_token(card.clock.due_at)}"
    return (
        f"{by}; after that it goes to {escape(card.clock.goes_to.name)}." if card.clock.goes_to else f"{by}."
    )


@explains(NobodyToNudge)
def _(refusal: NobodyToNudge, _r: Reading) -> str:
    if refusal.is_yours:
        return f"You have the ball of {refusal.reference} yourself."
    return f"Nobody has to act on {refusal.reference} any more, so there is nobody to nudge."


@explains(NudgedAlready)
def _(refusal: NudgedAlready, reading: Reading) -> str:
    return (
        f"You nudged {refusal.holder} about {refusal.reference} a short while ago. "
        f"You can nudge {refusal.holder} again {reading.at(refusal.again_at)}."
    )
