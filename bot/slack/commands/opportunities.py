"""`/handoff opportunities acme`: what was deferred, or declined and could still become a yes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.portfolio.finding import find_clients
from bot.requests.afterwards.opportunities import opportunities
from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Command, Press
from bot.slack.text import opportunities as say
from bot.slack.views.elements import section
from bot.slack.views.opportunities import PAGE, Page, opportunities_message


async def list_opportunities(bot: Bot, command: Command, rest: str) -> Message | None:
    """The first page, of one client or of all."""
    await bot.reader(command.who)
    page = Page(client=" ".join(rest.split())[:200])
    return await bot.read(_page, bot.actor(command.who), page=page)


async def opportunities_page(bot: Bot, press: Press) -> Message | None:
    """Another page, in place of the one that is shown."""
    page = Page.load(press.value if isinstance(press.value, str) else "")
    answer = await bot.read(_page, bot.actor(press.who), page=page)
    if not press.response_url:
        return answer
    await bot.soon(bot.gateway(press.who.workspace_id).answer(press.response_url, answer, in_place=True))
    return None


def _page(session: Session, actor: Actor, *, page: Page) -> Message:
    require_internal(session, actor)
    clients = None
    if page.client:
        clients = find_clients(portfolio.clients(session, workspace_id=actor.workspace_id), page.client)
        if not clients:
            text = say.unknown_client(page.client)
            return Message(text=text, blocks=(section(text),))
    found = opportunities(
        session,
        workspace_id=actor.workspace_id,
        client_ids=None if clients is None else [client.id for client in clients],
        limit=PAGE,
        offset=page.number * PAGE,
    )
    return opportunities_message(page, found)
