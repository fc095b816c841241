"""The blocks of Block Kit, each with its shape, and the surfaces each may stand on."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.charts import data_visualization
from bot.sandbox.block_kit.elements import accessory, button, in_actions, in_context, in_input
from bot.sandbox.block_kit.objects import any_text, plain_text, slack_file
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
    one_of,
    shape,
    string,
    tagged,
    url,
)
from bot.sandbox.block_kit.tables import data_table, table
from bot.sandbox.wire import JsonObject

_block_id = string(most=limits.ID, least=1)


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Rule) -> Check:
    return shape(required=required, optional={"block_id": _block_id, **(optional or {})}, rules=rules)


def _dispatch_needs_no_file(block: JsonObject, at: str, out: list[str]) -> None:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        complain(out, "dispatch_action is not supported for file_input", f"{at}/dispatch_action")


_SMALL: dict[str, Check] = {
    "section": _block(
        {},
        {
            "text": any_text(limits.SECTION_TEXT),
            "fields": array(any_text(limits.SECTION_FIELD), least=1, most=limits.SECTION_FIELDS),
            "accessory": accessory,
            "expand": boolean,
        },
        one_of("text", "fields"),
    ),
    "header": _block({"text": plain_text(limits.HEADER)}, {"level": integer(1, 4)}),
    "divider": _block({}),
    "context": _block({"elements": array(in_context, least=1, most=limits.CONTEXT_ELEMENTS)}),
    "actions": _block({"elements": array(in_actions, least=1, most=limits.ACTIONS_ELEMENTS)}),
    "image": _block(
        {"alt_text": string(most=limits.IMAGE_ALT, least=1)},
        {
            "image_url": url(limits.URL),
            "slack_file": slack_file,
            "title": plain_text(limits.IMAGE_TITLE),
        },
        exactly_one_of("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain_text(limits.INPUT_LABEL), "element": in_input},
        {"hint": plain_text(limits.INPUT_HINT), "optional": boolean, "dispatch_action": boolean},
        _dispatch_needs_no_file,
    ),
    "rich_text": _block({"elements": array(anything)}),
    "markdown": _block({"text": string(most=limits.MARKDOWN, least=1)}),
    "alert": _block(
        {"text": any_text(limits.SECTION_TEXT)},
        {"level": choice("default", "info", "warning", "error", "success")},
    ),
    "table": table,
    "data_table": data_table,
    "data_visualization": data_visualization,
    "video": _block(
        {
            "alt_text": string(least=1),
            "title": plain_text(limits.VIDEO_TITLE),
            "thumbnail_url": url(limits.URL),
            "video_url": url(limits.URL),
        },
        {
            "author_name": string(most=limits.VIDEO_AUTHOR),
            "description": plain_text(limits.VIDEO_TITLE),
            "provider_icon_url": url(limits.URL),
            "provider_name": string(),
            "title_url": url(limits.URL),
        },
    ),
    "file": _block({"external_id": string(least=1), "source": choice("remote")}),
    "context_actions": _block({"elements": array(anything, least=1, most=limits.CONTEXT_ACTIONS)}),
    "task_card": _block({"task_id": string(least=1), "title": string(least=1)}, {"status": string()}),
    "plan": _block({"title": string(least=1)}, {"tasks": array(anything)}),
    "card": _block(
        {},
        {
            "title": any_text(limits.CARD_TITLE),
            "subtitle": any_text(limits.CARD_TITLE),
            "body": any_text(limits.CARD_BODY),
            "subtext": any_text(limits.CARD_BODY),
            "hero_image": anything,
            "icon": anything,
            "slack_icon": anything,
            "actions": array(button, least=1, most=limits.CARD_ACTIONS),
        },
        one_of("hero_image", "title", "actions", "body"),
    ),
}
_nested = tagged({kind: check for kind, check in _SMALL.items() if kind != "input"}, "block")

BLOCKS: dict[str, Check] = {
    **_SMALL,
    "carousel": _block({"elements": array(_SMALL["card"], least=1, most=limits.CAROUSEL_CARDS)}),
    "container": _block(
        {"child_blocks": array(_nested, least=1, most=limits.CONTAINER_BLOCKS)},
        {
            "title": any_text(limits.CONTAINER_TITLE),
            "subtitle": any_text(limits.CONTAINER_TITLE),
            "icon": anything,
            "width": choice("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
        },
    ),
}
any_block = tagged(BLOCKS, "block")

_EVERYWHERE = frozenset({"message", "modal", "home"})
_NOT_IN_MODALS = frozenset({"message", "home"})
_MESSAGES = frozenset({"message"})
SURFACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(BLOCKS, _EVERYWHERE),
    **dict.fromkeys(("container", "data_table", "data_visualization", "table"), _NOT_IN_MODALS),
    **dict.fromkeys(("context_actions", "file", "markdown", "task_card", "plan"), _MESSAGES),
    "alert": frozenset({"modal"}),
}
