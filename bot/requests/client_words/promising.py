"""What the client believes: the holding reply, written down when the AM has sent it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import history, repository
from bot.requests.announcing import changed
from bot.requests.models import ChangeRequest, EventKind, Promise
from bot.requests.refusals import AlreadyTold
from bot.requests.rights import require_requester


@dataclass
class AlreadySaid(Refusal):
    """The client has heard something already: a holding reply, or a promise."""

    reference: str
    promise: Promise
    at: datetime


def holding_sent(session: Session, actor: Actor, *, request_id: UUID) -> ChangeRequest:
    """Write down that the client knows that somebody looks at it.

    Raises `NoSuchRequest`, `NotTheRequester`, `AlreadyTold`, `AlreadySaid`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_requester(session, actor, request)
    if request.client_told_at is not None:
        raise AlreadyTold(reference=request.reference, at=request.client_told_at)
    if request.promise is not Promise.NOTHING_SAID:
        raise AlreadySaid(request.reference, request.promise, request.promise_at or request.submitted_at)
    request.promise, request.promise_at = Promise.HOLDING_REPLY, actor.now
    history.record(session, actor, request, EventKind.HOLDING_SENT)
    changed(session, actor, request)
    return request
