"""Somebody left (deactivated in Slack, or a guest by now): what waits on them goes on, and what they asked is not lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, text
from sqlalchemy.orm import Session

from bot.outbox.service import announce
from bot.people.absence import end, standing
from bot.people.models import Actor, Person, by_the_clock
from bot.requests import ball, history
from bot.requests.afterwards.bridge_models import BridgeKind, DecisionBridge
from bot.requests.announcing import changed
from bot.requests.models import (
    AWAITING_DECISION,
    DECIDES_OWN,
    HEARS_OWN_NO,
    LIES_WITH_ANOTHER,
    SLEEPS,
    ChangeRequest,
    EventKind,
    State,
)
from bot.requests.routing.authority import Roles, decider_for, roles_over
from bot.requests.routing.passing_on import give_words, held, pass_on
from bot.requests.routing.rerouting import reroute
from bot.workspaces.installations import is_at_work

# Said in private, once, to who gets what somebody left behind.
LEFT_BEHIND = "left_behind"

# How many requests move in one transaction; the rest follows at the next tick of the clock.
AT_ONCE = 200


def keep_up(session: Session, now: datetime) -> int:
    """Find everybody who left and still has something open, and pass it on; how many requests moved.

    For the clock, in any number of processes: what was passed on is not found again.
    """
    gone = session.execute(_GONE.where(is_at_work(Person.workspace_id))).all()
    moved = sum(pass_on_from(session, by_the_clock(person.workspace_id, now), person.id) for person in gone)
    # Where nobody else was left to decide, somebody may be there by now.
    for theirs in (_OWN, _OWN_NO):
        for project in session.execute(theirs.where(is_at_work(ChangeRequest.workspace_id))).all():
            moved += reroute(session, by_the_clock(project.workspace_id, now), project_id=project.project_id)
    return moved


def pass_on_from(session: Session, actor: Actor, person_id: str, *, limit: int = AT_ONCE) -> int:
    """Give what waits on somebody who left to who has their part now; how many requests moved.

    What they asked goes to the client's account manager, what they should decide to the next authority, what they
    should do to the manager; each who gets something is told in private, once. Their delegations end. Somebody who
    can still act keeps what they have.
    """
    person = session.get(Person, (actor.workspace_id, person_id))
    if person is None or (person.is_active and not person.is_external):
        return 0
    for delegation in standing(session, workspace_id=actor.workspace_id):
        if person_id in {delegation.person_id, delegation.delegate_id}:
            end(session, delegation, actor.now)
    told: dict[str, list[ChangeRequest]] = defaultdict(list)
    for request in held(session, actor.workspace_id, _theirs(session, actor.workspace_id, person_id, limit)):
        receiver = _pass_on(session, actor, request, person_id)
        if receiver is not None:
            told[receiver].append(request)
    for receiver, requests in told.items():
        _tell(session, actor, person_id, receiver, requests)
    pass_on(session, actor)
    return sum(len(requests) for requests in told.values())


def _pass_on(session: Session, actor: Actor, request: ChangeRequest, person_id: str) -> str | None:
    """Put somebody else in each place where they stand in one request; who is to be told, none when nothing changed."""
    roles = roles_over(session, workspace_id=request.workspace_id, project_id=request.project_id)
    requester, decider = request.requester_id, request.decider_id
    if requester == person_id:
        requester = _new_requester(request, roles) or requester
    # Decided or not: what is edited or re-opened later waits for them again, and nobody decides their own.
    if decider in {person_id, requester}:
        decider = _new_decider(request, roles, requester) or decider
    holder = _new_holder(request, roles, person_id, (requester, decider))
    said: dict[str, Any] = {}
    if requester != request.requester_id:
        said["requester"], request.requester_id = requester, requester
    if decider != request.decider_id:
        said["decider"], request.decider_id, request.is_assigned = decider, decider, False
    before = request.ball_holder_id
    if request.is_open:
        ball.hand_to(session, actor, request, holder)
    if request.awaits_decision and holder == decider:
        request.state = State.UNDER_REVIEW
    if request.ball_holder_id != before:
        said["holder"] = request.ball_holder_id
    if not said:
        return None
    history.record(session, actor, request, EventKind.HANDED_OVER, before=person_id, left=True, **said)
    changed(session, actor, request)
    if "holder" in said:
        give_words(session, actor, request)
    return said.get("holder") or said.get("requester") or decider


def _new_holder(request: ChangeRequest, roles: Roles, person_id: str, places: tuple[str, str]) -> str:
    """Who has to act once the requester and the decider are these."""
    requester, decider = places
    whose = request.ball_for_id or request.ball_holder_id or person_id
    if whose == request.requester_id:
        # Where nobody else may answer or choose in their place, it is the decider's again.
        return requester if requester != person_id else decider
    if whose == request.decider_id and request.awaits_decision:
        return decider
    return whose if whose != person_id else roles.pm or roles.director or roles.am or person_id


def _new_requester(request: ChangeRequest, roles: Roles) -> str | None:
    """Whose ask it is from now on: the client's account manager, as long as somebody else is left to decide it."""
    able = _able(request, roles)
    for candidate in (roles.am, roles.director, roles.pm):
        if candidate is None or candidate == request.first_approver_id:
            continue
        if not request.awaits_decision or decider_for(requester_id=candidate, authorities=able):
            return candidate
    return None


def _new_decider(request: ChangeRequest, roles: Roles, requester: str) -> str | None:
    """Who decides it from now on; where nobody else is left, who declined hears the appeal: better than nobody."""
    other = decider_for(requester_id=requester, authorities=_able(request, roles))
    if other is None and request.appealed_from != requester and request.appealed_from in roles.in_order:
        return request.appealed_from
    return other


def _able(request: ChangeRequest, roles: Roles) -> list[str]:
    """Who may decide it: whoever agreed first does not agree again, and who declined what was appealed not decide it."""
    return [one for one in roles.in_order if one not in {request.first_approver_id, request.appealed_from}]


def _theirs(session: Session, workspace_id: str, person_id: str, limit: int) -> Sequence[Any]:
    stands = or_(
        ChangeRequest.requester_id == person_id,
        ChangeRequest.ball_holder_id == person_id,
        ChangeRequest.ball_for_id == person_id,
        and_(ChangeRequest.decider_id == person_id, ChangeRequest.state.in_(AWAITING_DECISION)),
    )
    return session.execute(
        select(ChangeRequest.id, ChangeRequest.project_id)
        .where(
            ChangeRequest.workspace_id == workspace_id,
            or_(and_(ChangeRequest.is_open, stands), and_(ChangeRequest.requester_id == person_id, _SLEEPS)),
        )
        .order_by(ChangeRequest.id)
        .limit(limit)
    ).all()


def _tell(
    session: Session, actor: Actor, person_id: str, receiver: str, requests: Sequence[ChangeRequest]
) -> None:
    first = requests[0]
    announce(
        session,
        workspace_id=actor.workspace_id,
        kind=LEFT_BEHIND,
        subject_id=first.id,
        destination=receiver,
        # The number of the event is new at every move, so that each is told.
        dedupe_key=f"{LEFT_BEHIND}:{first.id}:{first.event_count}",
        now=actor.now,
        facts={"who": person_id, "requests": [str(request.id) for request in requests]},
    )


def _gone() -> Select[str, str]:
    """Those who cannot act and have the ball, or asked for what is open or comes back."""
    theirs = exists().where(ChangeRequest.workspace_id == Person.workspace_id)
    # One look into an index each; what they asked and hold themselves is found by the first.
    holds = theirs.where(ChangeRequest.ball_holder_id == Person.id, ChangeRequest.is_open)
    asked = theirs.where(ChangeRequest.requester_id == Person.id, text(LIES_WITH_ANOTHER))
    sleeps = theirs.where(ChangeRequest.requester_id == Person.id, text(SLEEPS), _SLEEPS)
    return (
        select(Person.workspace_id, Person.id)
        .where(
            or_(~Person.is_active, Person.is_external),
            or_(holds, asked, sleeps),
        )
        .order_by(Person.workspace_id, Person.id)
    )


# Nobody has to act on it now, and it comes back to who asked: on its day, or when they ask again.
_SLEEPS = and_(
    ~ChangeRequest.is_open,
    ChangeRequest.state.in_((State.DEFERRED, State.REJECTED)),
    exists().where(
        DecisionBridge.workspace_id == ChangeRequest.workspace_id,
        DecisionBridge.request_id == ChangeRequest.id,
        DecisionBridge.settled_at.is_(None),
        or_(DecisionBridge.kind != BridgeKind.CLAUSE, DecisionBridge.returns_on.is_not(None)),
    ),
)
_GONE = _gone()
_OWN, _OWN_NO = (
    select(ChangeRequest.workspace_id, ChangeRequest.project_id)
    .where(text(whose), ChangeRequest.state.in_(AWAITING_DECISION))
    .distinct()
    .order_by(ChangeRequest.workspace_id, ChangeRequest.project_id)
    for whose in (DECIDES_OWN, HEARS_OWN_NO)
)
