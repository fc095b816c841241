from __future__ import annotations

from datetime import timedelta

from bot.requests.typed import overflow
from tests.factories import act
from tests.portfolio.agency import ANA, HERE, NOW, PETE, settle


def test_words_come_back_to_who_typed_them_once(session) -> None:
    kept = overflow.keep(session, act(ANA), "more\x00 words\ud800")
    assert overflow.take(session, act(ANA), kept) == "more words"
    assert overflow.take(session, act(ANA), kept) == ""


def test_words_come_back_to_nobody_else(session) -> None:
    settle(session, "T2")
    kept = overflow.keep(session, act(ANA), "words")
    assert overflow.take(session, act(PETE), kept) == ""
    assert overflow.take(session, act(ANA, workspace_id="T2"), kept) == ""
    assert overflow.take(session, act(ANA, workspace_id=HERE), kept) == "words"


def test_words_nobody_came_back_for_are_forgotten_after_a_month(session) -> None:
    kept = overflow.keep(session, act(ANA), "words")
    overflow.forget_old(session, NOW + timedelta(days=30))
    young = overflow.keep(session, act(ANA, NOW + timedelta(days=30)), "newer")
    overflow.forget_old(session, NOW + timedelta(days=30, seconds=1))
    assert [overflow.take(session, act(ANA), one) for one in (kept, young)] == ["", "newer"]
