"""How what the client says to a change order is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.requests import announcing, repository
from bot.requests.models import ClientAnswer
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.views import after_yes


def _client_answered(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    # Where the client reads along, they know what they said, and the rest is none of their business.
    if audience.is_external:
        return None
    card = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    answer = ClientAnswer(str(loaded.facts["answer"]))
    return after_yes.answered(card, answer, str(loaded.facts.get("reason") or ""))


def _answer_expired(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    return after_yes.expired(card)


AFTER_YES_KINDS: dict[str, Kind] = {
    announcing.CLIENT_ANSWERED: Kind(_client_answered, rather_twice=False),
    announcing.ANSWER_EXPIRED: Kind(_answer_expired, mirrors=True),
}
