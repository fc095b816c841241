"""What a card says of the agreed budget: beside the hours, in the client's currency, never to another company."""

from __future__ import annotations

from typing import Any

import pytest

from bot.ledger.models import Funding
from bot.ledger.repository import Accepted
from bot.requests.facts import CardFacts
from bot.requests.models import State
from bot.slack.message import Message
from bot.slack.text.card import decided_in_thread
from bot.slack.views.card import card, safe_card
from tests.slack.test_client_words import a_card, a_decision

WAITS: dict[str, Any] = {"state": State.SUBMITTED, "estimated_minutes": 180}
SO_FAR = Accepted(840, 240, 1_400_00, 400_00)


def figures(message: Message) -> str:
    """The part of a card that sets what was accepted against what was agreed."""
    texts = [str(block["text"]["text"]) for block in message.blocks if block["type"] == "section"]
    return next(text for text in texts if " accepted" in text)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        pytest.param(
            a_card(**WAITS),
            "€14,400 agreed, +€0 accepted (0 %), *+€360 with this one (2 %)*",
            id="nothing accepted yet",
        ),
        pytest.param(
            a_card(**WAITS, accepted=SO_FAR),
            "€14,400 agreed, +€1,400 accepted (10 %), *+€1,760 with this one (12 %)* · €400 unpaid",
            id="some of it given away",
        ),
        pytest.param(
            a_card(**WAITS | {"estimated_minutes": None}, accepted=SO_FAR),
            "€14,400 agreed, +€1,400 accepted (10 %) · €400 unpaid",
            id="no estimate",
        ),
        pytest.param(
            a_card(a_decision(), accepted=SO_FAR),
            "€14,400 agreed, +€1,400 accepted (10 %) · €400 unpaid",
            id="decided",
        ),
        pytest.param(
            a_card(**WAITS, currency="JPY", agreed_budget_minor=1_440_000, rate_minor=12_000),
            "¥1,440,000 agreed, +¥0 accepted (0 %), *+¥36,000 with this one (2 %)*",
            id="a currency without cents",
        ),
        pytest.param(
            a_card(**WAITS, agreed_minutes=0, rate_minor=0),
            "€14,400 agreed, +€0 accepted (0 %)",
            id="no agreed hours, so no rate to value this one at",
        ),
    ],
)
def test_what_was_accepted_stands_against_the_agreed_budget_and_what_this_one_makes_of_it(
    facts: CardFacts, line: str
) -> None:
    assert figures(card(facts)).split("\n")[1:] == [line]


def test_the_lock_screen_tells_the_money_too_while_somebody_has_to_decide() -> None:
    assert "+€360 with this one" in card(a_card(**WAITS)).text


@pytest.mark.parametrize(
    ("fee_minor", "split", "said"),
    [
        (0, {Funding.GOODWILL: 0}, "no hours, no delay"),
        (200_00, {Funding.CHANGE_ORDER: 0}, "no hours, €200, no delay, change order"),
        (200_00, {Funding.GOODWILL: 0, Funding.CHANGE_ORDER: 0}, "no hours, €200, no delay, change order"),
    ],
)
def test_of_no_hours_nobody_pays_a_part(fee_minor: int, split: dict[Funding, int], said: str) -> None:
    decision = a_decision(minutes=0, fee_minor=fee_minor, split=tuple(split.items()))
    assert decided_in_thread(a_card(decision), decision).startswith(f"Pete accepted this: {said}. Ball:")


def test_a_project_without_a_budget_has_no_line_of_money() -> None:
    said = card(a_card(**WAITS, agreed_budget_minor=0, rate_minor=0))
    assert figures(said) == "120 h agreed, +0 h accepted (0 %), *+3 h with this one (2 %)*"
    assert "€" not in f"{said.text}{said.blocks}"


def test_where_another_company_reads_along_no_figure_is_told() -> None:
    for facts in (a_card(**WAITS, accepted=SO_FAR), a_card(a_decision(), accepted=SO_FAR)):
        said = safe_card(facts)
        for secret in ("€", "14,400", "1,400", "120 h", "agreed", "with this one"):
            assert secret not in f"{said.text}{said.blocks}", secret
