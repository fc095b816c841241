"""What those who run Handoff ask a process: is it alive, is it ready, how is it doing. The same in every kind of process."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.headers import StrictHeaders
from bot.web.limits import RateLimits

# What is missing for the process to do its work, each by name; empty when all is well.
Readiness = Callable[[], Awaitable[list[str]]]
# Brings the figures up to date that are asked for, not counted along the way.
Measure = Callable[[], Awaitable[None]]


async def _measured_already() -> None:
    return


@dataclass(frozen=True)
class Operations:
    """How a process answers; with a `metrics_token` it tells its figures only to who knows it."""

    readiness: Readiness
    measure: Measure = _measured_already
    metrics_token: str = ""


def operations_routes(operations: Operations) -> list[Route]:
    """`/healthz` (the event loop answers), `/readyz` (nothing is missing), `/metrics` (Prometheus)."""

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_: Request) -> Response:
        missing = await operations.readiness()
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    async def metrics(request: Request) -> Response:
        if not _may_read(operations.metrics_token, request.headers.get("authorization", "")):
            return PlainTextResponse("", status_code=401, headers={"www-authenticate": "Bearer"})
        await operations.measure()
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        text = await asyncio.to_thread(encode, REGISTRY)
        return Response(text, headers={"content-type": content_type})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]


def build_operations(operations: Operations) -> Starlette:
    """The same alone, for processes that answer nobody else."""
    return Starlette(
        routes=operations_routes(operations), middleware=[Middleware(StrictHeaders), Middleware(RateLimits)]
    )


def _may_read(token: str, authorization: str) -> bool:
    return not token or hmac.compare_digest(f"Bearer {token}".encode(), authorization.encode())
