"""How urgent a typed line is, and what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.requests.models import Priority
from bot.requests.typed.priority_words import without_priority


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("acme fix the checkout urgent", "acme fix the checkout"),
        ("urgent: acme fix the checkout", "acme fix the checkout"),
        ("URGENT acme fix it", "acme fix it"),
        ("! acme fix it", "acme fix it"),
        ("acme fix it !!", "acme fix it"),
        ("acme fix it, asap.", "acme fix it"),
        ("acme fix it by Friday ~3h urgent!\nIt is down.", "acme fix it by Friday ~3h\nIt is down."),
    ],
)
def test_a_word_at_the_edge_makes_it_urgent(typed: str, left: str) -> None:
    assert without_priority(typed) == (left, Priority.URGENT)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "urgent",
        "!",
        "acme make the urgent banner red",
        "acme fix it!",
        "acme fix it now!!!",
        "urgently acme",
        "acme insurgent",
        "acme fix it\nurgent",
    ],
)
def test_a_word_that_belongs_to_the_wish_stays_in_it(typed: str) -> None:
    assert without_priority(typed) == (typed, Priority.NORMAL)


@given(st.text(st.sampled_from("urgentasp! :,\n-x"), max_size=40))
def test_nothing_but_the_marks_is_taken_away(typed: str) -> None:
    left, priority = without_priority(typed)
    if priority is Priority.NORMAL:
        assert left == typed
    else:
        assert left.strip()
        marks = {"urgent", "asap", ""}
        bare = [word.strip(",:;.!-").casefold() for word in typed.split()]
        remaining = [word.strip(",:;.!-").casefold() for word in left.split()]
        assert [word for word in bare if word not in marks] == [w for w in remaining if w not in marks]
