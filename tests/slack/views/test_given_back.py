from __future__ import annotations

import pytest

from bot.slack.limits import MESSAGE_BLOCKS, MESSAGE_TEXT, SECTION_TEXT
from bot.slack.views.given_back import given_back, open_form

LONGEST = 40_000


def words_in(message) -> str:
    texts = [block["text"] for block in message.blocks if block["type"] == "section"]
    return "".join(text["text"] for text in texts if text["type"] == "plain_text")


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(f"word{number}" for number in range(6_000))[:LONGEST],
        "\n".join(f"line {number}" for number in range(5_000))[:LONGEST],
        "a" * LONGEST,
        "R&D <3 & *more*",
    ],
)
def test_every_word_comes_back_as_it_was_typed(typed: str) -> None:
    message = given_back("It did not work. You typed:", typed, open_form("x"))
    assert words_in(message) == typed
    assert message.blocks[-1]["type"] == "actions"
    assert len(message.blocks) <= MESSAGE_BLOCKS
    assert all(
        len(block["text"]["text"]) <= SECTION_TEXT for block in message.blocks if block["type"] == "section"
    )
    assert len(message.text) <= MESSAGE_TEXT
    assert message.text.startswith("It did not work. You typed: ")


def test_a_paragraph_of_blanks_is_left_out_since_slack_takes_none() -> None:
    message = given_back("You typed:", f"first{' ' * 3 * SECTION_TEXT}last")
    assert [block["text"]["text"].strip() for block in message.blocks] == ["You typed:", "first", "last"]
