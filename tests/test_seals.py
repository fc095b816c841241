"""`handoff verify --seal` and `--against`, as somebody types them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from bot.cli import main
from bot.db.engine import build_engine
from bot.requests.models import Event
from tests.slack_world import agency


@pytest.fixture
async def said(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with one request, as the command line finds it."""
    async with agency(database_url) as world:
        await world.log()
    monkeypatch.setenv("DATABASE_URL", database_url)


def verify(*options: str) -> Result:
    return CliRunner().invoke(main, ["verify", *options])


def test_what_was_sealed_is_held_against_the_file(said: None, tmp_path: Path) -> None:
    seal = str(tmp_path / "seal")
    written = verify("--seal", seal)
    assert (written.exit_code, "Sealed one history in" in written.output) == (0, True)
    held = verify("--against", seal)
    assert (held.exit_code, "One history held against" in held.output) == (0, True)


def test_another_hash_in_the_file_is_a_broken_history(said: None, tmp_path: Path) -> None:
    seal = tmp_path / "seal"
    verify("--seal", str(seal))
    seal.write_text(f"{seal.read_text()[:-65]}{'0' * 64}\n")
    held = verify("--against", str(seal))
    assert held.exit_code == 1
    assert "ACME-1: event 1 is not what was sealed" in held.output
    assert "1 with a broken history" in held.output


def test_a_workspace_that_was_deleted_since_is_wrong_until_somebody_says_it_is_right(
    said: None, tmp_path: Path
) -> None:
    seal = str(tmp_path / "seal")
    verify("--seal", seal)
    listed = CliRunner().invoke(main, ["workspace", "list"]).output
    (tenant,) = set(re.findall(r"\bT[A-Z0-9]+\b", listed))
    deleted = CliRunner().invoke(main, ["workspace", "delete", tenant, "--yes"])
    assert deleted.exit_code == 0, deleted.output
    held = verify("--against", seal)
    assert held.exit_code == 1, held.output
    assert f"{tenant} was erased since, and one sealed history with it." in held.output
    assert f"`--erased {tenant}`" in held.output
    known = verify("--against", seal, "--erased", tenant)
    assert known.exit_code == 0, known.output
    assert f"{tenant} was erased since, and one sealed history with it." in known.output
    assert verify("--against", seal, "--erased", "T0OTHER").exit_code == 1


def test_what_does_not_hold_is_not_sealed(said: None, database_url: str, tmp_path: Path) -> None:
    engine = build_engine(database_url)
    with engine.begin() as connection:
        connection.execute(update(Event).values(actor_id="U_NOBODY"))
    engine.dispose()
    assert verify("--seal", str(tmp_path / "seal")).exit_code == 1
    assert not (tmp_path / "seal").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is not a seal"),
        ("PGDMP\x00", "is not a seal"),
        ("é", "is not a seal"),
        ("handoff seal 1 of 1\nT1 what\n", "line 2 is not of a seal"),
        (f"handoff seal 1 of 1\nT1 {'-' * 36} 1 {'0' * 64}\n", "line 2 is not of a seal"),
        ("handoff seal 1 of 3\n", "should hold 3 histories and holds 0"),
    ],
)
def test_another_file_is_refused_with_a_sentence(
    said: None, tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "seal").write_text(content, encoding="utf-8")
    refused = verify("--against", str(tmp_path / "seal"))
    assert (refused.exit_code, sentence in refused.output) == (1, True)


def test_a_seal_overwrites_nothing(said: None, tmp_path: Path) -> None:
    (tmp_path / "seal").write_text("mine")
    refused = verify("--seal", str(tmp_path / "seal"))
    assert (refused.exit_code, "Choose another name" in refused.output) == (1, True)
    assert (tmp_path / "seal").read_text() == "mine"
