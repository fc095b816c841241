"""`handoff check`: each thing that can be wrong is found, and said in words that mend it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.checking import Finding, Level, check
from bot.checking.channels import ONE_BY_ONE, check_channels
from bot.checking.databases import check_database, file_system, users_of
from bot.clock import FrozenClock, SystemClock
from bot.db.engine import build_engine
from bot.sandbox import LocalWorkspace, WallClock
from bot.sandbox.faults import Fault
from bot.settings import Settings
from bot.slack.gateway import ChannelFacts, GatewayError, NotSent, Refused
from tests.slack_world import agency, agency_seed, settings


async def found(slack: LocalWorkspace, url: str, *, ahead: float = 0.0, **changes: Any) -> list[Finding]:
    """What is found with some settings changed, and a clock that is so many seconds ahead."""
    now = SystemClock().now() + timedelta(seconds=ahead)
    return await check(settings(url, slack).model_copy(update=changes), clock=FrozenClock(now))


def told(findings: list[Finding], level: Level = Level.WRONG) -> str:
    return "\n".join(finding.text for finding in findings if finding.level is level)


def secret(value: str) -> Any:
    from pydantic import SecretStr  # here, where it is used once

    return SecretStr(value)


@pytest.mark.only_on("sqlite")
async def test_tokens_that_are_wrong_swapped_revoked_or_of_another_kind(database_url: str) -> None:
    async with LocalWorkspace(agency_seed(), clock=WallClock()) as slack:
        bot, app = slack.seed.bot_token, slack.seed.app_token
        assert told(await found(slack, database_url)) == ""
        swapped = await found(slack, database_url, slack_bot_token=secret(app), slack_app_token=secret(bot))
        assert "are swapped" in told(swapped)
        user = await found(slack, database_url, slack_bot_token=secret("xoxp-1-2"))
        assert "SLACK_BOT_TOKEN is a user token" in told(user)
        unknown = await found(slack, database_url, slack_bot_token=secret("xoxb-other"))
        assert "refuses SLACK_BOT_TOKEN (invalid_auth)" in told(unknown)
        slack.faults.add(Fault("auth.test", "error:token_revoked"))
        assert "was revoked" in told(await found(slack, database_url))
        no_app = await found(slack, database_url, slack_app_token=secret("xapp-1-other"))
        assert "SLACK_APP_TOKEN" in told(no_app)
        slack.faults.add(Fault("apps.connections.open", "error:missing_scope"))
        assert "connections:write" in told(await found(slack, database_url))
        neither = await found(slack, database_url, slack_app_token=None, slack_signing_secret=None)
        assert "Slack cannot reach us" in told(neither)
        closed = await found(slack, database_url, slack_api_url="http://127.0.0.1:9/api/")
        assert "cannot be reached" in told(closed)
        assert bot not in "".join(finding.text for finding in [*swapped, *unknown, *closed])


@pytest.mark.only_on("sqlite")
async def test_scopes_that_are_missing_and_what_that_costs(database_url: str) -> None:
    async with LocalWorkspace(agency_seed(), clock=WallClock()) as slack:
        slack.faults.missing_scopes.update({"commands", "dnd:read"})
        findings = await found(slack, database_url)
    assert "lacks scopes it needs: commands." in told(findings)
    assert "dnd:read reminders come through" in told(findings, Level.NOTE)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("ahead", "level", "words"),
    [(0, Level.GOOD, "agrees"), (30, Level.NOTE, "ahead of"), (-400, Level.WRONG, "behind")],
)
async def test_a_clock_that_is_wrong(database_url: str, ahead: float, level: Level, words: str) -> None:
    async with LocalWorkspace(agency_seed(), clock=WallClock()) as slack:
        findings = await found(slack, database_url, ahead=ahead)
    assert words in told(findings, level)


async def test_channels_where_the_bot_is_not_archived_or_shared(database_url: str) -> None:
    async with agency(database_url) as world:
        await world.slack.archive_channel("C0OTHER")
        findings = await found(world.slack, database_url)
    assert "The bot is not in #shut (SHUT): type `/invite @Handoff` there." in told(findings)
    assert "(#other) is archived" in told(findings)
    assert "#shared (SHARED) is shared with another company" in told(findings, Level.NOTE)
    assert "The bot is in #acme (ACME)." in told(findings, Level.GOOD)


def test_a_database_that_misses_migrations_or_is_newer(database_url: str) -> None:
    assert told(check_database(database_url)) == ""
    engine = build_engine(database_url)
    for revision, level, words in (
        ("2199_01_01_0000", Level.NOTE, "newer Handoff"),
        ("2026_11_23_0346", Level.WRONG, "misses migrations"),
    ):
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        assert words in told(check_database(database_url), level)
    engine.dispose()


def test_a_database_that_is_not_there() -> None:
    assert "cannot be reached" in told(check_database("postgresql://nobody:secret@127.0.0.1:9/nothing"))
    assert "secret" not in told(check_database("postgresql://nobody:secret@127.0.0.1:9/nothing"))
    assert "in memory" in told(check_database("sqlite://"))


def test_a_disk_of_another_machine_is_told_by_its_kind(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nserver:/x /srv/far nfs4 rw 0 0\n")
    assert file_system(Path("/srv/far/handoff.db"), mounts) == "nfs4"
    assert file_system(Path("/srv/near/handoff.db"), mounts) == "ext4"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells who has a file open")
def test_who_has_the_file_open_is_told(tmp_path: Path) -> None:
    file = tmp_path / "handoff.db"
    with file.open("w"):
        other = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; f = open(sys.argv[1]); print(1, flush=True); sys.stdin.read()",
                str(file),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert other.stdout is not None
            other.stdout.readline()
            assert {os.getpid(), other.pid} <= users_of(file)
        finally:
            other.communicate()


def test_without_any_setting_it_says_where_to_begin(tmp_path: Path) -> None:
    import asyncio  # only here

    bare = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'a.db'}")  # type: ignore[call-arg]
    assert "SLACK_BOT_TOKEN is not set" in told(
        asyncio.run(check(bare, clock=FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))))
    )


@pytest.mark.parametrize(
    ("met", "said"),
    [
        (Refused("conversations.list", "missing_scope"), "missing_scope"),
        (NotSent("conversations.list", "x"), "NotSent"),
    ],
)
async def test_channels_that_cannot_be_listed_are_told_of(met: GatewayError, said: str) -> None:
    class Failing:
        async def channels(self) -> AsyncIterator[ChannelFacts]:
            raise met
            yield

    many: Any = {f"C{number}": "ACME" for number in range(ONE_BY_ONE + 1)}
    gateway: Any = Failing()
    (finding,) = await check_channels(gateway, many)
    assert finding.level is Level.WRONG
    assert said in finding.text
