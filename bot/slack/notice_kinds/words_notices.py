"""How the words for the client are drawn, at every step."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.requests import announcing, repository
from bot.requests.client_words.words import own_words
from bot.requests.client_words.words_about import about
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts
from bot.requests.models import Promise, State
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.text.client_words import STEP_OF, words
from bot.slack.views.words import holding_reply, to_send

# Where a request is as long as the words of a step fit it; decisions are compared by themselves.
_FITS = {
    Step.ASKED: {State.NEEDS_INFO},
    Step.COUNTERED: {State.COUNTERED},
    Step.REOPENED: {State.UNDER_REVIEW, State.NEEDS_INFO, State.COUNTERED},
}


def words_now(session: Session, facts: CardFacts, step: Step, now: datetime) -> str:
    """The words for a step as they read now."""
    own = own_words(session, workspace_id=facts.workspace_id, step=step, language=facts.language)
    return words(facts, step, about(facts, step, now=now), own)


def holding(session: Session, facts: CardFacts, now: datetime) -> Message:
    """The holding reply, ready to copy."""
    is_sent = facts.promise is not Promise.NOTHING_SAID
    return holding_reply(facts, words_now(session, facts, Step.HOLDING, now), is_sent=is_sent)


def _holding_reply(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    # It came late: the answer itself is there, or the client heard something else.
    if not facts.awaits_decision or facts.promise is not Promise.NOTHING_SAID:
        return None
    return holding(session, facts, audience.now)


def _client_words(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    facts = repository.card_facts(session, workspace_id=loaded.workspace_id, request_id=loaded.subject_id)
    named = str(loaded.facts.get("step") or "")
    decided = str(loaded.facts.get("decision_id") or "")
    decision = facts.decision
    if named:
        step = Step(named)
        stands = facts.state in _FITS.get(step, set())
    elif decision is None:
        return to_send(facts, Step.REOPENED, "", stands=False)
    else:
        step = STEP_OF[decision.outcome]
        # Words for a decision that was taken back since; an older notice does not say which it was about.
        stands = decided in {"", str(decision.id)}
    return to_send(
        facts, step, words_now(session, facts, step, audience.now) if stands else "", stands=stands
    )


WORDS_KINDS: dict[str, Kind] = {
    announcing.CLIENT_WORDS: Kind(_client_words, mirrors=True),
    announcing.HOLDING_REPLY: Kind(_holding_reply, rather_twice=False),
}
