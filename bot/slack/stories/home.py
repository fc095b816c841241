"""The Home tab: what matters to one person now."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.portfolio import repository as portfolio
from bot.requests import repository
from bot.slack.bot import Bot
from bot.slack.payloads import Happened, Who
from bot.slack.views.home import HOME_LINES, HomeFacts, home


async def opened(bot: Bot, happened: Happened) -> None:
    """Somebody opened the app: draw their Home."""
    if happened.tab != "home":
        return
    who = Who(happened.workspace_id, happened.person_id)
    reader = await bot.reader(who)
    facts = await bot.read(_load, bot.actor(who), is_external=reader.is_external)
    await bot.gateway.publish(happened.person_id, home(facts, bot.today(reader)))


def _load(session: Session, actor: Actor, *, is_external: bool) -> HomeFacts:
    """One person's lists; an outsider gets none."""
    if is_external:
        return HomeFacts(is_external=True)
    key = {"workspace_id": actor.workspace_id}
    return HomeFacts(
        waiting=repository.open_lines(session, holder_id=actor.person_id, limit=HOME_LINES, **key),
        waiting_count=repository.count_held(session, holder_id=actor.person_id, **key),
        asked=repository.asked_lines(session, requester_id=actor.person_id, limit=HOME_LINES, **key),
        asked_count=repository.count_asked(session, requester_id=actor.person_id, **key),
        projects=portfolio.of_person(session, person_id=actor.person_id, **key),
    )
