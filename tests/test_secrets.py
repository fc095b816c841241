"""No secret of ours is ever told: planted in every setting and in what Slack says, and then everything fails."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy.exc import ArgumentError

from bot import logs
from bot.cli import main
from bot.db.engine import build_engine
from bot.logs import JsonLines, PlainLines, keep_secret, without_secrets
from bot.settings import Settings

PASSWORD = "hunter2/with@marks"
DATABASE = f"postgresql://handoff:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@127.0.0.1:1/handoff"
# Shapes that no pattern would know.
PLANTED = {
    "SLACK_BOT_TOKEN": "planted-bot-token",
    "SLACK_APP_TOKEN": "planted-app-token",
    "SLACK_SIGNING_SECRET": "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e",
    "SLACK_CLIENT_SECRET": "planted-client-secret",
    "HANDOFF_ENCRYPTION_KEY": "cGxhbnRlZC1rZXktb25l,cGxhbnRlZC1rZXktdHdv",
    "METRICS_TOKEN": "planted-metrics-token",
    "SENTRY_DSN": "https://planted@sentry.invalid/1",
}


@pytest.fixture(autouse=True)
def nothing_is_kept_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_kept", set())
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)


def planted() -> Settings:
    given: dict[str, Any] = {name.lower(): value for name, value in PLANTED.items()}
    return Settings(_env_file=None, database_url=DATABASE, **given)  # type: ignore[call-arg]


def secrets() -> list[str]:
    return [
        *PLANTED.values(),
        *PLANTED["HANDOFF_ENCRYPTION_KEY"].split(","),
        PASSWORD,
        DATABASE.split(":")[2].partition("@")[0],
    ]


def test_every_secret_setting_has_a_secret_planted_here() -> None:
    kinds = {name.upper(): str(field.annotation) for name, field in Settings.model_fields.items()}
    assert {name for name, kind in kinds.items() if "SecretStr" in kind} == set(PLANTED)


def test_settings_do_not_show_their_secrets() -> None:
    shown = f"{planted()!r} {planted()}"
    assert not [secret for secret in secrets() if secret in shown]
    assert isinstance(planted().slack_bot_token, SecretStr)


@pytest.mark.parametrize("lines", [JsonLines(), PlainLines()])
def test_no_line_of_the_log_holds_a_planted_secret(lines: logging.Formatter) -> None:
    keep_secret(*planted().secrets())
    for secret in secrets():
        try:
            raise RuntimeError(f'{{"access_token": "{secret}"}} of {DATABASE}')
        except RuntimeError:
            error = sys.exc_info()
        record = logging.LogRecord("slack_sdk", 40, __file__, 1, "it said %s", (secret,), error)
        record.fields = {"seen": secret}
        assert secret not in lines.format(record)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("wss://wss.example/link/?ticket=abc123&app_id=1", "abc123"),
        ("GET /slack/oauth_redirect?code=12.34.abc&state=f00ba4", "12.34.abc"),
        ("GET /slack/oauth_redirect?code=12.34.abc&state=f00ba4", "f00ba4"),
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("could not connect to postgresql://me:s3cret/x@db/h", "s3cret/x"),
        ("posted to https://hooks.slack.com/actions/T1/2/abcdef", "T1/2/abcdef"),
    ],
)
def test_what_an_address_carries_is_blacked_out_without_being_known(said: str, secret: str) -> None:
    assert secret not in without_secrets(said)


def test_ordinary_addresses_stay() -> None:
    said = "listening on http://127.0.0.1:3000 for Agency; see https://api.slack.com/apps?x=1"
    assert without_secrets(said) == said


def test_a_short_setting_does_not_black_out_words() -> None:
    keep_secret("a", "")
    assert without_secrets("a cat") == "a cat"


@pytest.mark.parametrize("command", [["check"], ["run"], ["verify"], ["export", "all.json"], ["migrate"]])
def test_no_command_that_fails_tells_a_secret(
    command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {**PLANTED, "DATABASE_URL": DATABASE, "SENTRY_DSN": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(logs, "configure", lambda level: None)
    outcome = CliRunner().invoke(main, command)
    assert outcome.exit_code != 0
    told = outcome.output + str(outcome.exception or "")
    assert told.strip()
    assert not [secret for secret in secrets() if secret in told]


def test_an_address_that_cannot_be_read_tells_no_piece_of_its_password() -> None:
    with pytest.raises(ArgumentError) as refused:
        build_engine("postgresql://handoff:hunter2")
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_what_ends_the_process_is_told_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    keep_secret("planted-bot-token")
    logs._tell_without_secrets(ValueError, ValueError("bad planted-bot-token"), None)
    told = capsys.readouterr().err
    assert "bad [secret]" in told
    assert json.dumps(told)
