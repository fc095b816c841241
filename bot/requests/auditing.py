"""Whether the rows still say what the history says: a decision, its figures or a whole request changed behind it.

The chain (`history`) proves that no event was changed. Here the rows that people see and count are held against it.
Pure, but for the queries at the end; nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import FundingEntry
from bot.portfolio.models import Baseline, BaselineOrigin, Project
from bot.requests import repository
from bot.requests.history import Broken, first_break
from bot.requests.models import ChangeRequest, Decision, Event, EventKind, Outcome
from bot.requests.retelling import DECIDING, as_told

# The last release did not write down whose word these are.
_FOLLOWING = frozenset({EventKind.CONDITION_MET, EventKind.CONDITION_NOT_MET, EventKind.CONDITION_EXPIRED})
_FIGURES = {"minutes": 0, "fee_minor": 0, "delay_days": 0, "reason": ""}
PAGE = 500


def broken_histories(session: Session, *, workspace_id: str) -> Iterator[Broken | None]:
    """For each request of a workspace what does not hold, or nothing; then each request that is gone."""
    numbers: dict[UUID, set[int]] = defaultdict(set)
    days = _due_days(session, workspace_id)
    for page in _pages(repository.chains(session, workspace_id=workspace_id)):
        ids = [request.id for request, _ in page]
        decisions = _by_request(session, Decision, workspace_id, ids)
        entries = _by_request(session, FundingEntry, workspace_id, ids)
        for request, events in page:
            numbers[request.project_id].add(request.number)
            yield first_break(request, events) or disagreement(
                request, events, decisions[request.id], entries[request.id], days
            )
    for project in session.scalars(select(Project).where(Project.workspace_id == workspace_id)):
        # Numbers are given out once each, and nothing deletes a request.
        for number in sorted(set(range(1, project.last_number + 1)) - numbers[project.id]):
            yield Broken(f"{project.key}-{number}", 1, "missing with its request")
        for number in sorted(number for number in numbers[project.id] if number > project.last_number):
            yield Broken(f"{project.key}-{number}", 1, "past the last number of its project")


@dataclass(frozen=True)
class DueDays:
    """When projects were due, by their baselines: of each project at any time, and of each request's approvals."""

    of_projects: Mapping[UUID, Collection[date | None]]
    of_approvals: Mapping[UUID, Collection[tuple[datetime, date | None]]]

    def allow(self, request: ChangeRequest, row: Decision) -> bool:
        """Whether a decision's own day is that of its baseline; what approves nothing moves no day."""
        if row.outcome is Outcome.APPROVED:
            return (row.decided_at, row.due_on) in self.of_approvals.get(request.id, ())
        if row.outcome is Outcome.APPROVED_CONDITIONAL:
            delay = timedelta(days=row.delay_days)
            before = self.of_projects.get(request.project_id, ())
            return row.due_on in {day + delay if day else None for day in before}
        return row.due_on is None


def disagreement(
    request: ChangeRequest,
    events: Sequence[Event],
    decisions: Iterable[Decision],
    entries: Iterable[FundingEntry],
    days: DueDays,
) -> Broken | None:
    """Where the rows of one request are not what its events (which hold) say; the first such place."""
    if not events:
        return Broken(request.reference, 1, "missing")
    entries = [entry for entry in entries if entry.voided_at is None]
    return (
        _wrong_decisions(request, events, decisions, days)
        or _wrong_ledger(request, events, decisions, entries)
        or _wrong_row(request, events, entries)
    )


def _wrong_decisions(
    request: ChangeRequest, events: Sequence[Event], decisions: Iterable[Decision], days: DueDays
) -> Broken | None:
    """Each deciding event wrote one decision; no other is there."""
    rows, by = list(decisions), ""
    for event in events:
        if event.kind not in DECIDING:
            continue
        by = _whose_word(event, by)
        # Two may have been made at the same instant: it is the one of them that is as it was told, if there is one.
        found = sorted(
            ((_wrong_decision(event, row, by), row) for row in rows if row.decided_at == event.at),
            key=lambda pair: len(pair[0]),
        )
        if not found or found[0][0]:
            return _differs(request, event, found[0][0] if found else "decision")
        if not days.allow(request, found[0][1]):
            return _differs(request, event, "due_on")
        rows.remove(found[0][1])
    return _differs(request, events[-1], "decision") if rows else None


def _wrong_row(
    request: ChangeRequest, events: Sequence[Event], counted: Sequence[FundingEntry]
) -> Broken | None:
    """The request's own columns, as far as its events tell of them."""
    told = as_told(events, is_billable=any(entry.funding.is_billable for entry in counted))
    changed = [name for name, values in told.items() if _plain(getattr(request, name)) not in values]
    return _differs(request, events[-1], ", ".join(changed)) if changed else None


def _whose_word(event: Event, before: str) -> str:
    """Who decided by this event; what only follows from a condition is the word of who set it (`before`)."""
    follows = before if event.kind in _FOLLOWING else ""
    facts = event.facts
    return str(facts.get("decided_by") or facts.get("offered_by") or follows or event.actor_id)


def _wrong_decision(event: Event, row: Decision, by: str) -> str:
    facts = event.facts
    said = {"revision": facts.get("revision"), "decided_by": by}
    said |= {name: facts.get(name, default) for name, default in _FIGURES.items()}
    said |= {name: facts.get(name) for name in ("on_behalf_of", "approved_by", "approved_for")}
    said["outcome"] = DECIDING[event.kind]
    return ", ".join(name for name, value in said.items() if getattr(row, name) != value)


def _wrong_ledger(
    request: ChangeRequest,
    events: Sequence[Event],
    decisions: Iterable[Decision],
    counted: Sequence[FundingEntry],
) -> Broken | None:
    """The hours of the approval that stands are funded to the minute, its fee to the cent; nothing else is."""
    standing = [row for row in decisions if row.cleared_at is None and row.outcome is Outcome.APPROVED]
    approval = standing[0] if standing else None
    minutes = sum(entry.minutes for entry in counted)
    fee = sum(entry.amount_minor for entry in counted if entry.funding.is_billable)
    is_right = (
        (minutes, fee) == (approval.minutes, approval.fee_minor)
        and all(entry.decision_id == approval.id for entry in counted)
        if approval
        else not counted
    )
    return None if is_right else _differs(request, events[-1], "funding")


def _differs(request: ChangeRequest, event: Event, what: str) -> Broken:
    return Broken(request.reference, event.position, f"not what the rows say ({what})")


def _plain(value: Any) -> Any:
    """A value of a row as an event keeps it."""
    is_day = hasattr(value, "isoformat") and not hasattr(value, "hour")
    return value.isoformat() if is_day else value


def _pages(
    chains: Iterator[tuple[ChangeRequest, list[Event]]],
) -> Iterator[list[tuple[ChangeRequest, list[Event]]]]:
    page: list[tuple[ChangeRequest, list[Event]]] = []
    for one in chains:
        page.append(one)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _due_days(session: Session, workspace_id: str) -> DueDays:
    of_projects: dict[UUID, set[date | None]] = defaultdict(set)
    of_approvals: dict[UUID, set[tuple[datetime, date | None]]] = defaultdict(set)
    columns = (
        Baseline.project_id,
        Baseline.request_id,
        Baseline.origin,
        Baseline.created_at,
        Baseline.due_on,
    )
    for row in session.execute(select(*columns).where(Baseline.workspace_id == workspace_id)):
        of_projects[row.project_id].add(row.due_on)
        if row.origin is BaselineOrigin.APPROVAL and row.request_id is not None:
            of_approvals[row.request_id].add((row.created_at, row.due_on))
    return DueDays(of_projects, of_approvals)


def _by_request(session: Session, kind: Any, workspace_id: str, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    query = select(kind).where(kind.workspace_id == workspace_id, kind.request_id.in_(ids))
    for row in session.scalars(query.order_by(kind.id)):
        found[row.request_id].append(row)
    return found
