"""Printing a digest, or posting it outside its schedule, from the command line."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, handoff
from bot.digests import service as digests
from bot.digests.models import DigestKind
from bot.office import Trouble, channels_by_name, only_workspace
from bot.outbox import repository as outbox
from bot.outbox.models import ACTIVE, NoticeState
from bot.portfolio.resolving import is_channel_id
from bot.running import prepare_database
from bot.settings import Settings
from bot.slack.gateway import ChannelFacts, Gateway, GatewayError, Refused
from bot.slack.views.deadline_digest import deadline_digest
from bot.slack.views.plain import plain_text
from bot.slack.views.scope_digest import scope_digest, scope_digest_details
from bot.workspaces import installations

# So many seconds a digest may take to be posted: another process may have it in hand, and Slack may have refused it once.
PATIENCE, LOOK_AGAIN = 30.0, 0.2


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
    workspace_id = await running.bot.read(only_workspace, asked)
    seat = await running.bot.read(installations.seat, workspace_id=workspace_id)
    if seat is None or seat.token is None or seat.is_stopped:
        raise Trouble(f"Handoff is not installed in {workspace_id} at present.")
    return workspace_id


async def _channel(gateway: Gateway, channel: str) -> ChannelFacts:
    """What Slack says of the channel with this id or name."""
    channel_id: str | None = channel
    if not is_channel_id(channel):
        channel_id = (await channels_by_name(gateway)).get(channel.lstrip("#").lower())
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
