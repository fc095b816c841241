"""Whether the rows still say what the history says: a decision, its figures or a whole request changed behind it.

The chain (`history`) proves that no event was changed. Here the rows that people see and count are held against it.
Pure, but for the two queries at the end; nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import FundingEntry
from bot.portfolio.models import Project
from bot.requests import repository
from bot.requests.history import Broken, first_break
from bot.requests.models import ChangeRequest, Decision, Event, EventKind, Outcome

# The events that each wrote one decision.
DECIDING = frozenset(
    {
        EventKind.APPROVED,
        EventKind.REJECTED,
        EventKind.DEFERRED,
        EventKind.APPROVED_CONDITIONAL,
        EventKind.OFFER_TAKEN,
        EventKind.CONDITION_MET,
        EventKind.CONDITION_NOT_MET,
        EventKind.CONDITION_EXPIRED,
    }
)
_OUTCOMES = {
    EventKind.APPROVED: Outcome.APPROVED,
    EventKind.REJECTED: Outcome.REJECTED,
    EventKind.DEFERRED: Outcome.DEFERRED,
    EventKind.APPROVED_CONDITIONAL: Outcome.APPROVED_CONDITIONAL,
    EventKind.OFFER_TAKEN: Outcome.APPROVED,
    EventKind.CONDITION_MET: Outcome.APPROVED,
}
_FIGURES = {"minutes": 0, "fee_minor": 0, "delay_days": 0, "reason": ""}
PAGE = 500


def broken_histories(session: Session, *, workspace_id: str) -> Iterator[Broken | None]:
    """For each request of a workspace what does not hold, or nothing; then each request that is gone."""
    numbers: dict[UUID, set[int]] = defaultdict(set)
    for page in _pages(repository.chains(session, workspace_id=workspace_id)):
        ids = [request.id for request, _ in page]
        decisions = _by_request(session, Decision, workspace_id, ids)
        entries = _by_request(session, FundingEntry, workspace_id, ids)
        for request, events in page:
            numbers[request.project_id].add(request.number)
            yield first_break(request, events) or disagreement(
                request, events, decisions[request.id], entries[request.id]
            )
    for project in session.scalars(select(Project).where(Project.workspace_id == workspace_id)):
        # Numbers are given out once each, and nothing deletes a request.
        for number in sorted(set(range(1, project.last_number + 1)) - numbers[project.id]):
            yield Broken(f"{project.key}-{number}", 1, "missing with its request")


def disagreement(
    request: ChangeRequest,
    events: Sequence[Event],
    decisions: Iterable[Decision],
    entries: Iterable[FundingEntry],
) -> Broken | None:
    """Where the rows of one request are not what its events (which hold) say; the first such place."""
    if not events:
        return Broken(request.reference, 1, "missing")
    told = _as_told(events)
    changed = [name for name, value in told.items() if _plain(getattr(request, name)) != value]
    if changed:
        return _differs(request, events[-1], ", ".join(changed))
    rows = list(decisions)
    for event in events:
        if event.kind not in DECIDING:
            continue
        # Two may have been made at the same instant: it is the one of them that is as it was told, if there is one.
        found = sorted(
            ((_wrong_decision(event, row), row) for row in rows if row.decided_at == event.at),
            key=lambda pair: len(pair[0]),
        )
        if not found or found[0][0]:
            return _differs(request, event, found[0][0] if found else "decision")
        rows.remove(found[0][1])
    if rows:
        return _differs(request, events[-1], "decision")
    return _wrong_ledger(request, events, decisions, entries)


def _as_told(events: Sequence[Event]) -> dict[str, Any]:
    """What the history says of the request's own columns."""
    first = events[0]
    told: dict[str, Any] = {
        "submitted_at": first.at,
        "title": first.facts.get("title"),
        "estimated_minutes": first.facts.get("minutes"),
        "needed_by": first.facts.get("needed_by"),
        "priority": first.facts.get("priority"),
        "revision": 1,
    }
    for event in events:
        if event.kind is EventKind.EDITED:
            changes: Mapping[str, Sequence[Any]] = event.facts.get("changes") or {}
            told |= {name: change[1] for name, change in changes.items() if name in told}
            told["revision"] = event.facts.get("revision")
    return told


def _wrong_decision(event: Event, row: Decision) -> str:
    facts = event.facts
    by = facts.get("decided_by") or facts.get("offered_by") or event.actor_id
    said = {"revision": facts.get("revision"), "decided_by": by}
    said |= {name: facts.get(name, default) for name, default in _FIGURES.items()}
    said |= {name: facts.get(name) for name in ("on_behalf_of", "approved_by", "approved_for")}
    said["outcome"] = _OUTCOMES.get(event.kind, Outcome.REJECTED)
    return ", ".join(name for name, value in said.items() if getattr(row, name) != value)


def _wrong_ledger(
    request: ChangeRequest,
    events: Sequence[Event],
    decisions: Iterable[Decision],
    entries: Iterable[FundingEntry],
) -> Broken | None:
    """The hours of the approval that stands are funded to the minute, its fee to the cent; nothing else is."""
    counted = [entry for entry in entries if entry.voided_at is None]
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


def _by_request(session: Session, kind: Any, workspace_id: str, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    query = select(kind).where(kind.workspace_id == workspace_id, kind.request_id.in_(ids))
    for row in session.scalars(query.order_by(kind.id)):
        found[row.request_id].append(row)
    return found
