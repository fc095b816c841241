"""Every act by everybody who may not do it is refused, and changes nothing.

The acts are those of the random lives, all of them; a new one without a line here fails.
"""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.people.models import Person
from bot.people.service import PersonFacts, remember
from bot.requests.models import ChangeRequest
from bot.workspaces.models import Workspace
from tests.factories import a_request
from tests.lives.acts import AROUND, QUINN, WITH_REQUESTS, Step, submit
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, PETE, a_client, a_project, settle

GONE, NOBODY, ELSEWHERE = "U_GONE", "U_NOBODY", "another workspace"
# Whoever may do nothing at all, whatever the act.
OUTSIDE = [GUEST, GONE, NOBODY, ELSEWHERE]
# A colleague with no part in it: another project's manager; and who logged it, who may not decide it.
REQUESTER_S = frozenset(
    [
        "answer",
        "edit",
        "take",
        "take_none",
        "withdraw",
        "tell_client",
        "say_holding_reply",
        "send_to_client",
        "client_says_yes",
        "client_says_no",
        "ask_again",
        "let_go",
        "appeal",
        "mark_duplicate",
        "nudge",
    ]
)
# These change the world around, and are no use case of a person's in part (accounts come and go in Slack).
NOT_A_PERSON_S = {"come_or_go"}


def a_step(session: Session, person: str, project_id: UUID, client_id: UUID, request: ChangeRequest) -> Step:
    here = "T_ELSEWHERE" if person == ELSEWHERE else HERE
    return Step(
        session=session,
        workspace_id=here,
        now=NOW,
        chance=Random(1),
        projects={"ACME": project_id},
        client_id=client_id,
        request_id=request.id,
        revision=request.revision,
        person=PETE if person == ELSEWHERE else person,
        others=[request.id],
    )


@pytest.fixture
def scene(session: Session) -> tuple[UUID, UUID, ChangeRequest]:
    """Ana's request in Pete's project; Quinn runs another one, and somebody has left."""
    settle(session, "T_ELSEWHERE")
    remember(session, HERE, PersonFacts(QUINN, "Quinn", "UTC", "q@agency.example"), NOW)
    remember(session, HERE, PersonFacts(GONE, "Gone", "UTC", "g@agency.example", is_active=False), NOW)
    session.get_one(Workspace, HERE).director_id = MAX
    client = a_client(session)
    project = a_project(session, client)
    a_project(session, client, key="APP", name="App", pm_id=QUINN, channel_id="C_APP")
    assert session.get_one(Person, (HERE, GONE)).is_active is False
    return project, client, a_request(session, project)


def refused(session: Session, act: object, step: Step) -> bool:
    """Whether it is refused; whatever it did is taken back."""
    with session.begin_nested() as part:
        try:
            act(step)  # type: ignore[operator]
        except Refusal:
            return True
        except NoResultFound:
            # The test's own look at a row that this workspace does not have.
            return True
        finally:
            if part.is_active:
                part.rollback()
    return False


ALL = {
    **WITH_REQUESTS,
    "submit": submit,
    **{name: act for name, act in AROUND.items() if name not in NOT_A_PERSON_S},
}


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("person", OUTSIDE)
def test_who_is_outside_may_do_nothing(
    session: Session, scene: tuple[UUID, UUID, ChangeRequest], person: str
) -> None:
    project, client, request = scene
    let_in = [
        name
        for name, act in ALL.items()
        if not refused(session, act, a_step(session, person, project, client, request))
    ]
    # Who is away is a matter of one's own workspace, and this one is somebody there.
    assert let_in == (["go_away"] if person == ELSEWHERE else [])


@pytest.mark.only_on("sqlite")
def test_another_project_s_manager_and_the_requester_may_not_decide(
    session: Session, scene: tuple[UUID, UUID, ChangeRequest]
) -> None:
    project, client, request = scene
    deciding = set(WITH_REQUESTS) - REQUESTER_S
    for person in (QUINN, ANA):
        let_in = [
            name
            for name in sorted(deciding)
            if not refused(session, WITH_REQUESTS[name], a_step(session, person, project, client, request))
        ]
        assert let_in == [], person


@pytest.mark.only_on("sqlite")
def test_a_colleague_with_no_part_in_it_may_not_act_for_the_requester(
    session: Session, scene: tuple[UUID, UUID, ChangeRequest]
) -> None:
    project, client, request = scene
    let_in = [
        name
        for name in sorted(REQUESTER_S)
        if not refused(session, WITH_REQUESTS[name], a_step(session, QUINN, project, client, request))
    ]
    assert let_in == []


def test_every_act_is_somebody_s() -> None:
    assert set(WITH_REQUESTS) >= REQUESTER_S
