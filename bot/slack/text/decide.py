"""The sentences of the forms that accept, decline and withdraw."""

from __future__ import annotations

from bot.requests.facts import CardFacts
from bot.slack.text.markup import escape, hours, money

ACCEPT, DECLINE, WITHDRAW = "Accept", "Decline", "Withdraw"
HOURS = "Hours"
DELAY = "Delay of the delivery, in calendar days"
WHO_PAYS = "Who pays?"
SPLIT = "Split between two"
ANOTHER_PAYS = "Who pays for a part of it?"
ANOTHER_HOURS = "Hours of that part"
DECLINE_WHY = "Why not?"
DECLINE_HINT = "For your colleagues: the client reads other words."
WITHDRAW_WHY = "Why?"
FEE_HINT = "Asked of the client on a change order only."


def fee(currency: str) -> str:
    """The label of the fee."""
    return f"Fee for the client ({currency})"


def about(card: CardFacts) -> str:
    """Which request the form is about."""
    return f"*{escape(card.reference)}* · {escape(card.title, 300)}"


def goodwill_left(client: str, left: int, limit: int) -> str:
    """How much may still be given away."""
    return f"{escape(client)} has {hours(left)} of {hours(limit)} goodwill left this month"


def rate(card: CardFacts) -> str:
    """Where the prefilled fee comes from."""
    return f"{money(card.rate_minor, card.currency)} an hour, from the agreed budget and hours"


def record_typed(card: CardFacts, verb: str, figures: str) -> str:
    """The private question after a typed "ok" or "no"."""
    on = f": {figures}" if figures else ""
    return f"Record as *{verb}* of {escape(card.reference)}{on}?"


YES, NO = "Yes", "No, just talking"
