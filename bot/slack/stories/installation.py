"""Slack says that Handoff was taken out of a workspace: everything for it stops at once."""

from __future__ import annotations

import logging

from bot.slack.bot import Bot
from bot.slack.payloads import Happened

log = logging.getLogger(__name__)


async def taken_out(bot: Bot, happened: Happened) -> None:
    """The app was removed, or its token revoked; of people's own tokens we have none.

    The two events come in any order, each perhaps again, perhaps after it was installed anew: an old one stops nothing.
    """
    if happened.kind == "tokens_revoked" and not happened.bot_tokens:
        return
    if bot.stopping is None:
        log.warning("Slack has taken Handoff out of %s (%s)", happened.workspace_id, happened.kind)
        return
    await bot.stopping.stop(happened.workspace_id, happened.kind, at=happened.at)
