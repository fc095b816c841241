"""What is said in a card's thread, and how to let the bot in."""

from __future__ import annotations

from bot.requests.facts import CardFacts, DecisionFacts
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Message
from bot.slack.text import card as say
from bot.slack.views.elements import section


def decided(facts: CardFacts, decision: DecisionFacts) -> Message:
    """The decision, told in the thread."""
    text = say.decided_in_thread(facts, decision)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def withdrawn(facts: CardFacts, reason: str) -> Message:
    """The withdrawal, told in the thread."""
    text = say.withdrawn_in_thread(facts, reason)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def reassigned(facts: CardFacts, before: str) -> Message:
    """Somebody else has the ball now, told in the thread so that they hear of it."""
    text = say.reassigned_in_thread(facts, before)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def invitation(text: str) -> Message:
    """How to let the bot into a channel."""
    return Message(text=text, blocks=(section(text),))
