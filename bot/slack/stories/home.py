"""The Home tab: drawn when it is opened, page by page; decisions are taken from there as from a card."""

from __future__ import annotations

from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Happened, Press, Who
from bot.slack.stories import first_steps
from bot.slack.stories.forms import value_of
from bot.slack.views.home import pages_in


async def opened(bot: Bot, happened: Happened) -> None:
    """Somebody opened the app: draw their Home, from its beginning."""
    if happened.tab == "home":
        await _show(bot, Who(happened.workspace_id, happened.person_id), "")


async def page_pressed(bot: Bot, press: Press) -> Message | None:
    """Show another page of one of the lists."""
    await _show(bot, press.who, value_of(press))
    return None


async def _show(bot: Bot, who: Who, pages: str) -> None:
    # Who opens it is known from now on, with their name and their zone.
    await bot.reader(who)
    await first_steps.ready(bot, who)
    await bot.soon(bot.homes.show(who.workspace_id, who.person_id, pages_in(pages)))
