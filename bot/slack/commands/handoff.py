"""`/handoff …`: finds the sub-command, or says what was probably meant."""

from __future__ import annotations

from bot.requests.typed.typed_text import unescape_slack
from bot.requests.typed.wording import nearest
from bot.slack.bot import Bot
from bot.slack.commands.table import SUB_COMMANDS
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.text import lists as say
from bot.slack.views.elements import section
from bot.slack.views.lists import help_message


async def handoff(bot: Bot, command: Command) -> Message | None:
    """Run the sub-command that the first word names; nothing typed shows help.

    The sub-commands get the rest as it was typed: Slack's escapes are undone here, once.
    """
    word, _, rest = unescape_slack(command.text).strip().partition(" ")
    run = SUB_COMMANDS.get(word.casefold())
    if run is not None:
        return await run(bot, command, rest.strip())
    if not word:
        return help_message()
    text = say.unknown_word(word, nearest(word.casefold(), SUB_COMMANDS))
    return Message(text=text, blocks=(section(text),))
