"""Fifty workspaces alike in everything but their ids, and these made to be taken for one another: nothing is shared."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, handoff
from bot.clock import FrozenClock
from bot.db.base import Base
from bot.exchange.service import export_workspace
from bot.slack.commands.table import SUB_COMMANDS
from bot.slack.pacing import Pacing
from bot.workspaces.erasing import erase
from tests.statements import statements
from tests.tenants.crowd import (
    ACME,
    ANA,
    CROWD,
    HOSTILE,
    NOW,
    Slack,
    gather,
    mark,
    marks_in,
    settings,
    token,
    yes_sayer,
)

# Every command for a few of the worst, or (at length) for all.
AT_LENGTH = bool(os.environ.get("HANDOFF_LONG_TESTS"))
ASKED = CROWD if AT_LENGTH else ("T1", "T10", "%", "T1' OR '1'='1")
ARGUMENTS = {
    "list": ("", "acme", "open"),
    "show": ("ACME-1",),
    "find": ("sign-up", "mark"),
    "client": ("", "acme"),
    "project": ("", "acme"),
}
TENANT_TABLES = {table.name for table in Base.metadata.sorted_tables if "workspace_id" in table.c}
_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?(\w+)\"?", re.IGNORECASE)


@dataclass
class Crowd:
    built: Handoff
    slack: Slack

    async def send(self, body: dict[str, Any]) -> Any:
        answer = await self.built.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200, body
        return answer.body

    async def command(self, workspace_id: str, name: str, text: str) -> Any:
        return await self.send(
            {
                "team_id": workspace_id,
                "user_id": ANA,
                "channel_id": ACME,
                "command": name,
                "text": text,
                "trigger_id": "1.2.3",
                "is_enterprise_install": "false",
            }
        )

    async def open_home(self, workspace_id: str) -> None:
        event = {"type": "app_home_opened", "user": ANA, "tab": "home", "channel": "D1"}
        await self.send(
            {
                "type": "event_callback",
                "team_id": workspace_id,
                "event": event,
                "event_id": f"Ev{workspace_id}",
                "event_time": int(NOW.timestamp()),
                "authorizations": [{"team_id": workspace_id, "is_enterprise_install": False}],
            }
        )


@pytest.fixture
async def crowd(database_url: str) -> AsyncIterator[Crowd]:
    async with yes_sayer() as slack:
        options = {"clock": FrozenClock(NOW), "pacing": Pacing(seconds_between_posts=0)}
        async with handoff(settings(database_url, slack.url), **options) as built:  # type: ignore[arg-type]
            await built.bot.runner.run(gather)
            yield Crowd(built, slack)


def test_the_ids_are_fifty_and_differ() -> None:
    assert len(set(CROWD)) == len(CROWD) == 50
    assert all(len(workspace_id) <= 32 for workspace_id in HOSTILE)


async def test_every_command_shows_its_own_workspace_alone(crowd: Crowd) -> None:
    seen: dict[str, set[str]] = {}
    for workspace_id in ASKED:
        for name in SUB_COMMANDS:
            for text in ARGUMENTS.get(name, ("",)):
                crowd.slack.calls.clear()
                with statements(crowd.built.bot.runner.engine) as sent:
                    answer = await crowd.command(workspace_id, "/handoff", f"{name} {text}".strip())
                _assert_own(crowd, workspace_id, f"{name} {text}", answer, seen)
                _assert_every_statement_says_which_workspace(sent)
        crowd.slack.calls.clear()
        answer = await crowd.command(workspace_id, "/ask", "acme add a menu by Friday ~3h")
        _assert_own(crowd, workspace_id, "/ask", answer, seen)
        crowd.slack.calls.clear()
        await crowd.open_home(workspace_id)
        _assert_own(crowd, workspace_id, "home", None, seen)
    shows_rows = {name for name, marks in seen.items() if marks}
    assert {
        "list ",
        "show ACME-1",
        "find sign-up",
        "mine ",
        "client ",
        "project ",
        "/ask",
        "home",
    } <= shows_rows


def _assert_own(crowd: Crowd, workspace_id: str, what: str, answer: Any, seen: dict[str, set[str]]) -> None:
    # What an earlier one set off may still be on its way to Slack: each call is held against its own token.
    for call in crowd.slack.calls:
        assert marks_in(call.arguments) <= {call.token.removeprefix("xoxb-")}, f"{call.method} during {what}"
    own = [call.arguments for call in crowd.slack.calls if call.token == token(workspace_id)]
    shown = marks_in(answer, own)
    assert shown <= {mark(workspace_id)}, f"{what} in {workspace_id!r} shows rows of another workspace"
    seen.setdefault(what, set()).update(shown)


def _assert_every_statement_says_which_workspace(sent: list[str]) -> None:
    for statement in sent:
        if TENANT_TABLES & set(_TABLE.findall(statement)):
            assert "workspace_id" in statement, statement


async def test_every_notice_is_posted_under_the_token_of_its_own_workspace(crowd: Crowd) -> None:
    await crowd.built.courier.drain()
    posts = [call for call in crowd.slack.calls if call.method == "chat.postMessage"]
    assert {call.token for call in posts} == {token(workspace_id) for workspace_id in CROWD}
    for call in crowd.slack.calls:
        assert marks_in(call.arguments) <= {call.token.removeprefix("xoxb-")}
    by_token = {used: sum(call.token == used for call in posts) for used in {call.token for call in posts}}
    assert len(set(by_token.values())) == 1, "each said as much as the others"


async def test_a_token_that_dies_stops_its_own_workspace_alone(crowd: Crowd) -> None:
    crowd.slack.dead = {token("T1")}
    await crowd.built.courier.drain()
    tried = [call for call in crowd.slack.calls if call.token == token("T1")]
    # What was already on its way when it died; nothing after that.
    assert 0 < len(tried) <= 20
    crowd.slack.calls.clear()
    crowd.built.bot.clock.advance(NOW - NOW.replace(year=2025))  # type: ignore[attr-defined]
    await crowd.built.courier.drain()
    assert not [call for call in crowd.slack.calls if call.token == token("T1")]
    assert marks_in(await crowd.command("T10", "/handoff", "show ACME-1")) == {mark("T10")}
    assert not marks_in(await crowd.command("T1", "/handoff", "show ACME-1"))


async def test_an_export_and_a_deletion_touch_one_workspace_alone(crowd: Crowd) -> None:
    def check(session: Session) -> None:
        before = _counts(session)
        for workspace_id in ("T1", "%", "_", "T1' OR '1'='1"):
            text = export_workspace(session, workspace_id=workspace_id)
            assert marks_in(text) == {mark(workspace_id)}
            assert token(workspace_id) not in text
            assert "v1." not in text
            erase(session, workspace_id=workspace_id)
            gone = {key for key in before if key[1] == workspace_id}
            assert gone
            before = {key: count for key, count in before.items() if key not in gone}
            assert _counts(session) == before

    await crowd.built.bot.runner.run(check)


def _counts(session: Session) -> dict[tuple[str, str], int]:
    found = {}
    tables: list[Table] = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.c]
    for table in tables:
        rows = session.execute(
            select(table.c.workspace_id, func.count()).select_from(table).group_by(table.c.workspace_id)
        )
        found |= {(table.name, workspace_id): count for workspace_id, count in rows}
    return found
