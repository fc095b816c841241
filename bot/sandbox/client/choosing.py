"""Elements in a message or a view: finding them, and what the client sends when one is used."""

from __future__ import annotations

from typing import Any

from bot.sandbox.block_kit.objects import all_options
from bot.sandbox.view_state import elements_of, is_list, value_key
from bot.sandbox.wire import JsonObject

_WITH_OPTIONS = frozenset({"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"})


def find_element(
    blocks: list[JsonObject], action_id: str, block_id: str | None = None
) -> tuple[JsonObject, JsonObject]:
    """Returns the block and the element with an action_id. Raises LookupError that lists what is there."""
    found = list(elements_of(blocks))
    for block, element in found:
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise LookupError(f"There is no {action_id!r} here: {_listed(found)}.")


def find_for_filling(blocks: list[JsonObject], name: str) -> tuple[JsonObject, JsonObject]:
    """Returns the block and element whose action_id or block_id is name. Raises LookupError."""
    found = list(elements_of(blocks))
    for block, element in found:
        if name in (element["action_id"], block["block_id"]):
            return block, element
    raise LookupError(f"There is no field {name!r} in the open modal: {_listed(found)}.")


def _listed(found: list[tuple[JsonObject, JsonObject]]) -> str:
    if not found:
        return "nothing can be pressed or filled"
    parts = [f"{block['block_id']}/{element['action_id']} ({element['type']})" for block, element in found]
    return "there are " + ", ".join(parts)


def state_value(element: JsonObject, value: Any) -> JsonObject:
    """Turns a plain value into what the client keeps for this element: options by value or by label.

    A dict that already has the element's key is taken as it is. Raises LookupError for an unknown option.
    """
    kind = element["type"]
    key = value_key(kind)
    if isinstance(value, dict) and key in value:
        return {"type": kind, key: value[key]}
    if is_list(kind):
        entries = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
        return {"type": kind, key: [_chosen(element, entry) for entry in entries]}
    if value is None:
        return {"type": kind, key: None}
    chosen = _chosen(element, value)
    return {"type": kind, key: str(chosen) if key == "value" else chosen}


def _chosen(element: JsonObject, value: Any) -> Any:
    kind = element["type"]
    if isinstance(value, dict) or kind not in (*_WITH_OPTIONS, "external_select", "multi_external_select"):
        return value
    if kind not in _WITH_OPTIONS:
        return {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": str(value)}
    options = all_options(element)
    for option in options:
        if str(value) in (option["value"], option["text"]["text"]):
            return option
    known = ", ".join(f"{option['value']} ({option['text']['text']})" for option in options)
    raise LookupError(f"{element['action_id']!r} has no option {value!r}: there are {known}.")


def action_of(block: JsonObject, element: JsonObject, value: Any, ts: str) -> JsonObject:
    """Builds the entry of actions[] that block_actions carries."""
    kind = element["type"]
    action: JsonObject = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": ts,
    }
    if kind in ("button", "workflow_button"):
        action["text"] = element["text"]
        for key in ("value", "style"):
            if key in element:
                action[key] = element[key]
        return action
    if kind == "overflow":
        if value is None:
            raise LookupError(f"The menu {element['action_id']!r} needs a value: which entry is pressed?")
        given = value["selected_option"] if isinstance(value, dict) and "selected_option" in value else value
        action["selected_option"] = _chosen(element, given)
        return action
    kept = state_value(element, value)
    action.update(kept)
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    return action
