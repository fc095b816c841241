"""Slack's numbers, and cutting text down to them. Source: Block Kit reference, method pages (late 2026)."""

from __future__ import annotations

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3_000
SECTION_FIELD = 2_000
SECTION_FIELDS = 10
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
OPTION_TEXT = 75
# slack_sdk says 150, Slack's own types say 75: the smaller is safe in both.
OPTION_VALUE = 75
OPTIONS = 100
OVERFLOW_OPTIONS = 5
INPUT_TEXT = 3_000
PLACEHOLDER = 150
LABEL = 2_000
HINT = 2_000
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
CONFIRM_TEXT = 300
# Posting takes 40,000, but updating refuses more than 4,000: cards are updated, so this is the limit for all.
MESSAGE_TEXT = 4_000
CHART_TITLE = 50
CHART_LABEL = 20
CHART_POINTS = 20
CHART_SERIES = 6
CHARTS = 2

ELLIPSIS = "…"


def clip(text: str, limit: int) -> str:
    """`text` if it fits in `limit` characters, else its beginning, cut at a word where one is near, and `…`."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(ELLIPSIS)]
    word_end = head.rfind(" ")
    if word_end > limit * 3 // 4:
        head = head[:word_end]
    return head.rstrip() + ELLIPSIS
