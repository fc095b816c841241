"""What Slack adds to blocks it keeps: the ids an app left out, and the defaults of texts."""

from __future__ import annotations

from typing import Any

from bot.sandbox.ids import Ids
from bot.sandbox.wire import JsonObject

_INTERACTIVE = frozenset({"button", "overflow", "workflow_button", "checkboxes", "radio_buttons"})
_ENDINGS = ("_select", "picker", "_input")


def fill_in(blocks: list[JsonObject], ids: Ids) -> list[JsonObject]:
    """Completes blocks in place and returns them."""
    for block in blocks:
        if "block_id" not in block:
            block["block_id"] = ids.fresh("", 5)
        for key, part in block.items():
            if key not in ("rows", "chart"):
                _fill(part, ids)
    return blocks


def _fill(part: Any, ids: Ids) -> None:
    if isinstance(part, list):
        for entry in part:
            _fill(entry, ids)
        return
    if not isinstance(part, dict):
        return
    kind = part.get("type")
    if kind == "plain_text":
        part.setdefault("emoji", True)
        return
    if kind == "mrkdwn":
        part.setdefault("verbatim", False)
        return
    if isinstance(kind, str) and (kind in _INTERACTIVE or kind.endswith(_ENDINGS)):
        part.setdefault("action_id", ids.fresh("", 5))
    for value in part.values():
        if isinstance(value, (dict, list)):
            _fill(value, ids)
