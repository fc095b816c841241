"""Setting an absence and taking it back; what follows for requests is in `requests/absences.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import Refusal, WrongField, WrongFields
from bot.people import chains, repository
from bot.people.models import Actor, Delegation, Person
from bot.people.refusals import (
    AbsenceOver,
    AbsencesOverlap,
    AbsenceTooFar,
    AbsenceTooLong,
    DelegateOneself,
    EndsBeforeStart,
    NoSuchAbsence,
    NoteTooLong,
    NotYourAbsence,
)
from bot.people.service import require_internal, require_owner
from bot.people.standing_in import next_change
from bot.workspaces import service as workspaces
from bot.workspaces.models import Workspace

LONGEST_DAYS = 366
NOTE_LIMIT = 200
# An absence may be written down some days after it began; further from today, the year is wrong.
LONGEST_PAST, LONGEST_AHEAD = timedelta(days=31), timedelta(days=730)


def set_absence(
    session: Session,
    actor: Actor,
    *,
    first_day: date,
    last_day: date,
    delegate_id: str,
    note: str = "",
    person_id: str | None = None,
) -> Delegation:
    """Write down that somebody is away (whoever acts here, unless told), and who acts for them; both days are included.

    For somebody else the director and Slack admins may. Raises `ExternalPerson`, `UnknownPerson`, `NotYourAbsence`, and `WrongFields`: away_to (`EndsBeforeStart`, `AbsenceOver`,
    `AbsenceTooLong`), away_from (`AbsenceTooFar`, `AbsencesOverlap`), delegate (`DelegateOneself`, `UnknownPerson`,
    `ExternalPerson`, `DelegatesInACircle`, `DelegatesInALongChain`), note (`NoteTooLong`).
    """
    # Held, so that two who name each other at the same moment do not make a circle.
    workspaces.locked(session, workspace_id=actor.workspace_id)
    person = require_right_over(session, actor, person_id or actor.person_id)
    wrong = _wrong_days(first_day, last_day, actor.now.astimezone(person.tz).date())
    known = standing(session, workspace_id=actor.workspace_id)
    if not wrong:
        wrong += _overlap(session, person, known, (first_day, last_day))
    wrong += _wrong_delegate(session, person, known, (first_day, last_day), delegate_id)
    if len(note) > NOTE_LIMIT:
        wrong.append(WrongField("note", NoteTooLong(len(note), NOTE_LIMIT)))
    if wrong:
        raise WrongFields(wrong)
    delegation = Delegation(
        workspace_id=actor.workspace_id,
        id=new_id(),
        person_id=person.id,
        delegate_id=delegate_id,
        first_day=first_day,
        last_day=last_day,
        note=note,
        set_by=actor.person_id,
        set_at=actor.now,
        ended_at=None,
        next_change_at=next_change((first_day, last_day), person.tz, actor.now),
    )
    session.add(delegation)
    # Who acts for whom is asked past the session.
    session.flush()
    return delegation


def require_right_over(session: Session, actor: Actor, person_id: str) -> Person:
    """Whoever's absence is meant, if it is for whoever acts here to say: their own, or anybody's for the director and admins.

    Raises `ExternalPerson`, `UnknownPerson`, `NotYourAbsence`.
    """
    by = require_internal(session, actor)
    if person_id == by.id:
        return by
    person = require_owner(session, workspace_id=actor.workspace_id, person_id=person_id)
    workspace = session.get_one(Workspace, actor.workspace_id)
    if by.id != workspace.director_id and not by.is_admin:
        raise NotYourAbsence(person.name)
    return person


def end_absence(session: Session, actor: Actor, *, delegation_id: UUID) -> Delegation:
    """Take an absence back; who is away may, the director and Slack admins.

    Raises `ExternalPerson`, `UnknownPerson`, `NoSuchAbsence`, `NotYourAbsence`.
    """
    person = require_internal(session, actor)
    workspace = workspaces.locked(session, workspace_id=actor.workspace_id)
    delegation = session.get(
        Delegation,
        (actor.workspace_id, delegation_id),
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if delegation is None:
        raise NoSuchAbsence
    owner = repository.person(session, workspace_id=actor.workspace_id, person_id=delegation.person_id)
    assert owner is not None, "an absence refers to its person"
    if actor.person_id not in {owner.id, workspace.director_id} and not person.is_admin:
        raise NotYourAbsence(owner.name)
    if is_past(delegation, owner, actor.now):
        raise NoSuchAbsence
    end(session, delegation, actor.now)
    return delegation


def end(session: Session, delegation: Delegation, now: datetime) -> None:
    """From here on it counts no more."""
    delegation.ended_at, delegation.next_change_at = now, None
    # Who acts for whom is asked past the session.
    session.flush()


def is_past(delegation: Delegation, owner: Person, now: datetime) -> bool:
    """Whether it was taken back, or its last day is over where its person lives."""
    return delegation.ended_at is not None or delegation.last_day < now.astimezone(owner.tz).date()


def standing(session: Session, *, workspace_id: str) -> list[Delegation]:
    """Every delegation of a workspace that was not taken back, in the order of its days."""
    query = (
        select(Delegation)
        .where(Delegation.workspace_id == workspace_id, Delegation.ended_at.is_(None))
        .order_by(Delegation.first_day, Delegation.id)
    )
    return list(session.scalars(query))


def absences_of(
    session: Session, actor: Actor, *, person_id: str | None = None
) -> list[tuple[Delegation, str]]:
    """What is set for somebody (whoever asks, unless told) and is not over, in order, with the names of those who act.

    Raises what `require_right_over` raises.
    """
    person = require_right_over(session, actor, person_id or actor.person_id)
    mine = [
        delegation
        for delegation in standing(session, workspace_id=actor.workspace_id)
        if delegation.person_id == person.id and not is_past(delegation, person, actor.now)
    ]
    names = repository.names(
        session, workspace_id=actor.workspace_id, ids=[delegation.delegate_id for delegation in mine]
    )
    return [(delegation, names.get(delegation.delegate_id, delegation.delegate_id)) for delegation in mine]


def _wrong_days(first_day: date, last_day: date, today: date) -> list[WrongField]:
    if last_day < first_day:
        return [WrongField("away_to", EndsBeforeStart(first_day, last_day))]
    if last_day < today:
        return [WrongField("away_to", AbsenceOver(last_day))]
    if not today - LONGEST_PAST <= first_day <= today + LONGEST_AHEAD:
        return [WrongField("away_from", AbsenceTooFar(first_day))]
    days = (last_day - first_day).days + 1
    if days > LONGEST_DAYS:
        return [WrongField("away_to", AbsenceTooLong(days, LONGEST_DAYS))]
    return []


def _overlap(
    session: Session, person: Person, known: Sequence[Delegation], days: tuple[date, date]
) -> list[WrongField]:
    mine = (one for one in known if one.person_id == person.id)
    other = next((one for one in mine if chains.common(one.days, days)), None)
    if other is None:
        return []
    name = repository.name(session, workspace_id=person.workspace_id, person_id=other.delegate_id)
    return [WrongField("away_from", AbsencesOverlap(other.first_day, other.last_day, name))]


def _wrong_delegate(
    session: Session, person: Person, known: Sequence[Delegation], days: tuple[date, date], delegate_id: str
) -> list[WrongField]:
    if delegate_id == person.id:
        return [WrongField("delegate", DelegateOneself())]
    try:
        require_owner(session, workspace_id=person.workspace_id, person_id=delegate_id)
    except Refusal as why:
        return [WrongField("delegate", why)]
    links = [chains.Link(one.person_id, one.delegate_id, one.days) for one in known]
    why_not = chains.trouble(links, chains.Link(person.id, delegate_id, days))
    if why_not is None:
        return []
    names = repository.names(session, workspace_id=person.workspace_id, ids=why_not.people)
    return [WrongField("delegate", why_not.refusal(names))]
