"""Deciding a request: who may, on which revision, on which figures, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import WrongField, WrongFields
from bot.ledger import service as ledger
from bot.ledger.models import Funding
from bot.people import repository as people
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Client, Project
from bot.portfolio.service import approve_change
from bot.requests import ball, history, repository
from bot.requests.announcing import CLIENT_WORDS, DECIDED, changed, say
from bot.requests.models import ChangeRequest, Decision, EventKind, Outcome, State
from bot.requests.refusals import (
    AlreadyDecided,
    Missing,
    NotTheDecider,
    NotWaiting,
    Outdated,
    OwnRequest,
    TooMuch,
)
from bot.workspaces.models import Workspace

MOST_MINUTES = 100_000 * 60
MOST_MINOR = 10**12
MOST_DELAY_DAYS = 3_650


@dataclass(frozen=True)
class Figures:
    """What an acceptance rests on: minutes, the fee in minor units, days of delay, and who pays for how much."""

    minutes: int
    fee_minor: int
    delay_days: int
    split: Mapping[Funding, int]


def accept(session: Session, actor: Actor, *, request_id: UUID, revision: int, figures: Figures) -> Decision:
    """Approve a request on its figures: the hours are funded, the baseline gets a new version.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `Outdated`, `NotTheDecider`, `OwnRequest`,
    `WrongFields` (hours, fee, delay, funding).
    """
    request = require_decidable(session, actor, request_id=request_id, revision=revision)
    found = repository.locked_project(session, workspace_id=actor.workspace_id, project_id=request.project_id)
    assert found is not None
    project, client = found
    _check_figures(session, actor, client, figures)
    decision = _decide(
        session,
        actor,
        request,
        Outcome.APPROVED,
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
    )
    agreed = portfolio.agreed(session, workspace_id=actor.workspace_id, project_id=project.id)
    ledger.fund(
        session,
        workspace_id=actor.workspace_id,
        project_id=project.id,
        request_id=request.id,
        decision_id=decision.id,
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        split=figures.split,
        rate_minor=ledger.hourly_rate(agreed.budget_minor, agreed.minutes),
        now=actor.now,
    )
    approve_change(
        session,
        workspace_id=actor.workspace_id,
        project_id=project.id,
        request_id=request.id,
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
        now=actor.now,
    )
    return decision


def decline(session: Session, actor: Actor, *, request_id: UUID, revision: int, reason: str) -> Decision:
    """Reject a request, with the reason.

    Raises what `accept` raises, and `WrongFields` (why) when there is no reason.
    """
    request = require_decidable(session, actor, request_id=request_id, revision=revision)
    if not reason.strip():
        raise WrongFields([WrongField("why", Missing())])
    return _decide(session, actor, request, Outcome.REJECTED, reason=reason.strip())


def require_decidable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, locked, if this person may decide this revision of it now.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `Outdated`, `OwnRequest`, `NotTheDecider`,
    `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_waiting(session, request)
    if actor.person_id == request.requester_id:
        raise OwnRequest(reference=request.reference, decider=_name(session, request, request.decider_id))
    if actor.person_id != request.decider_id:
        project = session.get_one(Project, (request.workspace_id, request.project_id))
        raise NotTheDecider(request.reference, project.name, _name(session, request, request.decider_id))
    if revision != request.revision:
        raise Outdated(reference=request.reference, shown=revision, current=request.revision)
    return request


def require_waiting(session: Session, request: ChangeRequest) -> None:
    """Refuse what no longer waits for a decision: `AlreadyDecided`, `NotWaiting`."""
    if request.awaits_decision:
        return
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if decision is not None:
        by = _name(session, request, decision.decided_by)
        raise AlreadyDecided(request.reference, decision.outcome, by, decision.decided_at)
    by = _name(session, request, request.requester_id)
    raise NotWaiting(request.reference, request.state, by, request.closed_at)


def _decide(
    session: Session, actor: Actor, request: ChangeRequest, outcome: Outcome, **figures: Any
) -> Decision:
    decision = Decision(
        workspace_id=request.workspace_id,
        id=new_id(),
        request_id=request.id,
        revision=request.revision,
        outcome=outcome,
        decided_by=actor.person_id,
        decided_at=actor.now,
        cleared_at=None,
        **figures,
    )
    session.add(decision)
    request.state = State(outcome.value)
    request.decided_at = actor.now
    history.record(session, actor, request, EventKind(outcome.value), revision=request.revision, **figures)
    ball.hand_to(session, actor, request, request.requester_id)
    changed(session, actor, request)
    say(session, actor, request, DECIDED, key=str(decision.id), decision_id=str(decision.id))
    say(session, actor, request, CLIENT_WORDS, destination=request.requester_id, key=str(decision.id))
    return decision


def _check_figures(session: Session, actor: Actor, client: Client, figures: Figures) -> None:
    wrong: list[WrongField] = []
    for field, value, most in (
        ("hours", figures.minutes, MOST_MINUTES),
        ("fee", figures.fee_minor, MOST_MINOR),
        ("delay", figures.delay_days, MOST_DELAY_DAYS),
    ):
        if not 0 <= value <= most:
            wrong.append(WrongField(field, TooMuch(most=most // 60 if field == "hours" else most)))
    if sum(figures.split.values()) != figures.minutes:
        wrong.append(
            WrongField("funding", ledger.SplitMismatch(figures.minutes, sum(figures.split.values())))
        )
    given = figures.split.get(Funding.GOODWILL, 0)
    workspace = session.get_one(Workspace, actor.workspace_id)
    if given and actor.person_id != workspace.director_id:
        left = ledger.goodwill_left(
            session,
            workspace_id=actor.workspace_id,
            client_id=client.id,
            limit=client.goodwill_minutes,
            now=actor.now,
            zone=ZoneInfo(workspace.zone),
        )
        if given > left:
            why = ledger.GoodwillSpent(client.name, limit=client.goodwill_minutes, left=left, asked=given)
            wrong.append(WrongField("funding", why))
    if wrong:
        raise WrongFields(wrong)


def _name(session: Session, request: ChangeRequest, person_id: str) -> str:
    return people.names(session, workspace_id=request.workspace_id, ids=[person_id]).get(person_id, person_id)
