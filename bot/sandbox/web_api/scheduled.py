"""chat.scheduleMessage and its kin."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox import posting
from bot.sandbox.rate_limits import TIER_3
from bot.sandbox.web_api import content
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.conversation_access import channel_to_post_in
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

_DAYS_AHEAD = 120
_WINDOW_SECONDS = 300
_IN_A_WINDOW = 30


@method("chat.scheduleMessage", "chat:write", per_minute=TIER_3)
def schedule(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Posts a message later, when the workspace's clock gets there."""
    channel = channel_to_post_in(workspace, arguments)
    post_at = arguments.number("post_at", 0)
    now = workspace.seconds()
    if post_at <= now:
        raise Refused("time_in_past")
    if post_at > now + _DAYS_AHEAD * 86_400:
        raise Refused("time_too_far")
    window = post_at // _WINDOW_SECONDS
    planned = [entry for entry in workspace.scheduled.values() if entry["channel_id"] == channel.id]
    if sum(1 for entry in planned if entry["post_at"] // _WINDOW_SECONDS == window) >= _IN_A_WINDOW:
        raise Refused("restricted_too_many")
    draft = content.read_draft(workspace, arguments)
    draft.thread_ts = content.thread_root(workspace, channel, arguments.text("thread_ts"))
    scheduled_id = workspace.ids.fresh("Q")
    workspace.scheduled[scheduled_id] = {
        "id": scheduled_id,
        "channel_id": channel.id,
        "post_at": post_at,
        "date_created": now,
        "text": draft.text,
    }

    async def post() -> None:
        if workspace.scheduled.pop(scheduled_id, None) is not None:
            posting.put(workspace, channel, posting.message_from_bot(workspace, channel, draft))

    workspace.timetable.at(datetime.fromtimestamp(post_at, UTC), post)
    message = {"text": draft.text, "type": "delayed_message", "bot_id": workspace.seed.bot_id}
    return {
        "ok": True,
        "channel": channel.id,
        "scheduled_message_id": scheduled_id,
        "post_at": post_at,
        "message": message,
    }


@method("chat.deleteScheduledMessage", "chat:write", per_minute=TIER_3)
def delete_scheduled(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Takes a scheduled message back."""
    planned = workspace.scheduled.get(arguments.required("scheduled_message_id"))
    if planned is None or planned["channel_id"] != arguments.required("channel"):
        raise Refused("invalid_scheduled_message_id")
    del workspace.scheduled[planned["id"]]
    return {"ok": True}


@method("chat.scheduledMessages.list", per_minute=TIER_3)
def list_scheduled(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists what is planned."""
    channel = arguments.text("channel")
    planned = [
        entry for entry in workspace.scheduled.values() if not channel or entry["channel_id"] == channel
    ]
    return {"ok": True, "scheduled_messages": planned, "response_metadata": {"next_cursor": ""}}
