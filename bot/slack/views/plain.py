"""A message as a terminal shows it: for previews on the command line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.slack.message import Block, Message
from bot.slack.text.markup import NO_BREAK

_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
# What keeps user text from being read as markup in Slack is invisible there, and only in the way here.
_INVISIBLE = dict.fromkeys(map(ord, "\u2060\u2068\u2069"))
# Our own bold; an asterisk that a person typed stands between joiners or inside a word, and stays.
_BOLD = re.compile(r"(?<![\w\u2060])\*((?:[^*\n]|\u2060\*\u2060|(?<=\w)\*(?=\w))+?)\*(?![\w\u2060])")


def plain_text(message: Message) -> str:
    """The message without markup; charts as text, links as their words with the address behind them."""
    drawn = message.fallback or message
    pieces = [piece for block in drawn.blocks for piece in _texts(block)] or [message.text]
    return "\n\n".join(_without_markup(piece) for piece in pieces)


def _texts(block: Block) -> Iterator[str]:
    if "text" in block:
        yield block["text"]["text"]
    yield from (field["text"] for field in block.get("fields", ()))
    yield from (
        element["text"] for element in block.get("elements", ()) if isinstance(element.get("text"), str)
    )


def _without_markup(words: str) -> str:
    words = _BOLD.sub(r"\1", words.replace("```", ""))
    words = _TOKEN.sub(_spelled_out, words)
    return html.unescape(words).replace(NO_BREAK, " ").translate(_INVISIBLE).replace("`", "").strip("\n")


def _spelled_out(token: re.Match[str]) -> str:
    target, label = token[1], token[2]
    if target[0] in "@#!":
        return label or target
    return f"{label} ({target})" if label else target
