"""The small parts that views are made of: sections, buttons, inputs. Every text is kept within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.slack.limits import (
    BUTTON_TEXT,
    BUTTON_VALUE,
    HEADER_TEXT,
    INPUT_TEXT,
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS,
    PLACEHOLDER,
    SECTION_FIELD,
    SECTION_FIELDS,
    SECTION_TEXT,
    clip,
)
from bot.slack.message import Block, plain

Choice = tuple[str, str]


def header(text: str) -> Block:
    """A headline; plain text, so user text needs no escaping."""
    return {"type": "header", "text": plain(clip(text, HEADER_TEXT))}


def section(text: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """A paragraph in mrkdwn; user text in it has been escaped by whoever wrote the sentence."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": clip(text, SECTION_TEXT)}}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id is not None:
        block["block_id"] = block_id
    return block


def columns(*texts: str) -> Block:
    """Texts side by side, two in a row (one below the other on a phone)."""
    shown = [{"type": "mrkdwn", "text": clip(text, SECTION_FIELD)} for text in texts[:SECTION_FIELDS]]
    return {"type": "section", "fields": shown}


def verbatim(text: str, limit: int = SECTION_TEXT) -> Block:
    """User text as it is: plain text, which nothing in it can format, link or ping."""
    return {"type": "section", "text": {"type": "plain_text", "text": clip(text, limit), "emoji": False}}


def context(*texts: str) -> Block:
    """Small print in mrkdwn."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": clip(t, SECTION_TEXT)} for t in texts]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def copyable(text: str) -> Block:
    """Text to copy as it is: preformatted, so the client offers to copy it and formats nothing."""
    return {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": clip(text, SECTION_TEXT)}],
            }
        ],
    }


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons."""
    block: Block = {"type": "actions", "elements": list(elements)}
    if block_id is not None:
        block["block_id"] = block_id
    return block


def button(
    text: str, action: str, value: str, *, style: str | None = None, label: str | None = None
) -> Block:
    """A button; its value is an id. `label` says more to a screen reader than the word on it."""
    element: Block = {
        "type": "button",
        "text": plain(clip(text, BUTTON_TEXT)),
        "action_id": action,
        "value": value[:BUTTON_VALUE],
    }
    if style is not None:
        element["style"] = style
    if label is not None:
        element["accessibility_label"] = clip(label, BUTTON_TEXT)
    return element


def link_button(text: str, url: str, action: str) -> Block:
    """A button that opens an address."""
    return {"type": "button", "text": plain(clip(text, BUTTON_TEXT)), "url": url, "action_id": action}


def option(text: str, value: str) -> Block:
    """One choice."""
    return {"text": plain(clip(text, OPTION_TEXT)), "value": value[:OPTION_VALUE]}


def text_input(
    name: str,
    label: str,
    *,
    initial: str | None = None,
    optional: bool = False,
    multiline: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
    most: int | None = None,
    focus: bool = False,
) -> Block:
    """A line or a field of text."""
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": multiline}
    if initial:
        element["initial_value"] = clip(initial, most or INPUT_TEXT)
    if placeholder:
        element["placeholder"] = plain(clip(placeholder, PLACEHOLDER))
    if most is not None:
        element["max_length"] = most
    if focus:
        element["focus_on_load"] = True
    return _input(name, label, element, optional=optional, hint=hint)


def url_input(name: str, label: str, *, initial: str | None = None, hint: str | None = None) -> Block:
    """An address, optional."""
    element: Block = {"type": "url_text_input", "action_id": name}
    if initial:
        element["initial_value"] = initial
    return _input(name, label, element, optional=True, hint=hint)


def date_input(
    name: str, label: str, *, initial: date | None = None, optional: bool = True, hint: str | None = None
) -> Block:
    """A calendar date."""
    element: Block = {"type": "datepicker", "action_id": name}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return _input(name, label, element, optional=optional, hint=hint)


def choice_input(
    name: str,
    label: str,
    choices: Sequence[Choice],
    *,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """One of a list: (value, words). At most a hundred; more need `search_input`."""
    options = [option(words, value) for value, words in list(choices)[:OPTIONS]]
    return option_input(
        name, label, options, initial=initial, optional=optional, hint=hint, placeholder=placeholder
    )


def option_input(
    name: str,
    label: str,
    options: Sequence[Block],
    *,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """The same for options that are made already."""
    element: Block = {"type": "static_select", "action_id": name, "options": list(options)}
    if placeholder:
        element["placeholder"] = plain(clip(placeholder, PLACEHOLDER))
    if initial is not None:
        element["initial_option"] = _among(options, initial)
    if element.get("initial_option") is None:
        element.pop("initial_option", None)
    return _input(name, label, element, optional=optional, hint=hint)


def many_input(name: str, label: str, choices: Sequence[Choice], *, initial: Sequence[str]) -> Block:
    """Any of a few (at most ten), all in sight; none is possible too, and said so by whoever reads it."""
    options = [option(words, value) for value, words in choices]
    chosen = [choice for choice in options if choice["value"] in initial]
    element: Block = {"type": "checkboxes", "action_id": name, "options": options}
    if chosen:
        element["initial_options"] = chosen
    return _input(name, label, element, optional=True, hint=None)


def time_input(name: str, label: str, *, initial: str) -> Block:
    """A time of day (`09:00`)."""
    element: Block = {"type": "timepicker", "action_id": name, "initial_time": initial}
    return _input(name, label, element, optional=False, hint=None)


def search_input(
    name: str,
    label: str,
    *,
    initial: Choice | None = None,
    hint: str | None = None,
    placeholder: str = "",
    optional: bool = False,
) -> Block:
    """One of a long list, found by typing; the options are asked of us."""
    element: Block = {"type": "external_select", "action_id": name, "min_query_length": 0}
    if placeholder:
        element["placeholder"] = plain(clip(placeholder, PLACEHOLDER))
    if initial is not None:
        element["initial_option"] = option(initial[1], initial[0])
    return _input(name, label, element, optional=optional, hint=hint)


def choices_input(name: str, label: str, choices: Sequence[Choice], *, hint: str | None = None) -> Block:
    """Any number of a list, none too: (value, words), at most a hundred."""
    options = [option(words, value) for value, words in list(choices)[:OPTIONS]]
    element: Block = {"type": "multi_static_select", "action_id": name, "options": options}
    return _input(name, label, element, optional=True, hint=hint)


def radio_input(name: str, label: str, choices: Sequence[Choice], *, initial: str) -> Block:
    """One of a few, all in sight."""
    options = [option(words, value) for value, words in choices]
    element: Block = {
        "type": "radio_buttons",
        "action_id": name,
        "options": options,
        "initial_option": _among(options, initial),
    }
    return _input(name, label, element, optional=False, hint=None)


def person_input(
    name: str, label: str, *, initial: str | None = None, optional: bool = False, hint: str | None = None
) -> Block:
    """Somebody of the workspace."""
    element: Block = {"type": "users_select", "action_id": name}
    if initial:
        element["initial_user"] = initial
    return _input(name, label, element, optional=optional, hint=hint)


def channel_input(name: str, label: str, *, initial: str | None = None, hint: str | None = None) -> Block:
    """A public or private channel."""
    element: Block = {
        "type": "conversations_select",
        "action_id": name,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if initial:
        element["initial_conversation"] = initial
    return _input(name, label, element, optional=False, hint=hint)


def within(blocks: Iterable[Block], most: int, rest: Block) -> tuple[Block, ...]:
    """The blocks if they fit, else as many as do, with `rest` (and how many more there are) as the last."""
    all_blocks = tuple(blocks)
    return all_blocks if len(all_blocks) <= most else (*all_blocks[: most - 1], rest)


def _among(options: Sequence[Block], value: str) -> Block | None:
    return next((choice for choice in options if choice["value"] == value), None)


def _input(name: str, label: str, element: Block, *, optional: bool, hint: str | None) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    return block
