"""What is said in a card's thread, and in private to the AM."""

from __future__ import annotations

from bot.requests.facts import CardFacts, DecisionFacts
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message
from bot.slack.names import Button
from bot.slack.text import card as say
from bot.slack.text import client_words
from bot.slack.text.markup import escape, instant_token
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import actions, button, context, copyable, section


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


def words_for_client(facts: CardFacts, decision: DecisionFacts) -> Message:
    """What the AM can send on, and one press to say that it is done."""
    introduction = escape(client_words.introduction(facts, decision))
    words = client_words.words(facts, decision)
    blocks: list[Block] = [section(introduction), copyable(words)]
    if decision.reason:
        blocks.append(context(f"For you only, the reason: {escape(decision.reason, 1500)}"))
    if facts.client_told_at is not None:
        blocks.append(context(f"You told {escape(facts.client)} at {instant_token(facts.client_told_at)}"))
    else:
        blocks.append(
            actions(
                button(f"I told {facts.client}"[:75], Button.TOLD_CLIENT, press_value(facts), style="primary")
            )
        )
    return Message(text=clip(f"{introduction}\n\n{escape(words)}", MESSAGE_TEXT), blocks=tuple(blocks))


def invitation(text: str) -> Message:
    """How to let the bot into a channel."""
    return Message(text=text, blocks=(section(text),))
