"""A nudge: pressed behind "More", or under the reminder of an answer that is owed."""

from __future__ import annotations

from bot.reminders.nudging import nudge
from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Press
from bot.slack.stories.forms import finished, pressed
from bot.slack.text import reminders as say
from bot.slack.text.markup import shield
from bot.slack.views.elements import section


async def nudge_pressed(bot: Bot, press: Press) -> Message | None:
    """The AM asks whoever has the ball how it stands."""
    request_id, _ = pressed(press)
    done = await bot.run(nudge, bot.actor(press.who), request_id=request_id)
    words = say.nudged(done)
    await finished(bot, press, say.NUDGED, words)
    if press.is_in_modal:
        return None
    return Message(text=shield(words), blocks=(section(shield(words)),))
