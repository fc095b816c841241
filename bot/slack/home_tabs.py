"""Loading and drawing one person's Home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.onboarding.service import first_steps
from bot.people import repository as people
from bot.people.models import Actor
from bot.requests.overviews.overview import overview
from bot.slack.message import Home
from bot.slack.views.home import home, outsiders_home, stored_pages


def draw_home(
    session: Session, *, workspace_id: str, person_id: str, pages: Mapping[str, int], now: datetime
) -> Home:
    """What matters to this person now, in their own days; an outsider is told nothing."""
    person = people.person(session, workspace_id=workspace_id, person_id=person_id)
    if person is None or person.is_external or not person.is_active:
        return outsiders_home()
    actor = Actor(workspace_id=workspace_id, person_id=person_id, now=now)
    today = now.astimezone(person.tz).date()
    return home(
        overview(session, actor, pages=stored_pages(pages), today=today),
        person_id,
        today,
        steps=first_steps(session, workspace_id=workspace_id, person_id=person_id),
    )
