"""A backup is restored, on both databases, and every row of every table is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select

from bot.backups import BackupError, back_up, restore
from bot.db.engine import build_engine
from bot.db.transaction import transaction
from bot.office import verify
from bot.outbox.models import Notice, NoticeState
from bot.settings import Settings
from tests.slack_world import agency


def rows(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table, whatever its place."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for table in found.sorted_tables
            if not table.name.startswith("search")
        }


async def test_what_was_backed_up_is_there_again_and_proves_whole(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    async with agency(database_url) as world:
        await world.accept(await world.log())
        await world.deliver()
        file = tmp_path / "backup"
        assert str(file) in back_up(database_url, file)
        assert file.stat().st_mode & 0o077 == 0
        before = rows(world.bot.runner.engine)
    assert "Restored" in restore(empty_database_url, file)
    engine = build_engine(empty_database_url)
    try:
        assert rows(engine) == before
        assert len(before["events"]) > 1
    finally:
        engine.dispose()
    checked = verify(Settings(_env_file=None, database_url=empty_database_url))  # type: ignore[call-arg]
    assert checked == (1, [])


async def test_what_waited_at_the_backup_is_looked_for_before_it_is_said(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    async with agency(database_url) as world:
        await world.log()
        back_up(database_url, tmp_path / "backup")
    assert "looked for" in restore(empty_database_url, tmp_path / "backup")
    engine = build_engine(empty_database_url)
    try:
        with transaction(engine) as session:
            assert set(session.scalars(select(Notice.state))) == {NoticeState.UNCLEAR}
    finally:
        engine.dispose()


def test_nothing_is_ever_overwritten(database_url: str, tmp_path: Path) -> None:
    back_up(database_url, tmp_path / "one")
    with pytest.raises(BackupError, match="is there already"):
        back_up(database_url, tmp_path / "one")
    with pytest.raises(BackupError, match="is not empty"):
        restore(database_url, tmp_path / "one")


def test_what_is_no_backup_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear Jo")
    with pytest.raises(BackupError, match="is no backup"):
        restore(empty_database_url, tmp_path / "letter")


@pytest.mark.only_on("postgresql")
def test_without_its_tools_it_says_what_to_run(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.backups.shutil.which", lambda *_, **__: None)
    with pytest.raises(BackupError, match="Install postgresql-client"):
        back_up(database_url, tmp_path / "one")
    assert not list(tmp_path.glob("*one*"))
