"""Requests for tests, made by the use cases themselves: good defaults, and every value may be named.

The agency (its people, a client, a project) comes from `tests.portfolio.agency`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import Funding
from bot.outbox.models import Notice, Posting
from bot.people.models import Actor, Person
from bot.requests import deciding, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.deciding import Figures
from bot.requests.models import BallInterval, ChangeRequest, Decision, Event, Promise
from bot.requests.service import Ask
from bot.workspaces.models import Workspace
from tests.portfolio.agency import ANA, HERE, NOW, PETE

LATER = NOW + timedelta(hours=3)


def act(person_id: str, now: datetime = NOW, workspace_id: str = HERE) -> Actor:
    """Somebody, doing something at an instant."""
    return Actor(workspace_id, person_id, now)


def an_ask(project_id: UUID, **changes: Any) -> Ask:
    """A newsletter sign-up, about three hours; the client knows that somebody looks at it."""
    said = {"title": "Add a newsletter sign-up", "minutes": 180, "promise": Promise.HOLDING_REPLY}
    return Ask(**({"project_id": project_id} | said | changes))


def a_request(
    session: Session,
    project_id: UUID,
    *,
    by: str = ANA,
    now: datetime = NOW,
    workspace_id: str = HERE,
    **changes: Any,
) -> ChangeRequest:
    """A request of Ana's, written to the database."""
    request = service.submit(session, act(by, now, workspace_id), an_ask(project_id, **changes))
    session.flush()  # tests look at rows
    return request


def some_figures(
    minutes: int = 180,
    fee_minor: int = 360_00,
    delay_days: int = 0,
    split: Mapping[Funding, int] | None = None,
) -> Figures:
    """Three hours on a change order; without one there is no fee."""
    split = {Funding.CHANGE_ORDER: minutes} if split is None else split
    return Figures(minutes, fee_minor if Funding.CHANGE_ORDER in split else 0, delay_days, split)


def accept(
    session: Session,
    request: ChangeRequest,
    *,
    by: str = PETE,
    now: datetime = LATER,
    figures: Figures | None = None,
) -> Decision:
    """Accepted, by Pete unless somebody else is named."""
    return deciding.accept(
        session,
        act(by, now, request.workspace_id),
        request_id=request.id,
        revision=request.revision,
        figures=figures or some_figures(),
    )


def decline(
    session: Session,
    request: ChangeRequest,
    *,
    by: str = PETE,
    now: datetime = LATER,
    reason: str = "No budget left",
    bridge: Bridge | None = None,
) -> Decision:
    """Declined, by Pete unless somebody else is named; without a bridge, for want of budget."""
    return deciding.decline(
        session,
        act(by, now, request.workspace_id),
        request_id=request.id,
        revision=request.revision,
        reason=reason,
        bridge=bridge or a_bridge(),
    )


def a_bridge(
    kind: BridgeKind = BridgeKind.BUDGET, text: str = "From €500 on", returns_on: date | None = None
) -> Bridge:
    """More budget would make it a yes."""
    return Bridge(kind, text, returns_on)


def a_posting(
    session: Session,
    request: ChangeRequest,
    *,
    ts: str = "1.1",
    kind: str = "card",
    channel_id: str = "C_ACME",
    **changes: Any,
) -> Posting:
    """A message of Handoff's about a request stands in Slack: its card, unless another kind is named."""
    posting = Posting(
        workspace_id=request.workspace_id,
        kind=kind,
        subject_id=request.id,
        facts={},
        destination=channel_id,
        channel_id=channel_id,
        ts=ts,
        next_attempt_at=NOW,
        last_error="",
        **changes,
    )
    session.add(posting)
    session.flush()  # tests look at rows
    return posting


def name_director(session: Session, person_id: str | None, workspace_id: str = HERE) -> None:
    """Say who decides what nobody else may."""
    session.get_one(Workspace, workspace_id).director_id = person_id


def send_away(session: Session, person_id: str, workspace_id: str = HERE) -> None:
    """Deactivate somebody's account."""
    session.get_one(Person, (workspace_id, person_id)).is_active = False


def events_of(session: Session, request: ChangeRequest) -> list[Event]:
    """The history of a request, in order, as the database has it."""
    query = select(Event).where(Event.workspace_id == request.workspace_id, Event.request_id == request.id)
    return list(session.scalars(query.order_by(Event.position).execution_options(populate_existing=True)))


def intervals_of(session: Session, request: ChangeRequest) -> list[BallInterval]:
    """Who held the ball, in order, as the database has it."""
    query = select(BallInterval).where(
        BallInterval.workspace_id == request.workspace_id, BallInterval.request_id == request.id
    )
    return list(session.scalars(query.order_by(BallInterval.id).execution_options(populate_existing=True)))


def notices_about(session: Session, request: ChangeRequest) -> list[Notice]:
    """What is to be said about a request, in the order it was announced."""
    query = select(Notice).where(Notice.workspace_id == request.workspace_id, Notice.subject_id == request.id)
    return list(session.scalars(query.order_by(Notice.id)))
