"""The sub-commands of `/handoff`: a new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from bot.slack.bot import Bot
from bot.slack.commands.find import find
from bot.slack.commands.help import show_help
from bot.slack.commands.list import list_requests
from bot.slack.commands.mine import mine
from bot.slack.commands.opportunities import list_opportunities
from bot.slack.commands.show import show
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.stories.absence import away
from bot.slack.stories.digests import digest
from bot.slack.stories.hours import hours
from bot.slack.stories.portfolio import client, project
from bot.slack.stories.settings import settings
from bot.slack.stories.words import words

SubCommand: TypeAlias = Callable[[Bot, Command, str], Awaitable[Message | None]]

SUB_COMMANDS: Mapping[str, SubCommand] = {
    "mine": mine,
    "list": list_requests,
    "show": show,
    "find": find,
    "opportunities": list_opportunities,
    "client": client,
    "project": project,
    "away": away,
    "digest": digest,
    "hours": hours,
    "settings": settings,
    "words": words,
    "help": show_help,
}
