"""Somebody mentions the bot: "log this" is answered with a button that opens the form, anything else with help."""

from __future__ import annotations

import asyncio
import logging
import re
from uuid import UUID

from bot.requests.typed import overflow
from bot.slack.bot import Bot
from bot.slack.directory import LOOK_UP_SECONDS
from bot.slack.gateway import GatewayError
from bot.slack.message import Message
from bot.slack.payloads import Happened, Press, Who
from bot.slack.stories.intake import open_ask
from bot.slack.text.markup import link_to_message
from bot.slack.views.ask import AskOrigin
from bot.slack.views.ways_in import Meant, log_that, short_help

log = logging.getLogger(__name__)

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LOG = re.compile(
    r"^\W*(?:please\s+|can you\s+|could you\s+)?(?:log|note|capture|record)\b(?:\s+(?:this|that|it)\b)?(?:\s+please\b)?[\s:,.–-]*",
    re.IGNORECASE,
)


async def mentioned(bot: Bot, happened: Happened) -> None:
    """Answer in the same place, to who wrote it alone; somebody of another company gets no answer."""
    who = Who(happened.workspace_id, happened.person_id)
    if not happened.person_id or (await bot.reader(who)).is_external:
        return
    said = _MENTION.sub(" ", happened.text, count=1).strip()
    asked = _LOG.match(said)
    answer = short_help() if asked is None else await _log_that(bot, who, happened, said[asked.end() :])
    await bot.soon(
        bot.gateway(happened.workspace_id).whisper(
            happened.channel_id, happened.person_id, answer, thread_ts=happened.thread_ts or None
        )
    )


async def log_pressed(bot: Bot, press: Press) -> Message | None:
    """The button below a mention: open the form with the words, the author and the link of what was meant."""
    meant = Meant.load(press.value if isinstance(press.value, str) else "")
    actor = bot.actor(press.who)
    typed = await bot.read(overflow.look, actor, UUID(meant.kept_id)) if meant.kept_id else ""
    return await open_ask(
        bot,
        press.who,
        press.trigger_id,
        typed=typed,
        source_url=link_to_message(meant.channel_id, meant.ts) if meant.ts else "",
        origin=AskOrigin(press.channel_id, press.response_url),
        said_by=meant.author_id,
    )


async def _log_that(bot: Bot, who: Who, happened: Happened, more: str) -> Message:
    """In a thread its first message is meant, otherwise what stands behind "log this"."""
    ts, author, text, is_read = happened.ts, happened.person_id, more, True
    if happened.thread_ts and happened.thread_ts != happened.ts:
        ts, author = happened.thread_ts, ""
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                parent = await bot.gateway(happened.workspace_id).message_at(happened.channel_id, ts)
        except (GatewayError, TimeoutError) as error:
            # The history scope is optional, and unlisted apps may look once a minute.
            log.info("the message that was meant could not be read: %s", error)
            parent = None
        is_read = parent is not None
        if parent is not None:
            author, text = parent.author_id, "\n\n".join(filter(None, [parent.text, more]))
    kept = await bot.run(overflow.keep, bot.actor(who), text) if text else ""
    return log_that(Meant(happened.channel_id, ts, author, str(kept)), is_read=is_read)
