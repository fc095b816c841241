"""What a person has typed or chosen in a view: where it starts, how it is kept, what is still wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.wire import JsonObject

State = dict[str, dict[str, JsonObject]]

# element type: (key of its value in the state, key of its initial value, whether it is a list)
_VALUES: dict[str, tuple[str, str, bool]] = {
    "plain_text_input": ("value", "initial_value", False),
    "number_input": ("value", "initial_value", False),
    "email_text_input": ("value", "initial_value", False),
    "url_text_input": ("value", "initial_value", False),
    "rich_text_input": ("rich_text_value", "initial_value", False),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "radio_buttons": ("selected_option", "initial_option", False),
    "users_select": ("selected_user", "initial_user", False),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "channels_select": ("selected_channel", "initial_channel", False),
    "checkboxes": ("selected_options", "initial_options", True),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "multi_users_select": ("selected_users", "initial_users", True),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "file_input": ("files", "", True),
}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_URL = re.compile(r"^https?://[^\s]+$")


def value_key(element_type: str) -> str:
    """Returns the key under which an element of this type keeps its value ("value" for a button)."""
    return _VALUES[element_type][0] if element_type in _VALUES else "value"


def is_list(element_type: str) -> bool:
    """Tells whether an element of this type keeps several values."""
    return element_type in _VALUES and _VALUES[element_type][2]


def elements_of(blocks: list[JsonObject]) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Lists every interactive element with its block."""
    for block in blocks:
        for key in ("element", "accessory"):
            element = block.get(key)
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
        for key in ("elements", "actions"):
            for element in block.get(key) or ():
                if isinstance(element, dict) and "action_id" in element:
                    yield block, element
        for key in ("child_blocks", "blocks"):
            yield from elements_of(block.get(key) or [])


def kept_state(blocks: list[JsonObject], before: State) -> State:
    """Returns the state of these blocks: what was there for the same ids and type, else the initial value."""
    state: State = {}
    for block, element in elements_of(blocks):
        kind = element["type"]
        if kind not in _VALUES:
            continue
        key, initial, several = _VALUES[kind]
        old = before.get(block["block_id"], {}).get(element["action_id"])
        if old is None or old.get("type") != kind:
            empty: Any = [] if several else None
            value = element.get(initial, empty) if initial else empty
            if key == "value" and value is not None:
                value = str(value)
            old = {"type": kind, key: value}
        state.setdefault(block["block_id"], {})[element["action_id"]] = old
    return state


def complaints(blocks: list[JsonObject], state: State) -> dict[str, str]:
    """Returns what Slack's client itself refuses to submit, as {block_id: sentence}."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = state.get(block["block_id"], {}).get(element["action_id"], {}).get(value_key(element["type"]))
        sentence = _complaint(element, value, optional=bool(block.get("optional")))
        if sentence:
            found[block["block_id"]] = sentence
    return found


def _complaint(element: JsonObject, value: Any, *, optional: bool) -> str | None:
    if value in (None, "", []):
        return None if optional else "Please complete this required field."
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_complaint(element, str(value))
    if kind == "number_input":
        return _number_complaint(element, str(value))
    if kind == "email_text_input" and not _EMAIL.match(str(value)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _URL.match(str(value)):
        return "Please enter a valid URL."
    most = element.get("max_selected_items")
    if isinstance(value, list) and most is not None and len(value) > most:
        return f"Please choose no more than {most} items."
    return None


def _length_complaint(element: JsonObject, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _number_complaint(element: JsonObject, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return f"Please enter a number that is at least {least}."
    if most is not None and number > float(most):
        return f"Please enter a number that is no more than {most}."
    return None
