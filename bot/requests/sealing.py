"""A seal: the newest link of each history, kept where whoever writes to the database cannot write.

The hashes have no key: who rewrites a history from its beginning, and every row that hangs on it, leaves a chain that
holds. Against a seal it does not, since each link stands for all before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.ids import made_at
from bot.requests.history import Broken
from bot.requests.models import ChangeRequest, Event
from bot.workspaces.models import Workspace

PAGE = 500


@dataclass(frozen=True)
class Link:
    """One event of a history, by its place and its hash (lower-case hex)."""

    workspace_id: str
    request_id: UUID
    position: int
    hash: str


@dataclass(frozen=True)
class Erased:
    """A workspace that is no longer there, and how many sealed histories went with it."""

    workspace_id: str
    histories: int


def newest_links(session: Session, *, workspace_id: str) -> Iterator[Link]:
    """The newest link of every request of a workspace."""
    query = (
        select(ChangeRequest.id, ChangeRequest.event_count, ChangeRequest.event_head)
        .where(ChangeRequest.workspace_id == workspace_id)
        .order_by(ChangeRequest.id)
    )
    for row in session.execute(query):
        yield Link(workspace_id, row.id, row.event_count, row.event_head)


def not_as_sealed(session: Session, sealed: Iterable[Link]) -> Iterator[Broken | Erased]:
    """Where a history no longer has a link that was sealed; what came after it is nothing of the seal's.

    A workspace that was erased with all its histories, which is lawful, is told of once.
    """
    for workspace_id, of_workspace in groupby(sealed, key=lambda link: link.workspace_id):
        links = list(of_workspace)
        if _is_erased(session, workspace_id, links):
            yield Erased(workspace_id, len(links))
            continue
        for start in range(0, len(links), PAGE):
            yield from _changed(session, workspace_id, links[start : start + PAGE])


def _is_erased(session: Session, workspace_id: str, links: Sequence[Link]) -> bool:
    """Whether the workspace is gone, or was set up anew after everything that was sealed of it."""
    workspace = session.get(Workspace, workspace_id)
    if workspace is None:
        return True
    if workspace.created_at.timestamp() * 1000 <= max(made_at(link.request_id) for link in links):
        return False
    ids = [link.request_id for link in links]
    return not any(_references(session, workspace_id, ids[at : at + PAGE]) for at in range(0, len(ids), PAGE))


def _changed(session: Session, workspace_id: str, page: Sequence[Link]) -> Iterator[Broken]:
    ids = [link.request_id for link in page]
    references = _references(session, workspace_id, ids)
    events = select(Event.request_id, Event.position, Event.hash).where(
        Event.workspace_id == workspace_id, Event.request_id.in_(ids)
    )
    hashes = {(row.request_id, row.position): row.hash for row in session.execute(events)}
    for link in page:
        name = references.get(link.request_id)
        if name is None:
            yield Broken(f"{workspace_id} {link.request_id}", link.position, "gone with its request")
        elif hashes.get((link.request_id, link.position)) != link.hash:
            yield Broken(name, link.position, "not what was sealed")


def _references(session: Session, workspace_id: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    here = select(ChangeRequest.id, ChangeRequest.reference).where(
        ChangeRequest.workspace_id == workspace_id, ChangeRequest.id.in_(ids)
    )
    return {row.id: row.reference for row in session.execute(here)}
