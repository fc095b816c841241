"""conversations.history and conversations.replies."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.messages import Message
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.conversation_access import demand_family, seen_channel
from bot.sandbox.web_api.paging import cursor_at, place_of
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

_MOST = 999
_DEFAULT = 100
_UNLISTED = 15


def _readable(workspace: Workspace, arguments: Arguments) -> Channel:
    channel = seen_channel(workspace, arguments.required("channel"))
    demand_family(workspace, channel, "history")
    if workspace.seed.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _limit(workspace: Workspace, arguments: Arguments) -> int:
    limit = arguments.number("limit", _DEFAULT) or _DEFAULT
    if not 1 <= limit <= _MOST:
        raise Refused("invalid_limit")
    return min(limit, _UNLISTED) if workspace.faults.unlisted_history_limit else limit


def _time(arguments: Arguments, name: str) -> str:
    """Reads oldest or latest, and gives it the width of a ts so that texts compare like numbers."""
    value = arguments.text(name)
    if not value or value == "0":
        return ""
    try:
        float(value)
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None
    seconds, _, fraction = value.partition(".")
    return f"{int(seconds):010d}.{fraction:0<6}"


def _shown(messages: list[Message], arguments: Arguments) -> list[JsonObject]:
    with_metadata = arguments.flag("include_all_metadata")
    return [message.as_json(with_metadata=with_metadata) for message in messages]


def _answer(shown: list[JsonObject], *, more: bool, place: str) -> JsonObject:
    answer: JsonObject = {"ok": True, "messages": shown, "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": cursor_at(place)}
    return answer


@method("conversations.history", "channels:history", "groups:history", "im:history", "mpim:history")
def history(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns messages of a channel, newest first; replies are not among them."""
    channel = _readable(workspace, arguments)
    latest, inclusive = _time(arguments, "latest"), arguments.flag("inclusive")
    if arguments.text("cursor"):
        # The page starts just before the last one shown.
        page, more = channel.page_of_roots(
            oldest=_time(arguments, "oldest"),
            latest=place_of(arguments.text("cursor")),
            inclusive=False,
            limit=_limit(workspace, arguments),
        )
    else:
        page, more = channel.page_of_roots(
            oldest=_time(arguments, "oldest"),
            latest=latest,
            inclusive=inclusive,
            limit=_limit(workspace, arguments),
        )
    answer = _answer(_shown(page, arguments), more=more, place=page[-1].ts if page else "")
    answer.update(pin_count=0, channel_actions_ts=None, channel_actions_count=0)
    return answer


@method("conversations.replies", "channels:history", "groups:history", "im:history", "mpim:history")
def replies(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Returns a thread: its root, then its replies, oldest first; the root leads every page."""
    channel = _readable(workspace, arguments)
    named = channel.by_ts.get(arguments.required("ts"))
    if named is None:
        raise Refused("thread_not_found")
    root = channel.by_ts.get(named.thread_ts or named.ts, named)
    cursor = arguments.text("cursor")
    page, more = channel.page_of_replies(
        root.ts,
        oldest=place_of(cursor) if cursor else _time(arguments, "oldest"),
        latest=_time(arguments, "latest"),
        inclusive=arguments.flag("inclusive") and not cursor,
        limit=max(1, _limit(workspace, arguments) - 1),
    )
    return _answer(_shown([root, *page], arguments), more=more, place=page[-1].ts if page else "")
