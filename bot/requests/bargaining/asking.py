"""Asking back: the decider asks, the ball goes to whoever logged the request; the answer brings it back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import ball, history, repository
from bot.requests.announcing import ANSWERED, QUESTION, QUESTION_IN_PRIVATE, changed, say
from bot.requests.bargaining import questions
from bot.requests.bargaining.question_models import Question
from bot.requests.models import ChangeRequest, EventKind, State
from bot.requests.refusals import AlreadyAnswered, Missing, NothingAsked, QuestionWaits
from bot.requests.rights import (
    name_of,
    require_requester,
    require_revision,
    require_right_to_decide,
    require_state,
)
from bot.requests.typed.typed_text import without_controls


def ask_for_info(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, question: str
) -> Question:
    """Ask whoever logged a request for what is missing to decide it; they have the ball until they answer.

    Raises what `require_askable` raises, and `WrongFields` (question) when there is none.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_askable(session, actor, request, revision)
    question = _said(question, field="question")
    asked = Question(
        workspace_id=request.workspace_id,
        id=new_id(),
        request_id=request.id,
        number=request.question_count + 1,
        revision=request.revision,
        asked_by=actor.person_id,
        asked_at=actor.now,
        text=question,
        answer="",
    )
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, request.requester_id)
    session.add(asked)
    request.question_count = asked.number
    request.state = State.NEEDS_INFO
    history.record(session, actor, request, EventKind.INFO_ASKED, number=asked.number, question=question)
    changed(session, actor, request)
    here = {"key": str(asked.id), "question_id": str(asked.id)}
    say(session, actor, request, QUESTION, **here)
    say(session, actor, request, QUESTION_IN_PRIVATE, destination=request.ball_holder_id, **here)
    return asked


def answer(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, number: int, words: str
) -> Question:
    """Answer the question that waits: the ball goes back to whoever decides.

    `number` is the question that was shown. Raises what `require_answerable` raises, and `AlreadyAnswered` when
    that question waits no more, `WrongFields` (answer) when there is no answer.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    asked = _require_answerable(session, actor, request, revision, number)
    words = _said(words, field="answer")
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, request.decider_id)
    asked.answered_by, asked.answered_at, asked.answer = actor.person_id, actor.now, words
    request.state = State.UNDER_REVIEW
    history.record(session, actor, request, EventKind.INFO_ANSWERED, number=asked.number, answer=words)
    changed(session, actor, request)
    say(session, actor, request, ANSWERED, key=str(asked.id), question_id=str(asked.id))
    return asked


def require_askable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> None:
    """Refuse everybody but the decider, and a question while another waits for its answer.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `OwnRequest`, `NotTheDecider`, `Outdated`,
    `QuestionWaits`, `NotNow`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_askable(session, actor, request, revision)


def require_answerable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> Question:
    """The question that waits for this person's answer.

    Raises `NoSuchRequest`, `NotTheRequester`, `AlreadyAnswered`, `NothingAsked`, `Outdated`, `ExternalPerson`,
    `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    return _require_answerable(session, actor, request, revision, request.question_count)


def _require_askable(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    require_right_to_decide(session, actor, request, revision)
    if request.state is State.NEEDS_INFO:
        waiting = questions.row(session, request, request.question_count)
        assert waiting is not None, "what needs info was asked for it"
        raise QuestionWaits(
            request.reference, name_of(session, request, request.requester_id), waiting.asked_at
        )
    require_state(request, State.SUBMITTED, State.UNDER_REVIEW)


def _require_answerable(
    session: Session, actor: Actor, request: ChangeRequest, revision: int, number: int
) -> Question:
    # Whoever was given the ball in the requester's place may answer too.
    if actor.person_id != request.ball_holder_id or request.state is not State.NEEDS_INFO:
        require_requester(session, actor, request)
    asked = questions.row(session, request, number)
    if asked is not None and asked.answered_at is not None and asked.answered_by is not None:
        by = name_of(session, request, asked.answered_by)
        raise AlreadyAnswered(request.reference, by, asked.answered_at)
    if asked is None or request.state is not State.NEEDS_INFO or number != request.question_count:
        raise NothingAsked(request.reference, request.state)
    require_revision(request, revision)
    return asked


def _said(words: str, *, field: str) -> str:
    words = without_controls(words).strip()
    if not words:
        raise WrongFields([WrongField(field, Missing())])
    return words
