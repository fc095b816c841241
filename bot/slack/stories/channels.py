"""What happens to channels and people: the bot is let in, a channel is shared, somebody changes."""

from __future__ import annotations

from bot.onboarding import service as onboarding
from bot.outbox import repository as outbox
from bot.people.models import by_the_clock
from bot.requests.routing import departures
from bot.slack.bot import Bot
from bot.slack.gateway import read_person
from bot.slack.payloads import Happened
from bot.workspaces import repository as workspaces


async def joined(bot: Bot, happened: Happened) -> None:
    """Somebody joined a channel: if it is the bot, what was held back for it is posted now."""
    workspace = await bot.read(workspaces.workspace, workspace_id=happened.workspace_id)
    if workspace is None or happened.person_id != workspace.bot_user_id:
        return
    await _reopen(bot, happened)
    await bot.run(
        onboarding.seen_in,
        workspace_id=happened.workspace_id,
        channel_id=happened.channel_id,
        now=bot.clock.now(),
    )


async def sharing_changed(bot: Bot, happened: Happened) -> None:
    """Another company can (or can no longer) read a channel: every card there is drawn for who reads it now."""
    bot.directory.forget_channel(happened.workspace_id, happened.channel_id)
    await bot.run(
        outbox.refresh_channel,
        workspace_id=happened.workspace_id,
        channel_id=happened.channel_id,
        now=bot.clock.now(),
    )


async def renamed(bot: Bot, happened: Happened) -> None:
    """A channel changed its name, or was archived: look at it again. One that was brought back gets what waited."""
    if happened.kind.endswith("_unarchive"):
        await _reopen(bot, happened)
    bot.directory.forget_channel(happened.workspace_id, happened.channel_id)


async def person_changed(bot: Bot, happened: Happened) -> None:
    """Somebody changed their name or zone, or was deactivated."""
    facts = read_person(happened.person, await bot.gateway(happened.workspace_id).tenant())
    if facts.id:
        await bot.directory.refresh(happened.workspace_id, facts)
    if facts.id and (not facts.is_active or facts.is_external):
        actor = by_the_clock(happened.workspace_id, bot.clock.now())
        await bot.run(departures.pass_on_from, actor, facts.id)


async def _reopen(bot: Bot, happened: Happened) -> None:
    bot.directory.forget_channel(happened.workspace_id, happened.channel_id)
    await bot.run(
        outbox.reopen,
        workspace_id=happened.workspace_id,
        channel_id=happened.channel_id,
        now=bot.clock.now(),
    )
