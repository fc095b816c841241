"""Taking a decision back: what followed from it no longer counts, and that it was made stays visible for ever."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.ledger.models import Funding
from bot.ledger.repository import parts_of, void_entries
from bot.people.models import Actor
from bot.portfolio.baselines import take_back
from bot.portfolio.models import Project
from bot.requests import repository
from bot.requests.afterwards import bridges
from bot.requests.announcing import figures_changed
from bot.requests.bargaining import first_yes, swaps
from bot.requests.bargaining.reviewing import owe_again, to_review
from bot.requests.models import ChangeRequest, ClientAnswer, Decision, Outcome


def undo_decision(
    session: Session, actor: Actor, *, project: Project, request: ChangeRequest
) -> Decision | None:
    """Let the decision that stands stand no more; none where there is none.

    An approval's hours are no longer funded, and the baseline gets a version without them. Who calls this holds
    the project and the request (in this order: `holding.for_approval`), and says what becomes of the request: its
    state, its ball, its history.
    """
    # A first yes was to what is undone or changed now.
    first_yes.settle(session, actor, request)
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if decision is None:
        return None
    decision.cleared_at = actor.now
    request.decided_at = None
    request.cleared_count += 1
    # The client's answer was to this decision: a new one has to be told again.
    request.client_told_at = None
    request.client_answer = ClientAnswer.NOT_REQUIRED
    request.answer_valid_until = None
    if decision.outcome in {Outcome.REJECTED, Outcome.DEFERRED}:
        bridges.settle(session, actor, decision_id=decision.id)
    if decision.outcome is Outcome.APPROVED:
        void_entries(session, workspace_id=request.workspace_id, request_id=request.id, now=actor.now)
        take_back(
            session,
            project=project,
            request_id=request.id,
            minutes=decision.minutes - _swapped(session, decision),
            fee_minor=decision.fee_minor,
            delay_days=decision.delay_days,
            now=actor.now,
        )
        figures_changed(session, actor, request)
    # The index of standing decisions allows one: the old one has to go before the next is written.
    session.flush()
    _undo_other_side(session, actor, project, request)
    return decision


def _swapped(session: Session, decision: Decision) -> int:
    """The minutes that something else went out for: the baseline had them already."""
    parts = parts_of(
        session,
        workspace_id=decision.workspace_id,
        request_id=decision.request_id,
        decision_id=decision.id,
    )
    return sum(minutes for funding, minutes in parts if funding is Funding.SWAP)


def _undo_other_side(session: Session, actor: Actor, project: Project, request: ChangeRequest) -> None:
    """Whoever undoes one side of a swap undoes the other: what went out is asked for again, and what came in, too."""
    others = swaps.taken_from(session, request) if request.condition_count else []
    for other in others:
        other.swapped_for_id = None
    if request.swapped_for_id is not None:
        instead = request.swapped_for_id
        request.swapped_for_id = None
        session.flush()
        others.append(repository.locked(session, workspace_id=request.workspace_id, request_id=instead))
    session.flush()
    for other in others:
        was_told = other.client_told_at is not None
        undo_decision(session, actor, project=project, request=other)
        to_review(session, actor, other)
        if was_told:
            owe_again(session, actor, other)
        swaps.tell_undone(session, actor, other, request)
