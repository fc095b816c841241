"""The clock erases workspaces that are long gone, one after the other, and never one that comes back meanwhile."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.db.transaction import reading, transaction
from bot.workspaces import erasing as erasing_module
from bot.workspaces.erasing import NotErasedError, erase, erase_long_gone
from bot.workspaces.installations import Installed, install, seat, stop
from bot.workspaces.models import Workspace
from bot.workspaces.service import WorkspaceFacts
from tests.tenants.crowd import ANA, NOW, gather

KEPT = timedelta(days=30)
LATER = NOW + timedelta(days=31)
GONE = ("T1", "T10")


@pytest.fixture
def gone(engine: Engine) -> Engine:
    with transaction(engine) as session:
        gather(session, crowd=GONE)
    for hours, workspace_id in enumerate(GONE):
        with transaction(engine) as session:
            at = NOW + timedelta(hours=hours)
            assert stop(session, workspace_id=workspace_id, why="app_uninstalled", now=at)
    return engine


def comes_back(workspace_id: str) -> Installed:
    # The same as before, so nothing about the workspace itself has to be written.
    with_mark = f"Agency mark{0 if workspace_id == 'T1' else 1:02}x"
    return Installed(WorkspaceFacts(workspace_id, with_mark, "U0BOT", "B0BOT"), "v1.new", "A0APP", "", ANA)


def token_of(engine: Engine, workspace_id: str) -> str | None:
    with reading(engine) as session:
        found = seat(session, workspace_id=workspace_id)
        return None if found is None else found.token


def test_each_has_a_transaction_of_its_own_the_longest_gone_first(gone: Engine) -> None:
    erased = []
    for _ in range(3):
        with transaction(gone) as session:
            erased.append(erase_long_gone(session, LATER, KEPT))
    assert erased == ["T1", "T10", None]


def test_one_that_cannot_be_deleted_keeps_none_behind_it(
    gone: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_all_but_t1(session: Session, *, workspace_id: str) -> dict[str, int]:
        if workspace_id == "T1":
            raise RuntimeError("a table that cannot be written")
        return erase(session, workspace_id=workspace_id)

    monkeypatch.setattr(erasing_module, "erase", erase_all_but_t1)
    with pytest.raises(NotErasedError) as failed, transaction(gone) as session:
        erase_long_gone(session, LATER, KEPT)
    assert failed.value.workspace_id == "T1"
    with transaction(gone) as session:
        assert erase_long_gone(session, LATER, KEPT, passing_over=("T1",)) == "T10"
    assert token_of(gone, "T10") is None


@pytest.mark.only_on("postgresql")
def test_who_comes_back_while_another_is_erased_stays(gone: Engine) -> None:
    with transaction(gone) as erasing:
        erase_long_gone(erasing, LATER, KEPT)
        with transaction(gone) as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            install(session, comes_back("T10"), LATER)
    assert token_of(gone, "T10") == "v1.new"
    with transaction(gone) as session:
        assert erase_long_gone(session, LATER, KEPT) is None
    assert token_of(gone, "T10") == "v1.new"


@pytest.mark.only_on("postgresql")
def test_who_is_coming_back_at_this_moment_is_passed_over(gone: Engine) -> None:
    with transaction(gone) as coming:
        install(coming, comes_back("T1"), LATER)
        with transaction(gone) as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert erase_long_gone(session, LATER, KEPT) == "T10"
    assert token_of(gone, "T1") == "v1.new"


@pytest.mark.only_on("postgresql")
def test_who_comes_back_while_it_is_erased_waits_and_begins_anew(gone: Engine) -> None:
    failed: list[Exception] = []

    def come_back() -> None:
        try:
            with transaction(gone) as session:
                install(session, comes_back("T1"), LATER)
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=come_back)
    with transaction(gone) as erasing:
        assert erase_long_gone(erasing, LATER, KEPT) == "T1"
        thread.start()
        while thread.is_alive() and not _somebody_waits(gone):
            thread.join(0.01)
        assert thread.is_alive(), failed
    thread.join(10)
    assert not failed
    assert token_of(gone, "T1") == "v1.new"
    with reading(gone) as session:
        assert session.get_one(Workspace, "T1").created_at == LATER


def _somebody_waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
