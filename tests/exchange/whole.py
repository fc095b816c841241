"""A workspace with a row in every exported table, and every column of it filled at least once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.digests.models import Coverage, DigestKind, DigestSchedule
from bot.ledger.models import Funding, FundingEntry
from bot.people.models import Delegation, Person
from bot.portfolio.languages import Language
from bot.portfolio.models import Baseline, BaselineOrigin, Client, Project, ScopeItem
from bot.requests.afterwards.bridge_models import BridgeKind, DecisionBridge
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.bargaining.condition_models import Condition, ConditionKind, ConditionOutcome, SwapPart
from bot.requests.bargaining.offer_models import Offer
from bot.requests.bargaining.question_models import Question
from bot.requests.client_words.words_models import Step, WordTemplate
from bot.requests.models import (
    BallInterval,
    ChangeRequest,
    ClientAnswer,
    Decision,
    Event,
    EventKind,
    Outcome,
    Priority,
    Promise,
    Reason,
    State,
)
from bot.workspaces.models import Workspace

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 12, 4)
HOURS = {"work_days": "1234", "work_from": time(8, 30), "work_to": time(16), "holidays_of": "DE-BY"}
ODD = 'Zoë "the" 👩‍🚀 موقع\n\t=cmd() <!channel> \\ \u2028 ;'


def fill(session: Session, workspace_id: str = "T1") -> None:
    """Write it all, parents before children."""
    here: dict[str, Any] = {"workspace_id": workspace_id}
    ids = [new_id() for _ in range(12)]
    client, project, request, decision, schedule = ids[:5]
    session.add(
        Workspace(
            id=workspace_id,
            name=ODD,
            bot_user_id="U_BOT",
            bot_id="B1",
            zone="Europe/Madrid",
            currency="JPY",
            director_id="U_ANA",
            second_minutes=1200,
            second_minor=10**12,
            second_goodwill_minutes=60,
            **HOURS,
            urgent_minutes=60,
            high_minutes=120,
            normal_minutes=960,
            created_at=AT,
        )
    )
    session.flush()
    session.add(_person("U_ANA", workspace_id, is_admin=True))
    session.add(_person("U_PETE", workspace_id, is_external=True, is_active=False))
    session.flush()
    session.add(
        Delegation(
            **here,
            id=new_id(),
            person_id="U_ANA",
            delegate_id="U_PETE",
            first_day=DAY,
            last_day=DAY,
            note=ODD,
            set_by="U_ANA",
            set_at=AT,
            ended_at=AT,
            next_change_at=AT,
        )
    )
    session.add(
        Client(
            **here,
            id=client,
            name=ODD,
            am_id="U_ANA",
            contact_name="Jo",
            currency="KWD",
            renewal_on=DAY,
            goodwill_minutes=90,
            second_minutes=1200,
            second_minor=10**12,
            second_goodwill_minutes=60,
            language=Language.GERMAN,
            created_by="U_PETE",
            created_at=AT,
        )
    )
    session.flush()
    session.add(_project(here, project, client, "ACME", closed_at=AT))
    session.add(_project(here, ids[5], client, "OTHER", closed_at=None))
    session.flush()
    session.add_all(_of_project(here, project, request, ids))
    session.add(_request(here, request, project))
    session.flush()
    session.add_all(_of_request(here, request, project, decision, ids))
    session.flush()
    session.add(_bridge(here, request, decision))
    session.add(_offer(here, request))
    session.add(condition := _condition(here, request, decision))
    session.flush()
    session.add(_swap_part(here, request, condition.id))
    session.add(
        DigestSchedule(
            **here,
            id=schedule,
            channel_id="C1",
            kind=DigestKind.SCOPE,
            covers=Coverage.ALL,
            is_on=False,
            zone="Europe/Madrid",
            at=time(9, 30),
            weekday=2,
            next_run_at=AT,
            set_by="U_ANA",
        )
    )
    session.add(
        WordTemplate(
            **here,
            step=Step.DECLINED,
            language=Language.GERMAN,
            text=ODD,
            changed_by="U_ANA",
            changed_at=AT,
        )
    )


def _person(person_id: str, workspace_id: str, **flags: bool) -> Person:
    return Person(
        workspace_id=workspace_id,
        id=person_id,
        name=ODD,
        email="a@b.example",
        zone="UTC",
        refreshed_at=AT,
        **HOURS,
        **flags,
    )


def _project(
    here: dict[str, Any], project: UUID, client: UUID, key: str, *, closed_at: datetime | None
) -> Project:
    return Project(
        **here,
        id=project,
        client_id=client,
        key=key,
        name=ODD,
        pm_id="U_PETE",
        channel_id="C1",
        starts_on=DAY,
        last_number=1,
        closed_at=closed_at,
        created_by="U_ANA",
        created_at=AT,
    )


def _of_project(here: dict[str, Any], project: UUID, request: UUID, ids: list[UUID]) -> list[Any]:
    return [
        Baseline(
            **here,
            id=ids[6 + version],
            project_id=project,
            version=version,
            origin=list(BaselineOrigin)[version - 1],
            minutes=7200,
            budget_minor=10**12,
            due_on=DAY,
            request_id=request if version == 2 else None,
            created_at=AT,
        )
        for version in (1, 2)
    ] + [
        ScopeItem(
            **here, id=ids[9], project_id=project, position=1, text=ODD, is_included=False, revision_rounds=2
        )
    ]


def _request(here: dict[str, Any], request: UUID, project: UUID) -> ChangeRequest:
    return ChangeRequest(
        **here,
        id=request,
        project_id=project,
        number=1,
        reference="ACME-1",
        state=State.APPROVED,
        is_open=False,
        title=ODD,
        details=ODD * 100,
        reason=Reason.EXTRA_REVISION,
        needed_by=DAY,
        estimated_minutes=180,
        promise=Promise.PROMISED,
        promise_at=AT,
        priority=Priority.URGENT,
        clock_of="U_ANA:decide:urgent",
        due_at=AT,
        goes_to_id="U_PETE",
        clock_next_at=AT,
        reminded_at=AT,
        nudged_at=AT,
        nudged_id="U_PETE",
        owed_remind_at=AT,
        source_url="https://agency.example/a?b=c&d",
        answer_owed_on=DAY,
        client_told_at=AT,
        client_answer=ClientAnswer.ACCEPTED,
        answer_valid_until=DAY,
        actual_minutes=200,
        requester_id="U_ANA",
        decider_id="U_PETE",
        ball_holder_id="U_ANA",
        ball_for_id="U_PETE",
        first_approver_id="U_PETE",
        submitted_at=AT,
        decided_at=AT,
        closed_at=AT,
        question_count=1,
        cleared_count=1,
        appealed_from="U_PETE",
        duplicate_of_id=request,
        duplicate_count=1,
        offer_round=1,
        condition_count=1,
        swapped_for_id=request,
        event_count=1,
        event_head="0" * 64,
    )


def _of_request(
    here: dict[str, Any], request: UUID, project: UUID, decision: UUID, ids: list[UUID]
) -> list[Any]:
    events = [
        Event(
            **here,
            request_id=request,
            position=position,
            kind=EventKind.APPROVED,
            actor_id="U_PETE",
            at=AT,
            facts={"ü": [1, None, {"b": ODD}], "minutes": 240},
            previous_hash="",
            hash="0" * 64,
        )
        for position in range(1, 12)
    ]
    return [
        *events,
        Decision(
            **here,
            id=decision,
            request_id=request,
            revision=1,
            outcome=Outcome.APPROVED,
            decided_by="U_PETE",
            on_behalf_of="U_ANA",
            approved_by="U_ANA",
            approved_for="U_PETE",
            decided_at=AT,
            minutes=240,
            fee_minor=480_00,
            delay_days=3,
            due_on=AT.date(),
            reason=ODD,
            cleared_at=AT,
        ),
        FirstApproval(
            **here,
            id=new_id(),
            request_id=request,
            revision=1,
            approved_by="U_PETE",
            on_behalf_of="U_ANA",
            approved_at=AT,
            decider_id="U_ANA",
            minutes=240,
            fee_minor=480_00,
            delay_days=3,
            split={"change_order": 240},
            above={"minutes": 120},
            settled_at=AT,
        ),
        Question(
            **here,
            id=new_id(),
            request_id=request,
            number=1,
            revision=1,
            asked_by="U_PETE",
            asked_at=AT,
            text=ODD,
            answered_by="U_ANA",
            answered_at=AT,
            answer=ODD,
        ),
        BallInterval(
            **here, id=ids[10], request_id=request, holder_id="U_PETE", since=AT, until=AT, due_at=AT
        ),
        FundingEntry(
            **here,
            id=ids[11],
            project_id=project,
            request_id=request,
            decision_id=decision,
            funding=Funding.CHANGE_ORDER,
            minutes=240,
            amount_minor=480_00,
            accepted_at=AT,
            voided_at=AT,
        ),
    ]


def _bridge(here: dict[str, Any], request: UUID, decision: UUID) -> DecisionBridge:
    return DecisionBridge(
        **here,
        id=new_id(),
        request_id=request,
        decision_id=decision,
        kind=BridgeKind.PHASE,
        text=ODD,
        returns_on=DAY,
        came_back_at=AT,
        settled_at=AT,
    )


def _offer(here: dict[str, Any], request: UUID) -> Offer:
    return Offer(
        **here,
        id=new_id(),
        request_id=request,
        round=1,
        position=2,
        revision=1,
        offered_by="U_PETE",
        offered_at=AT,
        what=ODD,
        minutes=240,
        fee_minor=10**12,
        delay_days=7,
        ready_on=DAY,
        funding=Funding.CONTINGENCY,
        valid_until=DAY,
        expires_at=AT,
        lapsed_at=AT,
        taken_at=AT,
        taken_by="U_ANA",
    )


def _condition(here: dict[str, Any], request: UUID, decision: UUID) -> Condition:
    return Condition(
        **here,
        id=new_id(),
        request_id=request,
        decision_id=decision,
        number=1,
        kind=ConditionKind.SWAP,
        text=ODD,
        confirmer_id="U_ANA",
        due_on=DAY,
        expires_at=AT,
        split={"change_order": 120, "swap": 60},
        outcome=ConditionOutcome.NOT_MET,
        settled_at=AT,
        settled_by="U_PETE",
        reason=ODD,
    )


def _swap_part(here: dict[str, Any], request: UUID, condition: UUID) -> SwapPart:
    return SwapPart(**here, id=new_id(), condition_id=condition, out_request_id=request, text=ODD, minutes=60)
