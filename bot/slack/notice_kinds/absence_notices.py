"""What people are told in private when somebody goes away or comes back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.absence import is_past
from bot.people.models import Delegation
from bot.requests import repository
from bot.requests.facts import Line
from bot.requests.routing import absences, passing_on
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.text import absence as say
from bot.slack.views.absence import told_in_private

LISTED = 10


def _named(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    delegation = session.get(Delegation, (loaded.workspace_id, loaded.subject_id))
    if delegation is None:
        return None
    person = people.person(session, workspace_id=loaded.workspace_id, person_id=delegation.person_id)
    assert person is not None, "an absence refers to its person"
    over = is_past(delegation, person, audience.now)
    has_begun = delegation.first_day <= audience.now.astimezone(person.tz).date()
    lines = []
    if has_begun and not over:
        lines = repository.held_lines(
            session,
            workspace_id=loaded.workspace_id,
            holder_id=loaded.destination,
            for_id=delegation.person_id,
            limit=LISTED,
        )
    text = say.named(delegation, person.name, has_begun=has_begun, is_past=over)
    return told_in_private(text, lines, _today(session, loaded, audience.now))


def _set(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    delegation = session.get(Delegation, (loaded.workspace_id, loaded.subject_id))
    if delegation is None:
        return None
    person = people.person(session, workspace_id=loaded.workspace_id, person_id=delegation.person_id)
    assert person is not None, "an absence refers to its person"
    ids = [delegation.set_by, delegation.delegate_id]
    by, delegate = (people.name(session, workspace_id=loaded.workspace_id, person_id=one) for one in ids)
    over = is_past(delegation, person, audience.now)
    return told_in_private(say.set_for_you(delegation, by, delegate, is_past=over), [], audience.now.date())


def _passed_on(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    whose, ids = str(loaded.facts["whose"]), [UUID(str(one)) for one in loaded.facts["requests"]]
    lines = [
        line for line in _lines(session, loaded, ids) if line.ball and line.ball.id == loaded.destination
    ]
    if not lines:
        # It has moved on since: nobody needs to be called for it.
        return None
    if whose == loaded.destination:
        text = say.comes_back(len(lines))
    else:
        name = people.name(session, workspace_id=loaded.workspace_id, person_id=whose)
        text = say.comes_to_you(name, len(lines))
    return told_in_private(text, lines[:LISTED], _today(session, loaded, audience.now))


def _lines(session: Session, loaded: Loaded, ids: list[UUID]) -> list[Line]:
    return repository.lines_of(session, workspace_id=loaded.workspace_id, ids=ids)


def _today(session: Session, loaded: Loaded, now: datetime) -> date:
    reader = people.person(session, workspace_id=loaded.workspace_id, person_id=loaded.destination)
    return (now.astimezone(reader.tz) if reader else now).date()


ABSENCE_KINDS: dict[str, Kind] = {
    absences.DELEGATE_NAMED: Kind(_named, mirrors=True),
    absences.ABSENCE_SET: Kind(_set, mirrors=True),
    passing_on.PASSED_ON: Kind(_passed_on),
}
