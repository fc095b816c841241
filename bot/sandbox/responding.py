"""What a post to a response_url does, and how it is refused."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox import posting
from bot.sandbox.channels import Channel
from bot.sandbox.messages import Message
from bot.sandbox.response_urls import ResponseUrl
from bot.sandbox.web_api import content
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.wire import JsonObject, dumps, loads
from bot.sandbox.workspace import Workspace


async def respond(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Answers POST /response/<token>. The code and body of a refusal are commonly reported, not documented."""
    url = workspace.response_urls.find(request.match_info["token"])
    if url is None:
        return _refusal("no_such_url", 404)
    fault = workspace.faults.take("response_url")
    if fault is not None and fault.kind == "http_500":
        return web.Response(status=500, text="Internal Server Error")
    now = workspace.now()
    limited = workspace.faults.enforce_rate_limits and workspace.rate_limits.wait_for_webhook(url.token, now)
    if limited or (fault is not None and fault.kind == "ratelimited"):
        retry_after = str(limited or (fault.retry_after if fault else 1))
        return _refusal("ratelimited", 429, {"Retry-After": retry_after})
    refusal = url.refusal(now)
    if refusal:
        return _refusal(refusal, 404)
    try:
        _act(workspace, url, await _body(request))
    except Refused as refused:
        return _refusal(refused.error, 400)
    return web.Response(text="ok", content_type="text/html")


def _refusal(error: str, status: int, headers: dict[str, str] | None = None) -> web.Response:
    body = dumps({"ok": False, "error": error})
    return web.Response(text=body, status=status, headers=headers, content_type="application/json")


async def _body(request: web.Request) -> JsonObject:
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        form = await request.post()
        text = str(form.get("payload", "{}"))
    try:
        body = loads(text or "{}")
    except ValueError:
        raise Refused("invalid_payload") from None
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body


def _act(workspace: Workspace, url: ResponseUrl, body: JsonObject) -> None:
    channel = workspace.channels[url.channel]
    original = workspace.find_message(channel, url.message_ts, url.user) if url.message_ts else None
    if body.get("delete_original"):
        _demand_original(original)
        assert original is not None
        posting.delete(workspace, channel, original)
        return
    arguments = Arguments(body)
    draft = content.read_draft(workspace, arguments)
    replaces = body.get("replace_original")
    if replaces and original is not None:
        fields = {"text": draft.text, "blocks": draft.blocks or [], "attachments": draft.attachments or []}
        posting.change(workspace, channel, original, fields)
        return
    if replaces and url.message_ts is not None:
        _demand_original(original)
    draft.thread_ts = _thread(channel, arguments)
    in_channel = body.get("response_type") == "in_channel"
    if in_channel:
        posting.put(workspace, channel, posting.message_from_bot(workspace, channel, draft))
    else:
        posting.put_ephemeral(workspace, channel, url.user, draft)


def _demand_original(original: Message | None) -> None:
    if original is None:
        raise Refused("message_not_found")


def _thread(channel: Channel, arguments: Arguments) -> str | None:
    thread_ts = arguments.text("thread_ts")
    if not thread_ts:
        return None
    if thread_ts not in channel.by_ts:
        raise Refused("thread_not_found")
    return channel.by_ts[thread_ts].thread_ts or thread_ts
