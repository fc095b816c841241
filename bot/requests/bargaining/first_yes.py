"""When one yes is not enough: the first one is kept, and the director is asked for the second.

The line is the director's: they are asked also where they declined before, and somebody else hears the appeal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, Uuid, and_, bindparam, select
from sqlalchemy.orm import Session

from bot.db.asking import tell
from bot.db.ids import new_id
from bot.ledger.models import Funding
from bot.people.models import Actor, Person
from bot.portfolio.models import Client, Project
from bot.requests import ball, history
from bot.requests.announcing import FIRST_YES, changed, say
from bot.requests.approval_figures import Figures
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.models import ChangeRequest, EventKind, State
from bot.requests.refusals import NobodyToAgree
from bot.requests.routing.standing_in import in_place_of
from bot.workspaces.models import Workspace


@dataclass(frozen=True)
class Needed:
    """Who has to agree too, and above which lines the figures lie."""

    director_id: str
    above: dict[str, int]


def second_needed(session: Session, actor: Actor, request: ChangeRequest, figures: Figures) -> Needed | None:
    """Whether the director has to agree to these figures too; none where one yes is enough.

    It is where nothing lies above a line, where the director decides or logged it, and where this is the second yes.
    Raises `NobodyToAgree` above a line while no director can act.
    """
    if request.first_approver_id is not None:
        return None
    here = {"the_workspace": request.workspace_id, "the_project": request.project_id}
    row = tell(session, _LINES, here).one()
    above = _above(row, figures)
    if not above or row.director_id in {actor.person_id, request.decider_id, request.requester_id}:
        return None
    if row.able_director is None:
        raise NobodyToAgree(request.reference)
    return Needed(row.able_director, above)


def keep(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    figures: Figures,
    needed: Needed,
    *,
    approved_by: str | None = None,
) -> FirstApproval:
    """Keep the first yes, and let the director decide; `approved_by` where somebody else's press makes it."""
    by = approved_by or actor.person_id
    first = FirstApproval(
        workspace_id=request.workspace_id,
        id=new_id(),
        request_id=request.id,
        revision=request.revision,
        approved_by=by,
        on_behalf_of=in_place_of(session, request, by, actor.now),
        approved_at=actor.now,
        decider_id=request.decider_id,
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
        split={str(funding): part for funding, part in figures.split.items()},
        above=dict(needed.above),
        settled_at=None,
    )
    # Nobody says yes twice, not even in the director's place.
    request.first_approver_id = by
    ball.hand_to(session, actor, request, needed.director_id)
    request.decider_id = needed.director_id
    request.state = State.UNDER_REVIEW
    session.add(first)
    event = history.record(
        session,
        actor,
        request,
        EventKind.FIRST_YES,
        revision=request.revision,
        approved_by=by,
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
        split=first.split,
        above=first.above,
        director=needed.director_id,
    )
    changed(session, actor, request)
    say(session, actor, request, FIRST_YES, key=str(event.position))
    return first


def standing(session: Session, request: ChangeRequest) -> FirstApproval | None:
    """The first yes that waits for the second; asked for only where there is one."""
    if request.first_approver_id is None:
        return None
    return session.scalar(
        select(FirstApproval)
        .where(
            FirstApproval.workspace_id == request.workspace_id,
            FirstApproval.request_id == request.id,
            FirstApproval.settled_at.is_(None),
        )
        .order_by(FirstApproval.id.desc())
        .limit(1)
    )


def settle(session: Session, actor: Actor, request: ChangeRequest) -> FirstApproval | None:
    """A first yes no longer waits: it was decided, or does not count any more. Whose decision it was, it is again."""
    first = standing(session, request)
    if first is not None:
        first.settled_at = actor.now
        request.decider_id = first.decider_id
        request.first_approver_id = None
    return first


def _above(row: Any, figures: Figures) -> dict[str, int]:
    minutes = row.client_minutes if row.client_minutes is not None else row.minutes
    goodwill = row.client_goodwill if row.client_goodwill is not None else row.goodwill
    fee = row.client_minor
    if fee is None and row.currency == row.client_currency:
        # Amounts in two currencies cannot be compared: then only a line of the client's own counts.
        fee = row.minor
    found = {
        "minutes": (figures.minutes, minutes),
        "fee_minor": (figures.fee_minor, fee),
        "goodwill": (figures.split.get(Funding.GOODWILL, 0), goodwill),
    }
    return {name: line for name, (figure, line) in found.items() if line is not None and figure > line}


def _lines() -> Select[*tuple[Any, ...]]:
    here = bindparam("the_workspace", type_=String)
    return (
        select(
            Workspace.director_id,
            Workspace.currency,
            Workspace.second_minutes.label("minutes"),
            Workspace.second_minor.label("minor"),
            Workspace.second_goodwill_minutes.label("goodwill"),
            Client.currency.label("client_currency"),
            Client.second_minutes.label("client_minutes"),
            Client.second_minor.label("client_minor"),
            Client.second_goodwill_minutes.label("client_goodwill"),
            Person.id.label("able_director"),
        )
        .select_from(Project)
        .join(Client, and_(Client.workspace_id == here, Client.id == Project.client_id))
        .join(Workspace, Workspace.id == Project.workspace_id)
        .outerjoin(
            Person,
            and_(
                Person.workspace_id == here,
                Person.id == Workspace.director_id,
                Person.is_active,
                ~Person.is_external,
            ),
        )
        .where(Project.workspace_id == here, Project.id == bindparam("the_project", type_=Uuid))
    )


# Built once: it is asked with every acceptance.
_LINES = _lines()
