"""Every query over change requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.ledger.repository import accepted_on, entries_of
from bot.ledger.service import hourly_rate
from bot.outbox.models import Posting
from bot.people.models import Person
from bot.portfolio.models import Baseline, BaselineOrigin, Client, Project
from bot.requests.facts import CardFacts, DecisionFacts, Line, PastEvent, PersonName
from bot.requests.models import ChangeRequest, Decision, Event, State
from bot.requests.refusals import NoSuchRequest

CARD = "card"

_requester, _decider, _holder = aliased(Person), aliased(Person), aliased(Person)


def locked(session: Session, *, workspace_id: str, request_id: UUID) -> ChangeRequest:
    """The request, with its row locked until the transaction ends: whoever comes second sees what the first did.

    Raises `NoSuchRequest`.
    """
    request = session.scalar(
        select(ChangeRequest)
        .where(ChangeRequest.workspace_id == workspace_id, ChangeRequest.id == request_id)
        .with_for_update()
    )
    if request is None:
        raise NoSuchRequest(reference=str(request_id))
    return request


def locked_project(
    session: Session, *, workspace_id: str, project_id: UUID
) -> Row[Project, Client] | None:
    """A project with its client; the project's row is locked, so that numbers are given out one at a time."""
    return session.execute(
        select(Project, Client)
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .where(Project.workspace_id == workspace_id, Project.id == project_id)
        .with_for_update(of=Project)
    ).one_or_none()


def standing_decision(session: Session, *, workspace_id: str, request_id: UUID) -> Decision | None:
    """The decision that stands, if there is one."""
    return session.scalar(
        select(Decision)
        .where(
            Decision.workspace_id == workspace_id,
            Decision.request_id == request_id,
            Decision.cleared_at.is_(None),
        )
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )


def find_by_reference(session: Session, *, workspace_id: str, reference: str) -> UUID:
    """The id behind `ACME-12`, written in any case.

    Raises `NoSuchRequest`.
    """
    key, _, number = reference.strip().upper().rpartition("-")
    found = None
    if number.isdecimal() and len(number) < 9:
        found = session.scalar(
            select(ChangeRequest.id)
            .join(
                Project,
                and_(
                    Project.workspace_id == ChangeRequest.workspace_id, Project.id == ChangeRequest.project_id
                ),
            )
            .where(
                Project.workspace_id == workspace_id, Project.key == key, ChangeRequest.number == int(number)
            )
        )
    if found is None:
        raise NoSuchRequest(reference=reference)
    return found


def card_facts(session: Session, *, workspace_id: str, request_id: UUID) -> CardFacts:
    """Load everything a card shows.

    Raises `NoSuchRequest`.
    """
    row = session.execute(
        _with_names(select(ChangeRequest, Project, Client, _requester, _decider, _holder)).where(
            ChangeRequest.workspace_id == workspace_id, ChangeRequest.id == request_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchRequest(reference=str(request_id))
    request, project, client, requester, decider, holder = row
    agreed, current = _baselines(session, workspace_id=workspace_id, project_id=project.id)
    return CardFacts(
        workspace_id=workspace_id,
        id=request.id,
        reference=request.reference,
        revision=request.revision,
        version=request.version,
        state=request.state,
        title=request.title,
        details=request.details,
        reason=request.reason,
        promise=request.promise,
        needed_by=request.needed_by,
        estimated_minutes=request.estimated_minutes,
        source_url=request.source_url,
        answer_owed_on=request.answer_owed_on,
        client_told_at=request.client_told_at,
        submitted_at=request.submitted_at,
        closed_at=request.closed_at,
        requester=_name(requester),
        decider=_name(decider),
        ball=None if holder is None else _name(holder),
        project_id=project.id,
        project=project.name,
        project_key=project.key,
        channel_id=project.channel_id,
        client=client.name,
        contact=client.contact_name,
        currency=client.currency,
        agreed_minutes=agreed.minutes if agreed else 0,
        rate_minor=hourly_rate(agreed.budget_minor, agreed.minutes) if agreed else 0,
        due_on=current.due_on if current else None,
        goodwill_limit=client.goodwill_minutes,
        accepted=accepted_on(session, workspace_id=workspace_id, project_id=project.id),
        decision=_decision_facts(session, request),
    )


def open_lines(session: Session, *, workspace_id: str, holder_id: str, limit: int) -> list[Line]:
    """What waits for a person, what is needed first at the top."""
    return _lines(
        session,
        select(ChangeRequest.id)
        .where(
            ChangeRequest.workspace_id == workspace_id,
            ChangeRequest.ball_holder_id == holder_id,
            ChangeRequest.is_open,
        )
        .order_by(ChangeRequest.needed_by.is_(None), ChangeRequest.needed_by, ChangeRequest.submitted_at)
        .limit(limit),
    )


def asked_lines(session: Session, *, workspace_id: str, requester_id: str, limit: int) -> list[Line]:
    """What a person asked for and somebody else still has to act on, newest first."""
    return _lines(
        session,
        select(ChangeRequest.id)
        .where(
            ChangeRequest.workspace_id == workspace_id,
            ChangeRequest.requester_id == requester_id,
            ChangeRequest.is_open,
            ChangeRequest.ball_holder_id != requester_id,
        )
        .order_by(ChangeRequest.submitted_at.desc())
        .limit(limit),
    )


def project_lines(
    session: Session,
    *,
    workspace_id: str,
    project_ids: Sequence[UUID],
    states: Sequence[State] | None,
    limit: int,
) -> list[Line]:
    """The requests of some projects (all when empty), in some states (all when none given), newest first."""
    wanted = select(ChangeRequest.id).where(ChangeRequest.workspace_id == workspace_id)
    if project_ids:
        wanted = wanted.where(ChangeRequest.project_id.in_(project_ids))
    if states is not None:
        wanted = wanted.where(ChangeRequest.state.in_(states))
    return _lines(session, wanted.order_by(ChangeRequest.submitted_at.desc()).limit(limit))


def count_lines(
    session: Session, *, workspace_id: str, project_ids: Sequence[UUID], states: Sequence[State] | None
) -> int:
    """How many requests `project_lines` would find without a limit."""
    counted = select(func.count()).where(ChangeRequest.workspace_id == workspace_id)
    if project_ids:
        counted = counted.where(ChangeRequest.project_id.in_(project_ids))
    if states is not None:
        counted = counted.where(ChangeRequest.state.in_(states))
    return int(session.execute(counted).scalar_one())


def count_held(session: Session, *, workspace_id: str, holder_id: str) -> int:
    """How many requests wait for a person."""
    return int(
        session.execute(
            select(func.count()).where(
                ChangeRequest.workspace_id == workspace_id,
                ChangeRequest.ball_holder_id == holder_id,
                ChangeRequest.is_open,
            )
        ).scalar_one()
    )


def count_asked(session: Session, *, workspace_id: str, requester_id: str) -> int:
    """How many of a person's asks wait for somebody else."""
    return int(
        session.execute(
            select(func.count()).where(
                ChangeRequest.workspace_id == workspace_id,
                ChangeRequest.requester_id == requester_id,
                ChangeRequest.is_open,
                ChangeRequest.ball_holder_id != requester_id,
            )
        ).scalar_one()
    )


def history(session: Session, *, workspace_id: str, request_id: UUID) -> list[PastEvent]:
    """What happened to a request, oldest first."""
    rows = session.execute(
        select(Event, Person)
        .outerjoin(Person, and_(Person.workspace_id == Event.workspace_id, Person.id == Event.actor_id))
        .where(Event.workspace_id == workspace_id, Event.request_id == request_id)
        .order_by(Event.position)
    )
    return [
        PastEvent(
            kind=event.kind,
            by=PersonName(event.actor_id, person.name if isinstance(person, Person) else event.actor_id),
            at=event.at,
            facts=event.facts,
            hash=event.hash,
        )
        for event, person in rows
    ]


def chains(session: Session, *, workspace_id: str) -> Iterator[tuple[ChangeRequest, list[Event]]]:
    """Every request of a workspace with its events in order, a page at a time."""
    last: UUID | None = None
    while True:
        page = select(ChangeRequest).where(ChangeRequest.workspace_id == workspace_id)
        if last is not None:
            page = page.where(ChangeRequest.id > last)
        requests = list(session.scalars(page.order_by(ChangeRequest.id).limit(500)))
        if not requests:
            return
        last = requests[-1].id
        events: dict[UUID, list[Event]] = {request.id: [] for request in requests}
        for event in session.scalars(
            select(Event)
            .where(Event.workspace_id == workspace_id, Event.request_id.in_(list(events)))
            .order_by(Event.request_id, Event.position)
        ):
            events[event.request_id].append(event)
        for request in requests:
            yield request, events[request.id]


def card_place(session: Session, *, workspace_id: str, request_id: UUID) -> tuple[str, str] | None:
    """Where the card of a request stands in its channel (channel, ts); none until it is posted."""
    found = session.execute(
        select(Posting.channel_id, Posting.ts)
        .where(
            Posting.workspace_id == workspace_id,
            Posting.subject_id == request_id,
            Posting.kind == CARD,
            ~Posting.is_gone,
        )
        .order_by(Posting.id)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found.channel_id, found.ts)


def request_at(session: Session, *, workspace_id: str, channel_id: str, ts: str) -> UUID | None:
    """The request whose card is this message."""
    return session.scalar(
        select(Posting.subject_id).where(
            Posting.workspace_id == workspace_id,
            Posting.channel_id == channel_id,
            Posting.ts == ts,
            Posting.kind == CARD,
        )
    )


def waiting_on_project(session: Session, *, workspace_id: str, project_id: UUID) -> list[ChangeRequest]:
    """The requests of a project that wait for a decision, locked."""
    return list(
        session.scalars(
            select(ChangeRequest)
            .where(
                ChangeRequest.workspace_id == workspace_id,
                ChangeRequest.project_id == project_id,
                ChangeRequest.state.in_([state for state in State if state.awaits_decision]),
            )
            .order_by(ChangeRequest.id)
            .with_for_update()
        )
    )


def _with_names(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    def person(alias: type[Person], column: Any) -> Any:
        return and_(alias.workspace_id == ChangeRequest.workspace_id, alias.id == column)

    return (
        query.join(
            Project,
            and_(Project.workspace_id == ChangeRequest.workspace_id, Project.id == ChangeRequest.project_id),
        )
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .join(_requester, person(_requester, ChangeRequest.requester_id))
        .join(_decider, person(_decider, ChangeRequest.decider_id))
        .outerjoin(_holder, person(_holder, ChangeRequest.ball_holder_id))
    )


def _lines(session: Session, ids: Select[UUID]) -> list[Line]:
    wanted = list(session.scalars(ids))
    if not wanted:
        return []
    rows = session.execute(
        _with_names(select(ChangeRequest, Project, Client, _requester, _decider, _holder, Posting))
        .outerjoin(
            Posting,
            and_(
                Posting.workspace_id == ChangeRequest.workspace_id,
                Posting.subject_id == ChangeRequest.id,
                Posting.kind == CARD,
                or_(Posting.is_gone.is_(None), ~Posting.is_gone),
            ),
        )
        .where(ChangeRequest.id.in_(wanted))
    )
    found: dict[UUID, Line] = {}
    for request, project, client, requester, _, holder, posting in rows:
        found.setdefault(
            request.id,
            Line(
                id=request.id,
                reference=request.reference,
                title=request.title,
                state=request.state,
                project=project.name,
                client=client.name,
                requester=_name(requester),
                ball=None if holder is None else _name(holder),
                needed_by=request.needed_by,
                answer_owed_on=request.answer_owed_on,
                submitted_at=request.submitted_at,
                card=None if posting is None else (posting.channel_id, posting.ts),
            ),
        )
    return [found[request_id] for request_id in wanted]


def _baselines(
    session: Session, *, workspace_id: str, project_id: UUID
) -> tuple[Baseline | None, Baseline | None]:
    """The baseline as first agreed (its last correction), and the one that holds now."""
    versions = list(
        session.scalars(
            select(Baseline)
            .where(Baseline.workspace_id == workspace_id, Baseline.project_id == project_id)
            .order_by(Baseline.version)
        )
    )
    agreed = [version for version in versions if version.origin is BaselineOrigin.AGREED]
    return (agreed[-1] if agreed else None, versions[-1] if versions else None)


def _decision_facts(session: Session, request: ChangeRequest) -> DecisionFacts | None:
    if request.decided_at is None:
        return None
    decision = standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if decision is None:
        return None
    by = session.get(Person, (request.workspace_id, decision.decided_by))
    entries = entries_of(session, workspace_id=request.workspace_id, decision_id=decision.id)
    return DecisionFacts(
        id=decision.id,
        outcome=decision.outcome,
        by=PersonName(decision.decided_by, by.name if by else decision.decided_by),
        at=decision.decided_at,
        minutes=decision.minutes,
        fee_minor=decision.fee_minor,
        delay_days=decision.delay_days,
        reason=decision.reason,
        split=tuple((entry.funding, entry.minutes) for entry in entries),
    )


def _name(person: Person) -> PersonName:
    return PersonName(person.id, person.name)
