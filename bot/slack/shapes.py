"""Whether a delivery has the shape that Slack's have, as far as Bolt takes it for granted before we see it.

Bolt looks for the tenant, the person and the kind of a delivery in places where it expects an object, a list or a
text, and stumbles over anything else. What stands inside is read by `payloads`, which takes nothing for granted.
Every delivery passes here, and a view has hundreds of values: JSON gives `dict` and `list` and nothing of their kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Deeper than any view; what is deeper than Python's own limit cannot even be walked.
_DEEPEST = 100


def is_readable(body: Mapping[str, Any]) -> bool:
    """Whether Bolt can tell what this is and for whom."""
    event = body.get("event")
    return (
        # Bolt takes what is there for what it should be: there, it may not be nothing.
        isinstance(body.get("event", {}), Mapping)
        and isinstance(body.get("response_urls", []), list)
        and all(_is_object(body.get(name)) for name in ("view", "message", "container", "state"))
        and all(
            _is_object(body.get(name)) for name in ("team", "enterprise", "user", "channel", "bot_profile")
        )
        and all(_is_list(body.get(name)) for name in ("actions", "authorizations", "response_urls"))
        and all(_names_are_plain(part) for part in _parts(body))
        and (event is None or _is_event(event))
        and _says_which(body)
        and _depth_of(body) <= _DEEPEST
    )


# Ids and names by which Bolt and we find what to do: a text or nothing.
_NAMES = (
    *("id", "type", "subtype", "command", "action_id", "block_id", "callback_id"),
    *("team_id", "enterprise_id", "user_id", "channel_id", "app_installed_team_id", "response_url"),
)


# Where Bolt looks for the person and the channel of an event, besides the event itself.
_INSIDE_EVENTS = ("item", "assistant_thread", "message", "previous_message")


def _says_which(body: Mapping[str, Any]) -> bool:
    """Whether it names what was pressed, sent or chosen, where its kind has to."""
    match body.get("type"):
        case "block_actions":
            pressed: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
            return isinstance(pressed.get("action_id"), str)
        case "view_submission" | "view_closed":
            view: Mapping[str, Any] = body.get("view") or {}
            return isinstance(view.get("callback_id"), str) and (
                body["type"] == "view_closed" or isinstance(view.get("type"), str)
            )
        case "shortcut" | "message_action":
            return isinstance(body.get("callback_id"), str)
        case "block_suggestion":
            return isinstance(body.get("action_id"), str)
        case "event_callback":
            return body.get("event") is not None
    return True


def _is_event(event: Mapping[str, Any]) -> bool:
    parts = [event, *(event.get(name) for name in _INSIDE_EVENTS)]
    return (
        isinstance(event.get("type"), str)
        and all(_is_object(event.get(name)) for name in ("message", "previous_message", "function", "inputs"))
        # An id, or an object with one: it depends on the event.
        and all(
            isinstance(part.get(name), str | Mapping | None)
            for part in parts
            if isinstance(part, Mapping)
            for name in ("channel", "user", "team", "enterprise")
        )
    )


def _parts(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = [body, *(value for value in body.values() if isinstance(value, dict))]
    found += [one for name in ("actions", "authorizations") for one in body.get(name) or ()]
    return found


def _names_are_plain(part: Mapping[str, Any]) -> bool:
    for name in _NAMES:
        value = part.get(name)
        if value is not None and not isinstance(value, str):
            return False
    return _is_plain(part.get("is_enterprise_install"))


def _is_object(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _is_list(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, dict) for one in value))


def _depth_of(value: Mapping[str, Any]) -> int:
    """How deep it is nested, told without recursion, and no further than is of interest."""
    depth = 0
    level: list[Any] = [value]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
    return depth
