"""What `handoff workspace …` does: list, delete, seal tokens anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from bot.bootstrap import sealer_of
from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.settings import Settings
from bot.workspaces import installations, repository
from bot.workspaces.erasing import erase
from bot.workspaces.installation_models import Installation
from bot.workspaces.models import Workspace

if TYPE_CHECKING:
    from bot.workspaces.sealing import Sealer


class UnknownTenant(Exception):
    """There is no such workspace: the message says so."""


@contextmanager
def _database(settings: Settings) -> Iterator[Runner]:
    runner = Runner(build_engine(settings.database_url))
    try:
        yield runner
    finally:
        runner.close()


def lines(settings: Settings) -> list[str]:
    """A line for each workspace: its id, its name, and how it stands there."""
    with _database(settings) as runner:
        return [_line(*row) for row in runner.read_now(installations.installations)]


def name_of(settings: Settings, workspace_id: str) -> str:
    """The name of a workspace; raises `UnknownTenant`."""
    with _database(settings) as runner:
        return runner.read_now(_known, workspace_id).name


def delete(settings: Settings, workspace_id: str) -> int:
    """Delete all that is known of a workspace; how many rows that were. Raises `UnknownTenant`."""

    def run(session: Session) -> int:
        _known(session, workspace_id)
        return sum(erase(session, workspace_id=workspace_id).values()) + 1

    with _database(settings) as runner:
        return runner.run_now(run)


def rekey(settings: Settings, *, drop_unreadable: bool = False) -> tuple[int, list[str]]:
    """Seal every token with the newest key: how many changed, and whose could not be read.

    With `drop_unreadable` those are dropped, and their workspaces have to install again; without it nothing changes
    where there is one. Raises `SetupError` for a key that is none.
    """
    sealer = sealer_of(settings)

    def run(session: Session) -> tuple[int, list[str]]:
        lost = _unreadable(session, sealer)
        if lost and not drop_unreadable:
            return 0, lost
        installations.drop_tokens(session, lost)
        return installations.reseal(session, _again(sealer)), lost

    with _database(settings) as runner:
        return runner.run_now(run)


def _again(sealer: Sealer) -> Callable[[str, str], str]:
    # Encryption is loaded only where there is something to encrypt.
    from bot.workspaces.sealing import key_id_of

    def again(workspace_id: str, sealed: str) -> str:
        if key_id_of(sealed) == sealer.newest:
            return sealed
        return sealer.seal(sealer.open(sealed, workspace_id=workspace_id), workspace_id=workspace_id)

    return again


def _unreadable(session: Session, sealer: Sealer) -> list[str]:
    # Encryption is loaded only where there is something to encrypt.
    from bot.workspaces.sealing import UnreadableToken

    lost = []
    for workspace_id, sealed in installations.sealed_tokens(session).items():
        try:
            sealer.open(sealed, workspace_id=workspace_id)
        except UnreadableToken:
            lost.append(workspace_id)
    return lost


def _known(session: Session, workspace_id: str) -> Workspace:
    found = repository.workspace(session, workspace_id=workspace_id)
    if found is None:
        raise UnknownTenant(
            f"There is no workspace {workspace_id} here. `handoff workspace list` shows them."
        )
    return found


def _line(workspace: Workspace, installation: Installation | None) -> str:
    if installation is None:
        stands = "by SLACK_BOT_TOKEN"
    elif installation.stopped_at is not None:
        stands = f"stopped {installation.stopped_at:%Y-%m-%d} ({installation.stopped_why})"
    elif installation.token is None:
        stands = "has to install again"
    else:
        stands = f"installed {installation.installed_at:%Y-%m-%d}"
    return f"{workspace.id}\t{workspace.name}\t{stands}"
