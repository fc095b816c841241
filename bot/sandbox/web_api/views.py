"""views.*: opening, pushing, updating modals, publishing the Home tab; and blocks.validate."""

from __future__ import annotations

from typing import Any, Literal

from bot.sandbox.block_kit.normalize import fill_in
from bot.sandbox.block_kit.validate import check_blocks, check_view, is_too_large
from bot.sandbox.modals import STACK_LIMIT, TRIGGER_LIFE, Trigger, View
from bot.sandbox.rate_limits import TIER_4
from bot.sandbox.showing import show_home, show_modal
from bot.sandbox.web_api.answers import Arguments, Refused, invalid
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace


def judged_view(workspace: Workspace, view: Any, surface: Literal["modal", "home"]) -> JsonObject:
    """Returns a view that passes, completed. Raises invalid_arguments, view_too_large."""
    if not isinstance(view, dict):
        raise invalid("invalid_arguments", ["missing required field: view"])
    if is_too_large(view):
        raise Refused("view_too_large")
    complaints = check_view(view, surface, refused=workspace.faults.refuse_blocks)
    if complaints:
        raise invalid("invalid_arguments", complaints)
    fill_in(view["blocks"], workspace.ids)
    return view


def _read_view(workspace: Workspace, arguments: Arguments, surface: Literal["modal", "home"]) -> JsonObject:
    return judged_view(workspace, arguments.structure("view", "invalid_arguments"), surface)


def _take_trigger(workspace: Workspace, arguments: Arguments) -> Trigger:
    """Returns the trigger of a call. Raises invalid_, expired_ and exchanged_trigger_id."""
    trigger_id = arguments.text("trigger_id") or arguments.required("interactivity_pointer")
    trigger = workspace.modals.find_trigger(trigger_id)
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.exchanged:
        raise Refused("exchanged_trigger_id")
    if workspace.now() - trigger.at > TRIGGER_LIFE:
        raise Refused("expired_trigger_id")
    return trigger


def _refuse_known_external_id(workspace: Workspace, view: JsonObject, but: View | None = None) -> None:
    other = workspace.modals.by_external_id.get(view.get("external_id") or "")
    if other is not None and other is not but:
        raise Refused("duplicate_external_id")


def _answer(workspace: Workspace, view: View) -> JsonObject:
    return {"ok": True, "view": workspace.payloads.view(view)}


@method("views.open", per_minute=TIER_4)
def open_(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Opens a modal for whoever made the trigger."""
    trigger = _take_trigger(workspace, arguments)
    body = _read_view(workspace, arguments, "modal")
    _refuse_known_external_id(workspace, body)
    trigger.exchanged = True
    view = workspace.modals.put_on_stack(trigger.user, trigger.team_id, body, pushed=False)
    show_modal(workspace, trigger.user)
    return _answer(workspace, view)


@method("views.push", per_minute=TIER_4)
def push(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Pushes a modal on top of the one the trigger came from."""
    trigger = _take_trigger(workspace, arguments)
    if trigger.view_id is None or workspace.modals.by_id.get(trigger.view_id) is None:
        raise Refused("not_found")
    body = _read_view(workspace, arguments, "modal")
    _refuse_known_external_id(workspace, body)
    if len(workspace.modals.stacks[trigger.user]) >= STACK_LIMIT:
        raise Refused("push_limit_reached")
    trigger.exchanged = True
    view = workspace.modals.put_on_stack(trigger.user, trigger.team_id, body, pushed=True)
    show_modal(workspace, trigger.user)
    return _answer(workspace, view)


@method("views.update", per_minute=TIER_4)
def update(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Replaces a view that is open."""
    view = _named_view(workspace, arguments)
    surface: Literal["modal", "home"] = "home" if view.type == "home" else "modal"
    body = _read_view(workspace, arguments, surface)
    if arguments.text("hash") and arguments.text("hash") != view.hash:
        raise Refused("hash_conflict")
    _refuse_known_external_id(workspace, body, but=view)
    workspace.modals.replace(view, body)
    if surface == "home":
        show_home(workspace, view.user)
    else:
        show_modal(workspace, view.user)
    return _answer(workspace, view)


def _named_view(workspace: Workspace, arguments: Arguments) -> View:
    if arguments.text("view_id"):
        view = workspace.modals.by_id.get(arguments.text("view_id"))
    elif arguments.text("external_id"):
        view = workspace.modals.by_external_id.get(arguments.text("external_id"))
    else:
        raise invalid("invalid_arguments", ["missing required field: view_id or external_id"])
    if view is None:
        raise Refused("not_found")
    return view


@method("views.publish", per_minute=TIER_4)
def publish(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Puts up somebody's Home tab."""
    user = arguments.required("user_id")
    if not workspace.seed.app.home_tab_enabled:
        raise Refused("not_enabled")
    member = workspace.members.get(user)
    if member is None or member.is_bot:
        raise Refused("user_not_found")
    body = _read_view(workspace, arguments, "home")
    home = workspace.modals.homes.get(user)
    if arguments.text("hash") and home is not None and arguments.text("hash") != home.hash:
        raise Refused("hash_conflict")
    _refuse_known_external_id(workspace, body, but=home)
    view = workspace.modals.publish_home(user, member.team_id, body)
    show_home(workspace, user)
    return _answer(workspace, view)


@method("blocks.validate", token="none", per_minute=TIER_4)
def validate(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Judges blocks, a view or a message without showing them to anybody."""
    view = arguments.structure("view", "invalid_arguments")
    message = arguments.structure("message", "invalid_arguments")
    if isinstance(view, dict):
        surface: Literal["modal", "home"] = "home" if view.get("type") == "home" else "modal"
        complaints = check_view(view, surface)
    elif isinstance(message, dict):
        complaints = check_blocks(message.get("blocks", []), "message")
    else:
        complaints = check_blocks(arguments.structure("blocks", "invalid_blocks_format"), "message")
    if not complaints:
        return {"ok": True}
    raise Refused("invalid_blocks", errors=[_error(complaint) for complaint in complaints])


def _error(complaint: str) -> JsonObject:
    text, _, pointer = complaint.partition(" [json-pointer:")
    pointer = pointer.rstrip("]")
    return {
        "code": "invalid",
        "message": text,
        "field": pointer.rsplit("/", 1)[-1],
        "pointer": pointer,
        "constraint": text,
    }
