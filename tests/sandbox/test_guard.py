"""No web site in the same browser can talk to the local workspace, and its page runs nothing foreign."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import LocalWorkspace

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOREIGN = [
    {"Host": "evil.example"},
    {"Host": "evil.example:80"},
    {"Host": "127.0.0.1.evil.example"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as open_session:
        yield open_session


def routes(slack: LocalWorkspace) -> list[tuple[str, str]]:
    """Every address of the server, by its method, with something in place of what varies."""
    runner = slack._runner
    assert runner is not None
    app = runner.app
    assert isinstance(app, web.Application)
    found = []
    for route in app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical
        for name in ("method", "token", "id", "channel", "message", "path"):
            path = path.replace("{" + name + "}", "x")
        found.append((route.method.replace("*", "POST"), path))
    return found


async def test_every_address_refuses_what_comes_from_elsewhere(
    slack: LocalWorkspace, session: aiohttp.ClientSession
) -> None:
    for method, path in routes(slack):
        for headers in FOREIGN:
            async with session.request(method, slack.url + path, headers=headers) as response:
                assert response.status == 403, (method, path, headers)
                assert "evil" not in str(response.headers)


async def test_every_address_answers_with_strict_headers(
    slack: LocalWorkspace, session: aiohttp.ClientSession
) -> None:
    seen = routes(slack)
    assert ("POST", "/client/clock") in seen
    for method, path in [*seen, ("GET", "/nowhere"), ("GET", "/static/js/main.js")]:
        async with session.request(method, slack.url + path, json={}) as response:
            assert STRICT.items() <= dict(response.headers).items(), (method, path)
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["Cache-Control"] == "no-store"


async def test_the_page_may_load_what_is_its_own_and_nothing_inline(
    slack: LocalWorkspace, session: aiohttp.ClientSession
) -> None:
    async with session.get(slack.url + "/") as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "<script>" not in page
    assert "style=" not in page


async def test_a_link_from_elsewhere_still_shows_the_page(
    slack: LocalWorkspace, session: aiohttp.ClientSession
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with session.get(slack.url + "/", headers=headers) as response:
        assert response.status == 200


async def test_the_page_s_own_calls_pass(slack: LocalWorkspace, session: aiohttp.ClientSession) -> None:
    headers = {"Origin": slack.url, "Sec-Fetch-Site": "same-origin"}
    body = {"as": "U0MAYA", "channel": "C0ACME", "text": "hello"}
    async with session.post(slack.url + "/client/say", json=body, headers=headers) as response:
        assert response.status == 200
