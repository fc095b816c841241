"""Changing what is asked for: a new revision, which is decided anew."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import history, holding, repository
from bot.requests.announcing import EDITED, changed, say
from bot.requests.bargaining.reviewing import owe_again, to_review
from bot.requests.models import AWAITING_DECISION, ChangeRequest, EventKind, Promise, State
from bot.requests.refusals import NothingChanged
from bot.requests.rights import require_requester, require_revision, require_state
from bot.requests.service import Ask, tidy, wrong_wish
from bot.requests.undoing import undo_decision

# As long as no work has begun. What was withdrawn or is a duplicate is not asked for any more.
EDITABLE = AWAITING_DECISION | {
    State.APPROVED,
    State.APPROVED_CONDITIONAL,
    State.REJECTED,
    State.DEFERRED,
}


def edit(session: Session, actor: Actor, *, request_id: UUID, revision: int, ask: Ask) -> ChangeRequest:
    """Change what is asked for, by who logged it; a decision on the revision before no longer stands.

    The project of `ask` is not looked at: a request stays where it is. Raises what `require_editable` raises, and
    `WrongFields` (title, needed_by, hours), `NothingChanged`.
    """
    person = require_internal(session, actor)
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    _require_editable(session, actor, request, revision)
    ask = tidy(ask)
    today = actor.now.astimezone(person.tz).date()
    if wrong := wrong_wish(ask, today, already_needed_by=request.needed_by):
        raise WrongFields(wrong)
    changes = _changes(request, ask)
    if not changes:
        raise NothingChanged(request.reference)
    was_told = request.client_told_at is not None
    cleared = undo_decision(session, actor, project=held.project, request=request)
    to_review(session, actor, request)
    for name, (_, new) in changes.items():
        setattr(request, name, new)
    if "promise" in changes:
        request.promise_at = None if ask.promise is Promise.NOTHING_SAID else actor.now
    if was_told or "needed_by" in changes:
        owe_again(session, actor, request)
    request.revision += 1
    event = history.record(
        session,
        actor,
        request,
        EventKind.EDITED,
        revision=request.revision,
        changes={name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()},
        cleared=cleared.outcome.value if cleared else None,
    )
    changed(session, actor, request)
    say(session, actor, request, EDITED, key=str(event.position), position=event.position)
    return request


def require_editable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may change it now; it is not held, so `edit` asks again.

    Raises `NoSuchRequest`, `NotTheRequester`, `NotNow`, `Outdated`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_editable(session, actor, request, revision)
    return request


def _require_editable(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    require_requester(session, actor, request)
    require_state(request, *EDITABLE)
    require_revision(request, revision)


def _changes(request: ChangeRequest, ask: Ask) -> dict[str, tuple[Any, Any]]:
    """What differs, old and new, by the request's own names."""
    said = {
        "title": ask.title,
        "details": ask.details,
        "reason": ask.reason,
        "needed_by": ask.needed_by,
        "estimated_minutes": ask.minutes,
        "promise": ask.promise,
        "priority": ask.priority,
        "source_url": ask.source_url,
    }
    return {name: (old, new) for name, new in said.items() if (old := getattr(request, name)) != new}


def _plain(value: Any) -> Any:
    """A value as an event keeps it."""
    return value.isoformat() if isinstance(value, date) else value
