"""A person submits or closes a modal, and what the app's answer does to the stack."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.sandbox.client.answers import SubmitResult, failure_of
from bot.sandbox.modals import STACK_LIMIT, View
from bot.sandbox.people import Member
from bot.sandbox.showing import show_modal
from bot.sandbox.view_state import complaints, elements_of
from bot.sandbox.web_api.answers import Refused
from bot.sandbox.web_api.views import judged_view
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
_BLANK = "input"


async def submit(workspace: Workspace, member: Member, view: View) -> SubmitResult:
    """Submits a modal: first the client's own checks, then the app's answer."""
    own = complaints(view.blocks, view.state)
    view.errors = own
    if own:
        show_modal(workspace, member.id)
        return SubmitResult(acked=False, errors=own)
    trigger = workspace.modals.trigger(member.id, member.team_id, workspace.now(), view_id=view.id)
    payload = workspace.payloads.view_submission(
        member, view, trigger_id=trigger.id, response_urls=_response_urls(workspace, member, view)
    )
    answer = await workspace.interact(payload)
    error = failure_of(answer)
    if error:
        return SubmitResult(acked=False, seconds=answer.seconds, error=error, error_text=TROUBLE)
    errors, refusal = _obey(workspace, member, view, answer.body)
    show_modal(workspace, member.id)
    closed = view not in workspace.modals.stacks.get(member.id, [])
    text = TROUBLE if refusal else None
    return SubmitResult(True, closed, errors, answer.seconds, refusal, text, answer.body)


def _obey(workspace: Workspace, member: Member, view: View, body: Any) -> tuple[dict[str, str], str | None]:
    """Does what the ack says; returns the errors to show, and Slack's refusal of a bad answer."""
    if body is None or body == "" or body == {}:
        workspace.modals.pop(view)
        return {}, None
    if not isinstance(body, dict):
        return {}, _bad(workspace, "The ack of a view_submission was neither empty nor an object.")
    action = body.get("response_action")
    if action == "clear":
        workspace.modals.clear(member.id)
        return {}, None
    if action == "errors":
        return _errors(workspace, view, body.get("errors"))
    if action in ("update", "push"):
        return {}, _replace_or_push(workspace, member, view, body, pushed=action == "push")
    return {}, _bad(workspace, f"The ack of a view_submission had an unknown response_action: {action!r}.")


def _errors(workspace: Workspace, view: View, errors: Any) -> tuple[dict[str, str], str | None]:
    if not isinstance(errors, dict) or not errors:
        return {}, _bad(workspace, "response_action errors came without errors.")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == _BLANK}
    unknown = [block_id for block_id in errors if block_id not in inputs]
    if unknown:
        return {}, _bad(
            workspace,
            f"Errors name blocks that are no inputs of the view: {unknown}; inputs: {sorted(inputs)}.",
        )
    if not all(isinstance(text, str) and text for text in errors.values()):
        return {}, _bad(workspace, "An error in response_action errors has no text.")
    view.errors = dict(errors)
    return view.errors, None


def _replace_or_push(
    workspace: Workspace, member: Member, view: View, body: JsonObject, *, pushed: bool
) -> str | None:
    try:
        new = judged_view(workspace, body.get("view"), "modal")
    except Refused as refused:
        return _bad(workspace, f"The view in the ack is refused: {refused.error} {refused.fields}.")
    other = workspace.modals.by_external_id.get(new.get("external_id") or "")
    if other is not None and (pushed or other is not view):
        return _bad(workspace, "The view in the ack has an external_id that is in use.")
    if not pushed:
        workspace.modals.replace(view, new)
        return None
    if len(workspace.modals.stacks[member.id]) >= STACK_LIMIT:
        return _bad(workspace, "The ack pushes a fourth view.")
    workspace.modals.put_on_stack(member.id, member.team_id, new, pushed=True)
    return None


def _bad(workspace: Workspace, text: str) -> str:
    workspace.report("invalid_ack", text)
    return "invalid_ack"


def _response_urls(workspace: Workspace, member: Member, view: View) -> list[JsonObject]:
    """Makes response URLs for the selects that ask for one."""
    found = []
    for block, element in elements_of(view.blocks):
        if not element.get("response_url_enabled"):
            continue
        kept = view.state.get(block["block_id"], {}).get(element["action_id"], {})
        channel = kept.get("selected_conversation") or kept.get("selected_channel")
        if channel in workspace.channels:
            url = workspace.response_urls.issue(member.id, channel, workspace.now())
            found.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": f"{workspace.url}/response/{url.token}",
                }
            )
    return found


async def close(workspace: Workspace, member: Member, view: View, *, whole_stack: bool = False) -> None:
    """Closes a modal with Cancel, or the whole stack with the x; the app hears of it if it asked to."""
    if whole_stack or view.body.get("clear_on_close"):
        stack = workspace.modals.clear(member.id)
        told = stack[:1] if stack else [view]
    else:
        workspace.modals.pop(view)
        told = [view]
    show_modal(workspace, member.id)
    for closed in told:
        if closed.body.get("notify_on_close"):
            payload = workspace.payloads.view_closed(member, closed, is_cleared=whole_stack)
            await asyncio.shield(workspace.interact(payload))
