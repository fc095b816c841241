"""After the yes: who has to act next on what was accepted.

The client's answer comes first: until they were told (or, where they pay, until they said yes) the ball lies with
whoever logged the request. Then it lies with the project's manager until the work is done; then with nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.portfolio.models import Project
from bot.requests import ball, history
from bot.requests.announcing import changed
from bot.requests.models import ChangeRequest, ClientAnswer, EventKind, State

# The yes stands: what follows from it is under way.
ACCEPTED = (State.APPROVED, State.IN_PROGRESS, State.IMPLEMENTED)


def answer_needed(fundings: Collection[Funding]) -> ClientAnswer:
    """What is needed of the client when hours are accepted: a yes of their own to what they pay for."""
    is_billable = any(funding.is_billable for funding in fundings)
    return ClientAnswer.NOT_SENT if is_billable else ClientAnswer.NOT_REQUIRED


def pass_on(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Give the ball to whoever has to act next, or put it away when all is done."""
    if request.client_told_at is None or request.client_answer.is_outstanding:
        ball.hand_to(session, actor, request, request.requester_id)
    elif request.state is State.IMPLEMENTED:
        ball.put_away(session, actor, request)
        request.closed_at = actor.now
    else:
        project = session.get_one(Project, (request.workspace_id, request.project_id))
        ball.hand_to(session, actor, request, project.pm_id)


def send(session: Session, actor: Actor, request: ChangeRequest, valid_until: date | None) -> None:
    """Write down that the client has the change order; the caller holds the request and knows that they still owe a yes."""
    request.client_answer = ClientAnswer.SENT
    request.client_told_at = request.client_told_at or actor.now
    request.answer_valid_until = valid_until
    pass_on(session, actor, request)
    until = valid_until.isoformat() if valid_until else None
    history.record(session, actor, request, EventKind.SENT_TO_CLIENT, valid_until=until)
    changed(session, actor, request)
