"""How counter-offers and conditions, and what becomes of them, are told."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.requests import announcing, repository
from bot.requests.afterwards.cleared import event_at
from bot.requests.bargaining import conditions as depending
from bot.requests.bargaining import offers as queries
from bot.requests.facts import CardFacts, ConditionFacts, OfferFacts
from bot.requests.models import EventKind
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.views import conditions, offers, swaps

Options = tuple[OfferFacts, ...]


def _in_thread(draw: Callable[[CardFacts, Options], Message | None]) -> Kind:
    """A line of the story; where another company reads along there is none."""

    def drawn(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
        return None if audience.is_external else draw(*_loaded(session, loaded))

    return Kind(drawn, rather_twice=False)


def _offered(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    return None if audience.is_external else offers.offered(*_loaded(session, loaded))


def _in_private(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    return offers.offered_in_private(*_loaded(session, loaded))


def _taken(card: CardFacts, options: Options) -> Message | None:
    taken = next((option for option in options if option.taken_by is not None), None)
    if taken is None or card.decision is None or card.decision.at != taken.taken_at:
        return None
    return offers.taken(card, taken, card.decision)


def _refused(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    card, _ = _loaded(session, loaded)
    return offers.refused(card, str(loaded.facts.get("reason") or ""))


def _over(card: CardFacts, options: Options) -> Message | None:
    is_open = bool(card.offers) and card.offers[0].round == options[0].round
    return offers.over(card, options) if is_open and card.decision is None else None


def _loaded(session: Session, loaded: Loaded) -> tuple[CardFacts, Options]:
    here, request_id = loaded.workspace_id, loaded.subject_id
    card = repository.card_facts(session, workspace_id=here, request_id=request_id)
    number = int(str(loaded.facts["round"]))
    return card, queries.of_round(session, workspace_id=here, request_id=request_id, number=number)


def _condition(session: Session, loaded: Loaded) -> tuple[CardFacts, ConditionFacts]:
    here, request_id = loaded.workspace_id, loaded.subject_id
    card = repository.card_facts(session, workspace_id=here, request_id=request_id)
    number = int(str(loaded.facts["number"]))
    condition = depending.of_number(session, workspace_id=here, request_id=request_id, number=number)
    assert condition is not None, "a notice is about a condition that is there"
    return card, condition


def _condition_in_private(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    return conditions.in_private(*_condition(session, loaded))


def _settled(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    return None if audience.is_external else conditions.settled(*_condition(session, loaded))


def _swapped(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    here, request_id = loaded.workspace_id, loaded.subject_id
    position = int(str(loaded.facts["position"]))
    event = event_at(session, workspace_id=here, request_id=request_id, position=position)
    if audience.is_external or event is None:
        return None
    card = repository.card_facts(session, workspace_id=here, request_id=request_id)
    return swaps.swapped(card, str(event.facts["other"]), is_out=event.kind is EventKind.SWAPPED_OUT)


BARGAINING_KINDS: dict[str, Kind] = {
    announcing.OFFERED: Kind(_offered, mirrors=True, rather_twice=False),
    announcing.OFFERED_IN_PRIVATE: Kind(_in_private, mirrors=True),
    announcing.OFFER_TAKEN: _in_thread(_taken),
    announcing.OFFERS_REFUSED: Kind(_refused, rather_twice=False),
    announcing.OFFERS_OVER: _in_thread(_over),
    announcing.CONDITION_IN_PRIVATE: Kind(_condition_in_private, mirrors=True),
    announcing.SWAPPED: Kind(_swapped, rather_twice=False),
    announcing.CONDITION_SETTLED: Kind(_settled, rather_twice=False),
}
