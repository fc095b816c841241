"""Every page says the strict headers, whatever became of it."""

from __future__ import annotations

import logging

import pytest
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import FrozenClock
from bot.web.app import build_web
from bot.web.headers import STRICT, StrictHeaders
from bot.web.operations import Operations
from bot.web.requests import Verifier
from tests.web.asgi import Answer, ask
from tests.web.test_requests import NOW, SECRET


class NeverAsked(AsyncApp):
    """An app that is not asked."""

    def __init__(self) -> None:
        """Nothing of it is built."""


def web() -> Starlette:
    async def readiness() -> list[str]:
        return []

    return build_web(NeverAsked(), Verifier(SECRET, FrozenClock(NOW)), Operations(readiness))


def is_strict(answer: Answer) -> bool:
    return all(answer.headers.get(name.decode()) == value.decode() for name, value in STRICT)


def paths() -> list[str]:
    return [route.path for route in web().routes if isinstance(route, Route)]


@pytest.mark.parametrize("path", [*paths(), "/", "/nowhere", "/slack/../etc/passwd"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT", "OPTIONS"])
async def test_every_route_answers_with_the_strict_headers(path: str, method: str) -> None:
    answer = await ask(web(), path, method=method)
    assert answer.status
    assert is_strict(answer)


def test_every_route_is_a_plain_one_that_the_walk_above_sees() -> None:
    assert all(isinstance(route, Route) for route in web().routes)
    assert "/slack/events" in paths()


async def page(_: Request) -> Response:
    return PlainTextResponse("hello", headers={"Cache-Control": "public", "X-Frame-Options": "SAMEORIGIN"})


async def broken(_: Request) -> Response:
    raise RuntimeError("the password is hunter2")


def pages(*, proxies: int = 0) -> StrictHeaders:
    return StrictHeaders(Starlette(routes=[Route("/", page), Route("/broken", broken)]), proxies=proxies)


async def test_a_page_cannot_loosen_them() -> None:
    answer = await ask(pages(), "/")
    assert answer.body == b"hello"
    assert is_strict(answer)


async def test_a_page_that_fails_says_nothing_but_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    strict = StrictHeaders(broken_app)
    with caplog.at_level(logging.ERROR):
        answer = await ask(strict, "/a\nb")
    assert answer.status == 500
    assert is_strict(answer)
    assert b"hunter2" not in answer.body
    assert b"H-" in answer.body
    assert [record.getMessage() for record in caplog.records] == ["GET '/a\\nb' failed"]


async def broken_app(scope: object, receive: object, send: object) -> None:
    raise RuntimeError("the password is hunter2")


async def test_only_what_came_over_https_promises_https() -> None:
    hsts = "strict-transport-security"
    assert hsts not in (await ask(pages(), "/")).headers
    assert hsts in (await ask(pages(), "/", scheme="https")).headers
    told = {"X-Forwarded-Proto": "https"}
    assert hsts not in (await ask(pages(), "/", headers=told)).headers, "anybody can say so"
    assert hsts in (await ask(pages(proxies=1), "/", headers=told)).headers
