"""A request that a workflow logs: what its step was given, in text, becomes an ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import Refusal, WrongField, WrongFields
from bot.inbox.service import is_first
from bot.outbox.service import announce, said_otherwise
from bot.people.models import Actor
from bot.portfolio import repository as portfolio
from bot.portfolio.figures import parse_hours
from bot.portfolio.finding import find_projects
from bot.portfolio.refusals import UnreadableDate
from bot.requests.models import ChangeRequest, Priority, Promise
from bot.requests.refusals import Missing
from bot.requests.service import Ask, submit

T = TypeVar("T")

# How the run of a step ended, to be told to Slack.
STEP_DONE = "step_done"
STEP_FAILED = "step_failed"
# Whoever took the step tells Slack at once; after so long the outbox does.
TOLD_WITHIN = timedelta(seconds=15)


@dataclass(frozen=True)
class StepFields:
    """What the workflow filled in."""

    project: str
    title: str
    details: str = ""
    needed_by: str = ""
    hours: str = ""
    priority: str = ""
    promise: str = ""


# How people say what the client was told.
PROMISES = {
    "nothing": Promise.NOTHING_SAID,
    "holding": Promise.HOLDING_REPLY,
    "yes": Promise.PROMISED,
    **{promise.value: promise for promise in Promise},
}
PRIORITIES = {priority.value: priority for priority in Priority}


@dataclass
class UnknownChoice(Refusal):
    """Not one of the words that are known here."""

    typed: str
    known: tuple[str, ...]


@dataclass
class UnclearProject(Refusal):
    """No open project is meant, or more than one (their keys)."""

    typed: str
    meant: tuple[str, ...]


def submit_from_step(
    session: Session, actor: Actor, *, execution_id: str, fields: StepFields
) -> ChangeRequest | None:
    """Log what a workflow asks for, once for each run of its step; nothing when it was logged before.

    That the step is over is announced with it: its workflow waits until Slack is told, whoever dies meanwhile.

    Raises `WrongFields` (project, title, needed_by, hours, priority, promise), `NobodyElse`, `UnknownPerson`, `ExternalPerson`.
    """
    if not is_first(session, workspace_id=actor.workspace_id, key=f"step:{execution_id}", now=actor.now):
        return None
    wrong: list[WrongField] = []
    projects = portfolio.open_projects(session, workspace_id=actor.workspace_id)
    found = find_projects(projects, fields.project) if fields.project else []
    if not fields.project:
        wrong.append(WrongField("project", Missing()))
    elif len(found) != 1:
        wrong.append(WrongField("project", UnclearProject(fields.project, tuple(it.key for it in found))))
    needed_by = None
    if fields.needed_by:
        try:
            needed_by = date.fromisoformat(fields.needed_by[:10])
        except ValueError:
            wrong.append(WrongField("needed_by", UnreadableDate(fields.needed_by)))
    if not fields.title.strip():
        wrong.append(WrongField("title", Missing()))
    minutes = None
    if fields.hours:
        try:
            minutes = parse_hours(fields.hours)
        except Refusal as why:
            wrong.append(WrongField("hours", why))
    priority = _chosen("priority", fields.priority, PRIORITIES, Priority.NORMAL, wrong)
    promise = _chosen("promise", fields.promise, PROMISES, Promise.NOTHING_SAID, wrong)
    if wrong:
        raise WrongFields(wrong)
    ask = Ask(
        project_id=found[0].id,
        title=fields.title,
        details=fields.details,
        needed_by=needed_by,
        minutes=minutes,
        priority=priority,
        promise=promise,
    )
    request = submit(session, actor, ask)
    _announce_end(
        session, actor, STEP_DONE, request.id, execution_id=execution_id, reference=request.reference
    )
    return request


def refuse_step(session: Session, actor: Actor, *, execution_id: str, sentence: str) -> None:
    """Let the run of a step end with the sentence that says why it logged nothing; the first end counts."""
    if is_first(session, workspace_id=actor.workspace_id, key=f"step:{execution_id}", now=actor.now):
        _announce_end(session, actor, STEP_FAILED, new_id(), execution_id=execution_id, sentence=sentence)


def step_ended(session: Session, actor: Actor, *, execution_id: str) -> None:
    """Slack was told how the run of a step ended: nobody else has to."""
    said_otherwise(session, workspace_id=actor.workspace_id, dedupe_key=_end_of(execution_id), now=actor.now)


def _announce_end(
    session: Session, actor: Actor, kind: str, subject_id: UUID, *, execution_id: str, **facts: str
) -> None:
    announce(
        session,
        workspace_id=actor.workspace_id,
        kind=kind,
        subject_id=subject_id,
        # A place of its own: nothing waits behind it.
        destination=execution_id[-32:],
        dedupe_key=_end_of(execution_id),
        now=actor.now + TOLD_WITHIN,
        facts={"execution": execution_id, **facts},
    )


def _end_of(execution_id: str) -> str:
    return f"step:{execution_id}"[:200]


def _chosen(field: str, typed: str, known: Mapping[str, T], default: T, wrong: list[WrongField]) -> T:
    """What a word means; without one, what is usual."""
    word = typed.strip().casefold()
    if word and word not in known:
        wrong.append(WrongField(field, UnknownChoice(typed, tuple(known)[:3])))
    return known.get(word, default)
