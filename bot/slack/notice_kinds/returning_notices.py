"""How it is told that something came back, and that it was asked again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.requests import announcing, repository
from bot.requests.afterwards.returning import returning
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.views import returning as views


def _came_back(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    here, bridge_id = loaded.workspace_id, UUID(str(loaded.facts["bridge_id"]))
    back = returning(session, workspace_id=here, bridge_id=bridge_id)
    if back is None:
        return None
    card = repository.card_facts(session, workspace_id=here, request_id=loaded.subject_id)
    return views.came_back(card, back, people.name(session, workspace_id=here, person_id=back.decided_by))


def _asked_again(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    # Where another company reads along, its AM tells it that it is looked at again.
    if audience.is_external:
        return None
    card = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    return views.asked_again(card, str(loaded.facts.get("note") or ""))


RETURNING_KINDS: dict[str, Kind] = {
    announcing.CAME_BACK: Kind(_came_back, mirrors=True),
    announcing.ASKED_AGAIN: Kind(_asked_again, rather_twice=False),
}
