"""What a message may contain: text, blocks, attachments, metadata; read and judged as Slack does."""

from __future__ import annotations

from typing import Any

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.normalize import fill_in
from bot.sandbox.block_kit.validate import check_blocks
from bot.sandbox.channels import Channel
from bot.sandbox.posting import Draft, is_ts
from bot.sandbox.web_api.answers import Arguments, Refused, invalid
from bot.sandbox.wire import JsonObject, dumps
from bot.sandbox.workspace import Workspace


def read_blocks(workspace: Workspace, arguments: Arguments) -> list[JsonObject] | None:
    """Returns the blocks of a message, completed. Raises invalid_blocks_format, invalid_blocks."""
    blocks = arguments.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    complaints = check_blocks(blocks, "message", refused=workspace.faults.refuse_blocks)
    if not complaints:
        complaints = file_complaints(workspace, blocks)
    if complaints:
        raise invalid("invalid_blocks", complaints)
    return fill_in(blocks, workspace.ids)


def file_complaints(workspace: Workspace, blocks: list[JsonObject]) -> list[str]:
    """Complains of slack_file images that are not uploaded and shared yet."""
    found = []
    for position, block in enumerate(blocks):
        wanted = block.get("slack_file") if block["type"] == "image" else None
        if wanted is None:
            continue
        file = workspace.files.by_id.get(str(wanted.get("id") or str(wanted.get("url")).rsplit("/", 1)[-1]))
        if file is None or not file.shares:
            found.append(f"invalid slack file [json-pointer:/blocks/{position}/slack_file]")
    return found


def read_attachments(workspace: Workspace, arguments: Arguments) -> list[JsonObject] | None:
    """Returns the attachments. Raises invalid_attachments, too_many_attachments, invalid_blocks."""
    attachments = arguments.structure("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(entry, dict) for entry in attachments):
        raise Refused("invalid_attachments")
    if len(attachments) > limits.ATTACHMENTS:
        raise Refused("too_many_attachments")
    for position, attachment in enumerate(attachments):
        at = f"/attachments/{position}/blocks"
        complaints = check_blocks(attachment.get("blocks", []), "message", at=at)
        if complaints:
            raise invalid("invalid_blocks", complaints)
        fill_in(attachment.get("blocks", []), workspace.ids)
    return attachments


def read_metadata(arguments: Arguments) -> JsonObject | None:
    """Returns the metadata. Raises invalid_metadata_format, metadata_too_large."""
    metadata = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or not _is_metadata(metadata):
        raise Refused("invalid_metadata_format")
    if len(dumps(metadata)) > limits.METADATA_BYTES:
        raise Refused("metadata_too_large")
    return metadata


def _is_metadata(metadata: JsonObject) -> bool:
    known = set(metadata) <= {"event_type", "event_payload", "entities"}
    if "entities" in metadata and set(metadata) == {"entities"}:
        return isinstance(metadata["entities"], list)
    named = isinstance(metadata.get("event_type"), str) and bool(metadata["event_type"])
    return known and named and isinstance(metadata.get("event_payload"), dict)


def read_draft(workspace: Workspace, arguments: Arguments) -> Draft:
    """Returns what is to be posted. Raises no_text and what the parts raise."""
    text = _read_text(arguments)
    blocks = read_blocks(workspace, arguments)
    attachments = read_attachments(workspace, arguments)
    if arguments.has("markdown_text"):
        if arguments.has("blocks") or arguments.has("text"):
            raise Refused("markdown_text_conflict")
        if len(arguments.text("markdown_text")) > limits.MARKDOWN:
            raise Refused("msg_too_long")
        text = arguments.text("markdown_text")
    if not text.strip() and not blocks and not attachments:
        raise Refused("no_text")
    return Draft(
        text=text,
        blocks=blocks,
        attachments=attachments,
        metadata=read_metadata(arguments),
        username=_customized(workspace, arguments, "username"),
        icon=_icon(workspace, arguments),
    )


def _read_text(arguments: Arguments) -> str:
    value: Any = arguments.values.get("text")
    if value is not None and not isinstance(value, str):
        raise invalid("invalid_arguments", ["must be a string [json-pointer:/text]"])
    return value or ""


def _customized(workspace: Workspace, arguments: Arguments, name: str) -> str | None:
    if not arguments.has(name) or "chat:write.customize" not in workspace.scopes:
        return None
    return arguments.text(name)


def _icon(workspace: Workspace, arguments: Arguments) -> JsonObject | None:
    emoji = _customized(workspace, arguments, "icon_emoji")
    if emoji:
        return {"emoji": emoji}
    address = _customized(workspace, arguments, "icon_url")
    return {"image_48": address} if address else None


def thread_root(workspace: Workspace, channel: Channel, thread_ts: str) -> str | None:
    """Returns the root a reply goes under. Raises invalid_thread_ts, thread_not_found.

    Slack's page warns against a reply's ts and does not say what comes of it: here the reply goes under
    the root, and the slip is reported. thread_not_found on a post is believed, not documented.
    """
    if not thread_ts:
        return None
    if not is_ts(thread_ts):
        raise Refused("invalid_thread_ts")
    parent = channel.by_ts.get(thread_ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.is_reply:
        workspace.report(
            "thread_ts_of_a_reply", f"thread_ts {thread_ts} is the ts of a reply, not of a root."
        )
        return parent.thread_ts
    return thread_ts
