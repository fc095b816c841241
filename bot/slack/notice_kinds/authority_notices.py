"""What is told when somebody else decides: in the thread, and in private to who gets what somebody left behind."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.requests import announcing, repository
from bot.requests.facts import PersonName
from bot.requests.routing import departures
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Message
from bot.slack.text import authority as say
from bot.slack.text import card as say_card
from bot.slack.views.absence import told_in_private
from bot.slack.views.elements import section

LISTED = 10


def _given(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    here = loaded.workspace_id
    card = repository.card_facts(session, workspace_id=here, request_id=loaded.subject_id)
    by, to = str(loaded.facts["by"]), str(loaded.facts["to"])
    names = people.names(session, workspace_id=here, ids=[by, to])
    person = PersonName(to, names.get(to, to))
    text = say.given_in_thread(card, names.get(by, by), person, str(loaded.facts["reason"]))
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def _first_yes(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    if audience.is_external or card.first_yes is None:
        # The second yes (or the "no") is there, and says it all.
        return None
    text = say_card.first_yes_in_thread(card, card.first_yes)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def _left_behind(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    here, ids = loaded.workspace_id, [UUID(str(one)) for one in loaded.facts["requests"]]
    lines = [line for line in repository.lines_of(session, workspace_id=here, ids=ids) if line.is_open]
    if not lines:
        return None
    who = people.name(session, workspace_id=here, person_id=str(loaded.facts["who"]))
    reader = people.person(session, workspace_id=here, person_id=loaded.destination)
    today = (audience.now.astimezone(reader.tz) if reader else audience.now).date()
    return told_in_private(say.left_behind(who, len(lines)), lines[:LISTED], today)


AUTHORITY_KINDS: dict[str, Kind] = {
    announcing.FIRST_YES: Kind(_first_yes, rather_twice=False),
    announcing.GIVEN: Kind(_given, rather_twice=False),
    departures.LEFT_BEHIND: Kind(_left_behind),
}
