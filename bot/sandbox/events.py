"""Which events the app hears of: subscribed, allowed by scope, and only where its bot is a member."""

from __future__ import annotations

import asyncio

from bot.sandbox.channels import Channel
from bot.sandbox.messages import Message
from bot.sandbox.organisation import authorization
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

# event type: the scopes of which one is needed (none: always allowed)
_SCOPES: dict[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_rename": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_id_changed": ("channels:read", "groups:read"),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "group_left": ("groups:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "file_shared": ("files:read",),
}
Deliveries = list["asyncio.Task[None]"]


def is_heard(workspace: Workspace, event_type: str) -> bool:
    """Tells whether the app gets events of this type at all."""
    if event_type not in workspace.seed.app.bot_events:
        return False
    needed = _SCOPES.get(event_type, ())
    return not needed or any(scope in workspace.scopes for scope in needed)


def send_event(
    workspace: Workspace, event_type: str, event: JsonObject, *, channel: Channel | None = None
) -> Deliveries:
    """Sends an event if the app hears of it; returns the deliveries under way (none or one)."""
    if not is_heard(workspace, event_type):
        return []
    return [workspace.courier.announce(_envelope(workspace, event, channel))]


def _envelope(workspace: Workspace, event: JsonObject, channel: Channel | None) -> JsonObject:
    seed = workspace.seed
    return {
        "token": seed.verification_token,
        "team_id": seed.team_id,
        "context_team_id": seed.team_id,
        "context_enterprise_id": seed.enterprise_id or None,
        "api_app_id": seed.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.ids.fresh("Ev"),
        "event_time": workspace.seconds(),
        "authorizations": [authorization(seed)],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": workspace.ids.fresh("4-"),
    }


def message_event_type(channel: Channel) -> str:
    """Names the subscription under which messages of this conversation are sent."""
    if channel.is_im:
        return "message.im"
    return "message.groups" if channel.is_private else "message.channels"


def _channel_type(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "group" if channel.is_private else "channel"


def message_posted(workspace: Workspace, channel: Channel, message: Message) -> Deliveries:
    """Sends message, and app_mention where the bot is mentioned; both only with the bot in the channel."""
    bot = workspace.seed.bot_user_id
    if bot not in channel.members or message.is_ephemeral:
        return []
    event = message.as_json(with_metadata=True)
    event.update(channel=channel.id, event_ts=message.ts)
    if message.is_reply:
        root = channel.by_ts.get(message.thread_ts or "")
        if root is not None:
            event["parent_user_id"] = root.user
    sent = send_event(
        workspace,
        message_event_type(channel),
        {**event, "channel_type": _channel_type(channel)},
        channel=channel,
    )
    if bot in message.pings and message.user != bot and not channel.is_im:
        mention = {key: value for key, value in event.items() if key != "parent_user_id"}
        mention["type"] = "app_mention"
        sent += send_event(workspace, "app_mention", mention, channel=channel)
    return sent


def message_changed(
    workspace: Workspace, channel: Channel, message: Message, previous: JsonObject
) -> Deliveries:
    """Sends message_changed, which has a ts of its own."""
    event = _hidden(workspace, channel, "message_changed")
    event.update(message=message.as_json(with_metadata=True), previous_message=previous)
    return _to_member_bot(workspace, channel, event)


def message_deleted(workspace: Workspace, channel: Channel, previous: JsonObject) -> Deliveries:
    """Sends message_deleted."""
    event = _hidden(workspace, channel, "message_deleted")
    event.update(deleted_ts=previous["ts"], previous_message=previous)
    return _to_member_bot(workspace, channel, event)


def _hidden(workspace: Workspace, channel: Channel, subtype: str) -> JsonObject:
    ts = workspace.next_ts()
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": _channel_type(channel),
        "ts": ts,
        "event_ts": ts,
    }


def _to_member_bot(workspace: Workspace, channel: Channel, event: JsonObject) -> Deliveries:
    if workspace.seed.bot_user_id not in channel.members:
        return []
    return send_event(workspace, message_event_type(channel), event, channel=channel)


def member_joined(workspace: Workspace, channel: Channel, user: str, inviter: str | None) -> Deliveries:
    """Sends member_joined_channel; for the bot itself too."""
    event: JsonObject = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.members[user].team_id,
        "event_ts": workspace.next_ts(),
    }
    if inviter:
        event["inviter"] = inviter
    if workspace.seed.bot_user_id not in channel.members:
        return []
    return send_event(workspace, "member_joined_channel", event, channel=channel)


def simple(workspace: Workspace, event_type: str, where: Channel | None, /, **fields: object) -> Deliveries:
    """Sends one of the plain events: its type, an event_ts and a few fields."""
    event: JsonObject = {"type": event_type, **fields, "event_ts": workspace.next_ts()}
    return send_event(workspace, event_type, event, channel=where)
