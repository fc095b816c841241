"""Accepting on a condition: nothing is funded and no baseline grows until somebody confirms that it is met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.people.service import require_internal, require_owner
from bot.requests import deciding, holding, repository
from bot.requests.afterwards import bridges
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.announcing import (
    CLIENT_WORDS,
    CONDITION_IN_PRIVATE,
    CONDITION_SETTLED,
    DECIDED,
    changed,
    figures_changed,
    say,
)
from bot.requests.approval_figures import Figures
from bot.requests.bargaining import approving, conditions, first_yes, swaps
from bot.requests.bargaining.bargaining_refusals import (
    ConditionGone,
    ConditionOver,
    ConditionSettled,
    NotTheConfirmer,
)
from bot.requests.bargaining.condition_models import Condition, ConditionKind, ConditionOutcome
from bot.requests.bargaining.offering import end_of_day
from bot.requests.holding import Held
from bot.requests.models import ChangeRequest, Decision, EventKind, Outcome, State
from bot.requests.refusals import InThePast, Missing, NotNow, SecondYesFirst
from bot.requests.rights import may_decide, name_of, require_revision, require_right_to_decide
from bot.requests.typed.typed_text import without_controls

MOST_AT_ONCE = 100
EVENTS = {
    ConditionOutcome.MET: EventKind.CONDITION_MET,
    ConditionOutcome.NOT_MET: EventKind.CONDITION_NOT_MET,
    ConditionOutcome.EXPIRED: EventKind.CONDITION_EXPIRED,
}


@dataclass(frozen=True)
class Depends:
    """On what: in words, who confirms it, and the last day for that."""

    text: str
    confirmer_id: str
    due_on: date | None


def accept_on_condition(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, figures: Figures, depends: Depends
) -> Decision:
    """Approve a request for the case that a condition is met; the ball goes to who confirms it.

    Raises what `deciding.accept` raises, and `WrongFields` also of `condition`, `confirmer` (missing, unknown, or
    of another company) and `condition_by` (missing or over).
    """
    person = require_internal(session, actor)
    held = _held(session, actor, request_id, figures)
    request = held.request
    require_right_to_decide(session, actor, request, revision)
    depends = replace(depends, text=without_controls(depends.text).strip())
    _check(session, actor, depends, actor.now.astimezone(person.tz).date())
    assert depends.due_on is not None, "a missing day is a wrong field"
    decision, _ = make_conditional(
        session,
        actor,
        held,
        figures,
        kind=ConditionKind.CONDITION,
        text=depends.text,
        confirmer_id=depends.confirmer_id,
        due_on=depends.due_on,
        expires_at=end_of_day(depends.due_on, person.tz),
    )
    tell_conditional(session, actor, request, decision)
    return decision


def make_conditional(
    session: Session,
    actor: Actor,
    held: Held,
    figures: Figures,
    *,
    said: dict[str, Any] | None = None,
    **depends: Any,
) -> tuple[Decision, Condition]:
    """Write a decision that depends on something, and what it depends on (`depends` are the columns of `Condition`).

    Raises `WrongFields` where the figures cannot be taken, and `SecondYesFirst` above a line: there the director agrees
    first, and may make the condition.
    """
    request = held.request
    basis = approving.checked(session, actor, held, figures)
    needed = first_yes.second_needed(session, actor, request, figures)
    if needed is not None:
        raise SecondYesFirst(request.reference, name_of(session, request, needed.director_id))
    due_on = basis.present.due_on
    words = {"condition": depends["text"]} if depends.get("text") else {}
    decision = deciding.write_decision(
        session,
        actor,
        request,
        Outcome.APPROVED_CONDITIONAL,
        ball_to=depends["confirmer_id"],
        due_on=due_on + timedelta(days=figures.delay_days) if due_on else None,
        said={**words, "confirmer": depends["confirmer_id"], **(said or {})},
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
    )
    request.condition_count += 1
    # The condition refers to the decision's row.
    session.flush()
    condition = Condition(
        workspace_id=request.workspace_id,
        id=new_id(),
        request_id=request.id,
        decision_id=decision.id,
        number=request.condition_count,
        split={str(funding): minutes for funding, minutes in figures.split.items()},
        reason="",
        **depends,
    )
    session.add(condition)
    return decision, condition


def condition_met(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, number: int
) -> Decision:
    """Confirm what an acceptance depends on: now it is funded, and the baseline grows.

    `number` is the condition that was shown. Raises what `require_confirmable` raises, `ConditionOver` after its last
    day, `NotSwappable` where something that goes out is not accepted any more, `WrongFields` (hours, fee, delay, funding) where its figures cannot be taken any more.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    # What it gives away is not known before the condition is; the split never changes, so it may be read first.
    condition = conditions.newest(session, request)
    split = conditions.split_of(condition) if condition is not None else {}
    held = _held(session, actor, request_id, Figures(0, 0, 0, split))
    request = held.request
    condition = _require_confirmable(session, actor, request, revision, number)
    if condition.expires_at is not None and condition.expires_at <= actor.now:
        assert condition.due_on is not None, "what ends has a last day"
        raise ConditionOver(request.reference, condition.due_on)
    decision = _standing(session, request)
    figures = Figures(
        decision.minutes, decision.fee_minor, decision.delay_days, conditions.split_of(condition)
    )
    basis = approving.checked(session, replace(actor, person_id=decision.decided_by), held, figures)
    going = swaps.going_out(session, request, condition)
    _settle(session, actor, condition, decision, ConditionOutcome.MET)
    approved = deciding.approve(
        session,
        actor,
        held,
        figures,
        present=basis.present,
        rate_minor=basis.rate_minor,
        before=decision,
        kind=EventKind.CONDITION_MET,
        said=_as_facts(condition),
    )
    swaps.send_out(session, actor, request, going)
    _tell(session, actor, request, condition, approved)
    figures_changed(session, actor, request)
    return approved


def condition_failed(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, number: int, reason: str
) -> Decision:
    """Say that it is not met: the request is declined, as the decision of who set the condition.

    Raises what `require_confirmable` raises, and `WrongFields` (why) when there is no reason.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    condition = _require_confirmable(session, actor, request, revision, number)
    reason = without_controls(reason).strip()
    if not reason:
        raise WrongFields([WrongField("why", Missing())])
    return _reject(session, actor, request, condition, ConditionOutcome.NOT_MET, reason)


def expire_conditions(session: Session, now: datetime) -> int:
    """Decline what was not confirmed in time; returns how many that were.

    Called by the clock, in any number of processes: each is declined once.
    """
    expired = 0
    for workspace_id, request_id in conditions.due(session, now, MOST_AT_ONCE):
        request = repository.locked(session, workspace_id=workspace_id, request_id=request_id)
        condition = conditions.newest(session, request)
        is_due = condition is not None and condition.settled_at is None and condition.expires_at is not None
        if request.state is not State.APPROVED_CONDITIONAL or condition is None or not is_due:
            continue
        # In the history somebody has to have done it: it was the decider's condition.
        actor = Actor(workspace_id, _standing(session, request).decided_by, now)
        _reject(session, actor, request, condition, ConditionOutcome.EXPIRED, "")
        expired += 1
    return expired


def require_confirmable(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, number: int
) -> Condition:
    """The condition, if this person may say now whether it is met.

    Raises `NoSuchRequest`, `NotNow`, `ConditionSettled`, `ConditionGone`, `NotTheConfirmer`, `Outdated`,
    `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    return _require_confirmable(session, actor, request, revision, number)


def _require_confirmable(
    session: Session, actor: Actor, request: ChangeRequest, revision: int, number: int
) -> Condition:
    condition = conditions.newest(session, request)
    if condition is None:
        raise NotNow(request.reference, request.state)
    if number != condition.number:
        raise ConditionGone(request.reference)
    may = {condition.confirmer_id, request.ball_holder_id}
    if actor.person_id not in may and not may_decide(session, actor, request):
        raise NotTheConfirmer(request.reference, name_of(session, request, condition.confirmer_id))
    if condition.settled_at is not None and condition.outcome is not None and condition.settled_by:
        by = name_of(session, request, condition.settled_by)
        raise ConditionSettled(request.reference, condition.outcome, by, condition.settled_at)
    if request.state is not State.APPROVED_CONDITIONAL:
        raise ConditionGone(request.reference)
    require_revision(request, revision)
    return condition


def tell_conditional(session: Session, actor: Actor, request: ChangeRequest, decision: Decision) -> None:
    """The thread hears of it, the AM gets words for the client, and who confirms is asked in private."""
    changed(session, actor, request)
    key, number = str(decision.id), request.condition_count
    say(session, actor, request, DECIDED, key=key, decision_id=key)
    say(session, actor, request, CLIENT_WORDS, destination=request.requester_id, key=key, decision_id=key)
    say(
        session,
        actor,
        request,
        CONDITION_IN_PRIVATE,
        destination=request.ball_holder_id,
        key=str(number),
        number=number,
    )


def _reject(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    condition: Condition,
    outcome: ConditionOutcome,
    reason: str,
) -> Decision:
    decision = _standing(session, request)
    bridge = _bridge(session, condition)
    _settle(session, actor, condition, decision, outcome, reason)
    rejected = deciding.write_decision(
        session,
        actor,
        request,
        Outcome.REJECTED,
        before=decision,
        kind=EVENTS[outcome],
        said={**_as_facts(condition), **bridges.as_facts(bridge)},
        reason=reason,
    )
    bridges.keep(session, rejected, bridge)
    _tell(session, actor, request, condition, rejected)
    return rejected


def _bridge(session: Session, condition: Condition) -> Bridge:
    """What would make it a yes after all: the very thing that it depended on."""
    if condition.kind is ConditionKind.CONDITION:
        return Bridge(BridgeKind.CONDITION, condition.text)
    return Bridge(BridgeKind.SWAP, ", ".join(part.title for part in conditions.out(session, condition)))


def _settle(
    session: Session,
    actor: Actor,
    condition: Condition,
    decision: Decision,
    outcome: ConditionOutcome,
    reason: str = "",
) -> None:
    condition.outcome, condition.reason = outcome, reason
    condition.settled_at, condition.settled_by = actor.now, actor.person_id
    decision.cleared_at = actor.now
    # The index of standing decisions allows one: the old one has to go before the next is written.
    session.flush()


def _tell(
    session: Session, actor: Actor, request: ChangeRequest, condition: Condition, decision: Decision
) -> None:
    changed(session, actor, request)
    key = str(decision.id)
    say(session, actor, request, CONDITION_SETTLED, key=str(condition.number), number=condition.number)
    say(session, actor, request, CLIENT_WORDS, destination=request.requester_id, key=key, decision_id=key)


def _check(session: Session, actor: Actor, depends: Depends, today: date) -> None:
    wrong: list[WrongField] = []
    if not depends.text:
        wrong.append(WrongField("condition", Missing()))
    if why := _wrong_person(session, actor, depends.confirmer_id):
        wrong.append(WrongField("confirmer", why))
    if depends.due_on is None:
        wrong.append(WrongField("condition_by", Missing()))
    elif depends.due_on < today:
        wrong.append(WrongField("condition_by", InThePast(depends.due_on)))
    if wrong:
        raise WrongFields(wrong)


def _wrong_person(session: Session, actor: Actor, person_id: str) -> Refusal | None:
    if not person_id:
        return Missing()
    try:
        require_owner(session, workspace_id=actor.workspace_id, person_id=person_id)
    except (UnknownPerson, ExternalPerson) as why:
        return why
    return None


def _standing(session: Session, request: ChangeRequest) -> Decision:
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    assert decision is not None, "what is accepted on a condition was decided"
    return decision


def _held(session: Session, actor: Actor, request_id: UUID, figures: Figures) -> Held:
    with_client = bool(figures.split.get(Funding.GOODWILL))
    return holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=with_client
    )


def _as_facts(condition: Condition) -> dict[str, Any]:
    said = {"condition": condition.text} if condition.text else {}
    return {**said, "number": condition.number}
