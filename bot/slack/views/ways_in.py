"""What a mention of the bot is answered with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.slack.message import Message
from bot.slack.names import Button
from bot.slack.text import ways_in as say
from bot.slack.views.elements import actions, button, section


@dataclass(frozen=True)
class Meant:
    """Which message is to be logged: where it stands, who wrote it, and where its words are kept."""

    channel_id: str
    ts: str
    author_id: str = ""
    kept_id: str = ""

    def dump(self) -> str:
        """As a button carries it."""
        return json.dumps([self.channel_id, self.ts, self.author_id, self.kept_id])

    @classmethod
    def load(cls, value: str) -> Meant:
        """From a button."""
        try:
            channel_id, ts, author_id, kept_id = json.loads(value)
        except (ValueError, TypeError):
            return cls("", "")
        return cls(str(channel_id), str(ts), str(author_id), str(kept_id))


def log_that(meant: Meant, *, is_read: bool) -> Message:
    """A button that opens the form: a mention alone may open nothing."""
    text = say.LOG_THAT if is_read else say.LOG_THAT_UNREAD
    press = button(say.LOG_IT, Button.LOG_MENTION, meant.dump(), style="primary")
    return Message(text=text, blocks=(section(text), actions(press)))


def short_help() -> Message:
    """What a mention is good for."""
    press = button(say.OPEN_FORM, Button.OPEN_ASK, "help")
    return Message(text=say.HELP, blocks=(section(say.HELP), actions(press)))
