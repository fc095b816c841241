"""A seal: the newest link of each history, kept where whoever writes to the database cannot write.

The hashes have no key: who rewrites a history from its beginning, and every row that hangs on it, leaves a chain that
holds. Against a seal it does not, since each link stands for all before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.requests.history import Broken
from bot.requests.models import ChangeRequest, Event

PAGE = 500


@dataclass(frozen=True)
class Link:
    """One event of a history, by its place and its hash (lower-case hex)."""

    workspace_id: str
    request_id: UUID
    position: int
    hash: str


def newest_links(session: Session, *, workspace_id: str) -> Iterator[Link]:
    """The newest link of every request of a workspace."""
    query = (
        select(ChangeRequest.id, ChangeRequest.event_count, ChangeRequest.event_head)
        .where(ChangeRequest.workspace_id == workspace_id)
        .order_by(ChangeRequest.id)
    )
    for row in session.execute(query):
        yield Link(workspace_id, row.id, row.event_count, row.event_head)


def not_as_sealed(session: Session, sealed: Iterable[Link]) -> Iterator[Broken]:
    """Where a history no longer has a link that was sealed; what came after it is nothing of the seal's."""
    for workspace_id, of_workspace in groupby(sealed, key=lambda link: link.workspace_id):
        links = list(of_workspace)
        for start in range(0, len(links), PAGE):
            page = links[start : start + PAGE]
            ids = [link.request_id for link in page]
            here = select(ChangeRequest.id, ChangeRequest.reference).where(
                ChangeRequest.workspace_id == workspace_id, ChangeRequest.id.in_(ids)
            )
            references = {row.id: row.reference for row in session.execute(here)}
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
