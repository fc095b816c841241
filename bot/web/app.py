"""The ASGI app: Slack's requests, and whether we are alive and ready."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.telemetry.work import arrived
from bot.web.headers import StrictHeaders
from bot.web.limits import RateLimits
from bot.web.operations import Operations, operations_routes
from bot.web.requests import LARGEST_BODY, Forged, Malformed, Verifier, read_body

if TYPE_CHECKING:
    from bot.slack.installing import Doorkeeper

log = logging.getLogger(__name__)


def build_web(
    app: AsyncApp,
    verifier: Verifier,
    operations: Operations,
    *,
    proxies: int = 0,
    doorkeeper: Doorkeeper | None = None,
) -> Starlette:
    """The routes of the outside contract; so many `proxies` of our own stand before them."""

    async def slack(request: Request) -> Response:
        arrived()
        try:
            verifier.check_headers(request.headers)
            body = await _read(request)
            if body is None:
                return PlainTextResponse("too large", status_code=413)
            verifier.check(body, request.headers)
            payload = read_body(body, request.headers.get("content-type", ""))
        except Forged:
            # Anybody can send this as often as they like: it costs one hash and no line in the log.
            return PlainTextResponse("", status_code=401)
        except Malformed:
            return PlainTextResponse("unreadable", status_code=400)
        if payload.get("type") == "url_verification":
            return JSONResponse({"challenge": payload.get("challenge")})
        if payload.get("ssl_check") == "1":
            return PlainTextResponse("")
        answer = await app.async_dispatch(
            AsyncBoltRequest(body=payload, mode="socket_mode", headers=_retry_headers(request))
        )
        return Response(
            answer.body,
            status_code=answer.status,
            headers=dict(answer.first_headers_without_set_cookie()),
        )

    return Starlette(
        routes=[
            Route("/slack/events", slack, methods=["POST"]),
            *operations_routes(operations),
            *_installing(doorkeeper, proxies),
        ],
        middleware=[
            Middleware(StrictHeaders, proxies=proxies),
            Middleware(RateLimits, proxies=proxies),
        ],
    )


def _installing(doorkeeper: Doorkeeper | None, proxies: int) -> list[Route]:
    if doorkeeper is None:
        return []
    # Where one token is set, nothing of it is loaded.
    from bot.web.install import install_routes

    return install_routes(doorkeeper, proxies=proxies)


async def _read(request: Request) -> bytes | None:
    """The body, or none when it is larger than anything Slack sends."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > LARGEST_BODY:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""
    return b"".join(parts)


def _retry_headers(request: Request) -> dict[str, str | Sequence[str]]:
    return {name: value for name, value in request.headers.items() if name.startswith("x-slack-retry")}
