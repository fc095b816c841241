"""Whether hours may be given away to a client this month."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.errors import WrongField
from bot.ledger.service import GoodwillSpent, goodwill_left
from bot.people.models import Actor
from bot.portfolio.models import Client
from bot.workspaces.models import Workspace


def left_for(session: Session, actor: Actor, client: Client) -> int:
    """Minutes that may still be given away to a client in this month of the workspace's zone."""
    workspace = session.get_one(Workspace, actor.workspace_id)
    return goodwill_left(
        session,
        workspace_id=actor.workspace_id,
        client_id=client.id,
        limit=client.goodwill_minutes,
        now=actor.now,
        zone=ZoneInfo(workspace.zone),
    )


def wrong_goodwill(session: Session, actor: Actor, client: Client, given: int) -> list[WrongField]:
    """Refuse (`GoodwillSpent`) more minutes than are left, but to the director; the caller holds the client."""
    workspace = session.get_one(Workspace, actor.workspace_id)
    if actor.person_id == workspace.director_id:
        return []
    left = left_for(session, actor, client)
    if given <= left:
        return []
    why = GoodwillSpent(client.name, limit=client.goodwill_minutes, left=left, asked=given)
    return [WrongField("funding", why)]
