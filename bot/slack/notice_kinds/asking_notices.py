"""How questions, answers and what else happens to a request between logging and decision are told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.requests import announcing, repository
from bot.requests.afterwards.cleared import event_at
from bot.requests.afterwards.linked import linked
from bot.requests.bargaining import questions
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts, LinkedRequest, PastEvent, QuestionFacts
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.notice_kinds.words_notices import words_now
from bot.slack.views import asking, duplicates, editing, reopening


def _question(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, question = _loaded(session, loaded)
    # Where another company reads along, the question goes to the AM alone.
    return None if audience.is_external or question is None else asking.asked(card, question)


def _answered(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, question = _loaded(session, loaded)
    if audience.is_external or question is None or question.answered_at is None:
        return None
    return asking.answered(card, question)


def _question_in_private(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, question = _loaded(session, loaded)
    if question is None:
        return None
    # Perhaps only the client knows: the words to ask them stand beside it.
    words = words_now(session, card, Step.ASKED, audience.now) if asking.is_open(card, question) else ""
    return asking.question_in_private(card, question, words)


def _edited(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, event = _with_event(session, loaded)
    return None if audience.is_external or event is None else editing.edited(card, event)


def _reopened(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, event = _with_event(session, loaded)
    return None if audience.is_external or event is None else reopening.reopened(card, event)


def _appealed(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, event = _with_event(session, loaded)
    return None if audience.is_external or event is None else reopening.appealed(card, event)


def _duplicate(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    card, event = _with_event(session, loaded)
    original = _other(session, loaded)
    if audience.is_external or event is None or original is None:
        return None
    return duplicates.marked(card, event.by.name, original)


def _duplicate_of(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    _, event = _with_event(session, loaded)
    duplicate = _other(session, loaded)
    if audience.is_external or event is None or duplicate is None:
        return None
    return duplicates.found(event.by.name, duplicate)


def _other(session: Session, loaded: Loaded) -> LinkedRequest | None:
    other_id = UUID(str(loaded.facts["other_id"]))
    return linked(session, workspace_id=loaded.workspace_id, request_id=other_id)


def _with_event(session: Session, loaded: Loaded) -> tuple[CardFacts, PastEvent | None]:
    here, request_id = loaded.workspace_id, loaded.subject_id
    card = repository.card_facts(session, workspace_id=here, request_id=request_id)
    position = int(loaded.facts["position"])
    return card, event_at(session, workspace_id=here, request_id=request_id, position=position)


def _loaded(session: Session, loaded: Loaded) -> tuple[CardFacts, QuestionFacts | None]:
    here = loaded.workspace_id
    card = repository.card_facts(session, workspace_id=here, request_id=loaded.subject_id)
    question_id = UUID(str(loaded.facts["question_id"]))
    return card, questions.by_id(session, workspace_id=here, question_id=question_id)


ASKING_KINDS: dict[str, Kind] = {
    announcing.QUESTION: Kind(_question, rather_twice=False),
    announcing.QUESTION_IN_PRIVATE: Kind(_question_in_private, mirrors=True),
    announcing.ANSWERED: Kind(_answered, rather_twice=False),
    announcing.EDITED: Kind(_edited, rather_twice=False),
    announcing.REOPENED: Kind(_reopened, rather_twice=False),
    announcing.APPEALED: Kind(_appealed, rather_twice=False),
    announcing.DUPLICATE: Kind(_duplicate, rather_twice=False),
    announcing.DUPLICATE_OF: Kind(_duplicate_of, rather_twice=False),
}
