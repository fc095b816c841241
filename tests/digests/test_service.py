from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.db.runner import Runner
from bot.db.transaction import reading, transaction
from bot.digests import service
from bot.digests.models import Coverage, DigestKind, DigestRun, DigestSchedule, RunState
from bot.digests.refusals import DigestsStayInside, NotAWeekday, NotAWholeMinute
from bot.digests.service import (
    load_deadlines,
    load_scope,
    realign,
    run_due,
    run_now,
    schedules_of,
    set_schedule,
)
from bot.errors import WrongFields
from bot.outbox.models import Notice
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.workspaces.refusals import UnknownZone
from tests.digests.agency import ANA, GUEST, HERE, HOME, MONDAY, agency, by

DAY = timedelta(days=1)


def set_up(engine: Engine, **changes: Any) -> datetime:
    """Set the scope digest of the home channel on the Friday before; when it is due."""
    values: dict[str, Any] = {
        "channel_id": HOME,
        "kind": DigestKind.SCOPE,
        "is_on": True,
        "zone": "Europe/Berlin",
        "at": time(9),
        "weekday": 1,
        "is_external": False,
    }
    actor = changes.pop("actor", by(ANA, MONDAY - 3 * DAY))
    with transaction(engine) as session:
        return set_schedule(session, actor, **(values | changes)).next_run_at


@pytest.fixture
def opened(engine: Engine) -> Engine:
    """A database with an agency that has one project."""
    with agency(engine) as house:
        house.request(house.project(house.client()))
    return engine


def runs(engine: Engine) -> list[tuple[str, RunState, str]]:
    with reading(engine) as session:
        rows = session.scalars(select(DigestRun).order_by(DigestRun.kind, DigestRun.period))
        return [(row.period, row.state, row.reason) for row in rows]


def notices(engine: Engine) -> list[Notice]:
    with transaction(engine) as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def tick(engine: Engine, now: datetime) -> int:
    with transaction(engine) as session:
        return run_due(session, now)


# --- setting


def test_a_schedule_is_due_at_the_next_local_time(opened: Engine) -> None:
    assert set_up(opened) == MONDAY
    assert set_up(opened, zone="America/New_York") == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert set_up(opened, kind=DigestKind.DEADLINES, at=time(18)) == datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_setting_again_changes_the_one_schedule(opened: Engine) -> None:
    set_up(opened)
    set_up(opened, is_on=False, covers=Coverage.ALL, at=time(10, 30))
    with reading(opened) as session:
        row = schedules_of(session, workspace_id=HERE, channel_id=HOME)[DigestKind.SCOPE]
        assert row is not None
        assert (row.is_on, row.covers, row.at, row.set_by) == (False, Coverage.ALL, time(10, 30), ANA)
        assert session.scalars(select(DigestSchedule.id)).all() == [row.id]


def test_every_wrong_field_is_named_at_once(opened: Engine) -> None:
    with pytest.raises(WrongFields) as refused:
        set_up(opened, zone="Mars/Base", at=time(9, 0, 30), weekday=8)
    assert [(wrong.field, type(wrong.why)) for wrong in refused.value.fields] == [
        ("zone", UnknownZone),
        ("at", NotAWholeMinute),
        ("weekday", NotAWeekday),
    ]


@pytest.mark.parametrize("kind", DigestKind)
def test_a_channel_that_outsiders_read_gets_no_digest(opened: Engine, kind: DigestKind) -> None:
    with pytest.raises(DigestsStayInside):
        set_up(opened, kind=kind, is_external=True)


def test_a_digest_can_be_turned_off_where_it_may_no_longer_be(opened: Engine) -> None:
    set_up(opened)
    set_up(opened, is_on=False, is_external=True)
    assert tick(opened, MONDAY) == 0


@pytest.mark.parametrize(("who", "refusal"), [(GUEST, ExternalPerson), ("U_NOBODY", UnknownPerson)])
def test_outsiders_and_strangers_set_nothing(opened: Engine, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        set_up(opened, actor=by(who))


def test_a_digest_moved_to_later_in_a_week_that_was_posted_waits_for_the_next(opened: Engine) -> None:
    set_up(opened)
    tick(opened, MONDAY)
    friday = datetime(2026, 12, 4, 8, tzinfo=UTC)
    assert set_up(opened, weekday=5, actor=by(ANA, MONDAY + DAY)) == friday


# --- posting


def test_a_due_digest_is_announced_with_its_details_in_the_thread(opened: Engine) -> None:
    set_up(opened)
    assert tick(opened, MONDAY - timedelta(minutes=1)) == 0
    assert tick(opened, MONDAY + timedelta(seconds=20)) == 1
    post, details = notices(opened)
    assert (post.kind, post.destination, post.thread_of) == ("scope_digest", HOME, None)
    assert (details.kind, details.destination) == ("scope_digest_details", HOME)
    assert details.thread_of == post.dedupe_key == "digest:scope:C_ACME:2026-W48"
    with reading(opened) as session:
        report = load_scope(session, workspace_id=HERE, run_id=post.subject_id)
        assert report is not None
        assert (report.week.end, report.project_count) == (MONDAY, 1)


def test_the_deadline_digest_is_one_notice(opened: Engine) -> None:
    set_up(opened, kind=DigestKind.DEADLINES, at=time(9), actor=by(ANA, MONDAY - timedelta(hours=1)))
    tick(opened, MONDAY)
    (notice,) = notices(opened)
    assert (notice.kind, notice.dedupe_key) == ("deadline_digest", "digest:deadlines:C_ACME:2026-11-23")
    with reading(opened) as session:
        report = load_deadlines(session, workspace_id=HERE, run_id=notice.subject_id)
        assert report is not None
        assert report.today.isoformat() == "2026-11-23"


def test_ticking_again_posts_nothing_more(opened: Engine) -> None:
    set_up(opened)
    assert [tick(opened, MONDAY), tick(opened, MONDAY), tick(opened, MONDAY + DAY)] == [1, 0, 0]
    assert runs(opened) == [("2026-W48", RunState.POSTED, "")]


def test_a_clock_set_back_does_not_repeat_a_period(opened: Engine) -> None:
    set_up(opened)
    tick(opened, MONDAY)
    with transaction(opened) as session:
        session.scalars(select(DigestSchedule)).one().next_run_at = MONDAY
    assert tick(opened, MONDAY + timedelta(hours=1)) == 1
    assert len(notices(opened)) == 2
    assert tick(opened, MONDAY + timedelta(hours=1)) == 0


def test_the_night_that_repeats_an_hour_posts_once(opened: Engine) -> None:
    # Sunday 25 October 2026, 02:30 comes twice in Berlin.
    set_up(opened, weekday=7, at=time(2, 30), actor=by(ANA, datetime(2026, 10, 24, tzinfo=UTC)))
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert [tick(opened, first), tick(opened, second)] == [1, 0]


def test_a_clock_that_was_off_skips_what_is_past_and_says_so(opened: Engine) -> None:
    set_up(opened, kind=DigestKind.DEADLINES, actor=by(ANA, MONDAY - 4 * DAY))
    set_up(opened)
    # Off from Friday to Tuesday afternoon.
    tick(opened, MONDAY + DAY + timedelta(hours=6))
    assert runs(opened) == [
        ("2026-11-20", RunState.SKIPPED, "too_late"),
        ("2026-11-23", RunState.SKIPPED, "too_late"),
        ("2026-11-24", RunState.POSTED, ""),
        ("2026-W48", RunState.POSTED, ""),
    ]
    assert {notice.kind for notice in notices(opened)} == {
        "deadline_digest",
        "scope_digest",
        "scope_digest_details",
    }


def test_a_weekly_digest_that_is_three_days_late_is_skipped(opened: Engine) -> None:
    set_up(opened)
    tick(opened, MONDAY + 3 * DAY)
    assert runs(opened) == [("2026-W48", RunState.SKIPPED, "too_late")]
    assert notices(opened) == []
    assert tick(opened, MONDAY + 7 * DAY) == 1
    assert len(notices(opened)) == 2


def test_one_that_is_off_is_never_due(opened: Engine) -> None:
    set_up(opened, is_on=False)
    assert tick(opened, MONDAY + 30 * DAY) == 0


def test_a_digest_by_hand_has_a_period_of_its_own(opened: Engine) -> None:
    set_up(opened)
    with transaction(opened) as session:
        by_hand = run_now(session, workspace_id=HERE, channel_id=HOME, kind=DigestKind.SCOPE, now=MONDAY)
    with transaction(opened) as session:
        again = run_now(session, workspace_id=HERE, channel_id=HOME, kind=DigestKind.SCOPE, now=MONDAY)
    assert by_hand == again
    assert tick(opened, MONDAY) == 1
    assert [period for period, _, _ in runs(opened)] == ["2026-W48", "now:2026-11-23T08:00:00+00:00"]
    assert len(notices(opened)) == 4


def test_a_digest_by_hand_needs_no_schedule(opened: Engine) -> None:
    with transaction(opened) as session:
        run_id = run_now(
            session, workspace_id=HERE, channel_id="C_ELSEWHERE", kind=DigestKind.DEADLINES, now=MONDAY
        )
        run = session.get_one(DigestRun, (HERE, run_id))
    # It is the home of no project, so it hears of all.
    assert (run.covers, run.zone) == (Coverage.ALL, "Europe/Berlin")


def test_new_rules_of_a_zone_move_what_is_to_come(opened: Engine) -> None:
    set_up(opened)
    with transaction(opened) as session:
        session.scalars(select(DigestSchedule)).one().next_run_at = MONDAY + timedelta(hours=1)
    with transaction(opened) as session:
        assert realign(session, MONDAY - DAY) == 1
    with transaction(opened) as session:
        assert session.scalars(select(DigestSchedule.next_run_at)).one() == MONDAY
        assert realign(session, MONDAY - DAY) == 0


def test_one_tick_deals_with_one_batch_and_says_how_many(
    opened: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for number in range(3):
        set_up(opened, channel_id=f"C{number}")
    assert [tick(opened, MONDAY) for _ in range(3)] == [2, 1, 0]


def test_two_clocks_at_once_post_each_period_once(opened: Engine) -> None:
    channels = [f"C{number}" for number in range(12)]
    for channel_id in channels:
        set_up(opened, channel_id=channel_id)
        set_up(opened, channel_id=channel_id, kind=DigestKind.DEADLINES)
    runner = Runner(opened)
    together = threading.Barrier(2)

    def clock() -> None:
        for day in range(14):
            together.wait()
            runner.run_now(run_due, MONDAY + day * DAY)

    with ThreadPoolExecutor(2) as clocks:
        for ended in [clocks.submit(clock) for _ in range(2)]:
            ended.result()

    keys = [notice.dedupe_key for notice in notices(opened)]
    weekdays = [(MONDAY + n * DAY).date() for n in range(14) if n % 7 < 5]
    expected = {
        *(f"digest:scope:{channel}:2026-W{week}{part}" for channel in channels for week in (48, 49) for part in ("", ":details")),
        *(f"digest:deadlines:{channel}:{day}" for channel in channels for day in weekdays),
    }  # fmt: skip
    assert len(keys) == len(set(keys))
    assert set(keys) == expected
