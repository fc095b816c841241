from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.calendar import Calendar
from bot.demo.plot import Asks, Decides, Tells, beginning, happenings


def test_the_story_ends_before_now_and_in_order_on_any_day_of_the_year() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for hours in range(0, 366 * 24, 43):
        now = start + timedelta(hours=hours)
        story = happenings(Calendar(now, seed=1))
        assert beginning(Calendar(now, seed=1)) <= story[0].at
        assert story[-1].at <= now


@pytest.mark.parametrize(
    ("now", "last_day"),
    [
        ("2026-11-23T04:00+00:00", "2026-11-20"),  # Monday before work: Friday
        ("2026-11-23T08:29+00:00", "2026-11-20"),
        ("2026-11-23T08:30+00:00", "2026-11-23"),  # 09:30 in Madrid
        ("2026-11-25T22:00+00:00", "2026-11-25"),
        ("2026-11-22T12:00+00:00", "2026-11-20"),  # Sunday
    ],
)
def test_the_last_day_is_the_newest_working_day_that_has_begun(now: str, last_day: str) -> None:
    assert Calendar(datetime.fromisoformat(now), seed=1).last_day.isoformat() == last_day


def test_a_last_day_that_is_not_over_holds_all_its_moments_in_order() -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    calendar = Calendar(now, seed=1)
    moments = [calendar.instant(0, at, "Europe/Madrid") for at in ("09:05", "12:00", "16:10", "18:30")]
    assert moments == sorted(set(moments))
    assert moments[-1] < now


def test_the_same_seed_gives_the_same_story_and_another_seed_other_seconds() -> None:
    now = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    once, again, other = (happenings(Calendar(now, seed)) for seed in (1, 1, 2))
    assert once == again
    assert [one.at for one in once] != [one.at for one in other]


def test_nobody_decides_a_request_of_their_own_or_tells_the_client_first() -> None:
    story = happenings(Calendar(datetime(2026, 11, 24, 19, 0, tzinfo=UTC), seed=1))
    asked = {one.deed.number: one for one in story if isinstance(one.deed, Asks)}
    decided = {one.deed.number: one for one in story if isinstance(one.deed, Decides)}
    for number, one in decided.items():
        assert one.at > asked[number].at
    for one in story:
        if isinstance(one.deed, Tells):
            assert one.at > decided[one.deed.number].at
            assert one.who == asked[one.deed.number].who != decided[one.deed.number].who
