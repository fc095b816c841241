"""Words that the AM can send to the client as they are: no internal reason, no name they should not know."""

from __future__ import annotations

from bot.ledger.models import Funding
from bot.requests.facts import CardFacts, DecisionFacts
from bot.requests.models import Outcome, Promise, Reason
from bot.slack.text.bridges import for_client
from bot.slack.text.markup import clean, money, one_line


def introduction(card: CardFacts, decision: DecisionFacts) -> str:
    """What stands above the words, for the AM alone (plain text)."""
    verb = "accepted" if decision.outcome is Outcome.APPROVED else "declined"
    return f"{decision.by.name} {verb} {card.reference}. Words you can send to {card.client}:"


def words(card: CardFacts, decision: DecisionFacts) -> str:
    """The whole message to the client, plain text, for exactly this outcome."""
    greeting = f"Hi {card.contact or card.client},"
    body = _declined(card, decision) if decision.outcome is Outcome.REJECTED else _accepted(card, decision)
    return clean(f"{greeting}\n\n{body}\n\nBest,\n{card.requester.name}")


def _accepted(card: CardFacts, decision: DecisionFacts) -> str:
    ask = f"“{one_line(card.title)}”"
    fundings = {funding for funding, _ in decision.split}
    if Funding.AGENCY_ERROR in fundings:
        opening = f"{ask} is our mistake, and we are putting it right at no cost to you."
    elif card.reason is Reason.CLIENT_INPUT:
        opening = f"About {ask}: we can take it in."
    else:
        opening = f"Good news about {ask}: we can do it."
    sentences = [opening, _cost(card, decision, fundings), _date(decision, fundings)]
    if decision.fee_minor and card.promise is not Promise.PROMISED:
        sentences.append("Shall we go ahead?")
    elif decision.fee_minor:
        sentences.append("Please confirm the fee, and we start.")
    else:
        sentences.append("We will let you know when it is done.")
    return " ".join(filter(None, sentences))


def _cost(card: CardFacts, decision: DecisionFacts, fundings: set[Funding]) -> str:
    work = _hours_in_words(decision.minutes)
    if decision.fee_minor:
        fee = money(decision.fee_minor, card.currency)
        if any(funding.is_unpaid for funding in fundings):
            return f"It is about {work} of extra work; we charge {fee} and take the rest on us."
        return f"It is about {work} of extra work ({fee})."
    if Funding.AGENCY_ERROR in fundings:
        return ""
    if fundings == {Funding.RETAINER}:
        return f"It takes about {work}, which come out of your retainer."
    if fundings == {Funding.SWAP}:
        return "It takes the place of what we agreed to leave out, so the price stays as it is."
    if Funding.GOODWILL in fundings:
        return f"It is about {work} of extra work, which we do at no extra cost this time."
    return f"It is about {work} of work, and it fits into the agreed budget."


def _date(decision: DecisionFacts, fundings: set[Funding]) -> str:
    due = decision.due_on
    when = "" if due is None else f"{due.day} {due:%B}"
    if decision.delay_days:
        moves = f"The delivery moves by {_days(decision.delay_days)}"
        return f"{moves}, to {when}." if when else f"{moves}."
    # Nobody expects a retainer's hours or a repair to move the project: no need to speak of it.
    if not when or fundings <= {Funding.RETAINER, Funding.AGENCY_ERROR}:
        return ""
    return f"The delivery stays on {when}."


def _declined(card: CardFacts, decision: DecisionFacts) -> str:
    ask = f"“{one_line(card.title)}”"
    if card.promise is Promise.PROMISED:
        opening = f"I spoke too soon about {ask}, and I am sorry for that: it does not fit into the project as it stands."
    else:
        opening = f"Thank you for asking about {ask}. It does not fit into the project as it stands."
    way = "I would like to find another way with you."
    if decision.bridge is not None:
        way = for_client(decision.bridge)
    return f"{opening} {way} When can we talk about it?"


def _days(count: int) -> str:
    return "one day" if count == 1 else f"{count} days"


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _hours_in_words(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} minutes"
    if minutes % 60 == 0:
        count = minutes // 60
        word = _SMALL[count] if count < len(_SMALL) else str(count)
        return f"{word} hour{'s' if count != 1 else ''}"
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".") + " hours"
