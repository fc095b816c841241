"""What can be done with a request from a Home: what its holder has to do now, and "More" for all the rest."""

from __future__ import annotations

from collections.abc import Callable

from bot.requests.facts import CardFacts, PersonName
from bot.requests.models import State
from bot.slack.message import Block
from bot.slack.names import Button
from bot.slack.views.card_actions import CARD_ACTIONS, more_button

# The value of a "More" that stands on a Home ends so: there it has to offer what the card offers, too.
_FROM_HOME = ":home"


def home_buttons(facts: CardFacts, person_id: str) -> list[Block]:
    """What a person decides from their Home, and "More"."""
    first = []
    for action in CARD_ACTIONS:
        person = AT_HOME[action.button](facts) if action.button in AT_HOME else None
        is_theirs = person is not None and person.id == person_id
        if is_theirs and action.offered_to is not None:
            is_theirs = person_id in action.offered_to(facts)
        if is_theirs and action.fits(facts):
            first.append(action.drawn(facts))
    more = more_button(facts)
    return [*first, more | {"value": f"{more['value']}{_FROM_HOME}"}]


def is_from_home(value: str) -> bool:
    """Whether a press on "More" came from a Home."""
    return value.endswith(_FROM_HOME)


def _to_decide(facts: CardFacts) -> PersonName | None:
    return facts.ball if facts.state in {State.SUBMITTED, State.UNDER_REVIEW} else None


def _to_answer(facts: CardFacts) -> PersonName | None:
    return facts.ball if facts.state is State.NEEDS_INFO else None


def _holder(facts: CardFacts) -> PersonName | None:
    return facts.ball


# What a Home offers at once, to whoever has the ball.
AT_HOME: dict[Button, Callable[[CardFacts], PersonName | None]] = {
    Button.ACCEPT: _to_decide,
    Button.DECLINE: _to_decide,
    Button.ANSWER: _to_answer,
    Button.START: _holder,
    Button.DONE_AS_ESTIMATED: _holder,
    Button.CONDITION_MET: _holder,
}
