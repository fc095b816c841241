"""`/handoff help`."""

from __future__ import annotations

from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.views.lists import help_message


async def show_help(bot: Bot, command: Command, rest: str) -> Message | None:
    """What can be typed."""
    return help_message()
