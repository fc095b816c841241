"""A person writes: messages, replies, slash commands."""

from __future__ import annotations

import asyncio

from bot.sandbox import markup, posting
from bot.sandbox.block_kit.normalize import fill_in
from bot.sandbox.block_kit.validate import check_blocks
from bot.sandbox.channels import Channel
from bot.sandbox.client.answers import CommandResult, failure_of
from bot.sandbox.delivery.answers import Answer
from bot.sandbox.messages import Message
from bot.sandbox.people import Member
from bot.sandbox.posting import Draft
from bot.sandbox.seeds import CommandSeed
from bot.sandbox.wire import JsonObject, loads
from bot.sandbox.workspace import Workspace

_TURNED_OFF = "Sending messages to this app has been turned off."


def is_read_only(workspace: Workspace, channel: Channel) -> bool:
    """Tells whether this is the app's direct message and its manifest lets nobody write there."""
    app = workspace.seed.app
    closed = app.messages_tab_read_only or not app.messages_tab_enabled
    return channel.is_im and closed and workspace.seed.bot_user_id in channel.members


async def say(
    workspace: Workspace, member: Member, channel: Channel, text: str, *, thread_ts: str | None = None
) -> Message:
    """Posts what a person typed; ends when the app has acked the events. Raises LookupError."""
    if member.id not in channel.members:
        raise LookupError(f"{member.name} is not in #{channel.name} and cannot write there.")
    if channel.is_archived:
        raise LookupError(f"#{channel.name} is archived.")
    if is_read_only(workspace, channel):
        raise LookupError(_TURNED_OFF)
    if not text.strip():
        raise LookupError("There is nothing to send.")
    root = channel.by_ts.get(thread_ts) if thread_ts else None
    if thread_ts and root is None:
        raise LookupError(f"There is no message {thread_ts} in #{channel.name} to reply to.")
    under = (root.thread_ts or root.ts) if root else None
    message = posting.message_from_person(workspace, channel, member.id, text, thread_ts=under)
    deliveries = posting.put(workspace, channel, message)
    if deliveries:
        await asyncio.wait(deliveries)
    return message


async def command(
    workspace: Workspace,
    member: Member,
    channel: Channel,
    name: str,
    text: str,
    *,
    thread_ts: str | None = None,
    in_thread: bool = False,
) -> CommandResult:
    """Runs a slash command of the app; what it answers at once is shown to the person."""
    if is_read_only(workspace, channel):
        return CommandResult(False, error="read_only", error_text=_TURNED_OFF)
    refusal = _refusal(workspace, member, name, in_thread=in_thread or bool(thread_ts))
    if refusal is not None:
        return refusal
    known = next(known for known in workspace.seed.app.commands if known.command == name)
    now = workspace.now()
    trigger = workspace.modals.trigger(member.id, member.team_id, now)
    url = workspace.response_urls.issue(member.id, channel.id, now)
    payload = workspace.payloads.command(
        member,
        channel,
        name,
        _command_text(workspace, known, text),
        trigger_id=trigger.id,
        response_url=f"{workspace.url}/response/{url.token}",
    )
    answer = await workspace.courier.ask("slash_commands", payload)
    error = failure_of(answer)
    if error:
        sentence = f'{name} failed with the error "{error}"'
        return CommandResult(False, answer.seconds, None, error, sentence)
    response = _read_response(workspace, answer)
    if response is not None:
        _show_response(workspace, member, channel, response)
    return CommandResult(True, answer.seconds, response)


def _refusal(workspace: Workspace, member: Member, name: str, *, in_thread: bool) -> CommandResult | None:
    """Says why Slack's client does not send a command at all."""
    names = [known.command for known in workspace.seed.app.commands]
    if name not in names or member.is_external or "commands" not in workspace.scopes:
        sentence = f"{name} is not a valid command."
        return CommandResult(False, error="invalid_command", error_text=sentence)
    if in_thread:
        sentence = f"{name} is not supported in threads. Sorry!"
        return CommandResult(False, error="not_supported_in_threads", error_text=sentence)
    return None


def _command_text(workspace: Workspace, known: CommandSeed, text: str) -> str:
    """Gives a command the text Slack gives it: with should_escape, people and channels become <@U…|name>."""
    text = text.strip()
    if not known.should_escape:
        return text
    marked = markup.from_typing(text, workspace.directory)
    return markup.with_names(
        marked,
        user_name=lambda user: workspace.members[user].name,
        channel_name=lambda channel: workspace.channels[channel].name,
    )


def _read_response(workspace: Workspace, answer: Answer) -> JsonObject | str | None:
    """Reads what came with the ack: text, JSON in a text, or an object."""
    body = answer.body
    if isinstance(body, str) and body.lstrip().startswith("{"):
        try:
            body = loads(body)
        except ValueError:
            return str(answer.body)
    if body is None or body == "" or body == {}:
        return None
    if isinstance(body, (dict, str)):
        return body
    workspace.report("bad_response", "A command was acked with a body that is neither text nor an object.")
    return None


def _show_response(
    workspace: Workspace, member: Member, channel: Channel, response: JsonObject | str
) -> None:
    body: JsonObject = {"text": response} if isinstance(response, str) else response
    blocks = body.get("blocks")
    if blocks:
        complaints = check_blocks(blocks, "message", refused=workspace.faults.refuse_blocks)
        if complaints:
            workspace.report(
                "invalid_response", f"A command was answered with blocks Slack refuses: {complaints}."
            )
            return
        fill_in(blocks, workspace.ids)
    if not blocks and not body.get("text") and not body.get("attachments"):
        workspace.report("empty_response", "A command was answered with a message without text and blocks.")
        return
    draft = Draft(str(body.get("text") or ""), blocks, body.get("attachments"))
    if body.get("response_type") == "in_channel":
        posting.put(workspace, channel, posting.message_from_bot(workspace, channel, draft))
    else:
        posting.put_ephemeral(workspace, channel, member.id, draft)
