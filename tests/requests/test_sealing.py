"""A seal finds what a whole chain that was made anew does not show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.db.ids import new_id
from bot.requests import sealing
from bot.requests.auditing import broken_histories
from bot.requests.history import Broken, digest_of
from bot.requests.models import ChangeRequest, Event
from bot.requests.sealing import Link, newest_links
from bot.requests.service import client_told
from bot.workspaces.models import Workspace
from tests.factories import LATER, a_request, accept, act
from tests.portfolio.agency import ANA, HERE, OLGA


@pytest.fixture
def told(session: Session, project_id: Any) -> ChangeRequest:
    """A request with three events, beside one that nobody touches."""
    a_request(session, project_id, title="Another")
    request = a_request(session, project_id)
    accept(session, request)
    client_told(session, act(ANA, LATER), request_id=request.id)
    session.flush()
    return request


@pytest.fixture
def seal(session: Session, told: ChangeRequest) -> list[Link]:
    """What is kept of it elsewhere."""
    return list(newest_links(session, workspace_id=HERE))


def found(session: Session, seal: list[Link]) -> list[str]:
    session.expire_all()
    return [
        f"{one.reference} {one.position} {one.what}"
        if isinstance(one, Broken)
        else f"{one.workspace_id} erased with {one.histories}"
        for one in sealing.not_as_sealed(session, seal)
    ]


def test_every_history_is_in_it_with_its_newest_event(seal: list[Link], told: ChangeRequest) -> None:
    assert len(seal) == 2
    assert Link(HERE, told.id, 3, told.event_head) in seal


def test_what_goes_on_after_it_was_sealed_still_holds(session: Session, project_id: Any) -> None:
    request = a_request(session, project_id)
    session.flush()
    seal = list(newest_links(session, workspace_id=HERE))
    accept(session, request)
    a_request(session, project_id, title="Later")
    session.flush()
    assert found(session, seal) == []


def test_a_chain_made_anew_from_its_beginning_holds_but_is_not_what_was_sealed(
    session: Session, told: ChangeRequest, seal: list[Link]
) -> None:
    # The client was told by somebody else, say: no other row knows who it was.
    session.expire_all()
    last = session.scalars(
        select(Event).where(Event.request_id == told.id).order_by(Event.position.desc())
    ).first()
    assert last is not None
    last.actor_id = OLGA
    new = digest_of(last)
    session.expunge(last)
    here = (Event.workspace_id == HERE, Event.request_id == told.id, Event.position == last.position)
    session.execute(update(Event).where(*here).values(actor_id=OLGA, hash=new))
    session.execute(update(ChangeRequest).where(ChangeRequest.id == told.id).values(event_head=new))
    session.expire_all()
    assert not any(broken_histories(session, workspace_id=HERE))
    assert found(session, seal) == [f"{told.reference} 3 not what was sealed"]


def test_a_history_that_was_cut_off_and_told_so_is_not_what_was_sealed(
    session: Session, told: ChangeRequest, seal: list[Link]
) -> None:
    before = session.scalars(select(Event.hash).where(Event.request_id == told.id, Event.position == 2)).one()
    session.execute(delete(Event).where(Event.request_id == told.id, Event.position == 3))
    session.execute(
        update(ChangeRequest).where(ChangeRequest.id == told.id).values(event_head=before, event_count=2)
    )
    assert found(session, seal) == [f"{told.reference} 3 not what was sealed"]


def test_a_request_that_is_gone_is_named_by_its_id(session: Session, seal: list[Link]) -> None:
    gone = Link(HERE, new_id(), 1, "0" * 64)
    assert found(session, [*seal, gone]) == [f"{HERE} {gone.request_id} 1 gone with its request"]


def test_a_workspace_that_was_erased_is_told_of_once(session: Session, seal: list[Link]) -> None:
    gone = [Link("T9", new_id(), 1, "0" * 64) for _ in range(3)]
    assert found(session, [*seal, *gone]) == ["T9 erased with 3"]


def test_a_workspace_that_came_back_after_it_was_erased_is_told_of_once(
    session: Session, seal: list[Link]
) -> None:
    """Set up after everything that was sealed of it; where one sealed history is left, nothing was erased."""
    set_up = session.get_one(Workspace, HERE).created_at
    milliseconds = int(set_up.timestamp() * 1000)
    before, after = (
        [Link(HERE, UUID(int=(milliseconds + of) << 80 | 7 << 76 | number), 1, "0" * 64) for number in (1, 2)]
        for of in (-9, 9)
    )
    assert found(session, before) == [f"{HERE} erased with 2"]
    assert len(found(session, after)) == 2
    assert len(found(session, [*seal, *before])) == 2


def test_every_history_gone_from_a_workspace_that_stayed_is_broken(
    session: Session, seal: list[Link]
) -> None:
    here = select(ChangeRequest.id)
    for table in reversed(Base.metadata.sorted_tables):
        if "request_id" in table.c:
            session.execute(table.delete().where(table.c.request_id.in_(here)))
    session.execute(delete(ChangeRequest))
    assert len(found(session, seal)) == 2
