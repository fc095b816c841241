"""Which private notices wait until their reader is at work, and until when: one table, asked when each is about to go.

A notice goes at once where its request is urgent, where its reader is at work (and not away), and where they did
something with this very request within the last half hour: then they are evidently here, and it is the answer to what
they did. What is not in the table goes at once always: it answers its reader, or is said in a channel.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.outbox.due import DueNotice
from bot.people.hours import hours_of
from bot.people.models import Person
from bot.people.standing_in import away_now, over_at
from bot.reminders.repository import acted_since
from bot.reminders.service import ANSWER_OWED, NUDGE, REMINDER, YOURS_NOW
from bot.requests import announcing
from bot.requests.models import ChangeRequest, Priority
from bot.requests.routing.absences import ABSENCE_SET, DELEGATE_NAMED
from bot.requests.routing.departures import LEFT_BEHIND
from bot.requests.routing.passing_on import PASSED_ON
from bot.slack.notice_kinds.notices import PRIVATE_CARD

EVIDENTLY_HERE = timedelta(minutes=30)

# Kind of notice: what its reader is to do about it.
WAITS_FOR_WORK = {
    REMINDER: "answer, in the time that is left",
    NUDGE: "say how it stands",
    YOURS_NOW: "decide instead of somebody else",
    ANSWER_OWED: "tell the client",
    PRIVATE_CARD: "decide what cannot be shown in its channel",
    announcing.QUESTION_IN_PRIVATE: "answer the question of whoever decides",
    announcing.OFFERED_IN_PRIVATE: "take one of the options, or none",
    announcing.CONDITION_IN_PRIVATE: "say whether the condition is met",
    announcing.CLIENT_WORDS: "tell the client what was decided",
    announcing.ANSWER_EXPIRED: "ask the client again",
    announcing.CAME_BACK: "ask again, or let it go",
    PASSED_ON: "do what somebody who is away has to do",
    LEFT_BEHIND: "do what somebody who left had to do",
    ABSENCE_SET: "know that they are away",
    DELEGATE_NAMED: "know for whom to decide, and when",
}
# Who is away is to know of these all the same.
ANYWHERE = frozenset({ABSENCE_SET, DELEGATE_NAMED})
# Of these Slack is asked, too, whether their reader wants to be left alone.
REMINDERS = frozenset({REMINDER, NUDGE, ANSWER_OWED})


def not_before(session: Session, notice: DueNotice, now: datetime) -> datetime | None:
    """When a notice may be said at the earliest; none where it may be said now."""
    if notice.kind not in WAITS_FOR_WORK:
        return None
    # Not everything is about a request: who is named as a delegate is told of an absence.
    request = session.get(ChangeRequest, (notice.workspace_id, notice.subject_id))
    if request is not None and request.priority is Priority.URGENT:
        return None
    reader = notice.destination
    hours = hours_of(session, workspace_id=notice.workspace_id, person_id=reader, now=now)
    back_at = _back_at(session, notice, now)
    if back_at is None and hours.is_working(now):
        return None
    if request is not None and acted_since(
        session, request=request, person_id=reader, since=EVIDENTLY_HERE, now=now
    ):
        return None
    return hours.next_start(back_at or now)


def _back_at(session: Session, notice: DueNotice, now: datetime) -> datetime | None:
    """When a reader who is away is back: nobody could act for them, or it would not go to them."""
    here, reader = notice.workspace_id, notice.destination
    away = away_now(session, workspace_id=here, at=now).get(reader)
    if away is None or notice.kind in ANYWHERE:
        return None
    return over_at(away.until, session.get_one(Person, (here, reader)).tz)


def asks_slack(session: Session, notice: DueNotice) -> bool:
    """Whether Slack's do-not-disturb counts for a notice: for reminders, unless the request is urgent."""
    if notice.kind not in REMINDERS:
        return False
    request = session.get(ChangeRequest, (notice.workspace_id, notice.subject_id))
    return request is not None and request.priority is not Priority.URGENT
