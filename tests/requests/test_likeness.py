from __future__ import annotations

import time

import pytest

from bot.requests.typed.likeness import ALIKE, likeness

SAME = [
    ("Add a newsletter sign-up", "Newsletter signup on the home page"),
    ("Newsletter sign-up", "newsletter SIGN-UP!"),
    ("Make the logo bigger", "Bigger logo please"),
    ("Bigger logo", "The logo should be bigger in the footer"),
    ("Cookie banner", "New cookie banner"),
    ("Translate the site into French", "Site in French (translation)"),
    ("Neue Startseite für den Shop", "Startseite Shop neu"),
    ("Kontaktformular", "Kontaktformular hinzufügen"),
    ("Move the launch to May", "move launch to may"),
    ("newsleter sign up", "Newsletter sign-up"),
    ("日本語のページ", "日本語のページ"),
]
OTHER = [
    ("Add a newsletter sign-up", "Add a contact form"),
    ("Make the logo bigger", "Make the footer smaller"),
    ("Cookie banner", "Holiday banner for the shop"),
    ("New home page", "New about page"),
    ("", "Newsletter"),
    ("Newsletter", ""),
    ("🎉", "🎈"),
    ("a", "the"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_wish_in_other_words_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE
    assert likeness(other, one) >= ALIKE


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_wish_is_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE
    assert likeness(other, one) < ALIKE


def test_it_is_between_nothing_and_all() -> None:
    assert likeness("Newsletter sign-up", "Newsletter sign-up") == 1
    assert likeness("Newsletter", "Footer") == 0


def test_a_thousand_long_titles_take_no_time_that_anybody_notices() -> None:
    titles = [f"{'very ' * 20}long title number {number} with newsletter" for number in range(1_000)]
    for title in titles:
        likeness("warm up", title)
    began = time.thread_time()
    for title in titles:
        likeness("Long newsletter title with a number", title)
    assert time.thread_time() - began < 1
