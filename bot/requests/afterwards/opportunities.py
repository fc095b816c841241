"""What may still become a yes: every client's deferred and bridged asks, with what they are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.ledger.service import hourly_rate, value_of
from bot.outbox.models import Posting
from bot.people.models import Person
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Client, Project
from bot.requests.afterwards.bridge_models import BridgeKind, DecisionBridge
from bot.requests.afterwards.bridges import Bridge
from bot.requests.announcing import CARD
from bot.requests.models import ChangeRequest, Decision, State


@dataclass(frozen=True)
class Opportunity:
    """One ask that is deferred, or declined with a bridge; `is_back` when it waits to be asked again."""

    id: UUID
    reference: str
    title: str
    client_id: UUID
    requester: str
    state: State
    bridge: Bridge
    is_back: bool
    minutes: int | None
    # Minor units an hour; none where the project has no rate.
    rate_minor: int
    currency: str
    # Where its card stands; none until it is posted.
    card: tuple[str, str] | None


@dataclass(frozen=True)
class Worth:
    """What some asks are worth: minor units by currency, minutes without a rate, and how many nobody estimated."""

    count: int = 0
    by_currency: tuple[tuple[str, int], ...] = ()
    unrated_minutes: int = 0
    unestimated: int = 0


@dataclass(frozen=True)
class ClientWorth:
    """One client with all of its opportunities summed."""

    id: UUID
    name: str
    renewal_on: date | None
    worth: Worth


@dataclass(frozen=True)
class Opportunities:
    """One page of them, client by client; the sums are of all pages."""

    lines: tuple[Opportunity, ...]
    clients: Mapping[UUID, ClientWorth]
    total: Worth


@dataclass(frozen=True)
class _Rate:
    client: Client
    rate_minor: int


def opportunities(
    session: Session, *, workspace_id: str, client_ids: Collection[UUID] | None, limit: int, offset: int
) -> Opportunities:
    """A page of what may still become a yes, of some clients or of all: by client, what comes back first on top."""
    rates = _rates(session, workspace_id)
    sums = session.execute(
        _open(
            workspace_id,
            client_ids,
            Project.id.label("project_id"),
            func.count().label("asks"),
            func.count(ChangeRequest.estimated_minutes).label("estimated"),
            func.coalesce(func.sum(ChangeRequest.estimated_minutes), 0).label("minutes"),
        ).group_by(Project.id)
    ).all()
    by_client: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in sums:
        by_client[rates[row.project_id].client.id].append(row)
    clients = {
        client_id: _client_worth(rates[rows[0].project_id].client, rows, rates)
        for client_id, rows in by_client.items()
    }
    return Opportunities(
        lines=_lines(session, workspace_id, client_ids, rates, limit=limit, offset=offset),
        clients=clients,
        total=_worth(sums, rates),
    )


def _rates(session: Session, workspace_id: str) -> dict[UUID, _Rate]:
    clients = {
        row.id: row for row in session.scalars(select(Client).where(Client.workspace_id == workspace_id))
    }
    return {
        facts.id: _Rate(
            clients[facts.client_id], hourly_rate(facts.agreed_budget_minor, facts.agreed_minutes)
        )
        for facts in portfolio.all_projects(session, workspace_id=workspace_id)
    }


def _client_worth(client: Client, rows: Sequence[Any], rates: Mapping[UUID, _Rate]) -> ClientWorth:
    return ClientWorth(client.id, client.name, client.renewal_on, _worth(rows, rates))


def _worth(rows: Sequence[Any], rates: Mapping[UUID, _Rate]) -> Worth:
    money: defaultdict[str, int] = defaultdict(int)
    unrated = 0
    for row in rows:
        rate = rates[row.project_id]
        if rate.rate_minor:
            money[rate.client.currency] += value_of(int(row.minutes), rate.rate_minor)
        else:
            unrated += int(row.minutes)
    return Worth(
        count=sum(row.asks for row in rows),
        by_currency=tuple(sorted((currency, value) for currency, value in money.items() if value)),
        unrated_minutes=unrated,
        unestimated=sum(row.asks - row.estimated for row in rows),
    )


def _lines(
    session: Session,
    workspace_id: str,
    client_ids: Collection[UUID] | None,
    rates: Mapping[UUID, _Rate],
    *,
    limit: int,
    offset: int,
) -> tuple[Opportunity, ...]:
    # A card that was posted twice has two rows; the first is the card.
    posted = aliased(Posting)
    card = (
        select(posted.id)
        .where(
            posted.workspace_id == workspace_id,
            posted.subject_id == ChangeRequest.id,
            posted.kind == CARD,
            ~posted.is_gone,
        )
        .order_by(posted.id)
        .limit(1)
        .correlate(ChangeRequest)
        .scalar_subquery()
    )
    page = (
        _open(
            workspace_id,
            client_ids,
            ChangeRequest,
            DecisionBridge,
            Person.name.label("requester"),
            Client.id.label("client_id"),
            Posting.channel_id,
            Posting.ts,
        )
        .join(Person, and_(Person.workspace_id == workspace_id, Person.id == ChangeRequest.requester_id))
        .outerjoin(Posting, and_(Posting.workspace_id == workspace_id, Posting.id == card))
        .order_by(
            func.lower(Client.name),
            Client.id,
            DecisionBridge.returns_on.is_(None),
            DecisionBridge.returns_on,
            ChangeRequest.id,
        )
        .limit(limit)
        .offset(offset)
    )
    return tuple(_line(row, rates) for row in session.execute(page))


def _line(row: Any, rates: Mapping[UUID, _Rate]) -> Opportunity:
    request: ChangeRequest = row.ChangeRequest
    kept: DecisionBridge = row.DecisionBridge
    rate = rates[request.project_id]
    return Opportunity(
        id=request.id,
        reference=request.reference,
        title=request.title,
        client_id=row.client_id,
        requester=row.requester,
        state=request.state,
        bridge=Bridge(kept.kind, kept.text, kept.returns_on, is_back=kept.came_back_at is not None),
        is_back=kept.came_back_at is not None,
        minutes=request.estimated_minutes,
        rate_minor=rate.rate_minor,
        currency=rate.client.currency,
        card=(row.channel_id, row.ts) if row.ts else None,
    )


def _open(workspace_id: str, client_ids: Collection[UUID] | None, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(DecisionBridge)
        .join(
            Decision, and_(Decision.workspace_id == workspace_id, Decision.id == DecisionBridge.decision_id)
        )
        .join(
            ChangeRequest,
            and_(ChangeRequest.workspace_id == workspace_id, ChangeRequest.id == DecisionBridge.request_id),
        )
        .join(Project, and_(Project.workspace_id == workspace_id, Project.id == ChangeRequest.project_id))
        .join(Client, and_(Client.workspace_id == workspace_id, Client.id == Project.client_id))
        .where(DecisionBridge.workspace_id == workspace_id, or_(_stands(), _waits_to_be_asked()))
    )
    return query if client_ids is None else query.where(Client.id.in_(list(client_ids)))


def _stands() -> ColumnElement[bool]:
    """Deferred, or declined with something that could make it a yes; neither asked again nor let go."""
    return and_(
        Decision.cleared_at.is_(None),
        DecisionBridge.settled_at.is_(None),
        ChangeRequest.state.in_((State.DEFERRED, State.REJECTED)),
        or_(DecisionBridge.kind != BridgeKind.CLAUSE, DecisionBridge.returns_on.is_not(None)),
    )


def _waits_to_be_asked() -> ColumnElement[bool]:
    """What was deferred is back with who logged it."""
    newer = aliased(DecisionBridge)
    return and_(
        DecisionBridge.came_back_at.is_not(None),
        ChangeRequest.state == State.UNDER_REVIEW,
        func.coalesce(ChangeRequest.ball_for_id, ChangeRequest.ball_holder_id) == ChangeRequest.requester_id,
        ~exists().where(
            newer.workspace_id == DecisionBridge.workspace_id,
            newer.request_id == DecisionBridge.request_id,
            newer.id > DecisionBridge.id,
        ),
    )
