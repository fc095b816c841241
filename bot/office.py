"""What the command line does besides running: migrate, check, import, export, verify, post a digest by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, handoff, plain_secret, require_readable, sealer_of, slack_clients
from bot.clock import SystemClock
from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.digests import service as digests
from bot.digests.models import DigestKind
from bot.errors import Refusal
from bot.exchange import service as exchange
from bot.exchange.document import Document
from bot.exchange.loading import Loaded
from bot.outbox import repository as outbox
from bot.outbox.models import ACTIVE, NoticeState
from bot.people import repository as people
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio import csv_file
from bot.portfolio.csv_import import ImportResult
from bot.portfolio.resolving import Resolver, is_channel_id, is_person_id
from bot.requests.auditing import broken_histories
from bot.requests.history import Broken
from bot.requests.routing.rerouting import reroute_all
from bot.running import prepare_database
from bot.schema import upgrade
from bot.settings import Settings
from bot.slack.gateway import ChannelFacts, FixedLine, Gateway, GatewayError, Refused, Tenant
from bot.slack.text import exchange as say
from bot.slack.views.deadline_digest import deadline_digest
from bot.slack.views.plain import plain_text
from bot.slack.views.scope_digest import scope_digest, scope_digest_details
from bot.workspaces import installations
from bot.workspaces import repository as workspaces
from bot.workspaces.service import WorkspaceFacts, ensure

# Who did it, in the history, when nobody in Slack did.
COMMAND_LINE = "handoff"
# So many seconds a digest may take to be posted: another process may have it in hand, and Slack may have refused it once.
PATIENCE, LOOK_AGAIN = 30.0, 0.2


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
        workspace_id = runner.read_now(_only_workspace, workspace)
        text = runner.read_now(exchange.export_workspace, workspace_id=workspace_id)
        # First beside it, then in its place: a full disk leaves no half export behind.
        partial = file.with_name(file.name + ".part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(file)
        return f"Everything of {workspace_id} is in {file}."
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


async def digest(
    settings: Settings, kind: DigestKind, channel: str, workspace: str | None, *, post: bool
) -> str:
    """Print a digest of a channel, or post it outside its schedule and wait until it is there.

    Raises `Trouble` where nobody can tell which workspace is meant, where Slack does not answer or knows no such
    channel, and where the digest does not stand there in the end.
    """
    prepare_database(settings)
    async with handoff(settings) as running:
        bot = running.bot
        workspace_id = await _workspace_of(running, workspace)
        try:
            facts = await _channel(bot.gateway(workspace_id), channel)
        except GatewayError as error:
            raise Trouble(f"Slack could not be asked about {channel}: {error}") from error
        if facts.is_external:
            raise Trouble("This channel is shared with another company; digests stay inside.")
        here: dict[str, Any] = {"workspace_id": workspace_id, "channel_id": facts.id, "kind": kind}
        now = bot.clock.now()
        if not post:
            return await bot.read(_preview, **here, now=now)
        if facts.is_archived or not facts.is_member:
            raise Trouble(_why_shut(facts, channel))
        run_id = await bot.run(digests.run_now, **here, now=now)
        await _until_posted(running, workspace_id, run_id, channel)
        return f"Posted to {channel}."


async def _until_posted(running: Handoff, workspace_id: str, run_id: UUID, channel: str) -> None:
    """Deliver the post of a digest's run, or see another process do it; raises `Trouble` where it does not arrive."""
    read, here = running.bot.read, {"workspace_id": workspace_id}
    key = await read(digests.post_of, **here, run_id=run_id)
    time = asyncio.get_running_loop().time
    until = time() + PATIENCE
    while True:
        await running.courier.drain()
        post = await read(outbox.place_of, **here, dedupe_key=key)
        state = NoticeState.DEAD if post is None else post.state
        if state is NoticeState.SENT:
            return
        if state not in ACTIVE or time() >= until:
            raise Trouble(_why_unsaid(state, channel))
        await asyncio.sleep(LOOK_AGAIN)


def _why_shut(facts: ChannelFacts, channel: str) -> str:
    if facts.is_archived:
        return f"{channel} is archived: nobody can post there."
    return f"Handoff is not in {channel}. Type `/invite @Handoff` there, then say this again."


def _why_unsaid(state: NoticeState, channel: str) -> str:
    if state is NoticeState.HELD:
        return f"Slack does not let Handoff post in {channel} at present. Once it does, the digest comes by itself."
    if state in ACTIVE:
        return "It is not posted yet: Slack does not take it at present. `handoff run` goes on trying."
    return f"Nothing was posted in {channel}: Slack refused it, and the log says why."


async def _workspace_of(running: Handoff, asked: str | None) -> str:
    """The workspace that is meant: the only one, or the one that was named and has Handoff installed."""
    if running.sole is not None:
        if asked not in {None, running.sole.id}:
            raise Trouble(
                f"SLACK_BOT_TOKEN is the token of {running.sole.name} ({running.sole.id}), not of {asked}."
            )
        return running.sole.id
    workspace_id = await running.bot.read(_only_workspace, asked)
    seat = await running.bot.read(installations.seat, workspace_id=workspace_id)
    if seat is None or seat.token is None or seat.is_stopped:
        raise Trouble(f"Handoff is not installed in {workspace_id} at present.")
    return workspace_id


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
        workspace_id = workspace or runner.read_now(_only_workspace, None)
        known = runner.read_now(people.ids_by_email, workspace_id=workspace_id)
        facts = {email: PersonFacts(id=person_id, name="") for email, person_id in known.items()}
        return _Found(workspace_id, None, facts, {}, asked_slack=False)
    async with slack_clients(settings) as client:
        try:
            identity = await Gateway(FixedLine(client(token))).identify()
            gateway = Gateway(FixedLine(client(token), Tenant(identity.id, identity.enterprise_id)))
            found = {token.lower(): await _person(gateway, token) for token in sorted(tokens)}
            named = {name.lstrip("#").lower() for name in channels if not is_channel_id(name)}
            by_name = await _channels_by_name(gateway) if named else {}
        except GatewayError as error:
            raise Trouble(f"Slack could not be asked who is who: {error}") from error
    present = {token: facts for token, facts in found.items() if facts is not None}
    return _Found(identity.id, identity, present, by_name, asked_slack=True)


def _token_for(settings: Settings, runner: Runner, workspace: str | None) -> str | None:
    """Under which token Slack is asked about a workspace's people; none where there is nobody to ask."""
    if not settings.serves_many:
        return plain_secret(settings.slack_bot_token) or None if workspace is None else None
    workspace_id = runner.read_now(_only_workspace, workspace)
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


async def _channels_by_name(gateway: Gateway) -> dict[str, str]:
    return {channel.name.lower(): channel.id async for channel in gateway.channels()}


async def _channel(gateway: Gateway, channel: str) -> ChannelFacts:
    """What Slack says of the channel with this id or name."""
    channel_id: str | None = channel
    if not is_channel_id(channel):
        channel_id = (await _channels_by_name(gateway)).get(channel.lstrip("#").lower())
    if channel_id is None:
        raise Trouble(f"There is no channel {channel} that the bot can see. Use its id, or invite the bot.")
    try:
        return await gateway.channel(channel_id)
    except Refused as refused:
        if refused.code != "channel_not_found":
            raise
        raise Trouble(
            f"Slack shows Handoff no channel {channel}. If it is private, type `/invite @Handoff` there."
        ) from refused


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


def _only_workspace(session: Session, asked: str | None) -> str:
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


def _preview(session: Session, *, workspace_id: str, channel_id: str, kind: DigestKind, now: datetime) -> str:
    edition = digests.edition_for(
        session, workspace_id=workspace_id, channel_id=channel_id, kind=kind, now=now
    )
    if kind is DigestKind.SCOPE:
        report = digests.scope_report(session, edition)
        parts = [scope_digest(report), scope_digest_details(report)]
    else:
        parts = [deadline_digest(digests.deadline_report(session, edition))]
    return "\n\n".join(plain_text(part) for part in parts)
