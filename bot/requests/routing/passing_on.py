"""Passing on what lies with the wrong person: with somebody who is away, or still with who acted for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from bot.outbox.service import announce
from bot.people.models import Actor
from bot.people.standing_in import away_now
from bot.portfolio.models import Project
from bot.requests import ball, history, repository
from bot.requests.announcing import CLIENT_WORDS, changed, say
from bot.requests.models import ChangeRequest, EventKind
from bot.requests.routing.standing_in import who_acts_among

# Said in private, once, to who gets several requests at the same time.
PASSED_ON = "passed_on"

# How many requests move in one transaction; the rest follows at the next tick of the clock.
AT_ONCE = 200


def pass_on(
    session: Session,
    actor: Actor,
    *,
    knows: tuple[str, str] | None = None,
    project_id: UUID | None = None,
    limit: int = AT_ONCE,
) -> bool:
    """Give every open request (of one project) to who has to act on it now; whether that was all of them.

    What is where it belongs is not touched, so that it may be done again at any time. Whoever gets something hears
    of it in private; of one pair (who acts, for whom) that is said otherwise (`knows`).
    """
    away = away_now(session, workspace_id=actor.workspace_id, at=actor.now)
    wrong = [
        row
        for row in _with_or_for(session, actor.workspace_id, away, project_id)
        if who_acts_among(session, row, row.ball_for_id or row.ball_holder_id, away) != row.ball_holder_id
    ]
    moved: dict[tuple[str, str], list[ChangeRequest]] = defaultdict(list)
    for request in held(session, actor.workspace_id, wrong[:limit]):
        before, whose = request.ball_holder_id, request.ball_for_id or request.ball_holder_id
        if before is None or whose is None:
            continue
        ball.hand_to(session, actor, request, whose)
        holder = request.ball_holder_id
        if holder is None or holder == before:
            continue
        in_place_of = {"in_place_of": whose} if holder != whose else {}
        history.record(
            session, actor, request, EventKind.HANDED_OVER, before=before, holder=holder, **in_place_of
        )
        changed(session, actor, request)
        give_words(session, actor, request)
        moved[holder, whose].append(request)
    for (holder, whose), requests in moved.items():
        # Who did it themselves sees it anyway.
        if holder != actor.person_id and (holder, whose) != knows:
            _tell(session, actor, holder, whose, requests)
    return len(wrong) <= limit


def _with_or_for(
    session: Session, workspace_id: str, away: Collection[str], project_id: UUID | None
) -> list[Any]:
    """As much as is needed of what lies with somebody who is away, or with somebody in another's place."""
    return list(
        session.execute(
            select(
                ChangeRequest.workspace_id,
                ChangeRequest.id,
                ChangeRequest.project_id,
                ChangeRequest.requester_id,
                ChangeRequest.decider_id,
                ChangeRequest.first_approver_id,
                ChangeRequest.appealed_from,
                ChangeRequest.ball_holder_id,
                ChangeRequest.ball_for_id,
            )
            .where(
                ChangeRequest.workspace_id == workspace_id,
                ChangeRequest.is_open,
                or_(ChangeRequest.ball_for_id.is_not(None), ChangeRequest.ball_holder_id.in_(sorted(away))),
                true() if project_id is None else ChangeRequest.project_id == project_id,
            )
            .order_by(ChangeRequest.id)
        )
    )


def held(session: Session, workspace_id: str, rows: Collection[Any]) -> list[ChangeRequest]:
    """Projects before their requests, each in the order of their ids: the same everywhere, so that none waits in a circle."""
    projects = (
        select(Project.id)
        .where(Project.workspace_id == workspace_id, Project.id.in_({row.project_id for row in rows}))
        .order_by(Project.id)
        .with_for_update(key_share=True)
    )
    session.execute(projects).all()
    requests = (
        select(ChangeRequest)
        .where(ChangeRequest.workspace_id == workspace_id, ChangeRequest.id.in_({row.id for row in rows}))
        .order_by(ChangeRequest.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(requests))


def give_words(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Whoever tells the client in somebody's place needs the words for it."""
    whose = request.ball_for_id or request.ball_holder_id
    if whose != request.requester_id or request.client_told_at is not None:
        return
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if decision is not None:
        holder = request.ball_holder_id
        key, said = f"{decision.id}:{holder}", str(decision.id)
        say(session, actor, request, CLIENT_WORDS, destination=holder, key=key, decision_id=said)


def _tell(session: Session, actor: Actor, holder: str, whose: str, requests: list[ChangeRequest]) -> None:
    """One message for all that comes to somebody."""
    first = requests[0]
    announce(
        session,
        workspace_id=actor.workspace_id,
        kind=PASSED_ON,
        subject_id=first.id,
        destination=holder,
        # The number of the event is new at every move, so that each is told.
        dedupe_key=f"{PASSED_ON}:{first.id}:{first.event_count}",
        now=actor.now,
        facts={"whose": whose, "requests": [str(request.id) for request in requests]},
    )
