"""A person uses what the app put up: buttons and menus in messages and views, shortcuts, the Home tab."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.sandbox import events
from bot.sandbox.block_kit.objects import option_groups, options
from bot.sandbox.channels import Channel
from bot.sandbox.client.answers import PressResult, failure_of
from bot.sandbox.client.choosing import action_of, find_element, state_value
from bot.sandbox.delivery.answers import Answer
from bot.sandbox.messages import Message
from bot.sandbox.modals import View
from bot.sandbox.people import Member
from bot.sandbox.view_state import State, kept_state
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

_TROUBLE = "This app did not respond. Try again, or contact whoever looks after it."


def _result(answer: Answer) -> PressResult:
    error = failure_of(answer)
    return PressResult(answer.acked, answer.seconds, error, _TROUBLE if error else None)


async def press_in_message(
    workspace: Workspace,
    member: Member,
    channel: Channel,
    message: Message,
    action_id: str,
    *,
    block_id: str | None = None,
    value: Any = None,
) -> PressResult:
    """Uses an element of a message. Raises LookupError where there is none, or the person cannot see it."""
    if member.id not in channel.members:
        raise LookupError(f"{member.name} is not in #{channel.name} and does not see this message.")
    blocks = [*message.blocks, *(block for entry in message.attachments for block in entry.get("blocks", []))]
    block, element = find_element(blocks, action_id, block_id)
    state = _state_in_message(workspace, member, message, block, element, value)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return PressResult(acked=True)
    action = action_of(block, element, value, workspace.next_ts())
    now = workspace.now()
    trigger = workspace.modals.trigger(member.id, member.team_id, now)
    url = workspace.response_urls.issue(
        member.id,
        channel.id,
        now,
        message_ts=message.ts,
        is_ephemeral=message.is_ephemeral,
        thread_ts=message.thread_ts,
    )
    payload = workspace.payloads.block_actions(
        member,
        action,
        trigger_id=trigger.id,
        message=message,
        channel=channel,
        response_url=f"{workspace.url}/response/{url.token}",
        state=state,
    )
    return _result(await workspace.interact(payload))


def _state_in_message(
    workspace: Workspace,
    member: Member,
    message: Message,
    block: JsonObject,
    element: JsonObject,
    value: Any,
) -> State:
    """Keeps what this person chooses in a message, and returns all they have chosen there."""
    key = (message.channel, message.ts, member.id)
    state = kept_state(message.blocks, workspace.message_states.get(key, {}))
    if element["action_id"] in state.get(block["block_id"], {}):
        state[block["block_id"]][element["action_id"]] = state_value(element, value)
        workspace.message_states[key] = state
    return state


async def use_in_view(
    workspace: Workspace,
    member: Member,
    view: View,
    action_id: str,
    *,
    block_id: str | None = None,
    value: Any = None,
) -> PressResult:
    """Uses an element of a modal or a Home tab; inputs without dispatch_action only keep the value."""
    block, element = find_element(view.blocks, action_id, block_id)
    if element["type"] not in ("button", "overflow", "workflow_button"):
        view.state.setdefault(block["block_id"], {})[action_id] = state_value(element, value)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return PressResult(acked=True)
    action = action_of(block, element, value, workspace.next_ts())
    trigger = workspace.modals.trigger(
        member.id, member.team_id, workspace.now(), view_id=view.id if view.type == "modal" else None
    )
    payload = workspace.payloads.block_actions(member, action, trigger_id=trigger.id, view=view)
    return _result(await workspace.interact(payload))


async def shortcut(
    workspace: Workspace,
    member: Member,
    callback_id: str,
    *,
    channel: Channel | None = None,
    message: Message | None = None,
) -> PressResult:
    """Uses a shortcut; on a message it is a message shortcut. Raises LookupError that lists what there is."""
    kind = "message" if message is not None else "global"
    known = [entry.callback_id for entry in workspace.seed.app.shortcuts if entry.type == kind]
    if callback_id not in known:
        raise LookupError(f"There is no {kind} shortcut {callback_id!r}: there are {known}.")
    if member.is_external or "commands" not in workspace.scopes:
        text = "Only members of the workspace that installed this app can use its shortcuts."
        return PressResult(False, error="not_allowed", error_text=text)
    now, ts = workspace.now(), workspace.next_ts()
    trigger = workspace.modals.trigger(member.id, member.team_id, now)
    if message is None or channel is None:
        payload = workspace.payloads.shortcut(member, callback_id, trigger_id=trigger.id, action_ts=ts)
    else:
        url = workspace.response_urls.issue(member.id, channel.id, now)
        payload = workspace.payloads.message_action(
            member,
            callback_id,
            message,
            channel,
            trigger_id=trigger.id,
            action_ts=ts,
            response_url=f"{workspace.url}/response/{url.token}",
        )
    return _result(await workspace.interact(payload))


async def suggestions(
    workspace: Workspace,
    member: Member,
    action_id: str,
    typed: str,
    *,
    view: View | None = None,
    message: Message | None = None,
    block_id: str | None = None,
) -> JsonObject:
    """Asks the app for the options of an external select; what Slack would refuse is reported and dropped."""
    blocks = view.blocks if view is not None else message.blocks if message is not None else []
    block, element = find_element(blocks, action_id, block_id)
    payload = workspace.payloads.block_suggestion(
        member, element, block["block_id"], typed, view=view, message=message
    )
    answer = await workspace.interact(payload)
    body = answer.body if isinstance(answer.body, dict) else {}
    complaints: list[str] = []
    if body.get("option_groups"):
        option_groups(body["option_groups"], "/option_groups", complaints)
        shown = {"option_groups": body["option_groups"]}
    else:
        # No match is an empty list here, which an element itself may not have.
        if body.get("options"):
            options(most=100)(body["options"], "/options", complaints)
        elif answer.acked and "options" not in body:
            complaints.append("missing required field: options")
        shown = {"options": body.get("options") or []}
    if complaints:
        workspace.report("invalid_options", f"Options that Slack refuses: {complaints}.")
        return {"options": []}
    return shown


async def open_home(workspace: Workspace, member: Member, tab: str) -> View | None:
    """Opens the app's Home or Messages tab: the app is told, then the published Home is shown."""
    bot = workspace.seed.bot_user_id
    channel = workspace.direct_message(member.id, bot)
    home = workspace.modals.homes.get(member.id)
    event: JsonObject = {
        "type": "app_home_opened",
        "user": member.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": workspace.next_ts(),
    }
    if tab == "home" and home is not None:
        event["view"] = workspace.payloads.view(home)
    deliveries = events.send_event(workspace, "app_home_opened", event)
    if deliveries:
        await asyncio.wait(deliveries)
    return workspace.modals.homes.get(member.id)
