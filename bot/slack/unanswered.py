"""What a command is told that could not be carried out: every word of it comes back."""

from __future__ import annotations

from bot.requests.typed.typed_text import unescape_slack
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.text import general
from bot.slack.views.elements import section
from bot.slack.views.given_back import given_back


def broken(command: Command, reference: str) -> Message:
    """Something unexpected happened, which the reference finds again."""
    if not command.text.strip():
        sentence = general.broken(reference)
        return Message(text=sentence, blocks=(section(sentence),))
    return given_back(general.broken_command(reference), unescape_slack(command.text))


def too_late(command: Command) -> Message:
    """The trigger died on the way. A command has no button to press again: it comes back to be typed."""
    return given_back(general.TYPE_AGAIN, f"{command.name} {unescape_slack(command.text)}".strip())
