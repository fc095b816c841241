"""What was deferred or declined with a bridge comes back: on its day by the clock, and again or never by who asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, text
from sqlalchemy.orm import Session, aliased

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import Client, Project
from bot.requests import ball, history, holding, repository
from bot.requests.afterwards import bridges
from bot.requests.afterwards.bridge_models import AWAITS_EVENT, BridgeKind, DecisionBridge
from bot.requests.afterwards.bridges import Bridge, NoBridge, NotYet
from bot.requests.announcing import ASKED_AGAIN, CAME_BACK, WITHDRAWN, changed, say
from bot.requests.bargaining.reviewing import decider_now, owe_again, to_review
from bot.requests.models import ChangeRequest, Decision, EventKind, State
from bot.requests.refusals import Missing
from bot.requests.rights import name_of, require_requester, require_revision, require_state
from bot.requests.typed.typed_text import without_controls
from bot.requests.undoing import undo_decision
from bot.workspaces.installations import is_at_work
from bot.workspaces.models import Workspace
from bot.workspaces.repository import days_by_zone

# Whoever acts for the clock, in the history.
CLOCK = "Handoff"
# In the workspace's own zone.
MORNING = time(9, 0)
# How many one run of the clock brings back; the next run takes the rest.
BATCH = 100


def wake_deferred(session: Session, now: datetime) -> int:
    """Bring back what comes back by now, and tell who logged it; how many there were.

    On the morning of its day (in the workspace's zone) what was deferred waits for its requester, to be asked again or
    let go; of what was declined with a bridge they are reminded. Each comes back once, whoever calls this at the same
    time. An earlier renewal brings back earlier what was deferred to it; a later one changes nothing.
    """
    due = {
        (row.workspace_id, row.id): row
        for today, zones in days_by_zone(session, now, begins_at=MORNING).items()
        for query in _due(today, zones)
        for row in session.execute(query.limit(BATCH))
    }
    # In the order in which rows are held.
    rows = sorted(due.values(), key=lambda row: (row.project_id, row.request_id))
    return sum(_wake(session, Actor(row.workspace_id, CLOCK, now), row.id, row.request_id) for row in rows)


def ask_again(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, note: str = ""
) -> ChangeRequest:
    """Ask for a decision again: what came back on its day, or what nobody named a day for, with what has changed.

    Raises what `require_askable_again` raises, and `WrongFields` (why) when nothing is said of what has changed, and
    no day has come that says it.
    """
    require_internal(session, actor)
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    needs_note = _askable_again(session, actor, request, revision)
    note = without_controls(note).strip()
    if needs_note and not note:
        raise WrongFields([WrongField("why", Missing())])
    cleared = undo_decision(session, actor, project=held.project, request=request)
    to_review(session, actor, request)
    owe_again(session, actor, request)
    outcome = cleared.outcome.value if cleared else None
    event = history.record(session, actor, request, EventKind.ASKED_AGAIN, reason=note, cleared=outcome)
    changed(session, actor, request)
    say(session, actor, request, ASKED_AGAIN, key=str(event.position), note=note)
    return request


def require_askable_again(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> bool:
    """Whether this person, who may ask again now, has to say what has changed; nothing is held.

    Raises `NoSuchRequest`, `NotTheRequester`, `NotNow`, `Outdated`, `NoBridge`, `NotYet`, `ExternalPerson`,
    `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    return _askable_again(session, actor, request, revision)


def let_go(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """Not any more: what was deferred is withdrawn, what was declined comes back no more.

    Raises `NoSuchRequest`, `NotTheRequester`, `NotNow`, `Outdated`, `NoBridge`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    require_requester(session, actor, request)
    if not is_back(request):
        require_state(request, State.DEFERRED, State.REJECTED)
    require_revision(request, revision)
    if request.state is State.REJECTED:
        decision, bridge = _bridge(session, request)
        if decision is None or bridge is None or not bridge.is_opportunity:
            raise NoBridge(request.reference)
        bridges.settle(session, actor, decision_id=decision.id)
        history.record(session, actor, request, EventKind.LET_GO)
        changed(session, actor, request)
        return request
    undo_decision(session, actor, project=held.project, request=request)
    ball.put_away(session, actor, request)
    request.state = State.WITHDRAWN
    request.closed_at = actor.now
    history.record(session, actor, request, EventKind.WITHDRAWN, reason="")
    changed(session, actor, request)
    say(session, actor, request, WITHDRAWN, reason="")
    return request


def is_back(request: ChangeRequest) -> bool:
    """Whether it waits for who logged it, to be asked again or let go."""
    holder = request.ball_for_id or request.ball_holder_id
    return request.state is State.UNDER_REVIEW and holder == request.requester_id


@dataclass(frozen=True)
class Returning:
    """What came back: where its decision led to, what was said, and by whom."""

    bridge: Bridge
    decided_by: str
    decided_at: datetime
    reason: str


def returning(session: Session, *, workspace_id: str, bridge_id: UUID) -> Returning | None:
    """What a bridge was about, for the message that it is back."""
    row = session.execute(
        select(DecisionBridge, Decision)
        .join(Decision, _decision_of(DecisionBridge))
        .where(DecisionBridge.workspace_id == workspace_id, DecisionBridge.id == bridge_id)
    ).one_or_none()
    if row is None:
        return None
    kept, decision = row.DecisionBridge, row.Decision
    bridge = Bridge(
        kept.kind,
        kept.text,
        kept.returns_on,
        is_back=kept.came_back_at is not None,
        is_settled=kept.settled_at is not None,
    )
    return Returning(bridge, decision.decided_by, decision.decided_at, decision.reason)


def _askable_again(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> bool:
    require_requester(session, actor, request)
    if not is_back(request):
        require_state(request, State.DEFERRED, State.REJECTED)
    require_revision(request, revision)
    if is_back(request):
        return False
    _, bridge = _bridge(session, request)
    if bridge is None or not bridge.is_opportunity:
        raise NoBridge(request.reference)
    if not bridge.may_be_asked_again:
        assert bridge.returns_on is not None, "what has no day may be asked at any time"
        decider = name_of(session, request, request.decider_id)
        raise NotYet(request.reference, bridge.returns_on, decider)
    return not bridge.is_back


def _bridge(session: Session, request: ChangeRequest) -> tuple[Decision | None, Bridge | None]:
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if decision is None:
        return None, None
    return decision, bridges.bridge_of(session, workspace_id=request.workspace_id, decision_id=decision.id)


def _wake(session: Session, actor: Actor, bridge_id: UUID, request_id: UUID) -> bool:
    """Bring one back; nothing when somebody was faster."""
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    kept = session.get_one(DecisionBridge, (actor.workspace_id, bridge_id), populate_existing=True)
    if kept.came_back_at or kept.settled_at or request.state not in {State.DEFERRED, State.REJECTED}:
        return False
    bridges.came_back(session, actor, bridge_id=bridge_id)
    if request.state is State.DEFERRED:
        undo_decision(session, actor, project=held.project, request=request)
        decider = decider_now(session, request)
        ball.hand_to(session, actor, request, request.requester_id)
        request.decider_id, request.state = decider, State.UNDER_REVIEW
        request.is_open = True
        owe_again(session, actor, request)
    history.record(session, actor, request, EventKind.CAME_BACK, bridge=str(kept.kind))
    changed(session, actor, request)
    key = str(bridge_id)
    say(session, actor, request, CAME_BACK, destination=request.requester_id, key=key, bridge_id=key)
    return True


def _due(today: date, zones: Collection[str]) -> list[Select[str, UUID, UUID, UUID]]:
    """What comes back on this day where it is `today`, or came back before it, unnoticed.

    One query for each reason: each is a look into an index, for all workspaces together.
    """
    later = aliased(Project)
    dated = DecisionBridge.returns_on <= today
    # Word for word the condition of an index: SQLite uses it only so.
    awaits_event = text(AWAITS_EVENT)
    renewed = and_(awaits_event, DecisionBridge.kind == BridgeKind.RENEWAL, Client.renewal_on <= today)
    # Nobody could name the day of a later phase: it is there when the client's next project begins.
    next_phase = and_(
        awaits_event,
        DecisionBridge.kind == BridgeKind.PHASE,
        DecisionBridge.returns_on.is_(None),
        exists().where(
            later.workspace_id == Project.workspace_id,
            later.client_id == Project.client_id,
            later.created_at > Decision.decided_at,
            or_(later.starts_on.is_(None), later.starts_on <= today),
        ),
    )
    open_ones = (
        select(
            DecisionBridge.workspace_id,
            DecisionBridge.id,
            DecisionBridge.request_id,
            ChangeRequest.project_id,
        )
        .select_from(DecisionBridge)
        .join(Workspace, and_(Workspace.id == DecisionBridge.workspace_id, Workspace.zone.in_(zones)))
        .join(Decision, _decision_of(DecisionBridge))
        .join(
            ChangeRequest,
            and_(
                ChangeRequest.workspace_id == DecisionBridge.workspace_id,
                ChangeRequest.id == DecisionBridge.request_id,
            ),
        )
        .join(
            Project,
            and_(Project.workspace_id == ChangeRequest.workspace_id, Project.id == ChangeRequest.project_id),
        )
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .where(
            is_at_work(DecisionBridge.workspace_id),
            DecisionBridge.settled_at.is_(None),
            DecisionBridge.came_back_at.is_(None),
            Decision.cleared_at.is_(None),
            ChangeRequest.state.in_((State.DEFERRED, State.REJECTED)),
        )
        .order_by(DecisionBridge.id)
    )
    return [open_ones.where(reason) for reason in (dated, renewed, next_phase)]


def _decision_of(bridge: type[DecisionBridge]) -> ColumnElement[bool]:
    return and_(Decision.workspace_id == bridge.workspace_id, Decision.id == bridge.decision_id)
