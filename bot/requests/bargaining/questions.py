"""Queries for the questions about a request."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from bot.people.models import Person
from bot.requests.bargaining.question_models import Question
from bot.requests.facts import PersonName, QuestionFacts
from bot.requests.models import ChangeRequest

_asker, _answerer = aliased(Person), aliased(Person)


def row(session: Session, request: ChangeRequest, number: int) -> Question | None:
    """One question of a request; none where there is no such number."""
    return session.scalar(
        select(Question).where(
            Question.workspace_id == request.workspace_id,
            Question.request_id == request.id,
            Question.number == number,
        )
    )


def newest(session: Session, request: ChangeRequest) -> QuestionFacts | None:
    """The newest question of a request, as cards show it."""
    if not request.question_count:
        return None
    return _facts(
        session,
        request.workspace_id,
        Question.request_id == request.id,
        Question.number == request.question_count,
    )


def by_id(session: Session, *, workspace_id: str, question_id: UUID) -> QuestionFacts | None:
    """One question, as messages tell it."""
    return _facts(session, workspace_id, Question.id == question_id)


def _facts(session: Session, workspace_id: str, *which: object) -> QuestionFacts | None:
    found = session.execute(
        select(Question, _asker.name.label("asker"), _answerer.name.label("answerer"))
        .join(_asker, and_(_asker.workspace_id == workspace_id, _asker.id == Question.asked_by))
        .outerjoin(
            _answerer, and_(_answerer.workspace_id == workspace_id, _answerer.id == Question.answered_by)
        )
        .where(Question.workspace_id == workspace_id, *which)  # type: ignore[arg-type]
    ).one_or_none()
    if found is None:
        return None
    question: Question = found.Question
    return QuestionFacts(
        number=question.number,
        by=PersonName(question.asked_by, found.asker),
        at=question.asked_at,
        text=question.text,
        answered_by=PersonName(question.answered_by, found.answerer) if question.answered_by else None,
        answered_at=question.answered_at,
        answer=question.answer,
    )
