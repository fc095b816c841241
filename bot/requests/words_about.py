"""What a step of a request adds to the words for its client: loaded only where such words are drawn."""

from __future__ import annotations

from datetime import datetime

from bot.requests.facts import CardFacts
from bot.requests.words_facts import WordsAbout
from bot.requests.words_models import Step


def about(card: CardFacts, step: Step, *, now: datetime) -> WordsAbout:
    """Everything besides the card that the words for this step need."""
    owed_on = card.answer_owed_on
    # A day that is over is no promise.
    ahead = owed_on if step is Step.HOLDING or owed_on >= now.date() else None
    return WordsAbout(owed_on=ahead, question=card.question.text if card.question is not None else "")
