"""Setting the workspace's lines, above which the director has to agree too."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people.models import Actor
from bot.people.refusals import LineOutOfBounds, NeedsDirector
from bot.people.settings import require_settings_owner
from bot.workspaces.lines import Lines
from bot.workspaces.models import Workspace

MOST_MINUTES = 100_000 * 60
MOST_MINOR = 10**12


def change_lines(session: Session, actor: Actor, *, lines: Lines) -> Workspace:
    """Set the lines of the workspace; those who may change its settings may.

    Raises `ExternalPerson`, `UnknownPerson`, `NotYourSettings`, and `WrongFields` (second_hours, second_money,
    second_goodwill): `NeedsDirector`, `LineOutOfBounds`.
    """
    _, workspace = require_settings_owner(session, actor)
    put_lines(workspace, lines)
    return workspace


def put_lines(workspace: Workspace, lines: Lines) -> None:
    """The same, where it was asked already who may. Raises `WrongFields`."""
    wrong = wrong_lines(lines, workspace)
    if wrong:
        raise WrongFields(wrong)
    lines.put(workspace)


def wrong_lines(lines: Lines, workspace: Workspace) -> list[WrongField]:
    """Every line that cannot be set: without a director nobody could agree."""
    wrong: list[WrongField] = []
    for field, value, most in (
        ("second_hours", lines.minutes, MOST_MINUTES),
        ("second_money", lines.fee_minor, MOST_MINOR),
        ("second_goodwill", lines.goodwill_minutes, MOST_MINUTES),
    ):
        why: Refusal | None = None
        if value is not None and workspace.director_id is None:
            why = NeedsDirector()
        elif value is not None and not 0 <= value <= most:
            why = LineOutOfBounds()
        if why is not None:
            wrong.append(WrongField(field, why))
    return wrong
