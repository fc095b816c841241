"""Block elements: buttons, menus, pickers, inputs."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.objects import (
    any_text,
    confirm,
    conversation_filter,
    dispatch_action_config,
    initial_among_options,
    option,
    option_groups,
    options,
    plain_text,
    slack_file,
)
from bot.sandbox.block_kit.schema import (
    Check,
    Rule,
    anything,
    array,
    boolean,
    choice,
    complain,
    exactly_one_of,
    integer,
    pattern,
    shape,
    string,
    tagged,
    url,
)
from bot.sandbox.wire import JsonObject

_action_id = string(most=limits.ID, least=1)
_placeholder = plain_text(limits.PLACEHOLDER)
_date = pattern(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", "date (YYYY-MM-DD)")
_time = pattern(r"(?:[01]\d|2[0-3]):[0-5]\d", "time (HH:mm)")
_id = string(most=limits.ID, least=1)
_base = {"action_id": _action_id, "confirm": confirm, "focus_on_load": boolean, "placeholder": _placeholder}


def _element(
    required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule, without: tuple[str, ...] = ()
) -> Check:
    common = {name: check for name, check in _base.items() if name not in without}
    return shape(required=required, optional={**common, **optional}, rules=rules)


def _min_not_over_max(low: str, high: str) -> Rule:
    def rule(element: JsonObject, at: str, out: list[str]) -> None:
        least, most = element.get(low), element.get(high)
        if least is not None and most is not None and float(least) > float(most):
            complain(out, f"{low} must not be greater than {high}", f"{at}/{low}")

    return rule


def _initial_fits(element: JsonObject, at: str, out: list[str]) -> None:
    start = element.get("initial_value")
    if start is None:
        return
    if len(start) > element.get("max_length", limits.PLAIN_TEXT):
        complain(out, "initial_value must not be longer than max_length", f"{at}/initial_value")
    elif start and len(start) < element.get("min_length", 0):
        complain(out, "initial_value must not be shorter than min_length", f"{at}/initial_value")


_select_options = {"options": options(most=limits.SELECT_OPTIONS), "option_groups": option_groups}
_several = {"max_selected_items": integer(1)}
_number = pattern(r"-?\d+(?:\.\d+)?", "number")

ELEMENTS: dict[str, Check] = {
    "button": _element(
        {"text": plain_text(limits.BUTTON_TEXT)},
        {
            "url": url(limits.URL),
            "value": string(most=limits.BUTTON_VALUE),
            "style": choice("primary", "danger"),
            "accessibility_label": string(most=limits.ACCESSIBILITY_LABEL),
        },
        without=("focus_on_load", "placeholder"),
    ),
    "image": shape(
        required={"alt_text": string(most=limits.IMAGE_ALT, least=1)},
        optional={"image_url": url(limits.URL), "slack_file": slack_file},
        rules=(exactly_one_of("image_url", "slack_file"),),
    ),
    "overflow": _element(
        {"options": options(most=limits.OVERFLOW_OPTIONS, with_url=True)},
        {},
        without=("focus_on_load", "placeholder"),
    ),
    "checkboxes": _element(
        {"options": options(most=limits.CHOICES, marked=True)},
        {"initial_options": array(option(marked=True), least=1, most=limits.CHOICES)},
        initial_among_options,
        without=("placeholder",),
    ),
    "radio_buttons": _element(
        {"options": options(most=limits.CHOICES, marked=True)},
        {"initial_option": option(marked=True)},
        initial_among_options,
        without=("placeholder",),
    ),
    "static_select": _element(
        {},
        {**_select_options, "initial_option": option()},
        exactly_one_of("options", "option_groups"),
        initial_among_options,
    ),
    "multi_static_select": _element(
        {},
        {**_select_options, **_several, "initial_options": array(option(), least=1)},
        exactly_one_of("options", "option_groups"),
        initial_among_options,
    ),
    "external_select": _element({}, {"min_query_length": integer(0), "initial_option": option()}),
    "multi_external_select": _element(
        {}, {**_several, "min_query_length": integer(0), "initial_options": array(option(), least=1)}
    ),
    "users_select": _element({}, {"initial_user": _id}),
    "multi_users_select": _element({}, {**_several, "initial_users": array(_id, least=1)}),
    "conversations_select": _element(
        {},
        {
            "initial_conversation": _id,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": conversation_filter,
        },
    ),
    "multi_conversations_select": _element(
        {},
        {
            **_several,
            "initial_conversations": array(_id, least=1),
            "default_to_current_conversation": boolean,
            "filter": conversation_filter,
        },
    ),
    "channels_select": _element({}, {"initial_channel": _id, "response_url_enabled": boolean}),
    "multi_channels_select": _element({}, {**_several, "initial_channels": array(_id, least=1)}),
    "datepicker": _element({}, {"initial_date": _date}),
    "timepicker": _element({}, {"initial_time": _time, "timezone": string(least=1)}),
    "datetimepicker": _element(
        {}, {"initial_date_time": integer(1_000_000_000, 9_999_999_999)}, without=("placeholder",)
    ),
    "plain_text_input": _element(
        {},
        {
            "initial_value": string(most=limits.PLAIN_TEXT),
            "multiline": boolean,
            "min_length": integer(0, limits.PLAIN_TEXT),
            "max_length": integer(1, limits.PLAIN_TEXT),
            "dispatch_action_config": dispatch_action_config,
        },
        _min_not_over_max("min_length", "max_length"),
        _initial_fits,
        without=("confirm",),
    ),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {
            "initial_value": _number,
            "min_value": _number,
            "max_value": _number,
            "dispatch_action_config": dispatch_action_config,
        },
        _min_not_over_max("min_value", "max_value"),
        _min_not_over_max("min_value", "initial_value"),
        _min_not_over_max("initial_value", "max_value"),
        without=("confirm",),
    ),
    "email_text_input": _element(
        {},
        {"initial_value": string(), "dispatch_action_config": dispatch_action_config},
        without=("confirm",),
    ),
    "url_text_input": _element(
        {},
        {"initial_value": url(limits.URL), "dispatch_action_config": dispatch_action_config},
        without=("confirm",),
    ),
    "rich_text_input": _element(
        {},
        {"initial_value": anything, "dispatch_action_config": dispatch_action_config},
        without=("confirm",),
    ),
    "file_input": _element(
        {},
        {"filetypes": array(string(least=1), least=1), "max_files": integer(1, limits.FILES)},
        without=("confirm", "focus_on_load", "placeholder"),
    ),
    "workflow_button": _element(
        {"text": plain_text(limits.BUTTON_TEXT), "workflow": anything},
        {
            "style": choice("primary", "danger"),
            "accessibility_label": string(most=limits.ACCESSIBILITY_LABEL),
        },
        without=("confirm", "focus_on_load", "placeholder"),
    ),
}

_MENUS = tuple(
    f"{several}{kind}_select"
    for several in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
_PICKERS = ("checkboxes", "radio_buttons", "datepicker", "timepicker", *_MENUS)
_TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")


def _only(*names: str) -> Check:
    return tagged({name: ELEMENTS[name] for name in names}, "element")


accessory = _only("button", "image", "overflow", "workflow_button", *_PICKERS)
in_actions = _only("button", "overflow", "workflow_button", "datetimepicker", "rich_text_input", *_PICKERS)
in_input = _only("datetimepicker", "file_input", *_PICKERS, *_TYPED)
button = _only("button")

_any_context_text = any_text(limits.SECTION_TEXT)


def in_context(value: object, at: str, out: list[str]) -> None:
    """Demands an image or a text."""
    if isinstance(value, dict) and value.get("type") == "image":
        ELEMENTS["image"](value, at, out)
    else:
        _any_context_text(value, at, out)
