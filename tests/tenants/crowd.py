"""Many workspaces that are alike in all but their names: the same people, channels, numbers and even row ids.

What each one's rows say holds a mark of its own, so that whatever comes out anywhere tells whose it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.digests import service as digests
from bot.digests.models import DigestKind
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio import forms
from bot.portfolio.service import add_client, add_project
from bot.requests import service
from bot.requests.models import Promise
from bot.settings import Settings
from bot.workspaces.installations import Installed, install
from bot.workspaces.models import Workspace
from bot.workspaces.sealing import Sealer
from bot.workspaces.service import WorkspaceFacts

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
ANA, PETE, ACME = "U0ANA", "U0PETE", "C0ACME"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
# Prefixes of each other, what SQL and LIKE read as theirs, other alphabets, the same but for capitals or a blank.
HOSTILE = (
    *(
        "T1",
        "T10",
        "T100",
        "t1",
        "T1 ",
        " T1",
        "T",
        "%",
        "_",
        "T%",
        "T_",
        "T1%",
        "*",
        "''",
        "'",
        '"',
        "T1'--",
    ),
    *("T1' OR '1'='1", "T1;DROP TABLE people", "\\", "T\\1", "${T1}", "{T1}", "%s", ":workspace_id", "?"),
    *("None", "null", "0", "TÄ1", "Т1", "T1\u200b", "🏢", "<T1>", "T1&T10", "E1", "E10"),
)
CROWD = (*HOSTILE, *(f"W{number:02}" for number in range(50 - len(HOSTILE))))
# Whose rows are copied for all the others.
FIRST = CROWD[0]
_MARK = re.compile(r"mark\d\dx")


def mark(workspace_id: str) -> str:
    """What only this workspace's rows say."""
    return f"mark{CROWD.index(workspace_id):02}x"


def token(workspace_id: str) -> str:
    return f"xoxb-{mark(workspace_id)}"


def marks_in(*found: object) -> set[str]:
    """Whose words these are."""
    return set(_MARK.findall(json.dumps(found, default=str, ensure_ascii=False)))


def gather(session: Session, *, crowd: Sequence[str] = CROWD) -> None:
    """Set the first one up as people would, then copy every row of it for all the others."""
    sealer = Sealer.of(KEY)
    _move_in(session, sealer, FIRST)
    _set_up(session)
    session.flush()
    tables = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.c]
    rows = {table: _rows(session, table) for table in tables if table.name != "installations"}
    for workspace_id in crowd[1:]:
        _move_in(session, sealer, workspace_id)
        for table, found in rows.items():
            if found:
                session.execute(insert(table), [_copied(row, workspace_id) for row in found])


def _move_in(session: Session, sealer: Sealer, workspace_id: str) -> None:
    facts = WorkspaceFacts(workspace_id, f"Agency {mark(workspace_id)}", "U0BOT", "B0BOT")
    sealed = sealer.seal(token(workspace_id), workspace_id=workspace_id)
    install(session, Installed(facts, sealed, "A0APP", "", ANA), NOW)


def _set_up(session: Session) -> None:
    own = mark(FIRST)
    for person in (ANA, PETE):
        facts = PersonFacts(id=person, name=f"{person} {own}", zone="Europe/Madrid", is_admin=True)
        remember(session, FIRST, facts, NOW)
    actor = Actor(FIRST, ANA, NOW)
    form = forms.ClientForm(name=f"Acme {own}", am_id=ANA, currency="EUR", contact_name=own)
    client = add_client(session, actor, form=form)
    figures = forms.Figures(7_200, 1_440_000, date(2026, 12, 4))
    project = add_project(
        session,
        actor,
        form=forms.ProjectForm(
            client_id=client.id, name=f"Site {own}", key="ACME", pm_id=PETE, channel_id=ACME, figures=figures
        ),
    )
    for title in ("Add a sign-up", "Add a menu"):
        ask = service.Ask(project_id=project.id, title=f"{title} {own}", promise=Promise.HOLDING_REPLY)
        service.submit(session, actor, ask)
    for kind in DigestKind:
        digests.run_now(session, workspace_id=FIRST, channel_id=ACME, kind=kind, now=NOW)


def _rows(session: Session, table: Table) -> list[dict[str, Any]]:
    found = session.execute(select(table).where(table.c.workspace_id == FIRST)).mappings()
    return [dict(row) for row in found]


def _copied(row: dict[str, Any], workspace_id: str) -> dict[str, Any]:
    theirs = {name: _marked(value, workspace_id) for name, value in row.items()}
    return {**theirs, "workspace_id": workspace_id}


def _marked(value: Any, workspace_id: str) -> Any:
    if isinstance(value, str):
        return (
            type(value)(value) if mark(FIRST) not in value else value.replace(mark(FIRST), mark(workspace_id))
        )
    if isinstance(value, dict):
        return {name: _marked(part, workspace_id) for name, part in value.items()}
    return value


@dataclass(frozen=True)
class Call:
    """One call that was made, and under which token."""

    method: str
    token: str
    arguments: dict[str, Any]


class Slack:
    """A Web API that says yes to everything and remembers who asked."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.url = ""
        # Tokens that are dead.
        self.dead: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        used = request.headers.get("Authorization", "").removeprefix("Bearer ")
        arguments = await request.json() if request.content_type == "application/json" else {}
        self.calls.append(Call(method, used, arguments or dict(await request.post())))
        if used in self.dead:
            return web.json_response({"ok": False, "error": "token_revoked"})
        ts = f"1700000000.{len(self.calls):06}"
        return web.json_response(
            {
                "ok": True,
                "channel": {"id": ACME, "name": "acme"} if method == "conversations.info" else ACME,
                "ts": ts,
                "view": {"id": "V1", "hash": ts},
            }
        )


@asynccontextmanager
async def yes_sayer() -> AsyncIterator[Slack]:
    slack = Slack()
    application = web.Application()
    application.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        yield slack
    finally:
        await runner.cleanup()


def settings(database_url: str, api_url: str, **more: Any) -> Settings:
    """Settings for many workspaces, whatever the environment says."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # a field of pydantic-settings itself
        database_url=database_url,
        slack_bot_token=None,
        slack_client_id="1.2",
        slack_client_secret=SecretStr("client-secret"),
        slack_signing_secret=SecretStr("signing-secret"),
        handoff_encryption_key=SecretStr(KEY),
        slack_api_url=api_url,
        **more,
    )


def all_ids(session: Session) -> list[str]:
    return list(session.scalars(select(Workspace.id).order_by(Workspace.id)))
