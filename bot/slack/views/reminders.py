"""What Handoff writes of its own accord, each with what can be done about it at once."""

from __future__ import annotations

from bot.requests.facts import CardFacts
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message
from bot.slack.names import Button
from bot.slack.text import reminders as say
from bot.slack.views.card_actions import card_buttons, press_value
from bot.slack.views.elements import actions, button, section


def to_act(facts: CardFacts, text: str) -> Message:
    """A private line to whoever has the ball, with the card's own presses."""
    return _message(text, card_buttons(facts))


def answer_owed(facts: CardFacts, text: str) -> Message:
    """The AM's reminder: they say that they told the client, or ask whoever has the ball."""
    if facts.decision is not None:
        told = button(f"I told {facts.client}"[:75], Button.TOLD_CLIENT, press_value(facts), style="primary")
        return _message(text, actions(told))
    if facts.ball is not None and facts.ball.id != facts.requester.id:
        ask = button(say.NUDGE, Button.NUDGE, press_value(facts), label=f"Nudge {facts.ball.name}")
        return _message(text, actions(ask))
    return _message(text, card_buttons(facts))


def bare(text: str) -> Message:
    """Only words: there is nothing (more) to do."""
    return _message(text)


def _message(text: str, *more: Block) -> Message:
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text), *more))
