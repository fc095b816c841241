"""Who may change the workspace's settings, and changing them.

It stands here and not in `workspaces`, since it asks who somebody is, and `workspaces` knows nobody.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people import repository
from bot.people.models import Actor, Person
from bot.people.refusals import NotYourSettings
from bot.people.service import require_internal, require_owner
from bot.workspaces import service as workspaces
from bot.workspaces.models import Workspace


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
