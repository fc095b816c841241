"""Which conversations the bot sees, and with which scope: shared by the methods that name a channel."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.registry import demand_scope
from bot.sandbox.workspace import Workspace


def seen_channel(workspace: Workspace, channel_id: str) -> Channel:
    """Returns a channel the bot can see. Raises channel_not_found; private ones it is not in do not exist."""
    channel = workspace.channels.get(channel_id)
    bot = workspace.seed.bot_user_id
    if channel is None or ((channel.is_private or channel.is_im) and bot not in channel.members):
        raise Refused("channel_not_found")
    return channel


def demand_family(workspace: Workspace, channel: Channel, verb: str) -> None:
    """Demands the scope of this kind of conversation: channels:read, groups:history and so on."""
    if channel.is_im:
        demand_scope(workspace, f"im:{verb}")
    elif channel.is_private:
        demand_scope(workspace, f"groups:{verb}")
    else:
        demand_scope(workspace, f"channels:{verb}")


def channel_to_post_in(workspace: Workspace, arguments: Arguments) -> Channel:
    """Returns where chat.postMessage may post: channel id, #name, or a user id (which opens the DM).

    Raises channel_not_found, not_in_channel, is_archived.
    """
    wanted = arguments.required("channel")
    bot = workspace.seed.bot_user_id
    if wanted in workspace.members:
        return _direct_message(workspace, wanted)
    channel_id = wanted if wanted in workspace.channels else workspace.channel_id_by_name(wanted) or ""
    channel = seen_channel(workspace, channel_id)
    if channel.is_archived:
        raise Refused("is_archived")
    if bot not in channel.members and "chat:write.public" not in workspace.scopes:
        raise Refused("not_in_channel")
    return channel


def _direct_message(workspace: Workspace, user: str) -> Channel:
    member = workspace.members[user]
    if member.deleted or member.is_bot:
        raise Refused("channel_not_found")
    if not workspace.seed.app.messages_tab_enabled:
        raise Refused("messages_tab_disabled")
    return workspace.direct_message(user, workspace.seed.bot_user_id)
