"""The channels of all projects: is the bot let in."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.checking.findings import Finding, good, note, wrong
from bot.portfolio import repository as portfolio
from bot.slack.gateway import ChannelFacts, Gateway, GatewayError, RateLimited, Refused

# More than so many are asked for by the page, not one by one.
ONE_BY_ONE = 20


async def check_channels(gateway: Gateway, channels: Mapping[str, str]) -> list[Finding]:
    """Look at each channel that is the home of these projects' keys."""
    listed: dict[str, ChannelFacts] = {}
    try:
        if len(channels) > ONE_BY_ONE:
            listed = {channel.id: channel async for channel in gateway.channels()}
        return [
            await _look(gateway, channel_id, keys, listed.get(channel_id))
            for channel_id, keys in channels.items()
        ]
    except RateLimited as limited:
        return [
            note(f"Slack asks to wait {limited.retry_after:.0f} s: run this again to check the channels.")
        ]
    except Refused as refused:
        return [wrong(f"Slack refuses to list the channels ({refused.code}): they were not checked.")]
    except GatewayError as error:
        return [
            wrong(f"The channels could not be listed ({type(error).__name__}): run this again to check them.")
        ]


async def _look(gateway: Gateway, channel_id: str, keys: str, facts: ChannelFacts | None) -> Finding:
    try:
        facts = facts or await gateway.channel(channel_id)
    except RateLimited:
        raise
    except GatewayError:
        return wrong(f"The channel of {keys} ({channel_id}) cannot be seen: type `/invite @Handoff` there.")
    if facts.is_archived:
        return wrong(
            f"The channel of {keys} (#{facts.name}) is archived: choose another with `/handoff project`."
        )
    if not facts.is_member:
        return wrong(f"The bot is not in #{facts.name} ({keys}): type `/invite @Handoff` there.")
    if facts.is_external:
        return note(
            f"#{facts.name} ({keys}) is shared with another company: cards there show no money and no decision, and "
            "digests are not posted."
        )
    return good(f"The bot is in #{facts.name} ({keys}).")


def home_channels(session: Session, *, workspace_id: str) -> dict[str, str]:
    """The channels of a workspace's open projects, each with the keys of those whose home it is."""
    found: dict[str, list[str]] = {}
    for project in portfolio.known_projects(session, workspace_id=workspace_id):
        found.setdefault(project.channel_id, []).append(project.key)
    return {channel_id: ", ".join(keys) for channel_id, keys in found.items()}
