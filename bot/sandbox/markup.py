"""Slack's text markup: what a person types becomes escaped text with mentions, and rich_text blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.sandbox.wire import JsonObject

_BROADCASTS = ("channel", "here", "everyone")
# A human's typing: a mention picked from the list (<@U1>), @name, #channel, an address.
_TYPED = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^<>]*)?>|<#(?P<channel>[CG][A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|(?<![\w@])@(?P<name>[\w.'-]*\w)|(?<![\w#])#(?P<room>[\w-]+)|(?P<link>https?://[^\s<>|]+)"
)
_MARKUP = re.compile(r"<(?:[@#!][^<>]+|(?:https?|mailto|tel|slack):[^<>]+)>")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_TOKEN = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>|<#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<range>channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^(?P<group>S[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<(?P<url>(?:https?|mailto|tel):[^>|]+)(?:\|(?P<label>[^>]*))?>"
    r"|(?<![\w:]):(?P<emoji>[a-z0-9_+'-]+):(?![\w:])"
)


@dataclass(frozen=True)
class Directory:
    """Finds who and what a typed name means; each answers None for nobody."""

    user_by_name: Callable[[str], str | None]
    channel_by_name: Callable[[str], str | None]
    has_user: Callable[[str], bool]
    has_channel: Callable[[str], bool]


def escape(text: str) -> str:
    """Escapes the three characters Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undoes escape."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def from_typing(text: str, directory: Directory) -> str:
    """Turns what a person typed into message text: escaped, with mentions, channels and links marked."""
    parts: list[str] = []
    position = 0
    for match in _TYPED.finditer(text):
        marked = _typed_mark(match, directory)
        if marked is None:
            continue
        parts.append(escape(text[position : match.start()]))
        parts.append(marked)
        position = match.end()
    parts.append(escape(text[position:]))
    return "".join(parts)


def _typed_mark(match: re.Match[str], directory: Directory) -> str | None:
    found = match.groupdict()
    if found["user"]:
        return f"<@{found['user']}>" if directory.has_user(found["user"]) else None
    if found["channel"]:
        return f"<#{found['channel']}>" if directory.has_channel(found["channel"]) else None
    if found["name"]:
        if found["name"] in _BROADCASTS:
            return f"<!{found['name']}>"
        user = directory.user_by_name(found["name"])
        return f"<@{user}>" if user else None
    if found["room"]:
        channel = directory.channel_by_name(found["room"])
        return f"<#{channel}>" if channel else None
    return f"<{escape(found['link'])}>"


def with_names(text: str, *, user_name: Callable[[str], str], channel_name: Callable[[str], str]) -> str:
    """Adds names to mentions, as Slack does in the text of a command: <@U1|maya>, <#C1|acme>."""
    text = re.sub(r"<@([UW][A-Z0-9]+)>", lambda match: f"<@{match[1]}|{user_name(match[1])}>", text)
    return re.sub(r"<#([CG][A-Z0-9]+)>", lambda match: f"<#{match[1]}|{channel_name(match[1])}>", text)


def from_app(text: str) -> str:
    """Escapes, as Slack does, what an app left bare in its text and keeps the markup."""
    if not any(character in text for character in "&<>"):
        return text
    parts: list[str] = []
    position = 0
    for match in _MARKUP.finditer(text):
        parts.append(_escape_bare(text[position : match.start()]))
        parts.append(match.group())
        position = match.end()
    parts.append(_escape_bare(text[position:]))
    return "".join(parts)


def _escape_bare(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def rich_text(text: str, block_id: str) -> JsonObject:
    """Builds the rich_text block that Slack's client sends along with a person's message."""
    section = {"type": "rich_text_section", "elements": list(_elements(text))}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _elements(text: str) -> Iterator[JsonObject]:
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() > position:
            yield {"type": "text", "text": unescape(text[position : match.start()])}
        yield _element(match)
        position = match.end()
    if position < len(text):
        yield {"type": "text", "text": unescape(text[position:])}


def _element(match: re.Match[str]) -> JsonObject:
    found = match.groupdict()
    if found["user"]:
        return {"type": "user", "user_id": found["user"]}
    if found["channel"]:
        return {"type": "channel", "channel_id": found["channel"]}
    if found["range"]:
        return {"type": "broadcast", "range": found["range"]}
    if found["group"]:
        return {"type": "usergroup", "usergroup_id": found["group"]}
    if found["emoji"]:
        return {"type": "emoji", "name": found["emoji"]}
    link: JsonObject = {"type": "link", "url": unescape(found["url"])}
    if found["label"]:
        link["text"] = unescape(found["label"])
    return link


def pings_in(text: str) -> list[str]:
    """Lists whom a text notifies: user ids, user group ids, "channel", "here", "everyone"."""
    if "<" not in text:
        return []
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        who = match["user"] or match["range"] or match["group"]
        if who and who not in found:
            found.append(who)
    return found


def pings_in_blocks(blocks: list[JsonObject]) -> list[str]:
    """Lists whom blocks notify: only mrkdwn and rich_text can; plain_text never does."""
    found: list[str] = []
    for who in _walk_pings(blocks):
        if who not in found:
            found.append(who)
    return found


def _walk_pings(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _walk_pings(entry)
    elif isinstance(node, dict):
        kind = node.get("type")
        if kind == "mrkdwn" or kind == "markdown":
            yield from pings_in(str(node.get("text", "")))
        elif kind == "user":
            yield str(node.get("user_id"))
        elif kind == "broadcast":
            yield str(node.get("range"))
        elif kind != "plain_text":
            for entry in node.values():
                if isinstance(entry, (dict, list)):
                    yield from _walk_pings(entry)


def text_of_blocks(blocks: list[JsonObject]) -> str:
    """Builds the fallback text Slack derives where an app sends blocks and no text."""
    lines: list[str] = []
    for block in blocks:
        for key in ("text", "title"):
            value = block.get(key)
            if isinstance(value, dict):
                lines.append(str(value.get("text", "")))
            elif isinstance(value, str):
                lines.append(value)
        lines.extend(str(entry.get("text", "")) for entry in block.get("fields", ()))
    return " ".join(line for line in lines if line)
