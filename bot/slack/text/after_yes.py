"""The sentences after the yes: how far the work is, what it took, and what the client says to the change order."""

from __future__ import annotations

from bot.requests import refusals as no
from bot.requests.facts import CardFacts
from bot.requests.models import ClientAnswer, State
from bot.slack.text.bridges import full_day
from bot.slack.text.markup import escape, hours, mention
from bot.slack.text.refusals import Reading, explains

RISK_MARK = ":warning:"
DONE, DONE_HOURS, DONE_HINT = "Done", "Hours it took", "As accepted, unless you change it."
SENT, SENT_SUBMIT = "Sent to the client", "It is sent"
STARTED_TITLE, STARTED = "Begun", "The work has begun. The card says so."
YES_TITLE, YES = "Recorded", "The client's yes is on record. The card says who acts next."
VALID_UNTIL = "They can say yes until"
VALID_HINT = "After that day it counts as expired, and you are told."
NO_TITLE, NO_SUBMIT, NO_WHY = "The client's no", "They said no", "What did they say?"
NO_HINT = "For your colleagues, who decide anew."


def work_lines(card: CardFacts) -> list[str]:
    """What a card says of the work and of the client's answer; nothing while there is nothing to say."""
    lines = []
    if card.is_at_risk:
        verb = "begun" if card.state is State.IN_PROGRESS else "done"
        lines.append(
            f"{RISK_MARK} *At risk*: {verb} before {escape(card.client)} said yes to the change order"
        )
    answer = client_line(card)
    if answer:
        lines.append(answer)
    if card.state in {State.IMPLEMENTED, State.CLOSED} and card.actual_minutes is not None and card.decision:
        lines.append(_took(card.actual_minutes, card.decision.minutes))
    return lines


def client_line(card: CardFacts) -> str:
    """What the client says to the change order."""
    client = escape(card.client)
    until = card.answer_valid_until
    match card.client_answer:
        case ClientAnswer.NOT_SENT:
            return f"Change order: not sent to {client} yet"
        case ClientAnswer.SENT | ClientAnswer.VIEWED:
            return f"Change order: with {client}" + (f", valid until {full_day(until)}" if until else "")
        case ClientAnswer.ACCEPTED:
            return f"Change order: {client} accepted"
        case ClientAnswer.DECLINED:
            return f"Change order: {client} declined it"
        case ClientAnswer.EXPIRED:
            return f"Change order: {client} did not answer" + (f" by {full_day(until)}" if until else "")
        case _:
            return ""


def _took(actual: int, accepted: int) -> str:
    if actual == accepted:
        return f"Took {hours(actual)}, as accepted"
    return f"Took {hours(actual)}, {hours(accepted)} were accepted"


def next_step(card: CardFacts) -> str:
    """What the holder of the ball has to do once it is accepted and the client knows."""
    client = escape(card.client)
    if card.client_answer is ClientAnswer.EXPIRED:
        return f"to send it to {client} again, or to say what they answered"
    if card.client_answer.is_outstanding:
        until = f" by {full_day(card.answer_valid_until)}" if card.answer_valid_until else ""
        return f"to get {client}'s answer{until}"
    return "to finish it" if card.state is State.IN_PROGRESS else "to deliver it"


def client_answered(card: CardFacts, answer: ClientAnswer, reason: str) -> str:
    """The story's line for the client's yes or no."""
    client, ball = escape(card.client), f"Ball: {mention(card.ball.id)}, " if card.ball else ""
    if answer is ClientAnswer.ACCEPTED:
        step = next_step(card) if card.ball else "Nothing more to do"
        return f"{client} accepted the change order. {ball}{step}."
    why = f": {escape(reason, 1500)}" if reason else ""
    return f"{client} declined the change order{why}\nThe approval is undone. {ball}to decide anew."


def answer_expired(card: CardFacts) -> str:
    """In private, for whoever sent it."""
    return f"{escape(card.reference)}: {escape(card.client)} did not answer in time. Send it again, or say what they answered."


def sent_button(card: CardFacts) -> str:
    """`Sent to Acme`; again, where they had it before."""
    again = " again" if card.client_answer is ClientAnswer.EXPIRED else ""
    return f"Sent to {card.client}{again}"


def accepted_button(card: CardFacts) -> str:
    """`Acme accepted`."""
    return f"{card.client} accepted"


def declined_button(card: CardFacts) -> str:
    """`Acme declined`."""
    return f"{card.client} declined"


@explains(no.NoAnswerNeeded)
def _(refusal: no.NoAnswerNeeded, _r: Reading) -> str:
    return f"{refusal.client} pays nothing for {refusal.reference}, so it needs no yes of theirs."


@explains(no.ClientHasAnswered)
def _(refusal: no.ClientHasAnswered, _r: Reading) -> str:
    return f"{refusal.client}'s answer to {refusal.reference} is on record already."
