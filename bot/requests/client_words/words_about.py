"""What a step of a request adds to the words for its client: loaded only where such words are drawn."""

from __future__ import annotations

from datetime import datetime

from bot.requests.client_words.words_facts import Offered, WordsAbout
from bot.requests.client_words.words_models import Step
from bot.requests.facts import CardFacts
from bot.requests.models import State


def about(card: CardFacts, step: Step, *, now: datetime) -> WordsAbout:
    """Everything besides the card that the words for this step need."""
    owed_on = card.answer_owed_on
    # A day that is over is no promise.
    ahead = owed_on if step is Step.HOLDING or owed_on >= now.date() else None
    if step is Step.COUNTERED and card.state is State.COUNTERED:
        return _of_offers(card)
    condition = card.condition
    if step in {Step.CONDITIONAL, Step.ACCEPTED} and condition is not None:
        out = tuple(part.title for part in condition.out)
        return WordsAbout(owed_on=ahead, condition=condition.text, until=condition.due_on, out=out)
    return WordsAbout(owed_on=ahead, question=card.question.text if card.question is not None else "")


def _of_offers(card: CardFacts) -> WordsAbout:
    """What can still be taken, and until when the client can count on all of it."""
    on_table = [option for option in card.offers if not option.is_over]
    return WordsAbout(
        options=tuple(
            Offered(option.letter, option.what, option.minutes, option.fee_minor, option.due_on(card.due_on))
            for option in on_table
        ),
        until=min((option.valid_until for option in on_table), default=None),
    )
