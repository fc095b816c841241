"""Deciding a request: who may, on which revision, on which figures, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.insertion import insert_object
from bot.db.records import new_record
from bot.errors import WrongField, WrongFields
from bot.ledger import service as ledger
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.portfolio.baselines import add_approved
from bot.portfolio.models import Baseline, Client, Project
from bot.requests import ball, history, holding, repository
from bot.requests.afterwards import bridges
from bot.requests.afterwards.after_yes import answer_needed
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge, NoRenewalAhead, NotAhead
from bot.requests.announcing import CLIENT_WORDS, DECIDED, changed, figures_changed, say
from bot.requests.approval_figures import MOST_DELAY_DAYS, MOST_MINOR, MOST_MINUTES, Figures, wrong_figures
from bot.requests.bargaining import first_yes
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.goodwill import wrong_goodwill
from bot.requests.holding import Held
from bot.requests.models import ChangeRequest, Decision, EventKind, Outcome, State
from bot.requests.refusals import Missing
from bot.requests.rights import require_right_to_decide
from bot.requests.routing.standing_in import in_place_of
from bot.requests.typed.typed_text import without_controls

__all__ = [
    "MOST_DELAY_DAYS",
    "MOST_MINOR",
    "MOST_MINUTES",
    "Figures",
    "accept",
    "approve",
    "client_of",
    "decline",
    "defer",
    "require_decidable",
    "write_decision",
]


# Whose word a decision is.
_NAMES = ("decided_by", "on_behalf_of", "approved_by", "approved_for")


def accept(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, figures: Figures
) -> Decision | FirstApproval:
    """Approve a request on its figures: the hours are funded, the baseline gets a new version.

    Above a line (`first_yes`) it is kept as the first yes, and decided once the director accepts too.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `Outdated`, `NotTheDecider`, `OwnRequest`,
    `AgreedAlready`, `NobodyToAgree`, `ExternalPerson`, `UnknownPerson`, `WrongFields` (hours, fee, delay, funding).
    """
    require_internal(session, actor)
    held = holding.for_approval(
        session,
        workspace_id=actor.workspace_id,
        request_id=request_id,
        with_client=bool(figures.split.get(Funding.GOODWILL)),
    )
    project, request = held.project, held.request
    require_right_to_decide(session, actor, request, revision)
    agreed, present = portfolio.agreed_and_current(
        session, workspace_id=actor.workspace_id, project_id=project.id
    )
    rate_minor = ledger.hourly_rate(agreed.budget_minor, agreed.minutes)
    wrong = wrong_figures(figures, rate_minor=rate_minor, due_on=present.due_on)
    if held.client is not None:
        wrong += wrong_goodwill(session, actor, held.client, figures.split[Funding.GOODWILL])
    if wrong:
        raise WrongFields(wrong)
    needed = first_yes.second_needed(session, actor, request, figures)
    if needed is not None:
        return first_yes.keep(session, actor, request, figures, needed)
    decision = approve(session, actor, held, figures, present=present, rate_minor=rate_minor)
    _tell(session, actor, request, decision, home=project.channel_id)
    figures_changed(session, actor, request)
    return decision


def approve(
    session: Session,
    actor: Actor,
    held: Held,
    figures: Figures,
    *,
    present: Baseline,
    rate_minor: int,
    decided_by: str | None = None,
    before: Decision | None = None,
    kind: EventKind = EventKind.APPROVED,
    said: Mapping[str, Any] | None = None,
) -> Decision:
    """Write an approval whose figures were checked: the decision, the baseline's next version, who pays.

    `decided_by` is whose decision it is, where somebody else's press makes it (an offer that is taken), `before` the
    decision that it follows from; `kind` and `said` are what the history says of it. Nothing is said in Slack yet.
    """
    project, request = held.project, held.request
    hours_and_fee: dict[str, Any] = {"minutes": figures.minutes, "fee_minor": figures.fee_minor}
    baseline = add_approved(
        session,
        project=project,
        present=present,
        request_id=request.id,
        # What something else goes out for is in the baseline already.
        minutes=figures.minutes - figures.split.get(Funding.SWAP, 0),
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
        now=actor.now,
    )
    decision = write_decision(
        session,
        actor,
        request,
        Outcome.APPROVED,
        decided_by=decided_by,
        before=before,
        kind=kind,
        said=said,
        due_on=baseline.due_on,
        delay_days=figures.delay_days,
        **hours_and_fee,
    )
    request.client_answer = answer_needed(figures.split)
    ledger.fund(
        session,
        workspace_id=actor.workspace_id,
        project_id=project.id,
        request_id=request.id,
        decision_id=decision.id,
        split=figures.split,
        rate_minor=rate_minor,
        now=actor.now,
        **hours_and_fee,
    )
    return decision


def decline(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, reason: str, bridge: Bridge
) -> Decision:
    """Reject a request, with the reason and with what could be done instead.

    Raises what `accept` raises, and `WrongFields` (why, bridge_text, returns_on) where either is missing or its
    day is not ahead.
    """
    person = require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_right_to_decide(session, actor, request, revision)
    reason, bridge = without_controls(reason).strip(), bridges.tidied(bridge)
    wrong = [] if reason else [WrongField("why", Missing())]
    wrong += bridges.wrong_bridge(bridge, actor.now.astimezone(person.tz).date())
    if wrong:
        raise WrongFields(wrong)
    said = bridges.as_facts(bridge)
    decision = write_decision(session, actor, request, Outcome.REJECTED, said=said, reason=reason)
    bridges.keep(session, decision, bridge)
    _tell(session, actor, request, decision)
    return decision


def defer(
    session: Session,
    actor: Actor,
    *,
    request_id: UUID,
    revision: int,
    reason: str,
    until: date | None = None,
) -> Decision:
    """Put a request off until a day, or (without one) to the client's renewal; then it is back with who logged it.

    Raises what `accept` raises, and `WrongFields` (why, returns_on) where there is no reason, the day is not ahead, or
    the client has no renewal ahead.
    """
    person = require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_right_to_decide(session, actor, request, revision)
    today = actor.now.astimezone(person.tz).date()
    reason = without_controls(reason).strip()
    wrong = [] if reason else [WrongField("why", Missing())]
    bridge = Bridge(BridgeKind.DATE, returns_on=until)
    if until is None:
        client = client_of(session, request)
        if client.renewal_on is None or client.renewal_on <= today:
            wrong.append(WrongField("returns_on", NoRenewalAhead(client.name)))
        bridge = Bridge(BridgeKind.RENEWAL, returns_on=client.renewal_on)
    elif until <= today:
        wrong.append(WrongField("returns_on", NotAhead(until)))
    if wrong:
        raise WrongFields(wrong)
    said = bridges.as_facts(bridge)
    decision = write_decision(session, actor, request, Outcome.DEFERRED, said=said, reason=reason)
    bridges.keep(session, decision, bridge)
    _tell(session, actor, request, decision)
    return decision


def client_of(session: Session, request: ChangeRequest) -> Client:
    """The client for whom it is asked."""
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    return session.get_one(Client, (request.workspace_id, project.client_id))


def require_decidable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may decide this revision of it now; it is not held, so `accept` asks again.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `Outdated`, `OwnRequest`, `NotTheDecider`,
    `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_right_to_decide(session, actor, request, revision)
    return request


def write_decision(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    outcome: Outcome,
    *,
    decided_by: str | None = None,
    before: Decision | None = None,
    ball_to: str | None = None,
    kind: EventKind | None = None,
    due_on: date | None = None,
    said: Mapping[str, Any] | None = None,
    **figures: Any,
) -> Decision:
    """Write down what was decided, by whom (or as whose decision), and who has to act now: who asked, unless told.

    What only follows from a decision `before` (its condition is met, or not) is the word of the same people.
    """
    by = decided_by or actor.person_id
    place_of = in_place_of(session, request, by, actor.now)
    # The second yes settles the first; a "no" is the word of who says it.
    first = first_yes.settle(session, actor, request)
    names = {"decided_by": by, "on_behalf_of": place_of}
    if first is not None and outcome in {Outcome.APPROVED, Outcome.APPROVED_CONDITIONAL}:
        names = {"decided_by": first.approved_by, "on_behalf_of": first.on_behalf_of}
        names |= {"approved_by": by, "approved_for": place_of}
    if before is not None:
        names = {name: getattr(before, name) for name in _NAMES}
    decision = new_record(
        Decision,
        workspace_id=request.workspace_id,
        id=new_id(),
        request_id=request.id,
        revision=request.revision,
        outcome=outcome,
        **names,
        decided_at=actor.now,
        cleared_at=None,
        due_on=due_on,
        **figures,
    )
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, ball_to or request.requester_id)
    insert_object(session, decision)
    further = {name: who for name, who in names.items() if who is not None and name != "decided_by"}
    if first is not None or before is not None:
        further["decided_by"] = decision.decided_by
    request.state = State(outcome.value)
    request.decided_at = actor.now
    history.record(
        session,
        actor,
        request,
        kind or EventKind(outcome.value),
        revision=request.revision,
        **figures,
        **(said or {}),
        **further,
    )
    return decision


def _tell(
    session: Session, actor: Actor, request: ChangeRequest, decision: Decision, *, home: str | None = None
) -> None:
    changed(session, actor, request)
    say(session, actor, request, DECIDED, home=home, key=str(decision.id), decision_id=str(decision.id))
    say(
        session,
        actor,
        request,
        CLIENT_WORDS,
        destination=request.requester_id,
        key=str(decision.id),
        decision_id=str(decision.id),
    )
