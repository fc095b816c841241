"""Putting messages into conversations, changing and deleting them, with everything that follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox import events, markup
from bot.sandbox.channels import Channel
from bot.sandbox.events import Deliveries
from bot.sandbox.messages import Message
from bot.sandbox.page_pictures import channel_picture
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

TEXT_LIMIT = 40_000
_TS = re.compile(r"^\d{6,12}\.\d{6}$")


@dataclass
class Draft:
    """What an app wants to post, already validated."""

    text: str = ""
    blocks: list[JsonObject] | None = None
    attachments: list[JsonObject] | None = None
    metadata: JsonObject | None = None
    thread_ts: str | None = None
    is_broadcast: bool = False
    username: str | None = None
    icon: JsonObject | None = None
    files: list[JsonObject] | None = None


def is_ts(value: str) -> bool:
    """Tells whether a string has the shape of a message ts."""
    return bool(_TS.match(value))


def message_from_bot(workspace: Workspace, channel: Channel, draft: Draft) -> Message:
    """Makes (but does not post) the message of the app's bot."""
    bot = workspace.bot
    blocks = draft.blocks or []
    text = markup.from_app(draft.text[:TEXT_LIMIT]) or markup.text_of_blocks(blocks)
    return Message(
        channel=channel.id,
        ts=workspace.next_ts(),
        user=bot.id,
        text=text,
        team=workspace.seed.team_id,
        thread_ts=draft.thread_ts,
        bot_id=bot.bot_id,
        app_id=bot.app_id,
        bot_profile=bot_profile(workspace),
        username=draft.username,
        icon=draft.icon,
        blocks=blocks,
        attachments=draft.attachments or [],
        metadata=draft.metadata,
        is_broadcast=draft.is_broadcast,
        subtype="thread_broadcast" if draft.is_broadcast else ("file_share" if draft.files else None),
        files=draft.files or [],
        pings=_pings(text, blocks),
    )


def _pings(text: str, blocks: list[JsonObject]) -> list[str]:
    """Lists whom a message notifies: with blocks, the text is only a fallback and notifies nobody."""
    return markup.pings_in_blocks(blocks) if blocks else markup.pings_in(text)


def bot_profile(workspace: Workspace) -> JsonObject:
    """Returns the bot_profile of the app's messages."""
    bot = workspace.bot
    return {
        "id": bot.bot_id,
        "app_id": bot.app_id,
        "user_id": bot.id,
        "name": bot.real_name,
        "icons": {},
        "deleted": False,
        "updated": bot.updated,
        "team_id": bot.team_id,
    }


def message_from_person(
    workspace: Workspace, channel: Channel, user: str, typed: str, *, thread_ts: str | None
) -> Message:
    """Makes (but does not post) what a person typed, as Slack's client would send it."""
    member = workspace.members[user]
    text = markup.from_typing(typed, workspace.directory)
    return Message(
        channel=channel.id,
        ts=workspace.next_ts(),
        user=user,
        text=text,
        team=member.team_id,
        thread_ts=thread_ts,
        blocks=[markup.rich_text(text, workspace.ids.secret(4)[:5])],
        client_msg_id=workspace.ids.secret(30),
        pings=markup.pings_in(text),
    )


def put(workspace: Workspace, channel: Channel, message: Message) -> Deliveries:
    """Posts a message: keeps it, tells the page, sends the events."""
    channel.add(message)
    if workspace.changes.is_watched:
        _tell_new(workspace, channel, message)
    return events.message_posted(workspace, channel, message)


def _tell_new(workspace: Workspace, channel: Channel, message: Message) -> None:
    shown = message.for_page()
    if message.is_ephemeral:
        told = {"type": "ephemeral", "channel": channel.id, "message": shown}
        workspace.changes.tell([message.seen_by or ""], told)
        return
    if channel.is_im and len(channel.by_ts) == 1:
        _tell_new_channel(workspace, channel)
    workspace.changes.tell(channel.members, {"type": "message", "channel": channel.id, "message": shown})
    _tell_thread(workspace, channel, message.thread_ts)
    tell_unread(workspace, channel)


def put_ephemeral(workspace: Workspace, channel: Channel, user: str, draft: Draft) -> Message:
    """Shows a message to one person only."""
    message = message_from_bot(workspace, channel, draft)
    message.is_ephemeral, message.seen_by, message.metadata = True, user, None
    put(workspace, channel, message)
    return message


def change(workspace: Workspace, channel: Channel, message: Message, changes: dict[str, Any]) -> Deliveries:
    """Changes fields of a message and tells everybody."""
    previous = message.as_json(with_metadata=True)
    for key, value in changes.items():
        setattr(message, key, value)
    message.pings = _pings(message.text, message.blocks)
    told = {"type": "message_changed", "channel": channel.id, "message": message.for_page()}
    if message.is_ephemeral:
        workspace.changes.tell([message.seen_by or ""], told)
        return []
    workspace.changes.tell(channel.members, told)
    return events.message_changed(workspace, channel, message, previous)


def delete(workspace: Workspace, channel: Channel, message: Message) -> Deliveries:
    """Deletes a message and tells everybody."""
    told: JsonObject = {
        "type": "message_deleted",
        "channel": channel.id,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
    }
    if message.is_ephemeral:
        channel.ephemerals_of(message.seen_by or "").remove(message)
        message.deleted = True
        workspace.changes.tell([message.seen_by or ""], told)
        return []
    previous = message.as_json(with_metadata=True)
    thread_ts = message.thread_ts if message.is_reply else None
    channel.remove(message)
    if message.subtype == "tombstone":
        told = {"type": "message_changed", "channel": channel.id, "message": message.for_page()}
    workspace.changes.tell(channel.members, told)
    _tell_thread(workspace, channel, thread_ts)
    return events.message_deleted(workspace, channel, previous)


def _tell_new_channel(workspace: Workspace, channel: Channel) -> None:
    for user in channel.members:
        shown = channel_picture(workspace, channel, workspace.members[user])
        workspace.changes.tell([user], {"type": "channel", "channel": shown})


def _tell_thread(workspace: Workspace, channel: Channel, thread_ts: str | None) -> None:
    root = channel.by_ts.get(thread_ts or "")
    if root is not None:
        told = {"type": "thread", "channel": channel.id, "message": root.for_page()}
        workspace.changes.tell(channel.members, told)


def tell_unread(workspace: Workspace, channel: Channel) -> None:
    """Tells every member their own counters."""
    if not workspace.changes.is_watched:
        return
    for member in channel.members:
        told = {
            "type": "unread",
            "channel": channel.id,
            "unread": channel.unread[member],
            "mentions": channel.mentions[member],
        }
        workspace.changes.tell([member], told)
