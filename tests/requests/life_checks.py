"""Compares the rows of a workspace with the model of it: the invariants of the design, checked after every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import schema
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.repository import accepted_on
from bot.ledger.service import hourly_rate, value_of
from bot.outbox.models import Notice
from bot.portfolio.forms import Figures as Agreed
from bot.portfolio.models import Baseline, BaselineOrigin
from bot.requests import repository
from bot.requests.history import first_break
from bot.requests.models import BallInterval, ChangeRequest, Decision, Event, EventKind, State
from tests.requests.life import DECIDED, PAID_BY_CLIENT, AgencyModel, RequestModel

R = TypeVar("R")


def check(session: Session, workspace_id: str, model: AgencyModel) -> None:
    """Every row of the workspace is what the model says."""
    rows = {row.id: row for row in _all(session, ChangeRequest, workspace_id)}
    assert rows.keys() == {request.id for request in model.requests}
    intervals = _by_request(_all(session, BallInterval, workspace_id))
    decisions = _by_request(_all(session, Decision, workspace_id))
    entries = _by_request(_all(session, FundingEntry, workspace_id))
    for request in model.requests:
        row = rows[request.id]
        _check_row(row, request)
        _check_ball(row, request, intervals[request.id])
        _check_decision(request, decisions[request.id], entries[request.id])
    _check_projects(session, workspace_id, model, entries)
    _check_histories(session, workspace_id, model)
    _check_notices(_all(session, Notice, workspace_id), model)


def everything_of(session: Session, workspace_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a workspace, in every table."""
    return {
        table.name: sorted(
            (
                tuple(row)
                for row in session.execute(select(table).where(table.c.workspace_id == workspace_id))
            ),
            key=repr,
        )
        for table in schema.metadata().sorted_tables
        if "workspace_id" in table.c
    }


def _check_row(row: ChangeRequest, request: RequestModel) -> None:
    found = (row.number, row.state, row.requester_id, row.decider_id, row.ball_holder_id, row.version)
    said = (
        request.number,
        request.state,
        request.requester,
        request.decider,
        request.holder,
        request.version,
    )
    assert found == said
    assert row.is_open == (row.ball_holder_id is not None)
    assert (row.client_told_at is not None) == request.told
    assert (row.closed_at is not None) == (not row.is_open)


def _check_ball(row: ChangeRequest, request: RequestModel, intervals: list[BallInterval]) -> None:
    """One holder at any time while it is open: no overlap, no gap."""
    ordered = sorted(intervals, key=lambda interval: interval.id)
    assert ordered[0].since == row.submitted_at
    assert all(before.until == after.since for before, after in pairwise(ordered))
    assert all(interval.until is None or interval.since <= interval.until for interval in ordered)
    assert (ordered[-1].until is None) == row.is_open
    held = [(interval.holder_id, interval.since) for interval in ordered]
    if ordered[-1].until is not None:
        held.append((None, ordered[-1].until))
    assert held == request.held


def _check_decision(request: RequestModel, decisions: list[Decision], entries: list[FundingEntry]) -> None:
    """One decision at most; its hours are funded to the minute, and nothing else is."""
    assert len(decisions) == (request.state in DECIDED)
    if request.figures is None:
        assert not entries
        return
    (decision,) = decisions
    assert (decision.minutes, decision.fee_minor) == (request.figures.minutes, request.figures.fee_minor)
    assert sum(entry.minutes for entry in entries) == decision.minutes
    assert {entry.funding: entry.minutes for entry in entries} == dict(request.figures.split)


def _check_projects(
    session: Session, workspace_id: str, model: AgencyModel, entries: dict[UUID, list[FundingEntry]]
) -> None:
    """Only approvals and corrections change a baseline, and growth is what the entries sum to."""
    baselines = defaultdict(list)
    for baseline in sorted(_all(session, Baseline, workspace_id), key=lambda row: row.version):
        baselines[baseline.project_id].append(baseline)
    for name, project in model.projects.items():
        versions = baselines[project.id]
        assert [row.version for row in versions] == list(range(1, len(project.versions) + 1))
        assert [Agreed(row.minutes, row.budget_minor, row.due_on) for row in versions] == project.versions
        assert sum(row.origin is BaselineOrigin.APPROVAL for row in versions) == project.approvals
        of_project = [request for request in model.requests if request.project == name]
        assert sorted(request.number for request in of_project) == list(range(1, project.last_number + 1))
        rate = hourly_rate(project.agreed.budget_minor, project.agreed.minutes)
        growth = [0, 0, 0, 0]
        for request in of_project:
            for funding, minutes in (request.figures.split if request.figures else {}).items():
                if funding is Funding.SWAP:  # nothing grows: something else went out for it
                    continue
                billed = request.figures.fee_minor if request.figures else 0
                worth = billed if funding is PAID_BY_CLIENT else value_of(minutes, rate)
                unpaid = funding.is_unpaid
                for place, value in enumerate((minutes, minutes * unpaid, worth, worth * unpaid)):
                    growth[place] += value
        found = accepted_on(session, workspace_id=workspace_id, project_id=project.id)
        assert [found.minutes, found.unpaid_minutes, found.amount_minor, found.unpaid_minor] == growth


def _check_histories(session: Session, workspace_id: str, model: AgencyModel) -> None:
    """Every chain holds, and tells what happened."""
    told: dict[UUID, list[Event]] = {}
    for request, events in repository.chains(session, workspace_id=workspace_id):
        assert first_break(request, events) is None
        told[request.id] = events
    for said in model.requests:
        assert [event.kind for event in told[said.id]] == said.events


def _check_notices(notices: list[Notice], model: AgencyModel) -> None:
    """Each thing is announced once: the card, the decision and the words for it, the withdrawal, each new holder."""
    expected: Counter[tuple[UUID, str]] = Counter()
    for request in model.requests:
        # Nothing was said to the client: the AM gets words that hold.
        kinds = ["card", "holding_reply"]
        kinds += ["decided", "client_words"] if request.decided_at else []
        kinds += ["withdrawn"] if request.state is State.WITHDRAWN else []
        moved = [kind for kind in request.events if kind in {EventKind.REASSIGNED, EventKind.HANDED_OVER}]
        kinds += ["reassigned"] * len(moved)
        kinds += ["client_answered"] if request.agreed else []
        expected.update((request.id, kind) for kind in kinds)
    assert Counter((notice.subject_id, notice.kind) for notice in notices) == expected


def _all(session: Session, kind: type[R], workspace_id: str) -> list[R]:
    return list(session.scalars(select(kind).where(kind.workspace_id == workspace_id)))  # type: ignore[attr-defined]


def _by_request(rows: list[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.request_id].append(row)  # type: ignore[attr-defined]
    return found
