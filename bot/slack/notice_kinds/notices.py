"""How each kind of notice about a request is drawn, and what follows where it cannot be shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.outbox.due import DueNotice
from bot.outbox.service import announce
from bot.people import repository as people
from bot.people.standing_in import acting_for
from bot.requests import announcing, repository
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.notice_kinds.words_notices import WORDS_KINDS
from bot.slack.text import card as say
from bot.slack.views import thread
from bot.slack.views.card import card, safe_card

PRIVATE_CARD = "private_card"
INVITE = "invite"
# Slack's words for a channel in which nobody can write any more.
ARCHIVED = frozenset({"is_archived", "is_inactive"})


def _card(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    return safe_card(facts) if audience.is_external else card(facts)


def _decided(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    # Where another company reads along, the AM tells the client, not a thread.
    if audience.is_external or facts.decision is None:
        return None
    return thread.decided(facts, facts.decision)


def _withdrawn(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    return thread.withdrawn(facts, str(loaded.facts.get("reason") or ""))


def _reassigned(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    holder, before = str(loaded.facts.get("holder") or ""), str(loaded.facts.get("before") or "")
    if facts.ball is None or facts.ball.id != holder:
        # It has moved on since: nobody needs to be called for it.
        return None
    return thread.reassigned(facts, people.name(session, workspace_id=loaded.workspace_id, person_id=before))


def _invite(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    if loaded.facts.get("code") in ARCHIVED:
        return thread.invitation(say.archived(facts.channel_id, facts.reference))
    return thread.invitation(say.invite(facts.channel_id, facts.reference))


def _ask_for_invitation(session: Session, *, notice: DueNotice, code: str, now: datetime) -> None:
    """The channel is closed to the bot: the AM is told how to open it, once for each way in which it is."""
    facts = repository.card_facts(session, workspace_id=notice.workspace_id, request_id=notice.subject_id)
    announce(
        session,
        workspace_id=notice.workspace_id,
        kind=INVITE,
        subject_id=notice.subject_id,
        destination=acting_for(session, notice.workspace_id, facts.requester.id, now),
        dedupe_key=f"{INVITE}:{notice.subject_id}{':archived' if code in ARCHIVED else ''}",
        facts={"code": code},
        now=now,
    )


def _card_in_private(session: Session, *, workspace_id: str, subject_id: UUID, now: datetime) -> None:
    """Another company reads the channel: the whole card goes to the decider in private."""
    facts = repository.card_facts(session, workspace_id=workspace_id, request_id=subject_id)
    decider = facts.acting_for(facts.decider)
    if not facts.awaits_decision or facts.ball is None or facts.ball.id != decider.id:
        return
    # It comes anew whenever the ball does: who is asked to decide again should not have to look for it.
    again = f":{facts.rounds}" if facts.rounds else ""
    announce(
        session,
        workspace_id=workspace_id,
        kind=PRIVATE_CARD,
        subject_id=subject_id,
        destination=decider.id,
        dedupe_key=f"{PRIVATE_CARD}:{subject_id}:{decider.id}{again}",
        now=now,
    )


REQUEST_KINDS: dict[str, Kind] = {
    announcing.CARD: Kind(
        _card,
        mirrors=True,
        is_linked_to=True,
        when_shut_out=_ask_for_invitation,
        after_external=_card_in_private,
    ),
    PRIVATE_CARD: Kind(_card, mirrors=True),
    announcing.DECIDED: Kind(_decided, rather_twice=False),
    announcing.WITHDRAWN: Kind(_withdrawn, rather_twice=False),
    **WORDS_KINDS,
    announcing.REASSIGNED: Kind(_reassigned, rather_twice=False),
    INVITE: Kind(_invite),
}
