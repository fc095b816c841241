"""How what Handoff says of its own accord is drawn: from the row as it is, so that no reminder outlives its reason."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.reminders.service import ANSWER_OWED, ESCALATED, NUDGE, REMINDER, STILL_THEIRS, YOURS_NOW
from bot.requests import repository
from bot.requests.facts import CardFacts
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.text import reminders as say
from bot.slack.views import reminders as view

Place = tuple[str, str] | None


def _reminder(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts, place = _load(session, loaded)
    if _is_with(facts, loaded.destination):
        return view.to_act(facts, say.reminder(facts, place))
    return view.bare(say.over(facts, place))


def _nudge(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts, place = _load(session, loaded)
    if _is_with(facts, loaded.destination):
        return view.to_act(facts, say.nudge(facts, place, _name(session, loaded, "by")))
    return view.bare(say.over(facts, place))


def _yours_now(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts, place = _load(session, loaded)
    if _is_with(facts, loaded.destination):
        before = _name(session, loaded, "before")
        return view.to_act(facts, say.yours_now(facts, place, before, _due_at(loaded)))
    return view.bare(say.over(facts, place))


def _escalated(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    # Where another company reads along, who decides among us is nobody's business.
    if audience.is_external:
        return None
    facts, _ = _load(session, loaded)
    before, after = _name(session, loaded, "before"), _name(session, loaded, "to")
    text = say.escalated_in_thread(facts, before, after, _due_at(loaded))
    return view.bare(text)


def _still_theirs(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts, _ = _load(session, loaded)
    if audience.is_external or facts.first_yes is None:
        return None
    return view.bare(say.still_theirs(facts, _name(session, loaded, "holder"), _due_at(loaded)))


def _answer_owed(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts, place = _load(session, loaded)
    if facts.client_told_at is None and facts.closed_at is None:
        return view.answer_owed(facts, say.answer_owed(facts, place))
    return view.bare(say.over(facts, place))


def _load(session: Session, loaded: Loaded) -> tuple[CardFacts, Place]:
    workspace_id, request_id = loaded.workspace_id, loaded.subject_id
    facts = repository.card_facts(session, workspace_id=workspace_id, request_id=request_id)
    return facts, repository.card_place(session, workspace_id=workspace_id, request_id=request_id)


def _is_with(facts: CardFacts, person_id: str) -> bool:
    return facts.ball is not None and facts.ball.id == person_id


def _name(session: Session, loaded: Loaded, fact: str) -> str:
    return people.name(session, workspace_id=loaded.workspace_id, person_id=str(loaded.facts.get(fact) or ""))


def _due_at(loaded: Loaded) -> datetime | None:
    due_at = loaded.facts.get("due_at")
    return datetime.fromtimestamp(due_at, UTC) if isinstance(due_at, int | float) else None


REMINDER_KINDS: dict[str, Kind] = {
    REMINDER: Kind(_reminder, mirrors=True, rather_twice=False),
    NUDGE: Kind(_nudge, mirrors=True, rather_twice=False),
    YOURS_NOW: Kind(_yours_now, mirrors=True),
    STILL_THEIRS: Kind(_still_theirs, rather_twice=False),
    ESCALATED: Kind(_escalated, rather_twice=False),
    ANSWER_OWED: Kind(_answer_owed, mirrors=True, rather_twice=False),
}
