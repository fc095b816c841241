"""Alive, ready, and how it is doing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.web.operations import Operations, build_operations


async def get(path: str, operations: Operations, **headers: str) -> tuple[int, str]:
    """GET as ASGI gives it; the status and the body."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await build_operations(operations)(scope, receive, send)
    return int(sent[0]["status"]), b"".join(part.get("body", b"") for part in sent).decode()


def lacking(*names: str) -> Operations:
    async def readiness() -> list[str]:
        return list(names)

    return Operations(readiness)


async def test_what_is_missing_is_named() -> None:
    assert await get("/healthz", lacking("database")) == (200, "ok")
    assert await get("/readyz", lacking()) == (200, '{"ready":true,"missing":[]}')
    assert await get("/readyz", lacking("migrations", "slack")) == (
        503,
        '{"ready":false,"missing":["migrations","slack"]}',
    )


async def test_figures_are_in_prometheus_form() -> None:
    status, text = await get("/metrics", lacking())
    assert status == 200
    assert "# TYPE handoff_acks_total counter" in text
    _, modern = await get("/metrics", lacking(), accept="application/openmetrics-text; version=1.0.0")
    assert modern.endswith("# EOF\n")


@pytest.mark.parametrize(
    ("said", "status"), [("", 401), ("Bearer no", 401), ("Bearer \xe9", 401), ("Bearer s3", 200)]
)
async def test_figures_may_be_kept_for_who_knows_a_token(said: str, status: int) -> None:
    guarded = Operations(lacking().readiness, metrics_token="s3")
    assert (await get("/metrics", guarded, authorization=said))[0] == status
