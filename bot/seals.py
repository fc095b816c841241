"""Seals of all histories as files: written once everything holds, and held against the database later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.private_files import written_whole
from bot.requests.history import Broken
from bot.requests.sealing import Erased, Link, newest_links, not_as_sealed
from bot.settings import Settings
from bot.slack.text.phrases import counted
from bot.workspaces import repository as workspaces

# The first line says how many follow, one a request: its workspace, its id, its newest event's position and hash.
_HEAD = re.compile(r"handoff seal 1 of (\d{1,9})")
_LINE = re.compile(
    r"([A-Z0-9]{1,32}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([1-9]\d{0,8}) ([0-9a-f]{64})", re.ASCII
)


class SealError(Exception):
    """There is no seal: the message says why, and what to do."""


def write(settings: Settings, file: Path) -> str:
    """Write the newest link of every history to `file`; returns what was done. Raises `SealError`."""
    if file.exists():
        raise SealError(f"{file} is there already. Choose another name: a seal overwrites nothing.")
    runner = Runner(build_engine(settings.database_url))
    try:
        lines = runner.read_now(lambda session: [_as_line(link) for link in _all_links(session)])
    finally:
        runner.close()
    try:
        with written_whole(file) as partial:
            partial.write_text("\n".join([f"handoff seal 1 of {len(lines)}", *lines, ""]), encoding="ascii")
    except OSError as error:
        raise SealError(f"{file} cannot be written: {error.strerror}.") from error
    sealed = counted(len(lines), "history", "histories")
    return f"Sealed {sealed} in {file}. Keep it where nobody who can write to the database can."


def read(file: Path) -> list[Link]:
    """The links of a seal. Raises `SealError`, with the line that cannot be read."""
    try:
        first, *lines = file.read_text(encoding="ascii").splitlines() or [""]
    except UnicodeDecodeError:
        first, lines = "", []
    except OSError as error:
        raise SealError(f"{file} cannot be read: {error.strerror}.") from error
    head = _HEAD.fullmatch(first)
    if head is None:
        raise SealError(f"{file} is not a seal: `handoff verify --seal FILE` writes one.")
    links = [_read_line(file, number, line) for number, line in enumerate(lines, start=2)]
    if len(links) != int(head[1]):
        raise SealError(f"{file} should hold {head[1]} histories and holds {len(links)}. Was it cut off?")
    return links


def broken_since(settings: Settings, sealed: list[Link]) -> tuple[list[Broken], list[Erased]]:
    """Where the histories are not what was sealed; and the workspaces that were erased since."""
    runner = Runner(build_engine(settings.database_url))
    try:
        found = runner.read_now(lambda session: list(not_as_sealed(session, sealed)))
    finally:
        runner.close()
    broken = [one for one in found if isinstance(one, Broken)]
    return broken, [one for one in found if isinstance(one, Erased)]


def erased_since(erased: Erased, *, is_known: bool) -> str:
    """What to say of a workspace that was sealed and is gone."""
    histories = counted(erased.histories, "sealed history", "sealed histories")
    gone = f"{erased.workspace_id} was erased since, and {histories} with it."
    if is_known:
        return gone
    return (
        f"{gone} That is right if somebody deleted it, or if Handoff was taken out there and its data was kept long "
        f"enough: then say `--erased {erased.workspace_id}`, or make a new seal."
    )


def _all_links(session: Session) -> Iterator[Link]:
    for workspace in workspaces.workspaces(session):
        yield from newest_links(session, workspace_id=workspace.id)


def _as_line(link: Link) -> str:
    return f"{link.workspace_id} {link.request_id} {link.position} {link.hash}"


def _read_line(file: Path, number: int, line: str) -> Link:
    found = _LINE.fullmatch(line)
    if found is None:
        raise SealError(f"{file}, line {number} is not of a seal. Was it cut off, or changed?")
    return Link(found[1], UUID(found[2]), int(found[3]), found[4])
