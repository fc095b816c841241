"""What always holds, whatever was done: the invariants of the design, read from the rows alone."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import Funding, FundingEntry
from bot.people.models import Delegation, Person
from bot.portfolio.models import Baseline, BaselineOrigin, Project
from bot.requests.afterwards.after_yes import ACCEPTED
from bot.requests.auditing import broken_histories
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.bargaining.condition_models import Condition
from bot.requests.bargaining.offer_models import Offer
from bot.requests.bargaining.question_models import Question
from bot.requests.models import BallInterval, ChangeRequest, ClientAnswer, Decision, Outcome, State
from bot.requests.routing.authority import authorities_over
from bot.requests.routing.standing_in import who_acts

R = TypeVar("R")
DAY = timedelta(days=1)
# Which decisions stand where a request is; nowhere else does one.
STANDING: dict[State, frozenset[Outcome | None]] = {
    State.APPROVED: frozenset({Outcome.APPROVED}),
    State.IN_PROGRESS: frozenset({Outcome.APPROVED}),
    State.IMPLEMENTED: frozenset({Outcome.APPROVED}),
    State.CLOSED: frozenset({Outcome.APPROVED}),
    State.APPROVED_CONDITIONAL: frozenset({Outcome.APPROVED_CONDITIONAL}),
    State.REJECTED: frozenset({Outcome.REJECTED}),
    State.DEFERRED: frozenset({Outcome.DEFERRED}),
    # What was declined or deferred and then asked back or let go keeps its decision in sight.
    State.WITHDRAWN: frozenset({None, Outcome.DEFERRED, Outcome.REJECTED}),
    State.VOID: frozenset({None, Outcome.DEFERRED, Outcome.REJECTED}),
}


def check(session: Session, workspace_id: str, now: datetime) -> None:
    """Every promise about every row of a workspace."""
    people = {row.id: row for row in _all(session, Person, workspace_id)}
    intervals = _by_request(_all(session, BallInterval, workspace_id))
    decisions = _by_request(_all(session, Decision, workspace_id))
    entries = _by_request(_all(session, FundingEntry, workspace_id))
    conditions = _by_request(_all(session, Condition, workspace_id))
    requests = _all(session, ChangeRequest, workspace_id)
    for request in requests:
        _check_ball(request, intervals[request.id], people)
        _check_decisions(request, decisions[request.id], conditions[request.id])
        _check_ledger(request, decisions[request.id], entries[request.id])
        _check_bargaining(request, conditions[request.id], decisions[request.id])
    _check_rounds(session, workspace_id, {request.id: request for request in requests})
    _check_links(requests, decisions)
    _check_places(session, workspace_id)
    _check_baselines(session, workspace_id)
    _check_histories(session, workspace_id)


def check_after_ticks(session: Session, workspace_id: str, now: datetime) -> None:
    """Once the clock has ticked, nothing hangs: who has the ball is there to act, and no reminder is left behind."""
    people = {row.id: row for row in _all(session, Person, workspace_id)}
    for request in _all(session, ChangeRequest, workspace_id):
        if request.ball_holder_id is None:
            continue
        _check_decider(session, request)
        whose = request.ball_for_id or request.ball_holder_id
        assert request.ball_holder_id == who_acts(session, request, whose, now)
        authorities = authorities_over(session, workspace_id=workspace_id, project_id=request.project_id)
        if any(person_id != request.requester_id for person_id in authorities):
            assert people[request.ball_holder_id].is_active, (
                f"{request.reference} lies with somebody who left"
            )
        assert request.clock_next_at is None or request.clock_next_at > now
        assert request.owed_remind_at is None or request.owed_remind_at > now


def _check_decider(session: Session, request: ChangeRequest) -> None:
    """Nobody decides their own, nor twice, as long as there is anybody else.

    Above a line the director agrees too, whoever decided first: also on the appeal from their own "no".
    """
    authorities = authorities_over(session, workspace_id=request.workspace_id, project_id=request.project_id)
    barred = {request.requester_id, request.first_approver_id}
    if request.first_approver_id is None:
        barred.add(request.appealed_from)
    if request.awaits_decision and set(authorities) - barred:
        assert request.decider_id not in barred, f"{request.reference}: nobody decides their own request"


def _check_ball(request: ChangeRequest, intervals: list[BallInterval], people: dict[str, Person]) -> None:
    """One holder while it is open, who is one of ours; no gap while it is, and no overlap ever."""
    assert request.is_open == (request.ball_holder_id is not None)
    ordered = sorted(intervals, key=lambda interval: interval.id)
    assert ordered, "somebody had the ball first"
    assert ordered[0].since == request.submitted_at
    for before, after in itertools.pairwise(ordered):
        assert before.until is not None
        # A request may rest (asleep, closed) between two holders; nobody has it twice at a time.
        assert before.until <= after.since
    assert all(interval.until is None or interval.since <= interval.until for interval in ordered)
    assert (ordered[-1].until is None) == request.is_open
    if request.is_open:
        assert ordered[-1].holder_id == request.ball_holder_id
        assert not people[ordered[-1].holder_id].is_external


def _check_decisions(request: ChangeRequest, decisions: list[Decision], conditions: list[Condition]) -> None:
    """One decision stands at most, and it is the one that the state tells of."""
    standing = [decision for decision in decisions if decision.cleared_at is None]
    assert len(standing) <= 1
    outcome = standing[0].outcome if standing else None
    assert outcome in STANDING.get(request.state, frozenset({None})), (request.state, outcome)
    # What was confirmed or not was not taken back.
    settled = {condition.decision_id for condition in conditions if condition.settled_at is not None}
    assert request.cleared_count == sum(
        decision.cleared_at is not None and decision.id not in settled for decision in decisions
    )
    for decision in decisions:
        assert decision.on_behalf_of != decision.decided_by
    for decision in decisions:
        assert decision.revision <= request.revision
    if standing:
        assert standing[0].revision == request.revision, (
            "a decision is about the revision that it was made on"
        )


def _check_bargaining(request: ChangeRequest, conditions: list[Condition], decisions: list[Decision]) -> None:
    """A condition waits while its decision stands; the client's answer is to what is accepted."""
    assert request.condition_count == len(conditions)
    standing = {decision.id for decision in decisions if decision.cleared_at is None}
    waiting = [one for one in conditions if one.settled_at is None and one.decision_id in standing]
    assert len(waiting) == (request.state is State.APPROVED_CONDITIONAL)
    for condition in conditions:
        assert (condition.settled_at is None) == (condition.outcome is None)
    if request.state not in {*ACCEPTED, State.CLOSED}:
        assert request.client_answer in {ClientAnswer.NOT_REQUIRED, ClientAnswer.DECLINED}
    if request.first_approver_id is not None:
        assert request.awaits_decision
        assert request.first_approver_id not in {request.decider_id, request.requester_id}


def _check_places(session: Session, workspace_id: str) -> None:
    """Nobody is said to have been stood in for who was not away when the word was given."""
    away: dict[str, list[Delegation]] = defaultdict(list)
    for delegation in _all(session, Delegation, workspace_id):
        away[delegation.person_id].append(delegation)
    decisions = _by_request(_all(session, Decision, workspace_id))
    firsts = _by_request(_all(session, FirstApproval, workspace_id))
    for decision in itertools.chain.from_iterable(decisions.values()):
        if decision.on_behalf_of is not None:
            given = _word_given(decision, decisions[decision.request_id], firsts[decision.request_id])
            # Whose day it was is a matter of zones: a day more or less.
            assert any(
                one.first_day - DAY <= at.date() <= one.last_day + DAY
                for at in given
                for one in away[decision.on_behalf_of]
            ), f"{decision.decided_by} for {decision.on_behalf_of}, who was there"


def _word_given(
    decision: Decision, beside: list[Decision], firsts: list[FirstApproval]
) -> Iterator[datetime]:
    """When who decided may have said so: before a second yes, or a condition that is met later, long ago."""
    whose = (decision.decided_by, decision.on_behalf_of)
    if decision.approved_by is None:
        yield decision.decided_at
    for first in firsts:
        if (first.approved_by, first.on_behalf_of) == whose and first.approved_at <= decision.decided_at:
            yield first.approved_at
    for earlier in beside:
        is_earlier = earlier is not decision and earlier.decided_at <= decision.decided_at
        is_theirs = (earlier.decided_by, earlier.on_behalf_of) == whose
        if is_earlier and is_theirs and earlier.outcome is Outcome.APPROVED_CONDITIONAL:
            yield from _word_given(earlier, [], firsts)


def _check_rounds(session: Session, workspace_id: str, requests: dict[UUID, ChangeRequest]) -> None:
    """Questions and offers are counted; of one round at most one offer is taken; one first yes waits."""
    asked, rounds = Counter[UUID](), defaultdict[UUID, set[int]](set)
    taken, first = Counter[tuple[UUID, int]](), Counter[UUID]()
    for question in _all(session, Question, workspace_id):
        asked[question.request_id] += 1
        assert (question.answered_at is None) == (question.answered_by is None)
        newest = question.number == requests[question.request_id].question_count
        if newest and requests[question.request_id].state is State.NEEDS_INFO:
            assert question.answered_at is None
    for offer in _all(session, Offer, workspace_id):
        rounds[offer.request_id].add(offer.round)
        taken[offer.request_id, offer.round] += offer.taken_at is not None
        if requests[offer.request_id].state is State.COUNTERED:
            assert offer.round != requests[offer.request_id].offer_round or offer.taken_at is None
    for approval in _all(session, FirstApproval, workspace_id):
        first[approval.request_id] += approval.settled_at is None
    assert all(number <= 1 for number in taken.values())
    for request in requests.values():
        assert request.question_count == asked[request.id]
        assert rounds[request.id] == set(range(1, request.offer_round + 1))
        assert first[request.id] == (request.first_approver_id is not None)


def _check_links(requests: list[ChangeRequest], decisions: dict[UUID, list[Decision]]) -> None:
    """Duplicates and swaps are linked both ways, and what went out for another is closed while that one stands."""
    duplicates = Counter(request.duplicate_of_id for request in requests)
    for request in requests:
        assert request.duplicate_count == duplicates[request.id]
        assert (request.state is State.VOID) == (request.duplicate_of_id is not None)
        if request.swapped_for_id is not None:
            assert request.state is State.CLOSED
            standing = [one for one in decisions[request.swapped_for_id] if one.cleared_at is None]
            assert [one.outcome for one in standing] == [Outcome.APPROVED]


def _check_ledger(request: ChangeRequest, decisions: list[Decision], entries: list[FundingEntry]) -> None:
    """The hours of the approval that stands are funded to the minute; nothing else is."""
    counted = [entry for entry in entries if entry.voided_at is None]
    approval = [row for row in decisions if row.cleared_at is None and row.outcome is Outcome.APPROVED]
    if not approval:
        assert not counted
        return
    assert {entry.decision_id for entry in counted} <= {approval[0].id}
    assert sum(entry.minutes for entry in counted) == approval[0].minutes
    assert all(entry.minutes >= 0 and entry.amount_minor >= 0 for entry in counted)


def _check_baselines(session: Session, workspace_id: str) -> None:
    """Versions are gapless, and what stands now is what was agreed plus every approval that stands."""
    versions: dict[UUID, list[Baseline]] = defaultdict(list)
    for row in sorted(_all(session, Baseline, workspace_id), key=lambda row: row.version):
        versions[row.project_id].append(row)
    requests = {row.id: row for row in _all(session, ChangeRequest, workspace_id)}
    approved: dict[UUID, list[Decision]] = defaultdict(list)
    for decision in _all(session, Decision, workspace_id):
        if decision.outcome is Outcome.APPROVED and decision.cleared_at is None:
            approved[requests[decision.request_id].project_id].append(decision)
    swapped: dict[UUID, int] = defaultdict(int)
    for entry in _all(session, FundingEntry, workspace_id):
        if entry.voided_at is None and entry.funding is Funding.SWAP:
            swapped[entry.decision_id] += entry.minutes
    for project in _all(session, Project, workspace_id):
        rows = versions[project.id]
        assert [row.version for row in rows] == list(range(1, len(rows) + 1))
        agreed = [row for row in rows if row.origin is BaselineOrigin.AGREED][-1]
        # Swapped hours were in the baseline already.
        grown = sum(decision.minutes - swapped[decision.id] for decision in approved[project.id])
        paid = sum(decision.fee_minor for decision in approved[project.id])
        assert rows[-1].minutes == agreed.minutes + grown
        assert rows[-1].budget_minor == agreed.budget_minor + paid


def _check_histories(session: Session, workspace_id: str) -> None:
    """Every chain holds, and the rows say what it says."""
    broken = [found for found in broken_histories(session, workspace_id=workspace_id) if found]
    assert not broken, broken


def _all(session: Session, kind: type[R], workspace_id: str) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.workspace_id == workspace_id)))  # type: ignore[attr-defined]


def _by_request(rows: list[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.request_id].append(row)  # type: ignore[attr-defined]
    return found
