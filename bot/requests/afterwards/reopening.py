"""Taking a decided request up again: re-opened by those who decide, appealed once by who logged it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.people.standing_in import away_now
from bot.requests import history, holding, repository
from bot.requests.afterwards import duplicates
from bot.requests.announcing import APPEALED, CLIENT_WORDS, REOPENED, changed, say
from bot.requests.bargaining.reviewing import decider_now, owe_again, to_review
from bot.requests.client_words.words_models import Step
from bot.requests.models import ChangeRequest, Event, EventKind, State
from bot.requests.refusals import AlreadyAppealed, MayNotReopen, Missing, NobodyToAppealTo
from bot.requests.rights import name_of, require_requester, require_revision, require_state
from bot.requests.routing.authority import authorities_over
from bot.requests.routing.standing_in import who_acts_among
from bot.requests.typed.typed_text import without_controls
from bot.requests.undoing import undo_decision
from bot.workspaces.models import Workspace

# Decided, and no work has begun; or put away as a duplicate.
REOPENABLE = (State.APPROVED, State.REJECTED, State.DEFERRED, State.VOID)


def reopen(session: Session, actor: Actor, *, request_id: UUID, revision: int, reason: str) -> ChangeRequest:
    """Let a decision stand no more, with the reason: the request waits for its decider again.

    Raises what `require_reopenable` raises, and `WrongFields` (why) when there is no reason.
    """
    require_internal(session, actor)
    seen = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    if seen.duplicate_of_id is not None:
        return _reopen_duplicate(session, actor, seen, revision=revision, reason=reason)
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    _require_reopenable(session, actor, request, revision)
    reason = _said(reason, field="why")
    was_told = request.client_told_at is not None
    cleared = undo_decision(session, actor, project=held.project, request=request)
    to_review(session, actor, request)
    event = history.record(
        session,
        actor,
        request,
        EventKind.REOPENED,
        reason=reason,
        cleared=cleared.outcome.value if cleared else None,
    )
    _tell(session, actor, request, event, REOPENED, was_told=was_told)
    return request


def _reopen_duplicate(
    session: Session, actor: Actor, seen: ChangeRequest, *, revision: int, reason: str
) -> ChangeRequest:
    """It was not the same after all: both are held, and the link between them goes."""
    assert seen.duplicate_of_id is not None, "asked before"
    request, original = duplicates.hold_both(session, actor.workspace_id, seen.id, seen.duplicate_of_id)
    _require_reopenable(session, actor, request, revision)
    reason = _said(reason, field="why")
    to_review(session, actor, request)
    duplicates.unlink(session, actor, request, original)
    event = history.record(
        session, actor, request, EventKind.REOPENED, reason=reason, was_duplicate_of=original.reference
    )
    _tell(session, actor, request, event, REOPENED, was_told=False)
    return request


def appeal(session: Session, actor: Actor, *, request_id: UUID, revision: int, facts: str) -> ChangeRequest:
    """Ask somebody else to decide what was declined, once, with facts that were not known before.

    Raises what `require_appealable` raises, and `WrongFields` (why) when there are no new facts.
    """
    require_internal(session, actor)
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    decider = _require_appealable(session, actor, request, revision)
    facts = _said(facts, field="why")
    was_told = request.client_told_at is not None
    cleared = undo_decision(session, actor, project=held.project, request=request)
    assert cleared is not None, "what is rejected was decided"
    # Somebody may have declined in the place of who was away: it is no appeal to go to them, if there is another.
    declined_by = cleared.on_behalf_of or cleared.decided_by
    if decider == declined_by:
        declined_by = cleared.decided_by
    request.appealed_from, request.decider_id = declined_by, decider
    to_review(session, actor, request)
    event = history.record(
        session,
        actor,
        request,
        EventKind.APPEALED,
        facts=facts,
        declined_by=declined_by,
        decider=decider,
    )
    _tell(session, actor, request, event, APPEALED, was_told=was_told)
    return request


def require_reopenable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may re-open it now; it is not held, so `reopen` asks again.

    Raises `NoSuchRequest`, `MayNotReopen`, `NotNow`, `Outdated`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_reopenable(session, actor, request, revision)
    return request


def require_appealable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> str:
    """Who would decide the appeal, if this person may make it now; nothing is held, so `appeal` asks again.

    Raises `NoSuchRequest`, `NotTheRequester`, `NotNow`, `AlreadyAppealed`, `NobodyToAppealTo`, `Outdated`,
    `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    return _require_appealable(session, actor, request, revision)


def who_may_reopen(session: Session, actor: Actor, request: ChangeRequest) -> frozenset[str]:
    """Who decided it, who would decide it now, the director, and who acts for them; not who logged it.

    That one may appeal a "no".
    """
    workspace = session.get_one(Workspace, request.workspace_id)
    may = {request.decider_id, decider_now(session, request), workspace.director_id or ""} - {""}
    away = away_now(session, workspace_id=request.workspace_id, at=actor.now)
    may |= {who_acts_among(session, request, one, away) for one in may}
    if request.state is State.VOID:
        # Who says that it is a duplicate may say that it is none.
        return frozenset(may | {request.requester_id})
    return frozenset(may - {request.requester_id})


def appeal_authority(
    *, requester_id: str, declined_by: str, authorities: Sequence[str], in_place_of: str | None = None
) -> str | None:
    """Who decides an appeal: the next authority after who declined, else another one; none if there is nobody else.

    Where somebody declined in the place of another, it is neither, and that other only when nobody else is left.
    """
    whose = in_place_of or declined_by
    place = authorities.index(whose) + 1 if whose in authorities else 0
    others = (*authorities[place:], *authorities[:place])
    able = [person for person in others if person not in {requester_id, declined_by}]
    return next((person for person in able if person != whose), able[0] if able else None)


def _require_reopenable(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    # What went out in a swap may come back.
    if request.swapped_for_id is None:
        require_state(request, *REOPENABLE)
    may = who_may_reopen(session, actor, request)
    if actor.person_id not in may:
        names = tuple(sorted(name_of(session, request, person) for person in may))
        raise MayNotReopen(request.reference, names)
    require_revision(request, revision)


def _require_appealable(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> str:
    require_requester(session, actor, request)
    require_state(request, State.REJECTED)
    if request.appealed_from is not None:
        raise AlreadyAppealed(request.reference, name_of(session, request, request.decider_id))
    require_revision(request, revision)
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    assert decision is not None, "what is rejected was decided"
    decider = appeal_authority(
        requester_id=request.requester_id,
        declined_by=decision.decided_by,
        in_place_of=decision.on_behalf_of,
        authorities=authorities_over(
            session, workspace_id=request.workspace_id, project_id=request.project_id
        ),
    )
    if decider is None:
        raise NobodyToAppealTo(request.reference, name_of(session, request, decision.decided_by))
    return decider


def _tell(
    session: Session, actor: Actor, request: ChangeRequest, event: Event, kind: str, *, was_told: bool
) -> None:
    """The thread hears of it; and whoever told the client gets words to tell them that it is open again."""
    if was_told:
        owe_again(session, actor, request)
    changed(session, actor, request)
    key = str(event.position)
    say(session, actor, request, kind, key=key, position=event.position)
    if was_told:
        again = {"key": f"{Step.REOPENED}:{key}", "step": str(Step.REOPENED)}
        say(session, actor, request, CLIENT_WORDS, destination=request.requester_id, **again)


def _said(words: str, *, field: str) -> str:
    words = without_controls(words).strip()
    if not words:
        raise WrongFields([WrongField(field, Missing())])
    return words
