"""`handoff workspace …`: which there are, one of them away, every token under a new key."""

from __future__ import annotations

import base64

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bot.cli import main
from bot.db.transaction import reading, transaction
from bot.slack.manifest import manifest
from bot.workspaces import repository
from bot.workspaces.installations import Installed, install, sealed_tokens, stop
from bot.workspaces.sealing import Sealer
from bot.workspaces.service import WorkspaceFacts
from tests.tenants.crowd import KEY, NOW

NEW_KEY = base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def run(engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    sealer = Sealer.of(KEY)
    with transaction(engine) as session:
        for workspace_id in ("T1", "T10"):
            sealed = sealer.seal(f"xoxb-{workspace_id}", workspace_id=workspace_id)
            install(session, Installed(WorkspaceFacts(workspace_id, f"Agency {workspace_id}"), sealed), NOW)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HANDOFF_ENCRYPTION_KEY", KEY)
    return CliRunner()


def test_the_list_says_how_each_stands_and_shows_no_token(run: CliRunner, engine: Engine) -> None:
    with transaction(engine) as session:
        assert stop(session, workspace_id="T10", why="app_uninstalled", now=NOW)
    said = run.invoke(main, ["workspace", "list"], catch_exceptions=False).output
    assert "T1\tAgency T1\tinstalled 2026-11-18" in said
    assert "T10\tAgency T10\tstopped 2026-11-18 (app_uninstalled)" in said
    assert "xoxb" not in said
    assert "v1." not in said


def test_one_is_deleted_after_a_question_and_the_other_stays(run: CliRunner, engine: Engine) -> None:
    assert run.invoke(main, ["workspace", "delete", "T1"], input="n\n").exit_code == 1
    with reading(engine) as session:
        assert len(repository.workspaces(session)) == 2
    assert run.invoke(main, ["workspace", "delete", "T1", "--yes"]).exit_code == 0
    with reading(engine) as session:
        assert [workspace.id for workspace in repository.workspaces(session)] == ["T10"]
    nobody = run.invoke(main, ["workspace", "delete", "T1", "--yes"])
    assert nobody.exit_code == 1
    assert "There is no workspace T1 here." in nobody.output


def test_every_token_is_sealed_anew(run: CliRunner, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOFF_ENCRYPTION_KEY", f"{NEW_KEY},{KEY}")
    assert "2 tokens were encrypted anew" in run.invoke(main, ["workspace", "rekey"]).output
    assert "0 tokens were encrypted anew" in run.invoke(main, ["workspace", "rekey"]).output
    with reading(engine) as session:
        for workspace_id, sealed in sealed_tokens(session).items():
            assert Sealer.of(NEW_KEY).open(sealed, workspace_id=workspace_id) == f"xoxb-{workspace_id}"


def test_a_lost_key_changes_nothing_until_it_is_said_so(
    run: CliRunner, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDOFF_ENCRYPTION_KEY", NEW_KEY)
    refused = run.invoke(main, ["workspace", "rekey"])
    assert refused.exit_code == 1
    assert "no key decrypts the tokens of T1, T10" in refused.output
    assert "2 were dropped" in run.invoke(main, ["workspace", "rekey", "--drop-unreadable"]).output
    with reading(engine) as session:
        assert sealed_tokens(session) == {}
        assert len(repository.workspaces(session)) == 2


def test_over_http_the_manifest_says_where_people_come_back_to() -> None:
    there = manifest(request_url="https://handoff.example.com/")["oauth_config"]
    assert there["redirect_urls"] == ["https://handoff.example.com/slack/oauth_redirect"]
    assert "redirect_urls" not in manifest()["oauth_config"]
