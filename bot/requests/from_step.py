"""A request that a workflow logs: what its step was given, in text, becomes an ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.inbox.service import is_first
from bot.people.models import Actor
from bot.portfolio import repository as portfolio
from bot.portfolio.figures import parse_hours
from bot.portfolio.finding import find_projects
from bot.portfolio.refusals import UnreadableDate
from bot.requests.models import ChangeRequest, Priority, Promise
from bot.requests.refusals import Missing
from bot.requests.service import Ask, submit

T = TypeVar("T")


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
    return submit(session, actor, ask)


def _chosen(field: str, typed: str, known: Mapping[str, T], default: T, wrong: list[WrongField]) -> T:
    """What a word means; without one, what is usual."""
    word = typed.strip().casefold()
    if word and word not in known:
        wrong.append(WrongField(field, UnknownChoice(typed, tuple(known)[:3])))
    return known.get(word, default)
