"""Who pressed on a card that shows an older revision gets the present one, with buttons that work."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.requests import repository
from bot.requests.facts import CardFacts
from bot.slack.bot import Bot
from bot.slack.gateway import GatewayError
from bot.slack.message import Message
from bot.slack.payloads import Who
from bot.slack.views.card import card
from bot.slack.views.elements import section


@dataclass(frozen=True)
class PresentCard:
    """What to show to one person, and the channel where the request is at home."""

    message: Message
    channel_id: str


async def present_card(bot: Bot, who: Who, reference: str, sentence: str) -> PresentCard:
    """The sentence that refused them, and under it the card as it is now."""
    facts = await bot.read(_present, workspace_id=who.workspace_id, reference=reference)
    blocks = (section(sentence), *card(facts).blocks)
    return PresentCard(Message(text=sentence, blocks=blocks), facts.channel_id)


async def show_beside(bot: Bot, who: Who, present: PresentCard) -> None:
    """Show it to them alone where the card stands; in private where they cannot be reached there."""
    try:
        await bot.gateway(who.workspace_id).whisper(present.channel_id, who.person_id, present.message)
    except GatewayError:
        await bot.gateway(who.workspace_id).post(who.person_id, present.message)


def _present(session: Session, *, workspace_id: str, reference: str) -> CardFacts:
    request_id = repository.find_by_reference(session, workspace_id=workspace_id, reference=reference)
    return repository.card_facts(session, workspace_id=workspace_id, request_id=request_id)
