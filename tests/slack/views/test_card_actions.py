from __future__ import annotations

import pytest

from bot.slack.views.card_actions import CARD_ACTIONS, CardAction


@pytest.mark.parametrize("action", CARD_ACTIONS, ids=lambda action: f"{action.button}-{action.words}")
def test_who_says_the_words_on_a_button_to_a_screen_reader_finds_it(action: CardAction) -> None:
    assert action.label.startswith(action.words)
    assert "{name}" in action.label


def test_every_act_behind_more_says_what_it_means() -> None:
    assert [
        action.words
        for action in CARD_ACTIONS
        if not (action.is_on_card or action.meaning or action.meaning_now)
    ] == []
