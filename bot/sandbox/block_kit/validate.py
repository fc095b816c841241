"""Whole lists of blocks and whole views: shapes, surfaces, sums over a message, ids that are used once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.blocks import SURFACES, any_block
from bot.sandbox.block_kit.objects import plain_text
from bot.sandbox.block_kit.schema import array, boolean, choice, complain, shape, string
from bot.sandbox.block_kit.tables import characters_in
from bot.sandbox.view_state import elements_of
from bot.sandbox.wire import JsonObject, dumps

Surface = Literal["message", "modal", "home"]


def check_blocks(
    blocks: Any, surface: Surface, *, refused: Collection[str] = (), at: str = "/blocks"
) -> list[str]:
    """Returns Slack's complaints about blocks on a surface; an empty list means they pass."""
    out: list[str] = []
    most = limits.BLOCKS_IN_MESSAGE if surface == "message" else limits.BLOCKS_IN_VIEW
    array(any_block, most=most)(blocks, at, out)
    if out:
        return out
    _check_surfaces(blocks, surface, refused, at, out)
    _check_sums(blocks, at, out)
    _check_ids(blocks, at, out)
    return out


def _check_surfaces(
    blocks: list[JsonObject], surface: Surface, refused: Collection[str], at: str, out: list[str]
) -> None:
    for position, block in enumerate(blocks):
        kind = block["type"]
        if surface not in SURFACES[kind] or kind in refused:
            complain(out, f"unsupported type: {kind}", f"{at}/{position}/type")
        element = block.get("element") or {}
        if element.get("type") == "file_input" and surface != "modal":
            complain(out, "unsupported type: file_input", f"{at}/{position}/element/type")
        _check_surfaces(
            block.get("child_blocks") or [], surface, refused, f"{at}/{position}/child_blocks", out
        )


def _check_sums(blocks: list[JsonObject], at: str, out: list[str]) -> None:
    flat = [*blocks, *(child for block in blocks for child in block.get("child_blocks") or ())]
    kinds = [block["type"] for block in flat]
    if kinds.count("data_visualization") > limits.CHARTS_IN_MESSAGE:
        complain(out, f"no more than {limits.CHARTS_IN_MESSAGE} data_visualization blocks allowed", at)
    if kinds.count("table") > 1:
        complain(out, "only_one_table_allowed", at)
    _check_sum(flat, "table", limits.TABLE_CHARACTERS, at, out)
    _check_sum(flat, "data_table", limits.DATA_TABLE_CHARACTERS, at, out)
    written = sum(len(block["text"]) for block in flat if block["type"] == "markdown")
    if written > limits.MARKDOWN:
        complain(out, f"markdown blocks must be less than {limits.MARKDOWN + 1} characters in all", at)


def _check_sum(flat: list[JsonObject], kind: str, most: int, at: str, out: list[str]) -> None:
    if sum(characters_in(block) for block in flat if block["type"] == kind) > most:
        complain(out, f"{kind} blocks must be less than {most + 1} characters in all", at)


def _check_ids(blocks: list[JsonObject], at: str, out: list[str]) -> None:
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None:
            if block_id in seen:
                complain(out, f"block_id {block_id} already exists", f"{at}/{position}/block_id")
            seen.add(block_id)
        actions: set[str] = set()
        for _, element in elements_of([block]):
            action_id = element["action_id"]
            if action_id in actions:
                complain(out, f"action_id {action_id} already exists", f"{at}/{position}")
            actions.add(action_id)


_VIEW_COMMON = {
    "blocks": array(any_block, most=limits.BLOCKS_IN_VIEW),
    "callback_id": string(most=limits.ID),
    "private_metadata": string(most=limits.PRIVATE_METADATA),
    "external_id": string(most=limits.EXTERNAL_ID),
}
_MODAL = shape(
    required={
        "type": choice("modal"),
        "title": plain_text(limits.VIEW_WORDS),
        "blocks": _VIEW_COMMON["blocks"],
    },
    optional={
        **_VIEW_COMMON,
        "submit": plain_text(limits.VIEW_WORDS),
        "close": plain_text(limits.VIEW_WORDS),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
# Home tabs share the view object: what only modals show is allowed and has no effect.
_HOME = shape(
    required={"type": choice("home"), "blocks": _VIEW_COMMON["blocks"]},
    optional={
        **_VIEW_COMMON,
        "title": plain_text(limits.VIEW_WORDS),
        "close": plain_text(limits.VIEW_WORDS),
        "submit": plain_text(limits.VIEW_WORDS),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)


def check_view(view: Any, surface: Literal["modal", "home"], *, refused: Collection[str] = ()) -> list[str]:
    """Returns Slack's complaints about a view; an empty list means it passes."""
    out: list[str] = []
    (_MODAL if surface == "modal" else _HOME)(view, "/view", out)
    if out:
        return out
    blocks = view["blocks"]
    _check_surfaces(blocks, surface, refused, "/view/blocks", out)
    _check_sums(blocks, "/view/blocks", out)
    _check_ids(blocks, "/view/blocks", out)
    if surface == "modal" and not view.get("submit") and any(block["type"] == "input" for block in blocks):
        complain(out, "missing required field: submit (the view has an input block)", "/view")
    return out


def is_too_large(view: JsonObject) -> bool:
    """Tells whether a view is over Slack's size in bytes."""
    return len(dumps(view).encode()) > limits.VIEW_BYTES
