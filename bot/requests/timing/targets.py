"""How soon the holder of the ball has to answer, when they are reminded, and to whom it goes if they do not.

The clock stands in the request's row: it is set when the ball is handed to somebody who has to answer, and the tick
(`reminders/`) asks for what is due with one index. It counts in the holder's own working time.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import String, Table, Update, Uuid, bindparam, update
from sqlalchemy.orm import Session

from bot.db.asking import tell
from bot.db.base import UtcDateTime
from bot.people.hours import workspace_and_hours
from bot.people.models import Actor
from bot.people.settings import targets_of
from bot.people.working_time import WorkingHours
from bot.requests.models import BallInterval, ChangeRequest, Priority
from bot.requests.routing.authority import authorities_over
from bot.workspaces.models import Workspace


class Duty(enum.StrEnum):
    """What the holder has to do, where an answer is due."""

    # Yes or no; when it does not come, the next authority decides.
    DECIDE = "decide"
    # What the decider asked, or which offer to take: nobody else can.
    ANSWER = "answer"


def duty_of(request: ChangeRequest) -> Duty | None:
    """What the holder of the ball has to answer; none where no answer is awaited."""
    if request.ball_holder_id is None or not request.awaits_decision:
        return None
    whose = request.ball_for_id or request.ball_holder_id
    return Duty.DECIDE if whose == request.decider_id else Duty.ANSWER


def next_authority(authorities: Sequence[str], *, holder: str, but_not: Collection[str]) -> str | None:
    """Who decides when the holder does not: the next of the authorities, and never the one who asked.

    While the holder is away, it is neither who acts for them: both are named in `but_not`.

    Somebody who is none of them (it was given to them) is followed by the first one above the project's manager.
    """
    if holder in authorities:
        above = authorities[authorities.index(holder) + 1 :]
    else:
        above = (*authorities[1:], *authorities[:1])
    return next((person_id for person_id in above if person_id not in {holder, *but_not}), None)


def keep_time(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Start the clock anew if somebody else has the ball now, or has to do something else with it.

    Called with every change of a request, after its state and its holder are what they will be; costs nothing while
    nobody new has to answer.
    """
    duty = duty_of(request)
    if _clock_of(request, request.ball_holder_id, duty) == request.clock_of:
        return
    _stop(request)
    if duty is None:
        return
    holder = request.ball_holder_id
    assert holder is not None, "a duty is somebody's"
    key = {"workspace_id": request.workspace_id}
    workspace, hours = workspace_and_hours(session, ids=[holder], now=actor.now, **key)
    goes_to = who_is_next(session, request, holder) if duty is Duty.DECIDE else None
    start_clock(request, holder, duty, goes_to, hours[holder], workspace, actor.now)
    note_due(session, request)


def something_follows(request: ChangeRequest) -> bool:
    """Whether anything happens when no answer comes: the ball goes on, or (where two must agree) it is told that it cannot."""
    return request.goes_to_id is not None or request.first_approver_id is not None


def who_is_next(session: Session, request: ChangeRequest, holder: str) -> str | None:
    """Who decides when the holder of the ball does not, as things stand; none when there is nobody."""
    if request.first_approver_id is not None:
        # Two have to agree: the second is the director, and nobody in their place.
        return None
    authorities = authorities_over(session, workspace_id=request.workspace_id, project_id=request.project_id)
    # Who acts for somebody else meanwhile did not answer in their name.
    whose, but_not = request.ball_for_id or holder, {request.requester_id, holder}
    # Who declined what was appealed does not decide it again.
    but_not |= {request.appealed_from} if request.appealed_from else set()
    return next_authority(authorities, holder=whose, but_not=but_not)


def note_due(session: Session, request: ChangeRequest) -> None:
    """Write down in the ball's open interval when the answer is due."""
    interval = {"of_workspace": request.workspace_id, "of_request": request.id, "due": request.due_at}
    tell(session, _DUE, interval)


def start_clock(
    request: ChangeRequest,
    holder: str,
    duty: Duty,
    goes_to: str | None,
    hours: WorkingHours,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Write into the row when the holder's answer is due and to whom the ball goes without it; `hours` are theirs."""
    target = target_of(workspace, request.priority)
    request.clock_of = _clock_of(request, holder, duty)
    request.goes_to_id = goes_to
    request.due_at = hours.add(now, target)
    request.clock_next_at = hours.add(now, target - notice_of(target))


def target_of(workspace: Workspace, priority: Priority) -> int:
    """In how many working minutes the first answer is due."""
    minutes: int = getattr(targets_of(workspace), priority.value)
    return minutes


def notice_of(target: int) -> int:
    """How many working minutes before the answer is due its holder is reminded: the last quarter of the time."""
    return target // 4


def remind_of_answer_owed(request: ChangeRequest, hours: WorkingHours, now: datetime) -> None:
    """Let the AM be reminded that the client waits: the working day before, and on the day; `hours` are the AM's."""
    request.owed_remind_at = next_owed_reminder(request.answer_owed_on, hours, now)


def next_owed_reminder(owed_on: date, hours: WorkingHours, now: datetime) -> datetime | None:
    """When the AM is reminded next after `now`: as work begins on the working day before, then on the day itself.

    On a day off there is nobody to remind: then it is the last working day before it.
    """
    on_the_day = owed_on if hours.is_working_day(owed_on) else hours.add_days(owed_on, -1)
    for day in (hours.add_days(on_the_day, -1), on_the_day):
        begins = hours.begins(day)
        if begins is not None and begins > now:
            return begins
    return None


def _clock_of(request: ChangeRequest, holder: str | None, duty: Duty | None) -> str | None:
    return None if duty is None else f"{holder}:{duty}:{request.priority}"


def _stop(request: ChangeRequest) -> None:
    request.clock_of = request.due_at = request.goes_to_id = request.clock_next_at = None
    request.reminded_at = None


def _due_statement() -> Update:
    interval = BallInterval.__table__
    assert isinstance(interval, Table)
    return (
        update(interval)
        .where(
            interval.c.workspace_id == bindparam("of_workspace", type_=String),
            interval.c.request_id == bindparam("of_request", type_=Uuid),
            interval.c.until.is_(None),
        )
        .values(due_at=bindparam("due", type_=UtcDateTime()))
    )


# Built once: it runs with every request that is logged.
_DUE = _due_statement()
