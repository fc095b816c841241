"""`/handoff find newsletter client:acme state:open`: requests by the words in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.portfolio.finding import find_clients
from bot.requests.search import searching
from bot.requests.typed.wording import nearest
from bot.slack.bot import Bot
from bot.slack.commands.listed import LISTED, STATES
from bot.slack.message import Message
from bot.slack.payloads import Command, Press
from bot.slack.text import finding as say
from bot.slack.views.finding import PAGE, Page, found_message, said


async def find(bot: Bot, command: Command, rest: str) -> Message | None:
    """The first page of what holds every word."""
    reader = await bot.reader(command.who)
    page = Page(searching.wanted(rest))
    return await bot.read(_find, bot.actor(command.who), page=page, today=bot.today(reader))


async def find_page(bot: Bot, press: Press) -> Message | None:
    """Another page, in place of the one that is shown."""
    reader = await bot.reader(press.who)
    page = Page.load(press.value if isinstance(press.value, str) else "")
    answer = await bot.read(_find, bot.actor(press.who), page=page, today=bot.today(reader))
    if not press.response_url:
        return answer
    await bot.soon(bot.gateway(press.who.workspace_id).answer(press.response_url, answer, in_place=True))
    return None


def _find(session: Session, actor: Actor, *, page: Page, today: date) -> Message:
    require_internal(session, actor)
    wanted = page.wanted
    if not (wanted.terms or wanted.client or wanted.state):
        return said(say.WHAT)
    if wanted.state and wanted.state not in STATES:
        meant = nearest(wanted.state, [state for state in STATES if " " not in state])
        return said(say.unknown_state(wanted.state, LISTED, f"state:{meant}" if meant else None))
    clients = None
    if wanted.client:
        known = portfolio.clients(session, workspace_id=actor.workspace_id)
        clients = find_clients(known, wanted.client)
        if not clients:
            return said(say.unknown_client(wanted.client))
    found = searching.find(
        session,
        workspace_id=actor.workspace_id,
        terms=wanted.terms,
        client_ids=None if clients is None else [client.id for client in clients],
        states=STATES[wanted.state] if wanted.state else None,
        limit=PAGE,
        offset=page.number * PAGE,
    )
    named = clients[0].name if clients and len(clients) == 1 else wanted.client
    return found_message(page, found, named, today)
