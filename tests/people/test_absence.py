"""Setting an absence: what is refused, and who acts for whom on which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import WrongFields
from bot.people import refusals as no
from bot.people.absence import absences_of, end_absence, set_absence
from bot.people.models import Actor, Delegation, Person
from bot.people.service import PersonFacts, remember
from bot.people.standing_in import acting_for, next_change
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE, by

TODAY = NOW.date()  # a Monday
FRIDAY = date(2026, 11, 27)
KIM = "U_KIM"


@pytest.fixture
def session(session: Session) -> Session:
    remember(session, HERE, PersonFacts(KIM, "Kim", "Asia/Tokyo"), NOW)
    return session


def away(
    session: Session,
    person: str = PETE,
    delegate: str = OLGA,
    first: date = TODAY,
    last: date = FRIDAY,
    **changes: Any,
) -> Delegation:
    return set_absence(session, by(person), first_day=first, last_day=last, delegate_id=delegate, **changes)


def refused(session: Session, *args: Any, **kwargs: Any) -> dict[str, object]:
    with pytest.raises(WrongFields) as caught:
        away(session, *args, **kwargs)
    return {wrong.field: wrong.why for wrong in caught.value.fields}


def acts(session: Session, person: str, at: datetime = NOW) -> str:
    return acting_for(session, HERE, person, at)


def test_somebody_else_acts_between_the_two_days_and_nobody_before_and_after(session: Session) -> None:
    away(session, first=TODAY + timedelta(days=1))
    days = {n: acts(session, PETE, NOW + timedelta(days=n)) for n in (0, 1, 4, 5)}
    assert days == {0: PETE, 1: OLGA, 4: OLGA, 5: PETE}


def test_days_are_those_of_who_is_away(session: Session) -> None:
    away(session, KIM, PETE, first=date(2026, 11, 24), last=date(2026, 11, 24))
    # Tuesday in Tokyo begins at three in the afternoon of Monday in London, and is over a day later.
    at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert acts(session, KIM, at - timedelta(seconds=1)) == KIM
    assert acts(session, KIM, at) == PETE
    assert acts(session, KIM, at + timedelta(days=1, seconds=-1)) == PETE
    assert acts(session, KIM, at + timedelta(days=1)) == KIM


def test_a_delegate_who_is_away_hands_on_up_to_three_times(session: Session) -> None:
    away(session, PETE, OLGA)
    away(session, OLGA, MAX)
    away(session, MAX, ANA)
    assert [acts(session, person) for person in (PETE, OLGA, MAX, ANA)] == [ANA, ANA, ANA, ANA]
    assert refused(session, ANA, KIM) == {
        "delegate": no.DelegatesInALongChain(("Pete", "Olga", "Max", "Ana", "Kim"), 3)
    }


def test_a_circle_is_refused_with_its_names_and_days_apart_make_none(session: Session) -> None:
    away(session, PETE, OLGA)
    away(session, OLGA, MAX)
    assert refused(session, MAX, PETE) == {"delegate": no.DelegatesInACircle(("Max", "Pete", "Olga", "Max"))}
    assert refused(session, MAX, OLGA, first=FRIDAY, last=FRIDAY)
    later = FRIDAY + timedelta(days=1)
    away(session, MAX, PETE, first=later, last=later)


def test_a_circle_that_got_into_the_rows_is_followed_once(session: Session) -> None:
    away(session, PETE, OLGA)
    away(
        session, OLGA, PETE, first=FRIDAY + timedelta(days=1), last=FRIDAY + timedelta(days=1)
    ).first_day = TODAY
    session.flush()
    assert acts(session, PETE) == OLGA


@pytest.mark.parametrize(
    ("first", "last", "field", "why"),
    [
        (FRIDAY, TODAY, "away_to", no.EndsBeforeStart(FRIDAY, TODAY)),
        (date(2026, 11, 20), date(2026, 11, 22), "away_to", no.AbsenceOver(date(2026, 11, 22))),
        (date(2025, 11, 23), FRIDAY, "away_from", no.AbsenceTooFar(date(2025, 11, 23))),
        (date(2036, 11, 23), date(2036, 11, 24), "away_from", no.AbsenceTooFar(date(2036, 11, 23))),
        (TODAY, TODAY + timedelta(days=366), "away_to", no.AbsenceTooLong(367, 366)),
    ],
)
def test_days_that_make_no_sense_are_refused(session, first, last, field, why) -> None:
    assert refused(session, first=first, last=last) == {field: why}


def test_it_may_have_begun_some_days_ago_and_last_one_day(session: Session) -> None:
    away(session, first=TODAY - timedelta(days=3), last=TODAY)
    assert acts(session, PETE) == OLGA


@pytest.mark.parametrize(
    ("delegate", "why"),
    [
        (PETE, no.DelegateOneself()),
        (GUEST, no.ExternalPerson(GUEST, "Gus")),
        ("U_NOBODY", no.UnknownPerson("U_NOBODY")),
        ("", no.UnknownPerson("")),
    ],
)
def test_a_delegate_is_a_colleague_and_somebody_else(session, delegate, why) -> None:
    assert refused(session, delegate=delegate) == {"delegate": why}


def test_two_absences_of_one_person_do_not_overlap(session: Session) -> None:
    first = away(session)
    assert refused(session, first=FRIDAY, last=FRIDAY + timedelta(days=7), delegate=MAX) == {
        "away_from": no.AbsencesOverlap(TODAY, FRIDAY, "Olga")
    }
    end_absence(session, by(PETE), delegation_id=first.id)
    away(session, first=FRIDAY, last=FRIDAY)


def test_a_long_note_and_a_guest_are_refused(session: Session) -> None:
    assert refused(session, note="x" * 201) == {"note": no.NoteTooLong(201, 200)}
    with pytest.raises(no.ExternalPerson):
        away(session, GUEST, PETE)


def test_whoever_left_or_became_a_guest_acts_for_nobody(session: Session) -> None:
    away(session)
    session.get_one(Person, (HERE, OLGA)).is_active = False
    session.flush()
    assert acts(session, PETE) == PETE


def test_it_is_taken_back_once_by_who_is_away_the_director_or_an_admin(session: Session) -> None:
    delegation = away(session)
    with pytest.raises(no.NotYourAbsence) as caught:
        end_absence(session, by(ANA), delegation_id=delegation.id)
    assert caught.value.name == "Pete"
    end_absence(session, by(PETE), delegation_id=delegation.id)
    assert acts(session, PETE) == PETE
    for absence in (delegation.id, new_id()):
        with pytest.raises(no.NoSuchAbsence):
            end_absence(session, by(PETE), delegation_id=absence)
    end_absence(session, by(OLGA), delegation_id=away(session).id)


def test_the_list_holds_ones_own_that_are_not_over(session: Session) -> None:
    away(session, first=TODAY - timedelta(days=2), last=TODAY, note="Call me")
    away(session, MAX, ANA)
    assert [(one.note, name) for one, name in absences_of(session, by(PETE))] == [("Call me", "Olga")]
    assert absences_of(session, Actor(HERE, PETE, NOW + timedelta(days=1))) == []


def test_the_next_change_is_the_beginning_then_the_end_then_nothing(session: Session) -> None:
    delegation = away(session, KIM, PETE, first=TODAY + timedelta(days=1), last=FRIDAY)
    begins, over = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert delegation.next_change_at == begins
    zone = session.get_one(Person, (HERE, KIM)).tz
    assert next_change(delegation.days, zone, begins) == over
    assert next_change(delegation.days, zone, over) is None


def test_another_workspace_knows_nothing_of_it(session: Session) -> None:
    away(session)
    assert acting_for(session, "T2", PETE, NOW) == PETE
