"""What matters to one person now: what waits on them, what they asked for, their projects and their clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.paging import Page, page_of
from bot.ledger.repository import Accepted, accepted_on
from bot.people import repository as people
from bot.people.models import Actor
from bot.people.standing_in import away_now
from bot.portfolio import repository as portfolio
from bot.portfolio.facts import ClientFacts, ProjectFacts
from bot.requests import repository
from bot.requests.facts import CardFacts, Line, PersonName
from bot.requests.overviews.pulse import Pulse, pulse_of, pulse_of_all
from bot.workspaces.models import Workspace

# So many of each on a page: what is decided takes the most room.
HELD_SHOWN, ASKED_SHOWN, PROJECTS_SHOWN, CLIENTS_SHOWN = 6, 8, 6, 8
AWAY_SHOWN = 8


@dataclass(frozen=True)
class HeldCard:
    """A request that waits for somebody, and where its card stands (none until it is posted)."""

    card: CardFacts
    place: tuple[str, str] | None


@dataclass(frozen=True)
class ProjectPulse:
    """A project as its manager looks at it."""

    project: ProjectFacts
    accepted: Accepted
    pulse: Pulse


@dataclass(frozen=True)
class ClientPulse:
    """A client as their account manager looks at them."""

    client: ClientFacts
    pulse: Pulse


@dataclass(frozen=True)
class AwayPerson:
    """Somebody who is away, who stands in for them, and until when (that day included)."""

    person: PersonName
    delegate: PersonName
    until: date


@dataclass(frozen=True)
class Pages:
    """Which page of each list is wanted."""

    held: int = 1
    asked: int = 1
    projects: int = 1
    clients: int = 1


@dataclass(frozen=True)
class Overview:
    """One person's lists, a page of each."""

    held: Page[HeldCard]
    held_count: int
    asked: Page[Line]
    asked_count: int
    # Those they run; the director's are all there are.
    projects: Page[ProjectPulse]
    is_director: bool
    clients: Page[ClientPulse]
    # Who is away now, those who are back first at the top.
    away: Sequence[AwayPerson]
    # Without any project there is nothing to log requests on.
    has_projects: bool


def overview(session: Session, actor: Actor, *, pages: Pages, today: date) -> Overview:
    """Load a page of each list: what it costs does not depend on how much is open."""
    here, person = {"workspace_id": actor.workspace_id}, actor.person_id

    def held(offset: int, limit: int) -> list[UUID]:
        return repository.held_ids(session, holder_id=person, limit=limit, offset=offset, **here)

    def whole(request_id: UUID) -> HeldCard:
        return HeldCard(
            repository.card_facts(session, request_id=request_id, **here),
            repository.card_place(session, request_id=request_id, **here),
        )

    def asked(offset: int, limit: int) -> list[Line]:
        return repository.asked_lines(session, requester_id=person, limit=limit, offset=offset, **here)

    workspace = session.get(Workspace, actor.workspace_id)
    is_director = workspace is not None and workspace.director_id == person
    return Overview(
        held=page_of(pages.held, HELD_SHOWN, held).each(whole),
        held_count=repository.count_held(session, holder_id=person, **here),
        asked=page_of(pages.asked, ASKED_SHOWN, asked),
        asked_count=repository.count_asked(session, requester_id=person, **here),
        projects=_projects(session, actor, pages.projects, today, is_director=is_director),
        is_director=is_director,
        clients=_clients(session, actor, pages.clients, today),
        away=_away(session, actor),
        has_projects=portfolio.any_open_project(session, **here),
    )


def _away(session: Session, actor: Actor) -> list[AwayPerson]:
    """Who is away: as many as a line can name."""
    away = away_now(session, workspace_id=actor.workspace_id, at=actor.now)
    first_back = sorted(away.items(), key=lambda one: (one[1].until, one[0]))
    # Who reads it comes first, and whoever they stand in for.
    mine = [one for one in first_back if actor.person_id in {one[0], one[1].delegate_id}]
    shown = [*mine, *(one for one in first_back if one not in mine)][:AWAY_SHOWN]
    ids = {person for person_id, absence in shown for person in (person_id, absence.delegate_id)}
    names = people.names(session, workspace_id=actor.workspace_id, ids=ids)

    def named(person_id: str) -> PersonName:
        return PersonName(person_id, names.get(person_id, person_id))

    return [
        AwayPerson(named(person_id), named(absence.delegate_id), absence.until)
        for person_id, absence in shown
    ]


def _projects(
    session: Session, actor: Actor, number: int, today: date, *, is_director: bool
) -> Page[ProjectPulse]:
    here = {"workspace_id": actor.workspace_id}

    def some(offset: int, limit: int) -> list[ProjectFacts]:
        if is_director:
            return portfolio.next_due(session, limit=limit, offset=offset, **here)
        return portfolio.run_by(session, person_id=actor.person_id, limit=limit, offset=offset, **here)

    def with_figures(project: ProjectFacts) -> ProjectPulse:
        accepted = accepted_on(session, project_id=project.id, **here)
        return ProjectPulse(project, accepted, pulse_of(session, project_id=project.id, today=today, **here))

    return page_of(number, PROJECTS_SHOWN, some).each(with_figures)


def _clients(session: Session, actor: Actor, number: int, today: date) -> Page[ClientPulse]:
    here = {"workspace_id": actor.workspace_id}

    def some(offset: int, limit: int) -> list[ClientFacts]:
        return portfolio.clients_of(session, am_id=actor.person_id, limit=limit, offset=offset, **here)

    page = page_of(number, CLIENTS_SHOWN, some)
    projects = portfolio.open_of_clients(session, client_ids=[client.id for client in page.items], **here)

    def with_figures(client: ClientFacts) -> ClientPulse:
        theirs = [project_id for client_id, project_id in projects if client_id == client.id]
        return ClientPulse(client, pulse_of_all(session, project_ids=theirs, today=today, **here))

    return page.each(with_figures)
