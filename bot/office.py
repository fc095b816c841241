"""What the command line does besides running: migrate, import, export, verify."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.bootstrap import plain_secret, require_readable, sealer_of, slack_clients
from bot.clock import SystemClock
from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.errors import Refusal
from bot.exchange import service as exchange
from bot.exchange.document import Document
from bot.exchange.loading import Loaded
from bot.people import repository as people
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio import csv_file
from bot.portfolio.csv_import import ImportResult
from bot.portfolio.resolving import Resolver, is_channel_id, is_person_id
from bot.private_files import written_whole
from bot.requests.auditing import broken_histories
from bot.requests.history import Broken
from bot.requests.routing.rerouting import reroute_all
from bot.running import prepare_database
from bot.schema import upgrade
from bot.settings import Settings
from bot.slack.gateway import FixedLine, Gateway, GatewayError, Refused, Tenant
from bot.slack.text import exchange as say
from bot.workspaces import installations
from bot.workspaces import repository as workspaces
from bot.workspaces.service import WorkspaceFacts, ensure

# Who did it, in the history, when nobody in Slack did.
COMMAND_LINE = "handoff"


class Trouble(Exception):
    """Something was not done: the message says why, and what to do instead."""


def migrate(settings: Settings) -> None:
    """Apply every migration that is missing."""
    engine = build_engine(settings.database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


async def import_file(settings: Settings, file: Path, workspace: str | None) -> str:
    """Bring in a CSV or an export, all or nothing; returns what changed.

    Raises `Trouble` with every bad line.
    """
    prepare_database(settings)
    now = SystemClock().now()
    try:
        text = await asyncio.to_thread(file.read_text, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Trouble(f"{file} is not UTF-8 text (byte {error.start}). Save it as CSV UTF-8.") from error
    runner = Runner(build_engine(settings.database_url))
    try:
        content = exchange.read_file(text, file.name)
        if isinstance(content, Document):
            done = runner.run_now(exchange.import_file, content, workspace_id=content.workspace_id, now=now)
            return _told(done)
        found = await _look_up(settings, runner, content, workspace)
        done = runner.run_now(_import_rows, content, found=found, now=now)
        return _told(done)
    except Refusal as refusal:
        raise Trouble("Nothing was imported.\n" + "\n".join(say.lines(refusal))) from refusal
    finally:
        runner.close()


def export_file(settings: Settings, file: Path, workspace: str | None) -> str:
    """Write everything of one workspace to a file; returns what was written."""
    prepare_database(settings)
    runner = Runner(build_engine(settings.database_url))
    try:
        workspace_id = runner.read_now(only_workspace, workspace)
        text = runner.read_now(exchange.export_workspace, workspace_id=workspace_id)
        with written_whole(file) as partial:
            partial.write_text(text, encoding="utf-8")
        return f"Everything of {workspace_id} is in {file}."
    except OSError as error:
        raise Trouble(f"{file} cannot be written: {error.strerror}. Nothing was exported.") from error
    finally:
        runner.close()


def verify(settings: Settings) -> tuple[int, list[Broken]]:
    """Check every request's chain of events, and its rows against it; how many were checked, and what does not hold."""
    prepare_database(settings)
    runner = Runner(build_engine(settings.database_url))
    try:
        return runner.read_now(_verify)
    finally:
        runner.close()


@dataclass(frozen=True)
class _Found(Resolver):
    """What Slack (or the database) knows of the people and channels that a file names."""

    workspace_id: str
    workspace: WorkspaceFacts | None
    people: Mapping[str, PersonFacts]
    channels: Mapping[str, str]
    asked_slack: bool

    def person(self, token: str) -> str | None:
        facts = self.people.get(token.lower())
        if facts is not None:
            return facts.id
        return token if is_person_id(token) and not self.asked_slack else None

    def channel(self, token: str) -> str | None:
        return self.channels.get(token.lstrip("#").lower()) or (token if is_channel_id(token) else None)


async def _look_up(
    settings: Settings, runner: Runner, content: csv_file.Parsed, workspace: str | None
) -> _Found:
    tokens, channels = csv_file.mentions(content.rows)
    token = _token_for(settings, runner, workspace)
    if token is None:
        workspace_id = workspace or runner.read_now(only_workspace, None)
        known = runner.read_now(people.ids_by_email, workspace_id=workspace_id)
        facts = {email: PersonFacts(id=person_id, name="") for email, person_id in known.items()}
        return _Found(workspace_id, None, facts, {}, asked_slack=False)
    async with slack_clients(settings) as client:
        try:
            identity = await Gateway(FixedLine(client(token))).identify()
            gateway = Gateway(FixedLine(client(token), Tenant(identity.id, identity.enterprise_id)))
            found = {token.lower(): await _person(gateway, token) for token in sorted(tokens)}
            named = {name.lstrip("#").lower() for name in channels if not is_channel_id(name)}
            by_name = await channels_by_name(gateway) if named else {}
        except GatewayError as error:
            raise Trouble(f"Slack could not be asked who is who: {error}") from error
    present = {token: facts for token, facts in found.items() if facts is not None}
    return _Found(identity.id, identity, present, by_name, asked_slack=True)


def _token_for(settings: Settings, runner: Runner, workspace: str | None) -> str | None:
    """Under which token Slack is asked about a workspace's people; none where there is nobody to ask."""
    if not settings.serves_many:
        return plain_secret(settings.slack_bot_token) or None if workspace is None else None
    workspace_id = runner.read_now(only_workspace, workspace)
    seat = runner.read_now(installations.seat, workspace_id=workspace_id)
    if seat is None or seat.token is None or seat.is_stopped:
        return None
    sealer = sealer_of(settings)
    # Refuses, with how to mend it, what cannot be read.
    runner.read_now(require_readable, sealer)
    return sealer.open(seat.token, workspace_id=workspace_id)


async def _person(gateway: Gateway, token: str) -> PersonFacts | None:
    """Who has this id or e-mail; raises `Trouble` where the bot may not ask."""
    is_id = is_person_id(token)
    try:
        return await (gateway.person(token) if is_id else gateway.person_by_email(token))
    except Refused as refused:
        if refused.code in {"user_not_found", "users_not_found", "user_not_visible"}:
            return None
        if refused.code != "missing_scope":
            raise
        scope, instead = ("users:read", "") if is_id else ("users:read.email", " Or use Slack user ids (U…).")
        raise Trouble(
            f"Nothing was imported: Slack does not say who {token} is, since the bot lacks the scope {scope}. Add it "
            f"under *OAuth & Permissions* and reinstall the app.{instead}"
        ) from refused


async def channels_by_name(gateway: Gateway) -> dict[str, str]:
    """The id of every channel the bot may know of, by its name in small letters."""
    return {channel.name.lower(): channel.id async for channel in gateway.channels()}


def _import_rows(
    session: Session, content: csv_file.Parsed, *, found: _Found, now: datetime
) -> ImportResult | Loaded:
    workspace_id = found.workspace_id
    if found.workspace is not None:
        ensure(session, found.workspace, now)
        for facts in found.people.values():
            remember(session, workspace_id, facts, now)
    elif workspaces.workspace(session, workspace_id=workspace_id) is None:
        ensure(session, WorkspaceFacts(id=workspace_id, name=workspace_id), now)
    done = exchange.import_file(
        session, content, workspace_id=workspace_id, now=now, resolver=lambda _session: found
    )
    # A file may give projects and clients to other people: what waits follows them.
    reroute_all(session, Actor(workspace_id=workspace_id, person_id=COMMAND_LINE, now=now))
    return done


def _told(done: ImportResult | Loaded) -> str:
    return say.imported(done) if isinstance(done, ImportResult) else say.loaded(done)


def only_workspace(session: Session, asked: str | None) -> str:
    """The workspace that was asked for, else the only one; raises `Trouble` where there is none or more."""
    known = [workspace.id for workspace in workspaces.workspaces(session)]
    if asked is not None:
        if asked not in known:
            raise Trouble(f"There is no workspace {asked} here.")
        return asked
    if len(known) != 1:
        raise Trouble(
            "Which workspace? Set SLACK_BOT_TOKEN, or say --workspace with Slack's team id (T…): `handoff workspace list` "
            "shows them."
        )
    return known[0]


def _verify(session: Session) -> tuple[int, list[Broken]]:
    checked, broken = 0, []
    for workspace in workspaces.workspaces(session):
        for found in broken_histories(session, workspace_id=workspace.id):
            checked += 1
            if found is not None:
                broken.append(found)
    return checked, broken
