"""Accepting as a swap: something else goes out, and the baseline grows by the difference alone.

Swapped hours are in the baseline already (as scope, or as an accepted request whose payer stays the same), so they are
funded as `swap`, counted in no growth, and never added a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import ScopeItem
from bot.requests import holding, repository
from bot.requests.approval_figures import Figures
from bot.requests.bargaining.bargaining_refusals import NothingGoesOut, NotSwappable, SwapTooLarge
from bot.requests.bargaining.condition_models import ConditionKind, SwapPart
from bot.requests.bargaining.conditional import make_conditional, tell_conditional
from bot.requests.models import ChangeRequest, Decision, State
from bot.requests.rights import require_right_to_decide


@dataclass(frozen=True)
class GoesOut:
    """What goes out: minutes of scope items, by their ids; and accepted requests as a whole."""

    items: Sequence[tuple[UUID, int]] = ()
    requests: Sequence[UUID] = ()


def accept_swap(
    session: Session,
    actor: Actor,
    *,
    request_id: UUID,
    revision: int,
    figures: Figures,
    rest: Funding,
    out: GoesOut,
) -> Decision:
    """Approve a request for the case that its client agrees to what goes out; who logged it asks them.

    `rest` pays for what is not swapped; the split of `figures` is not looked at. Raises what `deciding.accept` raises,
    and `WrongFields` of `out_requests` (`NothingGoesOut`, `NotSwappable`) and `hours` (`SwapTooLarge`).
    """
    require_internal(session, actor)
    held = holding.for_approval(
        session,
        workspace_id=actor.workspace_id,
        request_id=request_id,
        with_client=rest is Funding.GOODWILL,
    )
    request = held.request
    require_right_to_decide(session, actor, request, revision)
    parts = [*_items(session, request, out), *_requests(session, request, out)]
    figures = _split(figures, sum(part.minutes for part in parts), rest)
    decision, condition = make_conditional(
        session,
        actor,
        held,
        figures,
        kind=ConditionKind.SWAP,
        text="",
        confirmer_id=request.requester_id,
        due_on=None,
        expires_at=None,
        said={"out": [{"what": _name(session, part), "minutes": part.minutes} for part in parts]},
    )
    session.flush()
    for part in parts:
        part.condition_id = condition.id
    session.add_all(parts)
    tell_conditional(session, actor, request, decision)
    return decision


def swappable(session: Session, request: ChangeRequest) -> list[tuple[UUID, str, str, int]]:
    """The accepted requests of its project that may go out (id, reference, title, minutes), newest first."""
    rows = session.execute(
        select(ChangeRequest.id, ChangeRequest.reference, ChangeRequest.title, Decision.minutes)
        .join(
            Decision,
            (Decision.workspace_id == ChangeRequest.workspace_id) & (Decision.request_id == ChangeRequest.id),
        )
        .where(
            ChangeRequest.workspace_id == request.workspace_id,
            ChangeRequest.project_id == request.project_id,
            ChangeRequest.state == State.APPROVED,
            ChangeRequest.id != request.id,
            Decision.cleared_at.is_(None),
            Decision.minutes > 0,
        )
        .order_by(ChangeRequest.number.desc())
        .limit(100)
    )
    return [(row.id, row.reference, row.title, row.minutes) for row in rows]


def _split(figures: Figures, swapped: int, rest: Funding) -> Figures:
    if swapped <= 0:
        raise _wrong("out_requests", NothingGoesOut())
    if swapped > figures.minutes:
        raise _wrong("hours", SwapTooLarge(into=figures.minutes, out=swapped))
    left = figures.minutes - swapped
    split = {Funding.SWAP: swapped} | ({rest: left} if left else {})
    return replace(figures, split=split, fee_minor=figures.fee_minor if left and rest.is_billable else 0)


def _items(session: Session, request: ChangeRequest, out: GoesOut) -> list[SwapPart]:
    parts = []
    for item_id, minutes in out.items:
        item = session.get(ScopeItem, (request.workspace_id, item_id))
        if item is None or item.project_id != request.project_id or not item.is_included or minutes <= 0:
            raise _wrong("out_requests", NotSwappable(item.text if item else ""))
        parts.append(_part(request, minutes, text=item.text))
    return parts


def _requests(session: Session, request: ChangeRequest, out: GoesOut) -> list[SwapPart]:
    may = {found[0]: found[3] for found in swappable(session, request)}
    parts = []
    for request_id in dict.fromkeys(out.requests):
        if request_id not in may:
            named = session.get(ChangeRequest, (request.workspace_id, request_id))
            raise _wrong("out_requests", NotSwappable(named.reference if named else ""))
        parts.append(_part(request, may[request_id], out_request_id=request_id))
    return parts


def _part(
    request: ChangeRequest, minutes: int, *, text: str = "", out_request_id: UUID | None = None
) -> SwapPart:
    return SwapPart(
        workspace_id=request.workspace_id,
        id=new_id(),
        out_request_id=out_request_id,
        text=text,
        minutes=minutes,
    )


def _name(session: Session, part: SwapPart) -> str:
    if part.out_request_id is None:
        return part.text
    return repository.row(session, workspace_id=part.workspace_id, request_id=part.out_request_id).reference


def _wrong(field: str, why: Refusal) -> WrongFields:
    return WrongFields([WrongField(field, why)])
