"""What the page is shown: the whole at the start, one channel, its messages, a thread."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.clock import Movable
from bot.sandbox.people import Member
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


def start_picture(workspace: Workspace, me: Member) -> JsonObject:
    """Returns everything the page needs to begin."""
    seed, app = workspace.seed, workspace.seed.app
    modal = workspace.modals.top(me.id)
    # Everybody has the app's direct message in the list, as in Slack after the first word.
    if app.messages_tab_enabled or app.home_tab_enabled:
        workspace.direct_message(me.id, seed.bot_user_id)
    visible = [channel for channel in workspace.channels.values() if _sees(channel, me)]
    return {
        "team": {"id": seed.team_id, "name": seed.team_name, "domain": seed.team_domain},
        "me": me.id,
        "people": [_person(member) for member in workspace.members.values()],
        "channels": [channel_picture(workspace, channel, me) for channel in visible],
        "app": {
            "name": app.name,
            "bot_user_id": seed.bot_user_id,
            "commands": [
                {"command": known.command, "description": known.description, "usage_hint": known.usage_hint}
                for known in app.commands
                # People of other companies cannot use them.
                if not me.is_external
            ],
            "shortcuts": [
                {
                    "type": known.type,
                    "name": known.name,
                    "callback_id": known.callback_id,
                    "description": known.description,
                }
                for known in app.shortcuts
                if not me.is_external
            ],
            "home": app.home_tab_enabled,
            "messages": {"enabled": app.messages_tab_enabled, "read_only": app.messages_tab_read_only},
            "connected": workspace.courier.transport.is_connected,
        },
        "clock": {"now": workspace.now().isoformat(), "movable": isinstance(workspace.clock, Movable)},
        "modal": modal.for_page() if modal else None,
    }


def _sees(channel: Channel, me: Member) -> bool:
    if channel.is_im or channel.is_private:
        return me.id in channel.members
    return me.id in channel.members or not me.is_external


def _person(member: Member) -> JsonObject:
    return {
        "id": member.id,
        "name": member.name,
        "real_name": member.real_name,
        "title": member.title,
        "tz": member.tz,
        "color": f"#{member.color}",
        "initials": member.initials,
        "is_bot": member.is_bot,
        "is_external": member.is_external,
        "deleted": member.deleted,
    }


def channel_picture(workspace: Workspace, channel: Channel, me: Member) -> JsonObject:
    """Returns a channel as one person's list shows it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "with": channel.other_than(me.id) if channel.is_im else None,
        "topic": channel.topic,
        "unread": channel.unread[me.id],
        "mentions": channel.mentions[me.id],
        "last_ts": channel.last_ts,
        "last_read": channel.last_read.get(me.id),
        "is_member": me.id in channel.members,
        "bot_is_member": workspace.seed.bot_user_id in channel.members,
        "members": sorted(channel.members),
    }


def messages_picture(channel: Channel, me: Member, *, before: str, limit: int) -> JsonObject:
    """Returns a page of a channel, oldest first, with this person's ephemerals in their place."""
    page, more = channel.page_of_roots(oldest="", latest=before, inclusive=False, limit=limit)
    page.reverse()
    first = page[0].ts if page and more else ""
    ephemerals = [
        message
        for message in channel.ephemerals_of(me.id)
        if message.ts >= first and (not before or message.ts < before) and message.thread_ts is None
    ]
    shown = sorted([*page, *ephemerals], key=lambda message: message.ts)
    return {"messages": [message.for_page() for message in shown], "has_more": more}


def thread_picture(channel: Channel, me: Member, ts: str) -> JsonObject:
    """Returns a root, its replies and this person's ephemerals among them."""
    ephemerals = [message for message in channel.ephemerals_of(me.id) if message.thread_ts == ts]
    replies = channel.thread(ts)
    shown = [*replies[:1], *sorted([*replies[1:], *ephemerals], key=lambda message: message.ts)]
    return {"messages": [message.for_page() for message in shown]}
