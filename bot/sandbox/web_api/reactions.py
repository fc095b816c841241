"""reactions.*."""

from __future__ import annotations

from bot.sandbox import events
from bot.sandbox.channels import Channel
from bot.sandbox.messages import Message
from bot.sandbox.rate_limits import TIER_2
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.conversation_access import seen_channel
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


def _found(workspace: Workspace, arguments: Arguments) -> tuple[Channel, Message]:
    channel = seen_channel(workspace, arguments.required("channel"))
    if workspace.seed.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    message = channel.by_ts.get(arguments.required("timestamp"))
    if message is None:
        raise Refused("message_not_found")
    return channel, message


def _tell(workspace: Workspace, event: str, channel: Channel, message: Message, user: str, name: str) -> None:
    workspace.changes.tell(
        channel.members, {"type": "message_changed", "channel": channel.id, "message": message.for_page()}
    )
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    events.simple(workspace, event, channel, user=user, reaction=name, item=item, item_user=message.user)


@method("reactions.add", "reactions:write")
def add(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Adds the bot's reaction."""
    channel, message = _found(workspace, arguments)
    name, bot = arguments.required("name").strip(":"), workspace.seed.bot_user_id
    if not name:
        raise Refused("invalid_name")
    users = message.reactions.setdefault(name, [])
    if bot in users:
        raise Refused("already_reacted")
    users.append(bot)
    _tell(workspace, "reaction_added", channel, message, bot, name)
    return {"ok": True}


@method("reactions.remove", "reactions:write", per_minute=TIER_2)
def remove(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Takes the bot's reaction away."""
    channel, message = _found(workspace, arguments)
    name, bot = arguments.required("name").strip(":"), workspace.seed.bot_user_id
    users = message.reactions.get(name, [])
    if bot not in users:
        raise Refused("no_reaction")
    users.remove(bot)
    if not users:
        del message.reactions[name]
    _tell(workspace, "reaction_removed", channel, message, bot, name)
    return {"ok": True}


@method("reactions.get", "reactions:read")
def get(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns a message with its reactions."""
    channel, message = _found(workspace, arguments)
    return {"ok": True, "type": "message", "channel": channel.id, "message": message.as_json()}
