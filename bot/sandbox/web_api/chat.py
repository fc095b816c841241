"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox import markup, posting
from bot.sandbox.channels import Channel
from bot.sandbox.messages import Message
from bot.sandbox.rate_limits import HUNDREDS, TIER_4
from bot.sandbox.web_api import content
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.conversation_access import channel_to_post_in, seen_channel
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

UPDATE_TEXT_LIMIT = 4000


@method("chat.postMessage", "chat:write", per_minute=HUNDREDS)
def post_message(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Posts a message."""
    channel = channel_to_post_in(workspace, arguments)
    draft = content.read_draft(workspace, arguments)
    draft.thread_ts = content.thread_root(workspace, channel, arguments.text("thread_ts"))
    draft.is_broadcast = bool(draft.thread_ts) and arguments.flag("reply_broadcast")
    message = posting.message_from_bot(workspace, channel, draft)
    posting.put(workspace, channel, message)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "message": message.as_json(with_metadata=True),
    }


@method("chat.postEphemeral", "chat:write", per_minute=TIER_4)
def post_ephemeral(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Shows a message to one person in a channel."""
    channel = channel_to_post_in(workspace, arguments)
    user = arguments.required("user")
    if user not in workspace.members:
        raise Refused("user_not_found")
    if workspace.seed.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    draft = content.read_draft(workspace, arguments)
    draft.thread_ts = content.thread_root(workspace, channel, arguments.text("thread_ts"))
    message = posting.put_ephemeral(workspace, channel, user, draft)
    return {"ok": True, "message_ts": message.ts}


@method("chat.update", "chat:write")
def update(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Changes a message of the app."""
    channel, message = _own_message(workspace, arguments)
    if channel.is_archived:
        raise Refused("is_inactive")
    changes = _changes(workspace, arguments, message.text)
    posting.change(workspace, channel, message, changes)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.as_json(with_metadata=True),
    }


def _changes(workspace: Workspace, arguments: Arguments, old_text: str) -> dict[str, Any]:
    """Works out chat.update's rule: text alone removes the blocks, metadata left out stays."""
    text = arguments.text("text")
    if len(text) > UPDATE_TEXT_LIMIT:
        raise Refused("msg_too_long")
    blocks = content.read_blocks(workspace, arguments)
    attachments = content.read_attachments(workspace, arguments)
    has_text = arguments.has("text")
    changes: dict[str, Any] = {}
    if blocks is not None:
        changes["blocks"] = blocks
        changes["text"] = markup.from_app(text) or markup.text_of_blocks(blocks) or old_text
    elif has_text:
        changes.update(blocks=[], text=markup.from_app(text))
        changes["edited"] = {"user": workspace.seed.bot_user_id, "ts": workspace.next_ts()}
    if attachments is not None:
        changes["attachments"] = attachments
    if arguments.has("metadata"):
        changes["metadata"] = content.read_metadata(arguments)
    if not changes or (has_text and not text.strip() and not blocks and not attachments):
        raise Refused("no_text")
    return changes


def _own_message(workspace: Workspace, arguments: Arguments) -> tuple[Channel, Message]:
    """Finds a message the app may change. Raises channel_not_found, message_not_found, cant_update_message."""
    channel = seen_channel(workspace, arguments.required("channel"))
    message = channel.by_ts.get(arguments.required("ts"))
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if message.bot_id != workspace.seed.bot_id:
        raise Refused("cant_update_message")
    return channel, message


@method("chat.delete", "chat:write")
def delete(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Deletes a message of the app."""
    try:
        channel, message = _own_message(workspace, arguments)
    except Refused as refused:
        if refused.error == "cant_update_message":
            raise Refused("cant_delete_message") from None
        raise
    posting.delete(workspace, channel, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", per_minute=HUNDREDS)
def get_permalink(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns the address of a message."""
    channel = seen_channel(workspace, arguments.required("channel"))
    ts = arguments.required("message_ts")
    message = channel.by_ts.get(ts)
    if message is None:
        raise Refused("message_not_found")
    link = f"{workspace.url}/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}
