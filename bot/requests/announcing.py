"""Telling Slack about a request: every card of it is refreshed, and what is to be said goes to the outbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, Uuid, bindparam, select
from sqlalchemy.orm import Session

from bot.db.asking import one_of
from bot.db.followed import write_now
from bot.outbox.service import announce, refresh, refresh_soon
from bot.people.models import Actor
from bot.portfolio.models import Project
from bot.requests.models import AWAITING_DECISION, ChangeRequest
from bot.requests.routing.standing_in import who_acts
from bot.requests.timing.targets import keep_time

# What Handoff says about a request; `slack/delivery` knows how each is rendered.
CARD = "card"
DECIDED = "decided"
WITHDRAWN = "withdrawn"
CLIENT_WORDS = "client_words"
REASSIGNED = "reassigned"
CAME_BACK = "came_back"
ASKED_AGAIN = "asked_again"
CLIENT_ANSWERED = "client_answered"
ANSWER_EXPIRED = "answer_expired"
GIVEN = "given"
FIRST_YES = "first_yes"
QUESTION = "question"
QUESTION_IN_PRIVATE = "question_in_private"
ANSWERED = "answered"
HOLDING_REPLY = "holding_reply"
EDITED = "edited"
OFFERED = "offered"
OFFERED_IN_PRIVATE = "offered_in_private"
OFFER_TAKEN = "offer_taken"
OFFERS_REFUSED = "offers_refused"
OFFERS_OVER = "offers_over"
REOPENED = "reopened"
APPEALED = "appealed"
DUPLICATE = "duplicate"
DUPLICATE_OF = "duplicate_of"
CONDITION_IN_PRIVATE = "condition_in_private"
CONDITION_SETTLED = "condition_settled"
SWAPPED = "swapped"


# Built once, since it runs with every acceptance.
_WAITING_BESIDE = select(ChangeRequest.id).where(
    ChangeRequest.workspace_id == bindparam("here_workspace", type_=String),
    ChangeRequest.project_id == bindparam("here_project", type_=Uuid),
    # Its own card is drawn at once: drawn again a moment later, it would show nothing new.
    ChangeRequest.id != bindparam("here_request", type_=Uuid),
    one_of(ChangeRequest.state, AWAITING_DECISION),
)


def changed(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Count a change of the row, so that whatever mirrors it is drawn anew; who holds the ball is on the clock."""
    request.version += 1
    keep_time(session, actor, request)
    write_now(session, request)
    refresh(session, workspace_id=request.workspace_id, subject_id=request.id, now=actor.now)


def figures_changed(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """What else waits on the project shows hours and money that this request just changed: draw it anew soon."""
    here = {
        "here_workspace": request.workspace_id,
        "here_project": request.project_id,
        "here_request": request.id,
    }
    refresh_soon(
        session, workspace_id=request.workspace_id, subjects=_WAITING_BESIDE, parameters=here, now=actor.now
    )


def say(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    kind: str,
    *,
    destination: str | None = None,
    home: str | None = None,
    key: str = "",
    **facts: Any,
) -> None:
    """Announce something about a request, once for each `key`; without a destination, in the thread of its card.

    `home` is the project's channel, for who knows it already. What is for a person who is away goes to who acts for them.
    """
    thread_of = None
    if destination is None:
        destination = home or session.get_one(Project, (request.workspace_id, request.project_id)).channel_id
        thread_of = f"{CARD}:{request.id}"
    elif destination in {request.requester_id, request.decider_id} and destination != request.ball_holder_id:
        destination = who_acts(session, request, destination, actor.now)
    announce(
        session,
        workspace_id=request.workspace_id,
        kind=kind,
        subject_id=request.id,
        destination=destination,
        dedupe_key=":".join(filter(None, (kind, str(request.id), key))),
        now=actor.now,
        facts=facts,
        thread_of=thread_of,
    )
