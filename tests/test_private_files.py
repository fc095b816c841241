"""What holds all that clients said is whole, its owner's alone, and leaves nothing behind where it fails."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest

from bot.backups import BackupError, back_up
from bot.db.engine import build_engine
from bot.db.transaction import transaction
from bot.office import Trouble, export_file
from bot.private_files import written_whole
from bot.settings import Settings
from bot.workspaces.service import WorkspaceFacts, ensure
from tests.tenants.crowd import NOW


def test_it_has_its_name_once_it_is_whole_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    with written_whole(tmp_path / "all.json") as partial:
        partial.write_text("{}")
        assert not (tmp_path / "all.json").exists()
    (written,) = tmp_path.iterdir()
    assert (written.name, written.read_text(), S_IMODE(written.stat().st_mode)) == ("all.json", "{}", 0o600)


def test_where_it_fails_nothing_is_left(tmp_path: Path) -> None:
    def fail(file: Path) -> None:
        with written_whole(file) as partial:
            partial.write_text("{")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fail(tmp_path / "all.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.only_on("sqlite")
def test_an_export_and_a_backup_say_so_where_they_cannot_write(database_url: str, tmp_path: Path) -> None:
    engine = build_engine(database_url)
    with transaction(engine) as session:
        ensure(session, WorkspaceFacts("T1", "Agency", "U0BOT", "B0BOT"), NOW)
    engine.dispose()
    nowhere = tmp_path / "no such folder" / "file"
    with pytest.raises(Trouble, match="cannot be written"):
        export_file(Settings(_env_file=None, database_url=database_url), nowhere, None)  # type: ignore[call-arg]
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(database_url, nowhere)
