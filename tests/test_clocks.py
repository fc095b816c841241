"""Whether a clock can be trusted: it goes like one that nobody can set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import STEADY_AGAIN, Steadiness

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Hands:
    """A clock that may be set, and one that may not; both go on together."""

    def __init__(self) -> None:
        self.gone = 0.0
        self.wrong = 0.0
        self.steadiness = Steadiness(
            lambda: NOON + timedelta(seconds=self.gone + self.wrong), seconds=lambda: self.gone
        )

    def is_steady(self, *, after: float = 0.0) -> bool:
        self.gone += after
        return self.steadiness.is_steady()


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_a_clock_that_goes_evenly_is_steady_however_long_nobody_asked(hands: Hands) -> None:
    assert hands.is_steady()
    assert hands.is_steady(after=86_400)


@pytest.mark.parametrize("seconds", [-3600.0, -5.0, 5.0, 3600.0])
def test_one_that_was_set_is_steady_again_half_a_minute_later(hands: Hands, seconds: float) -> None:
    hands.wrong = seconds
    assert not hands.is_steady(after=1)
    assert not hands.is_steady(after=STEADY_AGAIN.total_seconds() - 1)
    assert hands.is_steady(after=1)


def test_one_that_is_set_right_again_has_jumped_once_more(hands: Hands) -> None:
    hands.wrong = 600
    assert not hands.is_steady()
    hands.wrong = 0
    assert not hands.is_steady(after=STEADY_AGAIN.total_seconds())
    assert hands.is_steady(after=STEADY_AGAIN.total_seconds())


def test_one_that_is_set_right_in_small_steps_is_steady(hands: Hands) -> None:
    for _ in range(100):
        hands.wrong += 0.5
        assert hands.is_steady(after=1)
