"""Knows the tenant, and keeps its settings; who may change them is asked in `people/settings.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.workspaces import repository
from bot.workspaces.models import Workspace
from bot.workspaces.refusals import UnknownCurrency, UnknownZone
from bot.workspaces.zones import is_currency, is_zone


@dataclass(frozen=True)
class WorkspaceFacts:
    """What Slack says of a workspace (`auth.test`)."""

    id: str
    name: str
    bot_user_id: str = ""
    bot_id: str = ""
    # The organisation it belongs to; its own id where the app is installed for all of one.
    enterprise_id: str = ""


def ensure(session: Session, facts: WorkspaceFacts, now: datetime) -> Workspace:
    """Know this workspace from here on; a known one keeps its settings."""
    known = repository.workspace(session, workspace_id=facts.id)
    told = (facts.name, facts.bot_user_id, facts.bot_id)
    if known is not None and told == (known.name, known.bot_user_id, known.bot_id):
        return known
    repository.put(
        session,
        {
            "id": facts.id,
            "name": facts.name,
            "bot_user_id": facts.bot_user_id,
            "bot_id": facts.bot_id,
            "zone": "UTC",
            "currency": "EUR",
            "created_at": now,
        },
    )
    # The statement went past the session: what it already held is old.
    return session.get_one(Workspace, facts.id, populate_existing=True)


def locked(session: Session, *, workspace_id: str) -> Workspace:
    """The workspace, held until the transaction ends, so that changes of its set-up come one after the other."""
    return repository.locked(session, workspace_id=workspace_id)


def check_settings(*, zone: str | None, currency: str | None) -> None:
    """Refuse what cannot be a setting: `WrongFields` (zone, currency)."""
    wrong: list[WrongField] = []
    if zone is not None and not is_zone(zone):
        wrong.append(WrongField("zone", UnknownZone(zone)))
    if currency is not None and not is_currency(currency):
        wrong.append(WrongField("currency", UnknownCurrency(currency)))
    if wrong:
        raise WrongFields(wrong)


def put_settings(
    workspace: Workspace, *, director_id: str | None, zone: str | None, currency: str | None
) -> None:
    """Take over what is given; the caller has checked the values and who asks."""
    if director_id is not None:
        workspace.director_id = director_id
    if zone is not None:
        workspace.zone = zone
    if currency is not None:
        workspace.currency = currency
