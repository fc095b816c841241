"""The first steps after an install: whom they are shown to, and whether Handoff is where it has to post."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.onboarding import service as onboarding
from bot.people.service import require_internal
from bot.slack.bot import Bot
from bot.slack.directory import LOOK_UP_SECONDS
from bot.slack.gateway import GatewayError
from bot.slack.message import Message
from bot.slack.payloads import Press, Who
from bot.slack.stories.forms import value_of
from bot.slack.text import first_steps as say
from bot.slack.views.elements import section
from bot.slack.views.home import pages_in

log = logging.getLogger(__name__)


async def ready(bot: Bot, who: Who) -> None:
    """Before somebody's Home is drawn: begin the guide, close it, or look whether Handoff was let into the channel.

    Raises nothing that the database could: what it is done beside is done already.
    """
    try:
        await _ready(bot, who)
    except SQLAlchemyError as error:
        log.warning("how far the first steps have come is not known: %s", error)


async def _ready(bot: Bot, who: Who) -> None:
    actor = bot.actor(who)
    found = await bot.read(onboarding.look, actor)
    if found is None:
        return
    if found.begins:
        await bot.run(onboarding.begin, actor)
    if found.ends:
        await bot.run(onboarding.end, actor)
    if found.channel_id:
        await is_in(bot, who.workspace_id, found.channel_id)


async def is_in(bot: Bot, workspace_id: str, channel_id: str) -> bool:
    """Whether Handoff is in a channel, as far as Slack says so in time; that step is done then."""
    now = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            facts = await bot.directory.channel(workspace_id, channel_id, since=now)
    except (GatewayError, TimeoutError) as error:
        log.info("whether Handoff is in a channel is not known: %r", error)
        return False
    if facts.is_member:
        await bot.run(
            onboarding.seen_in, workspace_id=workspace_id, channel_id=channel_id, now=bot.clock.now()
        )
    return facts.is_member


async def look_pressed(bot: Bot, press: Press) -> Message | None:
    """Somebody says that Handoff was invited: look, and say so where it was not."""
    await bot.reader(press.who)
    await bot.read(require_internal, bot.actor(press.who))
    channel_id = value_of(press)
    if await is_in(bot, press.who.workspace_id, channel_id):
        await bot.soon(bot.homes.show(press.who.workspace_id, press.who.person_id, pages_in("")))
        return None
    text = say.not_there_yet(channel_id)
    return Message(text=text, blocks=(section(text),))


async def hide_pressed(bot: Bot, press: Press) -> None:
    """Whoever is guided has had enough of it."""
    await bot.run(onboarding.end, bot.actor(press.who))
    await bot.afterwards(bot.homes.show(press.who.workspace_id, press.who.person_id, pages_in("")))
