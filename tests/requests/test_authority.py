from __future__ import annotations

import pytest

from bot.people.models import Person
from bot.portfolio.models import Client, Project
from bot.requests.routing.authority import authorities_over, decider_for
from tests.factories import name_director, send_away
from tests.portfolio.agency import ANA, HERE, MAX, OLGA, PETE

PM, DIRECTOR, AM, OTHER = "U_PM", "U_DIRECTOR", "U_AM", "U_OTHER"


@pytest.mark.parametrize(
    ("requester", "authorities", "decider"),
    [
        (AM, (PM, DIRECTOR, AM), PM),
        (OTHER, (PM, DIRECTOR, AM), PM),
        (PM, (PM, DIRECTOR, AM), DIRECTOR),
        (PM, (PM, AM), AM),
        (PM, (PM,), None),
        (AM, (), None),
    ],
)
def test_the_first_authority_who_did_not_ask_decides(requester, authorities, decider) -> None:
    assert decider_for(requester_id=requester, authorities=authorities) == decider


def over(session, project_id) -> tuple[str, ...]:
    session.flush()  # the query has to see what the test changed
    return authorities_over(session, workspace_id=HERE, project_id=project_id)


def test_the_manager_comes_first_then_the_director_then_the_account_manager(session, project_id) -> None:
    name_director(session, OLGA)
    assert over(session, project_id) == (PETE, OLGA, ANA)


def test_without_a_director_the_account_manager_follows_the_manager(session, project_id) -> None:
    assert over(session, project_id) == (PETE, ANA)


def test_whoever_left_is_passed_over(session, project_id) -> None:
    name_director(session, OLGA)
    send_away(session, PETE)
    assert over(session, project_id) == (OLGA, ANA)


def test_people_from_outside_are_passed_over(session, project_id) -> None:
    session.get_one(Person, (HERE, PETE)).is_external = True
    assert over(session, project_id) == (ANA,)


def test_one_person_in_every_role_is_one_authority(session, project_id) -> None:
    project = session.get_one(Project, (HERE, project_id))
    project.pm_id = MAX
    session.get_one(Client, (HERE, project.client_id)).am_id = MAX
    name_director(session, MAX)
    assert over(session, project_id) == (MAX,)
