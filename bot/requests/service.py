"""The life of a request: logged, withdrawn, answered to the client, sent to another decider. Decisions: `deciding`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import Refusal, WrongField, WrongFields
from bot.people.hours import workspace_and_hours
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.people.working_time import WorkingHours
from bot.portfolio.models import Project
from bot.portfolio.repository import project_locked
from bot.requests import ball, history, repository
from bot.requests.afterwards.after_yes import ACCEPTED, pass_on, send
from bot.requests.announcing import CARD, HOLDING_REPLY, WITHDRAWN, changed, say
from bot.requests.approval_figures import MOST_MINUTES
from bot.requests.models import ChangeRequest, ClientAnswer, EventKind, Priority, Promise, Reason, State
from bot.requests.refusals import (
    AlreadyTold,
    InThePast,
    Missing,
    NobodyElse,
    NotWaiting,
    ProjectClosed,
    TooMuch,
)
from bot.requests.rights import name_of, require_requester, require_waiting
from bot.requests.routing.authority import authorities_over, decider_for
from bot.requests.routing.rerouting import reroute, reroute_all
from bot.requests.routing.standing_in import who_acts
from bot.requests.timing.targets import Duty, next_authority, remind_of_answer_owed, start_clock
from bot.requests.typed.typed_text import without_controls

__all__ = ["Ask", "client_told", "reroute", "reroute_all", "submit", "withdraw"]

ANSWER_WITHIN_WORKING_DAYS = 2


@dataclass(frozen=True)
class Ask:
    """What the AM logs: the client's wish as they know it."""

    project_id: UUID
    title: str
    details: str = ""
    reason: Reason = Reason.CLIENT_REQUEST
    needed_by: date | None = None
    minutes: int | None = None
    promise: Promise = Promise.NOTHING_SAID
    priority: Priority = Priority.NORMAL
    source_url: str = ""


def submit(session: Session, actor: Actor, ask: Ask) -> ChangeRequest:
    """Log a request and route it to whoever decides it.

    Raises `WrongFields` (project, title, needed_by, hours), `NobodyElse`, `UnknownPerson`, `ExternalPerson`.
    """
    person = require_internal(session, actor)
    # Held, so that numbers are given out one at a time, and nobody gives the project away in between.
    project = project_locked(session, workspace_id=actor.workspace_id, project_id=ask.project_id)
    today = actor.now.astimezone(person.tz).date()
    ask = tidy(ask)
    _check_ask(ask, project, today)
    assert project is not None, "a missing project is a wrong field"
    authorities = authorities_over(session, workspace_id=actor.workspace_id, project_id=project.id)
    decider = decider_for(requester_id=actor.person_id, authorities=authorities)
    if decider is None:
        raise NobodyElse(project=project.name)
    project.last_number += 1
    request = _new_request(actor, ask, project, decider)
    acting = who_acts(session, request, decider, actor.now)
    workspace, hours = workspace_and_hours(
        session, workspace_id=actor.workspace_id, ids=[actor.person_id, acting], now=actor.now
    )
    request.answer_owed_on = answer_owed_on(today, ask.needed_by, hours[actor.person_id])
    remind_of_answer_owed(request, hours[actor.person_id], actor.now)
    start_clock(
        request,
        acting,
        Duty.DECIDE,
        next_authority(authorities, holder=decider, but_not={actor.person_id, acting}),
        hours[acting],
        workspace,
        actor.now,
    )
    session.add(request)
    # The history and the ball refer to the request's row: it has to be there first.
    session.flush()
    history.record(
        session,
        actor,
        request,
        EventKind.SUBMITTED,
        title=request.title,
        decider=decider,
        promise=str(ask.promise),
        priority=str(ask.priority),
        minutes=ask.minutes,
        needed_by=ask.needed_by.isoformat() if ask.needed_by else None,
    )
    ball.hand_to(session, actor, request, decider, acting_id=acting, due_at=request.due_at)
    say(session, actor, request, CARD, destination=project.channel_id)
    if ask.promise is Promise.NOTHING_SAID:
        # The client waits: the AM gets words that say so, and by when there is an answer.
        say(session, actor, request, HOLDING_REPLY, destination=request.requester_id)
    return request


def withdraw(session: Session, actor: Actor, *, request_id: UUID, reason: str = "") -> ChangeRequest:
    """Take a request back before it is decided.

    Raises `NoSuchRequest`, `NotTheRequester`, `AlreadyDecided`, `NotWaiting`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_requester(session, actor, request)
    require_waiting(session, request)
    reason = without_controls(reason).strip()
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.put_away(session, actor, request)
    request.state = State.WITHDRAWN
    request.closed_at = actor.now
    history.record(session, actor, request, EventKind.WITHDRAWN, reason=reason)
    changed(session, actor, request)
    say(session, actor, request, WITHDRAWN, reason=reason)
    return request


def client_told(session: Session, actor: Actor, *, request_id: UUID) -> ChangeRequest:
    """Write down that the client has the answer: what the AM owed them is done.

    An approved request then lies with the manager, to be delivered; where the client pays, it stays with who logged
    it until they say yes (`client_answers`). A rejected one is closed, a deferred one sleeps until its day.
    Raises `NoSuchRequest`, `NotTheRequester`, `AlreadyTold`, `NotWaiting`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_requester(session, actor, request)
    if request.client_told_at is not None:
        raise AlreadyTold(reference=request.reference, at=request.client_told_at)
    if request.state not in {*ACCEPTED, State.REJECTED, State.DEFERRED}:
        by = name_of(session, request, request.requester_id)
        raise NotWaiting(request.reference, request.state, by, request.closed_at)
    if request.client_answer is ClientAnswer.NOT_SENT:
        send(session, actor, request, None)
        return request
    request.client_told_at = actor.now
    if request.state is State.REJECTED:
        ball.put_away(session, actor, request)
        request.closed_at = actor.now
    elif request.state is State.DEFERRED:
        ball.put_away(session, actor, request)
    else:
        pass_on(session, actor, request)
    history.record(session, actor, request, EventKind.CLIENT_TOLD)
    changed(session, actor, request)
    return request


def tidy(ask: Ask) -> Ask:
    """The same without needless spaces and without characters that no database, file or message should hold."""
    return replace(
        ask,
        title=" ".join(without_controls(ask.title).split()),
        details=without_controls(ask.details).strip(),
        source_url=without_controls(ask.source_url).strip(),
    )


def _new_request(actor: Actor, ask: Ask, project: Project, decider: str) -> ChangeRequest:
    return ChangeRequest(
        workspace_id=actor.workspace_id,
        id=new_id(),
        project_id=project.id,
        number=project.last_number,
        reference=f"{project.key}-{project.last_number}",
        revision=1,
        version=1,
        state=State.UNDER_REVIEW,
        is_open=True,
        title=ask.title,
        details=ask.details,
        reason=ask.reason,
        needed_by=ask.needed_by,
        estimated_minutes=ask.minutes,
        promise=ask.promise,
        promise_at=None if ask.promise is Promise.NOTHING_SAID else actor.now,
        priority=ask.priority,
        source_url=ask.source_url,
        requester_id=actor.person_id,
        decider_id=decider,
        submitted_at=actor.now,
        event_count=0,
        event_head="",
    )


def _check_ask(ask: Ask, project: Project | None, today: date) -> None:
    wrong: list[WrongField] = []
    if project is None:
        wrong.append(WrongField("project", Missing()))
    elif project.closed_at is not None:
        wrong.append(WrongField("project", ProjectClosed(project=project.name)))
    wrong += wrong_wish(ask, today)
    if wrong:
        raise WrongFields(wrong)


def wrong_wish(ask: Ask, today: date, *, already_needed_by: date | None = None) -> list[WrongField]:
    """What of the client's wish cannot be taken; a date in the past may stay what it already was."""
    wrong: list[WrongField] = []

    def refuse(field: str, why: Refusal) -> None:
        wrong.append(WrongField(field, why))

    if not ask.title:
        refuse("title", Missing())
    if ask.needed_by is not None and ask.needed_by < today and ask.needed_by != already_needed_by:
        refuse("needed_by", InThePast(day=ask.needed_by))
    if ask.minutes is not None and not 0 <= ask.minutes <= MOST_MINUTES:
        refuse("hours", TooMuch(most=MOST_MINUTES // 60))
    return wrong


def answer_owed_on(today: date, needed_by: date | None, hours: WorkingHours) -> date:
    """By when the client should have an answer: in two working days, and never after they need the thing itself."""
    soon = hours.add_days(today, ANSWER_WITHIN_WORKING_DAYS)
    return min(soon, needed_by) if needed_by is not None and needed_by >= today else soon
