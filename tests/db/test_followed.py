"""A row that was read and written past the session is followed by it like any other."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from bot.db.followed import followed, write_now
from bot.people.models import Person
from bot.people.repository import _PERSON
from tests.portfolio.agency import HERE, PETE
from tests.statements import statements

THIS = {"the_workspace": HERE, "the_person": PETE}


def there(session: Session) -> tuple[str, str]:
    """What the database has, whatever the session believes."""
    row = session.execute(select(Person.name, Person.zone).where(Person.id == PETE)).one()
    return (row.name, row.zone)


def test_it_is_the_row_that_the_session_knows_and_a_new_look_brings_it_up_to_date(session) -> None:
    person = followed(session, _PERSON, THIS)
    assert person is session.get(Person, (HERE, PETE))
    with session.no_autoflush:
        session.connection().exec_driver_sql("UPDATE people SET name = 'Peter'")
        assert followed(session, _PERSON, THIS) is person
    assert person.name == "Peter"
    assert person not in session.dirty
    assert followed(session, _PERSON, {**THIS, "the_person": "U_NOBODY"}) is None


def test_a_change_is_written_at_once_and_once(session, agency_engine) -> None:
    person = followed(session, _PERSON, THIS)
    person.name, person.zone = "Peter", person.zone
    with statements(agency_engine) as sent:
        write_now(session, person)
        write_now(session, person)
        session.flush()
    assert len(sent) == 1
    assert sent[0].startswith("UPDATE people SET name=")
    assert "zone" not in sent[0]
    assert there(session)[0] == "Peter"


def test_what_is_changed_later_is_left_to_the_session(session) -> None:
    person = followed(session, _PERSON, THIS)
    person.name = "Peter"
    write_now(session, person)
    person.zone = "Asia/Tokyo"
    assert there(session) == ("Peter", "Asia/Tokyo")


def test_a_rolled_back_change_is_forgotten(session) -> None:
    person = followed(session, _PERSON, THIS)
    was = person.name
    with session.begin_nested() as part:
        person.name = "Peter"
        write_now(session, person)
        part.rollback()
    assert (person.name, there(session)[0]) == (was, was)


def test_a_row_that_is_gone_is_not_taken_for_written(session) -> None:
    person = followed(session, _PERSON, THIS)
    person.name = "Peter"
    with session.no_autoflush:
        session.execute(
            delete(Person).where(Person.id == PETE), execution_options={"synchronize_session": False}
        )
        with pytest.raises(NoResultFound):
            write_now(session, person)
    session.expunge(person)


def test_a_new_row_is_left_to_the_session(session) -> None:
    person = Person(workspace_id=HERE, id="U_NEW", name="New", zone="UTC")
    session.add(person)
    write_now(session, person)
    assert person in session.new
    session.expunge(person)
