"""The HTTP side of the Web API: reads forms, JSON and multipart, applies faults and limits, writes answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.web_api import METHODS
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.registry import Method, demand_scope, demand_team, demand_token
from bot.sandbox.wire import JsonObject, dumps, loads
from bot.sandbox.workspace import Workspace

_HTML = "<!DOCTYPE html><html><head><title>Server Error | Slack</title></head><body>Oh no!</body></html>"


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call the app made; error is None where Slack said ok."""

    method: str
    args: dict[str, Any]
    at: datetime
    http_status: int
    error: str | None
    answer: JsonObject


class WebApi:
    """Answers /api/<method>."""

    def __init__(self, workspace: Workspace, *, records: bool = True) -> None:
        self._workspace = workspace
        self._records = records
        self.calls: list[ApiCall] = []
        self.in_progress = 0
        self.last_call_at = 0.0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers one call."""
        loop = asyncio.get_running_loop()
        self.in_progress += 1
        self.last_call_at = loop.time()
        try:
            return await self._answer(request)
        finally:
            self.in_progress -= 1
            self.last_call_at = loop.time()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        fault = self._workspace.faults.take(name)
        if fault is not None and fault.kind == "reset_before":
            return _reset(request)
        try:
            values = await _read(request)
        except Refused as refused:
            return self._write(name, {}, refused.as_json())
        token = _token(request, values)
        if fault is not None:
            early = await self._early(name, values, fault)
            if early is not None:
                return early
        retry_after = self._over_limit(name, values)
        if retry_after:
            return self._limited(name, values, retry_after)
        response = self._write(name, values, self._run(name, values, token))
        if fault is not None and fault.kind == "reset_after":
            return _reset(request)
        return response

    def _run(self, name: str, values: dict[str, Any], token: str) -> JsonObject:
        method = METHODS.get(name)
        if method is None:
            return {"ok": False, "error": "unknown_method", "req_method": name}
        try:
            demand_token(self._workspace, method, token)
            demand_scope(self._workspace, *method.scopes)
            demand_team(self._workspace, method, Arguments(values))
            return method.answer(self._workspace, Arguments(values))
        except Refused as refused:
            return refused.as_json()

    async def _early(self, name: str, values: dict[str, Any], fault: Fault) -> web.Response | None:
        """Answers in place of the method, where the fault says so."""
        if fault.kind == "ratelimited":
            return self._limited(name, values, fault.retry_after)
        if fault.kind == "http_500":
            self._note(name, values, 500, {"ok": False, "error": "http_500"})
            return web.Response(status=500, text="Internal Server Error")
        if fault.kind == "html":
            self._note(name, values, 503, {"ok": False, "error": "html"})
            return web.Response(status=503, text=_HTML, content_type="text/html")
        if fault.kind == "slow":
            await (fault.until.wait() if fault.until else asyncio.sleep(fault.seconds))
        if fault.kind.startswith("error:"):
            return self._write(name, values, {"ok": False, "error": fault.kind.removeprefix("error:")})
        return None

    def _over_limit(self, name: str, values: dict[str, Any]) -> int:
        workspace = self._workspace
        method: Method | None = METHODS.get(name)
        if method is None:
            return 0
        now = workspace.now()
        if (
            name in ("conversations.history", "conversations.replies")
            and workspace.faults.unlisted_history_limit
        ):
            return workspace.rate_limits.wait_for_unlisted_history(name, now)
        if not workspace.faults.enforce_rate_limits:
            return 0
        if name == "chat.postMessage":
            return workspace.rate_limits.wait_for_post(str(values.get("channel")), now)
        return workspace.rate_limits.wait_for(name, method.per_minute, now)

    def _limited(self, name: str, values: dict[str, Any], retry_after: int) -> web.Response:
        body: JsonObject = {"ok": False, "error": "ratelimited"}
        self._note(name, values, 429, body)
        return _json(body, status=429, headers={"Retry-After": str(retry_after)})

    def _write(self, name: str, values: dict[str, Any], answer: JsonObject) -> web.Response:
        self._note(name, values, 200, answer)
        return _json(answer, headers={"x-oauth-scopes": ",".join(sorted(self._workspace.scopes))})

    def _note(self, name: str, values: dict[str, Any], status: int, answer: JsonObject) -> None:
        if not self._records:
            return
        error = None if answer.get("ok") else str(answer.get("error"))
        self.calls.append(ApiCall(name, values, self._workspace.now(), status, error, answer))


def _reset(request: web.Request) -> web.Response:
    """Breaks the connection in the middle of the exchange."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _json(body: JsonObject, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


async def _read(request: web.Request) -> dict[str, Any]:
    """Reads the arguments of a call. Raises invalid_json, invalid_form_data, json_not_object."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = loads(await request.read() or b"{}")
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        values.update(body)
    elif request.can_read_body:
        try:
            form = await request.post()
        except ValueError:
            raise Refused("invalid_form_data") from None
        for name, value in form.items():
            values[name] = value.file.read() if isinstance(value, web.FileField) else value
    return values


def _token(request: web.Request, values: dict[str, Any]) -> str:
    """Finds the token and keeps it out of what is remembered of the call."""
    in_body = values.pop("token", None)
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    return str(in_body or "")
