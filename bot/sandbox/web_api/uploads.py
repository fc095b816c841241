"""files.*: the upload in three steps, and files.info."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.sandbox import posting
from bot.sandbox.channels import Channel
from bot.sandbox.files import File
from bot.sandbox.posting import Draft
from bot.sandbox.rate_limits import TIER_4
from bot.sandbox.web_api import content
from bot.sandbox.web_api.answers import Arguments, Refused, invalid
from bot.sandbox.web_api.conversation_access import seen_channel
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


@method("files.getUploadURLExternal", "files:write", per_minute=TIER_4)
def get_upload_url(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Announces a file and returns where to post its bytes."""
    length = arguments.number("length", 0)
    if length <= 0:
        raise invalid("invalid_arguments", ["missing required field: length"])
    bot = workspace.seed.bot_user_id
    file = workspace.files.announce(
        arguments.required("filename"), length, bot, workspace.seconds(), arguments.text("alt_txt")
    )
    return {"ok": True, "upload_url": f"{workspace.url}/upload/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write", per_minute=TIER_4)
def complete_upload(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Ends an upload and shares the files; the share comes a little later, as in Slack."""
    files = _uploaded(workspace, arguments)
    channel = _channel_to_share_in(workspace, arguments)
    draft: Draft | None = None
    if channel is not None:
        blocks = content.read_blocks(workspace, arguments)
        thread_ts = content.thread_root(workspace, channel, arguments.text("thread_ts"))
        draft = Draft(arguments.text("initial_comment"), blocks, thread_ts=thread_ts)
    for file, title in files:
        file.is_complete, file.title = True, title
    if channel is not None and draft is not None:
        _share_soon(workspace, channel, draft, [file for file, _ in files])
    return {"ok": True, "files": [{"id": file.id, "title": file.title or file.name} for file, _ in files]}


def _uploaded(workspace: Workspace, arguments: Arguments) -> list[tuple[File, str]]:
    entries: Any = arguments.structure("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise invalid("invalid_arguments", ["missing required field: files"])
    found = []
    for entry in entries:
        file = workspace.files.by_id.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if file is None or file.content is None or file.is_complete:
            raise Refused("file_not_found")
        found.append((file, str(entry.get("title") or "")))
    return found


def _channel_to_share_in(workspace: Workspace, arguments: Arguments) -> Channel | None:
    wanted = arguments.text("channel_id") or arguments.text("channels")
    if not wanted:
        return None
    channel = seen_channel(workspace, wanted)
    if workspace.seed.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _share_soon(workspace: Workspace, channel: Channel, draft: Draft, files: list[File]) -> None:
    if any(file.alt_text for file in files):
        # A known fault of Slack: with alt_txt the call says ok and the file is never shared.
        workspace.report("alt_txt", "A file was uploaded with alt_txt: Slack then silently shares nothing.")
        return

    async def share() -> None:
        await asyncio.sleep(0)
        draft.files = [file.as_json(workspace.url) for file in files]
        message = posting.message_from_bot(workspace, channel, draft)
        for file in files:
            file.shares.setdefault(channel.id, []).append(message.ts)
        posting.put(workspace, channel, message)

    workspace.courier.in_background(share())


@method("files.info", "files:read", per_minute=TIER_4)
def info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns a file."""
    file = workspace.files.by_id.get(arguments.required("file"))
    if file is None or not file.is_complete:
        raise Refused("file_not_found")
    return {"ok": True, "file": file.as_json(workspace.url), "comments": []}
