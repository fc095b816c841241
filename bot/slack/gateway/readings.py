"""What Slack's answers say, as values: no payload leaves the gateway."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.people.service import PersonFacts
from bot.slack.gateway.lines import Tenant

METADATA_TYPE = "handoff_notice"
ADMIN = ("is_admin", "is_owner")


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class SaidThere:
    """A message as it stands in Slack: its text as Slack escapes it, and who wrote it."""

    text: str
    author_id: str


@dataclass(frozen=True)
class HistoryPage:
    """One page of a conversation's past: the message that was looked for, else where to go on (empty: the end)."""

    found: Posted | None
    next_cursor: str


@dataclass(frozen=True)
class ChannelFacts:
    """What Slack says of a channel."""

    id: str
    name: str
    is_external: bool
    is_member: bool
    is_archived: bool


def read_person(user: Mapping[str, Any], tenant: Tenant) -> PersonFacts:
    """A user object as Slack gives it in answers and events."""
    profile, enterprise = _object(user, "profile"), _object(user, "enterprise_user")
    # Somebody of another workspace of the same organisation is a colleague.
    is_colleague = bool(tenant.enterprise_id) and enterprise.get("enterprise_id") == tenant.enterprise_id
    is_ours = is_colleague or user.get("team_id") in (None, "", tenant.id)
    is_guest = (
        user.get("is_bot")
        or user.get("is_stranger")
        or user.get("is_restricted")
        or user.get("is_ultra_restricted")
    )
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        user.get("real_name"),
        user.get("name"),
    )
    return PersonFacts(
        id=str(user.get("id") or ""),
        name=str(next((name for name in names if name), "")),
        zone=str(user.get("tz") or "UTC"),
        email=str(profile.get("email") or ""),
        is_external=bool(is_guest) or not is_ours,
        is_admin=any(
            source.get(name) for source in (user, enterprise if is_colleague else {}) for name in ADMIN
        ),
        is_active=not user.get("deleted"),
    )


def home_of(user: Mapping[str, Any]) -> str | None:
    """The workspace somebody belongs to; of several in an organisation, one."""
    team = str(user.get("team_id") or "")
    if team.startswith("T"):
        return team
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return str(teams[0]) if teams else None


def read_undisturbed(answer: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the do-not-disturb of now is over, from `dnd.info`; Slack writes 1 where there is none."""
    start, end = answer.get("next_dnd_start_ts"), answer.get("next_dnd_end_ts")
    if not answer.get("dnd_enabled") or not isinstance(start, int) or not isinstance(end, int):
        return None
    return datetime.fromtimestamp(end, UTC) if start <= now.timestamp() < end else None


def read_channel(channel: Mapping[str, Any], channel_id: str) -> ChannelFacts:
    """A channel; one that is about to be shared counts as shared."""
    return ChannelFacts(
        id=channel_id,
        name=str(channel.get("name") or ""),
        is_external=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
        is_member=bool(channel.get("is_member", True)),
        is_archived=bool(channel.get("is_archived")),
    )


def read_history(answer: Mapping[str, Any], channel_id: str, key: str, *, since: float = 0.0) -> HistoryPage:
    """A page of history, as far as the message with `key` in its metadata is concerned.

    It is the last one where it reaches back to `since` (seconds of Slack's clock).
    """
    reaches_back = False
    for message in _messages(answer):
        metadata = _object(message, "metadata")
        payload = _object(metadata, "event_payload")
        ts = str(message.get("ts") or "")
        if metadata.get("event_type") == METADATA_TYPE and payload.get("key") == key:
            return HistoryPage(Posted(channel_id=channel_id, ts=ts), "")
        reaches_back |= bool(ts) and _seconds(ts) < since
    return HistoryPage(None, "" if reaches_back else next_cursor(answer))


def _seconds(ts: str) -> float:
    whole = ts.partition(".")[0]
    return float(whole) if whole.isdecimal() else math.inf


def read_message(answer: Mapping[str, Any], ts: str) -> SaidThere | None:
    """The message at `ts`, if it is there."""
    for message in _messages(answer):
        if message.get("ts") == ts:
            return SaidThere(text=str(message.get("text") or ""), author_id=str(message.get("user") or ""))
    return None


def next_cursor(answer: Mapping[str, Any]) -> str:
    """Where the next page starts; empty after the last one."""
    return str(_object(answer, "response_metadata").get("next_cursor") or "")


def read_view_hash(answer: Mapping[str, Any]) -> str:
    """Slack's name for a view as it stands after a call; empty where it says none."""
    return str(_object(answer, "view").get("hash") or "")


def _object(source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = source.get(name)
    return value if isinstance(value, Mapping) else {}


def _messages(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = answer.get("messages")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
