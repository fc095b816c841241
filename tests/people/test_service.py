"""Learning who people are, and refusing those who may not act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongFields
from bot.people import repository
from bot.people.refusals import ExternalPerson, NotYourSettings, UnknownPerson
from bot.people.service import PersonFacts, meet, remember, require_internal
from bot.people.settings import change_settings
from bot.workspaces.refusals import UnknownCurrency, UnknownZone
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE, by

KIM = PersonFacts("U_KIM", "Kim", "Asia/Tokyo", "kim@agency.example")


def test_a_person_is_known_after_the_first_touch(session: Session) -> None:
    person = remember(session, HERE, KIM, NOW)
    assert (person.name, person.zone, person.email, person.is_external) == (
        "Kim",
        "Asia/Tokyo",
        "kim@agency.example",
        False,
    )
    assert person.tz.key == "Asia/Tokyo"
    assert require_internal(session, by("U_KIM")).id == person.id


def test_what_changed_about_a_person_is_taken_over(session: Session) -> None:
    first = remember(session, HERE, KIM, NOW)
    later = NOW + timedelta(days=1)
    second = remember(session, HERE, replace(KIM, name="Kim B", is_admin=True, is_active=False), later)
    assert first is second
    assert (second.name, second.is_admin, second.is_active, second.refreshed_at) == (
        "Kim B",
        True,
        False,
        later,
    )


def test_an_address_slack_no_longer_tells_is_kept(session: Session) -> None:
    remember(session, HERE, KIM, NOW)
    assert remember(session, HERE, replace(KIM, email=""), NOW).email == "kim@agency.example"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "America", "/etc/localtime"])
def test_a_zone_nobody_knows_is_taken_as_utc(session: Session, zone: str) -> None:
    assert remember(session, HERE, replace(KIM, zone=zone), NOW).zone == "UTC"


def test_a_person_without_a_name_is_called_by_their_id(session: Session) -> None:
    assert remember(session, HERE, replace(KIM, name=""), NOW).name == "U_KIM"


def test_the_same_id_in_two_workspaces_is_two_people(session: Session) -> None:
    with pytest.raises(UnknownPerson):
        require_internal(session, by(ANA, "T_OTHER"))


@pytest.mark.parametrize(
    ("person", "why"),
    [(GUEST, ExternalPerson(GUEST, "Gus")), ("U_NOBODY", UnknownPerson("U_NOBODY"))],
)
def test_guests_and_strangers_may_not_act(session: Session, person: str, why: Refusal) -> None:
    with pytest.raises(type(why)) as error:
        require_internal(session, by(person))
    assert error.value == why


def test_somebody_who_left_may_not_act(session: Session) -> None:
    remember(session, HERE, replace(KIM, is_active=False), NOW)
    with pytest.raises(UnknownPerson):
        require_internal(session, by("U_KIM"))


def test_meeting_makes_room_for_strangers_and_leaves_the_known(session: Session) -> None:
    meet(session, workspace_id=HERE, ids=[ANA, "U_NEW"], zone="Europe/Madrid")
    found = repository.people(session, workspace_id=HERE, ids=[ANA, "U_NEW", "U_GONE"])
    assert {key: (row.name, row.zone) for key, row in found.items()} == {
        ANA: ("Ana", "Europe/Madrid"),
        "U_NEW": ("U_NEW", "Europe/Madrid"),
    }


def test_names_are_found_for_more_people_than_one_statement_takes(session: Session) -> None:
    ids = [f"U{n}" for n in range(2_500)]
    meet(session, workspace_id=HERE, ids=ids, zone="UTC")
    assert len(repository.names(session, workspace_id=HERE, ids=[*ids, ANA])) == 2_501


# --- settings


def test_anybody_internal_sets_the_first_director(session: Session) -> None:
    workspace = change_settings(session, by(PETE), director_id=MAX, zone="Europe/Madrid", currency="USD")
    assert (workspace.director_id, workspace.zone, workspace.currency) == (MAX, "Europe/Madrid", "USD")


@pytest.mark.parametrize("person", [MAX, OLGA])
def test_the_director_and_admins_change_the_settings(session: Session, person: str) -> None:
    change_settings(session, by(PETE), director_id=MAX)
    workspace = change_settings(session, by(person), director_id=ANA)
    assert (workspace.director_id, workspace.zone) == (ANA, "UTC")


def test_others_are_told_who_the_director_is(session: Session) -> None:
    change_settings(session, by(PETE), director_id=MAX)
    with pytest.raises(NotYourSettings) as error:
        change_settings(session, by(PETE), currency="USD")
    assert error.value == NotYourSettings("Max")


def test_a_guest_changes_no_settings(session: Session) -> None:
    with pytest.raises(ExternalPerson):
        change_settings(session, by(GUEST), currency="USD")


def test_every_wrong_setting_is_named_at_once(session: Session) -> None:
    with pytest.raises(WrongFields) as error:
        change_settings(session, by(OLGA), director_id=GUEST, zone="Mars/Olympus", currency="eur")
    assert {wrong.field: wrong.why for wrong in error.value.fields} == {
        "director": ExternalPerson(GUEST, "Gus"),
        "zone": UnknownZone("Mars/Olympus"),
        "currency": UnknownCurrency("eur"),
    }
