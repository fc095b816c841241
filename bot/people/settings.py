"""Who may change the workspace's settings, and changing them.

It stands here and not in `workspaces`, since it asks who somebody is, and `workspaces` knows nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people import repository
from bot.people.hours import WorkingTime, check_working_time, put_working_time
from bot.people.models import Actor, Person
from bot.people.refusals import NoTarget, NotYourSettings
from bot.people.service import require_internal, require_owner
from bot.workspaces import service as workspaces
from bot.workspaces.models import Workspace

# Working minutes: a month of eight-hour days.
LONGEST_TARGET = 20 * 8 * 60


@dataclass(frozen=True)
class Targets:
    """In how many working minutes of whoever has the ball the first answer is due, by priority."""

    urgent: int = 120
    high: int = 240
    normal: int = 480


def require_settings_owner(session: Session, actor: Actor) -> tuple[Person, Workspace]:
    """Whoever may change what holds for the whole workspace, and the workspace, held until the transaction ends.

    A Slack admin or the present director may; while there is no director, anybody internal. Raises
    `ExternalPerson`, `UnknownPerson`, `NotYourSettings`.
    """
    person = require_internal(session, actor)
    workspace = workspaces.locked(session, workspace_id=actor.workspace_id)
    present = workspace.director_id
    if present is not None and actor.person_id != present and not person.is_admin:
        named = repository.names(session, workspace_id=actor.workspace_id, ids=[present])
        raise NotYourSettings(named.get(present, present))
    return person, workspace


def change_settings(
    session: Session,
    actor: Actor,
    *,
    director_id: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
) -> Workspace:
    """Change what is given, leave the rest.

    A Slack admin or the present director may; while there is no director, anybody internal. Raises
    `ExternalPerson`, `UnknownPerson`, `NotYourSettings`, and `WrongFields` (director, zone, currency).
    """
    _, workspace = require_settings_owner(session, actor)
    wrong: list[WrongField] = []
    if director_id is not None:
        try:
            require_owner(session, workspace_id=actor.workspace_id, person_id=director_id)
        except Refusal as why:
            wrong.append(WrongField("director", why))
    try:
        workspaces.check_settings(zone=zone, currency=currency)
    except WrongFields as more:
        wrong.extend(more.fields)
    if wrong:
        raise WrongFields(wrong)
    workspaces.put_settings(workspace, director_id=director_id, zone=zone, currency=currency)
    return workspace


def change_working_time(
    session: Session, actor: Actor, *, usual: WorkingTime, targets: Targets | None = None
) -> Workspace:
    """Say when people work who say nothing else, and how soon a first answer is due; who may is as above.

    It counts for what is handed over from now on. Raises `ExternalPerson`, `UnknownPerson`, `NotYourSettings`, and
    `WrongFields` (days, to, holidays, urgent, high, normal).
    """
    _, workspace = require_settings_owner(session, actor)
    wrong: list[WrongField] = []
    try:
        check_working_time(usual)
    except WrongFields as more:
        wrong.extend(more.fields)
    for name, minutes in vars(targets or Targets()).items():
        if not 0 < minutes <= LONGEST_TARGET:
            wrong.append(WrongField(name, NoTarget(LONGEST_TARGET)))
    if wrong:
        raise WrongFields(wrong)
    put_working_time(workspace, usual, usual=WorkingTime())
    if targets is not None:
        workspace.urgent_minutes = targets.urgent
        workspace.high_minutes = targets.high
        workspace.normal_minutes = targets.normal
    return workspace


def targets_of(workspace: Workspace) -> Targets:
    """How soon a first answer is due, as the workspace set it."""
    usual = Targets()
    return Targets(
        workspace.urgent_minutes or usual.urgent,
        workspace.high_minutes or usual.high,
        workspace.normal_minutes or usual.normal,
    )
