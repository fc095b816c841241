from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.db.ids import new_id
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.repository import Accepted, accepted_on, goodwill_used, parts_of, void_entries
from bot.ledger.service import SplitMismatch, fund, goodwill_left, hourly_rate, month_of, value_of
from tests.portfolio.agency import HERE, NOW, a_project

UTC_ZONE = ZoneInfo("UTC")


def funded(session, project_id, split, *, fee_minor=0, now=NOW, request_id=None, decision_id=None):
    """So many minutes accepted, at 120.00 an hour; the request's id."""
    request_id = request_id or new_id()
    fund(
        session,
        workspace_id=HERE,
        project_id=project_id,
        request_id=request_id,
        decision_id=decision_id or new_id(),
        minutes=sum(split.values()),
        fee_minor=fee_minor,
        split=split,
        rate_minor=120_00,
        now=now,
    )
    session.flush()  # the sums are made by the database
    return request_id


# --- who pays


def test_only_goodwill_and_our_own_errors_are_unpaid() -> None:
    assert {funding for funding in Funding if funding.is_unpaid} == {Funding.GOODWILL, Funding.AGENCY_ERROR}


def test_only_a_change_order_asks_the_client_for_a_fee() -> None:
    assert [funding for funding in Funding if funding.is_billable] == [Funding.CHANGE_ORDER]


def test_each_part_is_one_entry_and_the_fee_belongs_to_the_billable_one(session, project_id) -> None:
    funded(session, project_id, {Funding.CHANGE_ORDER: 60, Funding.SWAP: 30}, fee_minor=99_00)
    rows = {(row.funding, row.minutes, row.amount_minor) for row in session.scalars(select(FundingEntry))}
    assert rows == {(Funding.CHANGE_ORDER, 60, 99_00), (Funding.SWAP, 30, 60_00)}


@pytest.mark.parametrize(
    ("split", "total"),
    [
        ({}, 0),
        ({Funding.RETAINER: 59}, 59),
        ({Funding.RETAINER: 61}, 61),
        ({Funding.RETAINER: 90, Funding.GOODWILL: -30}, 60),
    ],
)
def test_parts_that_do_not_make_the_whole_are_refused(session, project_id, split, total) -> None:
    with pytest.raises(SplitMismatch) as caught:
        fund(
            session,
            workspace_id=HERE,
            project_id=project_id,
            request_id=new_id(),
            decision_id=new_id(),
            minutes=60,
            fee_minor=0,
            split=split,
            rate_minor=0,
            now=NOW,
        )
    assert caught.value == SplitMismatch(minutes=60, split=total)
    assert not session.new


# --- sums


def test_nothing_accepted_is_zero_everywhere(session, project_id) -> None:
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted(0, 0, 0, 0)


def test_a_voided_decision_counts_no_more_and_stays_on_record(session, project_id) -> None:
    gone = funded(session, project_id, {Funding.GOODWILL: 60})
    funded(session, project_id, {Funding.RETAINER: 30})
    void_entries(session, workspace_id=HERE, request_id=gone, now=NOW)
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted(30, 0, 60_00, 0)
    assert len(list(session.scalars(select(FundingEntry)))) == 2


def test_sums_stay_in_their_project_and_workspace(session, client_id, project_id) -> None:
    other = a_project(session, client_id, key="APP", name="Acme App")
    funded(session, other, {Funding.RETAINER: 30})
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted()
    assert accepted_on(session, workspace_id="T2", project_id=other) == Accepted()


def test_the_parts_of_a_decision_come_largest_first(session, project_id) -> None:
    decision_id = new_id()
    split = {Funding.GOODWILL: 30, Funding.RETAINER: 90, Funding.SWAP: 60}
    request_id = funded(session, project_id, split, decision_id=decision_id)
    funded(session, project_id, {Funding.RETAINER: 5}, request_id=request_id)
    found = parts_of(session, workspace_id=HERE, request_id=request_id, decision_id=decision_id)
    assert found == ((Funding.RETAINER, 90), (Funding.SWAP, 60), (Funding.GOODWILL, 30))


# --- goodwill


def test_goodwill_is_counted_by_the_calendar_month_of_the_workspace(session, client_id, project_id) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    last_second = datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Berlin
    funded(session, project_id, {Funding.GOODWILL: 60}, now=last_second)
    funded(session, project_id, {Funding.GOODWILL: 7}, now=last_second + timedelta(seconds=1))
    key = {"workspace_id": HERE, "client_id": client_id, "limit": 100, "zone": berlin}
    assert goodwill_left(session, now=NOW, **key) == 40
    assert goodwill_left(session, now=last_second + timedelta(hours=5), **key) == 93


def test_only_goodwill_that_stands_is_used_up(session, client_id, project_id) -> None:
    funded(session, project_id, {Funding.AGENCY_ERROR: 60, Funding.GOODWILL: 5})
    gone = funded(session, project_id, {Funding.GOODWILL: 60})
    void_entries(session, workspace_id=HERE, request_id=gone, now=NOW)
    since, until = month_of(NOW, UTC_ZONE)
    used = goodwill_used(session, workspace_id=HERE, client_id=client_id, since=since, until=until)
    assert used == 5


def test_what_is_left_is_never_less_than_nothing(session, client_id, project_id) -> None:
    funded(session, project_id, {Funding.GOODWILL: 60})
    key = {"workspace_id": HERE, "client_id": client_id, "now": NOW, "zone": UTC_ZONE}
    assert goodwill_left(session, limit=30, **key) == 0


@given(
    st.integers(0, 50_000_000).map(
        lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"]),
)
def test_a_month_holds_its_instant_and_ends_where_the_next_begins(now, zone) -> None:
    since, until = month_of(now, ZoneInfo(zone))
    assert since <= now < until
    assert month_of(until, ZoneInfo(zone))[0] == until
    assert month_of(since, ZoneInfo(zone)) == (since, until)


# --- what an hour is worth

MINUTES = st.integers(0, 6_000_000)
RATES = st.integers(0, 10**12)


@example(5_999_999, 10**12 - 7)  # a float has no odd numbers there
@given(MINUTES, RATES)
def test_a_value_is_right_to_half_a_minor_unit_however_large(minutes, rate) -> None:
    assert abs(value_of(minutes, rate) - Fraction(minutes * rate, 60)) <= Fraction(1, 2)


@example(10**15 - 7, 7)
@given(st.integers(0, 10**15), st.integers(1, 60_000_000))
def test_a_rate_is_right_to_half_a_minor_unit_however_large(budget, minutes) -> None:
    assert abs(hourly_rate(budget, minutes) - Fraction(budget * 60, minutes)) <= Fraction(1, 2)


def test_a_project_without_hours_has_no_rate() -> None:
    assert hourly_rate(1_000_00, 0) == 0
