"""Composition objects of Block Kit: texts, options, confirm dialogs and their kin."""

from __future__ import annotations

from typing import Any

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.schema import (
    Check,
    array,
    boolean,
    choice,
    complain,
    exactly_one_of,
    shape,
    string,
    tagged,
)
from bot.sandbox.wire import JsonObject


def plain_text(most: int, *, least: int = 1) -> Check:
    """Demands a plain_text object of some length."""
    body = shape(required={"text": string(most=most, least=least)}, optional={"emoji": boolean})
    return _quick(tagged({"plain_text": body}, "text"), ("plain_text",), least, most)


def any_text(most: int, *, least: int = 1) -> Check:
    """Demands a plain_text or mrkdwn object of some length."""
    words = string(most=most, least=least)
    plain = shape(required={"text": words}, optional={"emoji": boolean})
    marked = shape(required={"text": words}, optional={"verbatim": boolean})
    return _quick(
        tagged({"plain_text": plain, "mrkdwn": marked}, "text"), ("plain_text", "mrkdwn"), least, most
    )


def _quick(thorough: Check, kinds: tuple[str, ...], least: int, most: int) -> Check:
    """Lets the usual text pass at once: texts are most of every view, and benchmarks run against this."""

    def check(value: Any, at: str, out: list[str]) -> None:
        if isinstance(value, dict) and len(value) == 2 and value.get("type") in kinds:
            words = value.get("text")
            if isinstance(words, str) and least <= len(words) <= most:
                return
        thorough(value, at, out)

    return check


confirm = shape(
    required={
        "title": plain_text(limits.CONFIRM_TITLE),
        "text": any_text(limits.CONFIRM_TEXT),
        "confirm": plain_text(limits.CONFIRM_BUTTON),
        "deny": plain_text(limits.CONFIRM_BUTTON),
    },
    optional={"style": choice("primary", "danger")},
)


def option(*, marked: bool = False, with_url: bool = False) -> Check:
    """Demands an option; only radio buttons and checkboxes may use mrkdwn, only overflow an address."""
    words = any_text if marked else plain_text
    optional = {"description": words(limits.OPTION_DESCRIPTION)}
    if with_url:
        optional["url"] = string(most=limits.URL)
    return shape(
        required={
            "text": words(limits.OPTION_TEXT),
            "value": string(most=limits.OPTION_VALUE, least=1),
        },
        optional=optional,
    )


def options(*, most: int, marked: bool = False, with_url: bool = False) -> Check:
    """Demands options with values that differ."""
    several = array(option(marked=marked, with_url=with_url), least=1, most=most)

    def check(value: Any, at: str, out: list[str]) -> None:
        before = len(out)
        several(value, at, out)
        if len(out) > before:
            return
        seen: set[str] = set()
        for position, entry in enumerate(value):
            if entry["value"] in seen:
                complain(out, f"duplicate option value: {entry['value']}", f"{at}/{position}/value")
            seen.add(entry["value"])

    return check


_group = shape(
    required={"label": plain_text(limits.GROUP_LABEL), "options": options(most=limits.SELECT_OPTIONS)}
)
option_groups = array(_group, least=1, most=limits.OPTION_GROUPS)

dispatch_action_config = shape(
    optional={
        "trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), least=1, most=2)
    }
)

conversation_filter = shape(
    optional={
        "include": array(choice("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)

slack_file = shape(
    optional={"id": string(least=1, most=limits.ID), "url": string(least=1, most=limits.URL)},
    rules=(exactly_one_of("id", "url"),),
)


def all_options(element: JsonObject) -> list[JsonObject]:
    """Lists the options of an element, out of its groups too."""
    found = list(element.get("options") or ())
    for group in element.get("option_groups") or ():
        found.extend(group["options"])
    return found


def initial_among_options(element: JsonObject, at: str, out: list[str]) -> None:
    """Demands that what is chosen at the start is one of the options, exactly."""
    chosen = element.get("initial_options") or []
    if element.get("initial_option") is not None:
        chosen = [element["initial_option"]]
    if not chosen:
        return
    known = [(entry["value"], entry["text"]["text"]) for entry in all_options(element)]
    name = "initial_option" if "initial_option" in element else "initial_options"
    for entry in chosen:
        if (entry["value"], entry["text"]["text"]) not in known:
            complain(out, f"{name} must exactly match one of the options", f"{at}/{name}")
