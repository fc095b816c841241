"""Back before whoever decides: what an edit, a re-opening and an appeal have in common."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.people.hours import hours_of
from bot.people.models import Actor
from bot.requests import ball
from bot.requests.models import ChangeRequest, State
from bot.requests.routing.authority import authorities_over, decider_for
from bot.requests.service import answer_owed_on
from bot.requests.timing.targets import remind_of_answer_owed


def to_review(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Give the request to whoever decides it now; an answer that the client had is owed to them anew.

    Who calls this took the decision back before (`undo_decision`), and writes the history.
    """
    decider = decider_now(session, request)
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, decider)
    request.decider_id = decider
    request.state = State.UNDER_REVIEW
    request.is_open = True
    request.closed_at = None


def owe_again(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Set by when the client should hear of it, from today on."""
    hours = hours_of(
        session, workspace_id=request.workspace_id, person_id=request.requester_id, now=actor.now
    )
    today = actor.now.astimezone(ZoneInfo(hours.zone)).date()
    request.answer_owed_on = answer_owed_on(today, request.needed_by, hours)
    remind_of_answer_owed(request, hours, actor.now)


def decider_now(session: Session, request: ChangeRequest) -> str:
    """Who decides the request today: who did, as long as they may; else the next authority on its project.

    While a request waits it follows its project from hand to hand; once it is decided it does not, so that whoever
    takes it up again has to look.
    """
    if request.awaits_decision:
        return request.decider_id
    authorities = authorities_over(session, workspace_id=request.workspace_id, project_id=request.project_id)
    # Who declined what was appealed does not decide it again.
    authorities = tuple(person for person in authorities if person != request.appealed_from)
    if request.decider_id in authorities and request.decider_id != request.requester_id:
        return request.decider_id
    return decider_for(requester_id=request.requester_id, authorities=authorities) or request.decider_id
