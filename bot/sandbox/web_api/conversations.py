"""conversations.*, apart from their messages."""

from __future__ import annotations

from bot.sandbox import events
from bot.sandbox.channels import Channel
from bot.sandbox.rate_limits import TIER_2, TIER_4
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.conversation_access import demand_family, seen_channel
from bot.sandbox.web_api.paging import page_of
from bot.sandbox.web_api.registry import demand_scope, method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

_READ = ("channels:read", "groups:read", "mpim:read", "im:read")
_KINDS = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def _shown(workspace: Workspace, channel: Channel, *, with_count: bool = False) -> JsonObject:
    seed = workspace.seed
    shown = channel.as_json(bot_user=seed.bot_user_id, team_id=seed.team_id)
    if with_count:
        shown["num_members"] = len(channel.members)
    return shown


@method("conversations.info", *_READ)
def info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns one conversation."""
    channel = seen_channel(workspace, arguments.required("channel"))
    demand_family(workspace, channel, "read")
    with_count = arguments.flag("include_num_members")
    return {"ok": True, "channel": _shown(workspace, channel, with_count=with_count)}


@method("conversations.list", *_READ, per_minute=TIER_2)
def list_(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists the conversations the bot can see."""
    channels = [
        channel
        for channel in _visible(workspace, arguments)
        if not (arguments.flag("exclude_archived") and channel.is_archived)
    ]
    page, cursor = page_of(channels, arguments, default=100, most=1000)
    return {
        "ok": True,
        "channels": [_shown(workspace, channel, with_count=True) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


def _visible(workspace: Workspace, arguments: Arguments) -> list[Channel]:
    wanted = [kind.strip() for kind in arguments.text("types", "public_channel").split(",")]
    for kind in wanted:
        if kind not in _KINDS:
            raise Refused("invalid_types")
        demand_scope(workspace, _KINDS[kind])
    seed = workspace.seed
    team = arguments.text("team_id") if seed.is_org_install else seed.team_id
    return [
        channel
        for channel in workspace.channels.values()
        if _kind(channel) in wanted
        and (channel.team_id or seed.team_id) == team
        and (seed.bot_user_id in channel.members or _kind(channel) == "public_channel")
    ]


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


@method("users.conversations", *_READ, per_minute=TIER_2)
def of_user(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists the conversations somebody (or the bot) is a member of, as far as the bot can see them."""
    user = arguments.text("user") or workspace.seed.bot_user_id
    if user not in workspace.members:
        raise Refused("user_not_found")
    channels = [channel for channel in _visible(workspace, arguments) if user in channel.members]
    page, cursor = page_of(channels, arguments, default=100, most=999)
    return {
        "ok": True,
        "channels": [_shown(workspace, channel) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


@method("conversations.members", *_READ, per_minute=TIER_4)
def members(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists who is in a conversation."""
    channel = seen_channel(workspace, arguments.required("channel"))
    demand_family(workspace, channel, "read")
    page, cursor = page_of(sorted(channel.members), arguments, default=100, most=1000)
    return {"ok": True, "members": list(page), "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", "im:write", "mpim:write")
def open_(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Opens the direct message with one person."""
    if arguments.text("channel"):
        channel = seen_channel(workspace, arguments.text("channel"))
        if not channel.is_im:
            raise Refused("method_not_supported_for_channel_type")
        return {"ok": True, "no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = [user for user in arguments.text("users").split(",") if user]
    if not users:
        raise Refused("users_list_not_supplied")
    if any(user not in workspace.members or workspace.members[user].is_bot for user in users):
        raise Refused("user_not_found")
    if len(users) > 1:
        raise Refused("method_not_supported_for_channel_type")
    if workspace.members[users[0]].deleted:
        raise Refused("user_disabled")
    bot = workspace.seed.bot_user_id
    was_open = workspace.existing_direct_message(users[0], bot) is not None
    channel = workspace.direct_message(users[0], bot)
    answer: JsonObject = {"ok": True, "channel": {"id": channel.id}}
    if was_open:
        answer.update(no_op=True, already_open=True)
    if arguments.flag("return_im"):
        answer["channel"] = _shown(workspace, channel)
    return answer


@method("conversations.join", "channels:join")
def join(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Takes the bot into a public channel."""
    channel = seen_channel(workspace, arguments.required("channel"))
    if channel.is_private or channel.is_im:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    bot = workspace.seed.bot_user_id
    answer: JsonObject = {"ok": True, "channel": _shown(workspace, channel)}
    if bot in channel.members:
        answer["warning"] = "already_in_channel"
        answer["response_metadata"] = {"warnings": ["already_in_channel"]}
        return answer
    channel.members.add(bot)
    events.member_joined(workspace, channel, bot, None)
    answer["channel"] = _shown(workspace, channel)
    return answer
