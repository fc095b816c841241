"""Going away and coming back: what waits on somebody goes to who acts for them, and what still waits comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from bot.outbox import homes
from bot.outbox.repository import release
from bot.outbox.service import announce, refresh
from bot.people.absence import end_absence, set_absence
from bot.people.models import Actor, Delegation, Person, by_the_clock
from bot.people.standing_in import acting_for, away_now, next_change, over_at
from bot.requests.models import ChangeRequest
from bot.requests.routing.passing_on import pass_on
from bot.requests.typed.typed_text import without_controls
from bot.workspaces.installations import is_at_work

# What Handoff says about absences; `slack/absence_notices` knows how it is drawn.
DELEGATE_NAMED = "delegate_named"
ABSENCE_SET = "absence_set"

# How many absences one tick of the clock looks at.
AT_ONCE = 20


def go_away(
    session: Session,
    actor: Actor,
    *,
    first_day: date,
    last_day: date,
    delegate_id: str,
    note: str = "",
    person_id: str | None = None,
) -> Delegation:
    """Set an absence (of whoever acts here, unless told); once it has begun, what waits goes to the delegate at once.

    Somebody for whom another set it is told. Raises what `set_absence` raises: `ExternalPerson`, `UnknownPerson`,
    `NotYourAbsence`, and `WrongFields` (away_from, away_to,
    delegate, note).
    """
    note = " ".join(without_controls(note).split())
    delegation = set_absence(
        session,
        actor,
        first_day=first_day,
        last_day=last_day,
        delegate_id=delegate_id,
        note=note,
        person_id=person_id,
    )
    if delegation.person_id != actor.person_id:
        _tell(session, delegation, ABSENCE_SET, delegation.person_id, actor.now)
    _tell_delegate(session, actor, delegation)
    _follow(session, actor, delegation, knows=(delegation.delegate_id, delegation.person_id))
    return delegation


def come_back(session: Session, actor: Actor, *, delegation_id: UUID) -> Delegation:
    """Take an absence back, before it begins or while it lasts: what still waits comes back at once.

    Raises what `end_absence` raises: `ExternalPerson`, `UnknownPerson`, `NoSuchAbsence`, `NotYourAbsence`.
    """
    delegation = end_absence(session, actor, delegation_id=delegation_id)
    _follow(session, actor, delegation)
    # What was kept for them until they are back.
    release(
        session,
        workspace_id=delegation.workspace_id,
        destination=delegation.person_id,
        now=actor.now,
    )
    return delegation


def keep_up(session: Session, now: datetime, *, limit: int = AT_ONCE) -> int:
    """Let absences begin and end whose time has come; how many were looked at. For the clock, in any number of processes.

    What was done already is not done again: only what lies with the wrong person moves.
    """
    due = session.scalars(
        select(Delegation)
        .where(Delegation.next_change_at <= now, is_at_work(Delegation.workspace_id))
        .order_by(Delegation.next_change_at, Delegation.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for delegation in due:
        _follow(session, by_the_clock(delegation.workspace_id, now), delegation)
    # Where nobody else could act for who is away, somebody may be able to by now (their account is back).
    seen = {delegation.workspace_id for delegation in due}
    for workspace_id in session.scalars(_with_who_is_away(now)).all():
        if workspace_id not in seen:
            pass_on(session, by_the_clock(workspace_id, now))
    return len(due)


def _with_who_is_away(now: datetime) -> Select[str]:
    """The workspaces in which something waits for somebody who is away, or may be: a day more or less, as zones differ."""
    held = exists().where(
        ChangeRequest.workspace_id == Delegation.workspace_id,
        ChangeRequest.ball_holder_id == Delegation.person_id,
        ChangeRequest.is_open,
    )
    return (
        select(Delegation.workspace_id)
        .where(
            Delegation.next_change_at.is_not(None),
            Delegation.first_day <= now.date() + timedelta(days=1),
            is_at_work(Delegation.workspace_id),
            held,
        )
        .distinct()
        .order_by(Delegation.workspace_id)
    )


def _follow(
    session: Session, actor: Actor, delegation: Delegation, *, knows: tuple[str, str] | None = None
) -> None:
    """Let what waits follow who is away now; the clock looks again when more changes, or when this was not all."""
    is_all = pass_on(session, actor, knows=knows)
    if not is_all:
        delegation.next_change_at = actor.now
    elif delegation.ended_at is not None:
        delegation.next_change_at = None
    else:
        person = session.get_one(Person, (delegation.workspace_id, delegation.person_id))
        delegation.next_change_at = next_change(delegation.days, person.tz, actor.now)
    refresh(session, workspace_id=delegation.workspace_id, subject_id=delegation.id, now=actor.now)
    # Everybody's Home says who is away.
    homes.touch_all(session, workspace_id=delegation.workspace_id, now=actor.now)


def _tell_delegate(session: Session, actor: Actor, delegation: Delegation) -> None:
    """In private: who named them. One who is away themselves hears of it when they are back."""
    here = delegation.workspace_id
    away = away_now(session, workspace_id=here, at=actor.now).get(delegation.delegate_id)
    hears_at = actor.now
    if (
        away is not None
        and acting_for(session, here, delegation.delegate_id, actor.now) != delegation.delegate_id
    ):
        hears_at = over_at(away.until, session.get_one(Person, (here, delegation.delegate_id)).tz)
    _tell(session, delegation, DELEGATE_NAMED, delegation.delegate_id, hears_at)


def _tell(session: Session, delegation: Delegation, kind: str, person_id: str, at: datetime) -> None:
    announce(
        session,
        workspace_id=delegation.workspace_id,
        kind=kind,
        subject_id=delegation.id,
        destination=person_id,
        dedupe_key=f"{kind}:{delegation.id}",
        now=at,
    )
