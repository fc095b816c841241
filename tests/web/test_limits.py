"""Who asks for pages too often is turned away, and nobody else is."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from bot.web import limits
from bot.web.clients import client_of
from bot.web.limits import Limit, Meter, PageLimit, RateLimits
from tests.web.asgi import Answer, ask

TIGHT = PageLimit(each=Limit(burst=2, per_second=0.5), together=Limit(burst=100, per_second=50))


class Seconds:
    """A stopwatch that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def limited(seconds: Seconds, *, proxies: int = 0, limit: PageLimit = TIGHT) -> RateLimits:
    return RateLimits(page, proxies=proxies, limits={"/page": limit}, stopwatch=seconds)


async def statuses(app: RateLimits, times: int, **how: object) -> list[int]:
    return [(await ask(app, "/page", **how)).status for _ in range(times)]  # type: ignore[arg-type]


async def test_one_who_asks_too_often_waits_and_is_told_how_long() -> None:
    seconds = Seconds()
    app = limited(seconds)
    assert await statuses(app, 3) == [200, 200, 429]
    refused: Answer = await ask(app, "/page")
    assert refused.headers["retry-after"] == "2"
    seconds.now += 2
    assert await statuses(app, 2) == [200, 429]
    seconds.now += 3600
    assert await statuses(app, 3) == [200, 200, 429], "who waits long may not store it up"


async def test_another_client_and_another_page_are_not_held_up() -> None:
    app = limited(Seconds())
    await statuses(app, 3)
    assert await statuses(app, 1, client="192.0.2.2") == [200]
    assert (await ask(app, "/elsewhere")).status == 200


async def test_what_slack_signs_is_never_counted() -> None:
    app = RateLimits(page, limits={"/slack/events": TIGHT}, stopwatch=Seconds())
    posted = [(await ask(app, "/slack/events", method="POST")).status for _ in range(9)]
    assert posted == [200] * 9
    assert (await ask(app, "/slack/events")).status == 200
    assert [(await ask(app, "/slack/events")).status for _ in range(2)] == [200, 429]


async def test_a_forwarded_address_counts_only_from_proxies_of_our_own() -> None:
    seconds = Seconds()
    lied = [{"headers": {"X-Forwarded-For": f"198.51.100.{n}"}} for n in range(3)]
    app = limited(seconds)
    assert [(await ask(app, "/page", **lie)).status for lie in lied] == [200, 200, 429]  # type: ignore[arg-type]
    behind = limited(seconds, proxies=1)
    true = "203.0.113.7"
    told = [{"headers": {"X-Forwarded-For": f"198.51.100.{n}, {true}"}} for n in range(3)]
    assert [(await ask(behind, "/page", **one)).status for one in told] == [200, 200, 429]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        ("1.1.1.1, 2.2.2.2, 3.3.3.3", 1, "3.3.3.3"),
        ("1.1.1.1, 2.2.2.2, 3.3.3.3", 2, "2.2.2.2"),
        ("1.1.1.1", 2, "1.1.1.1"),
        ("1.1.1.1", 0, "192.0.2.1"),
        ("unknown", 1, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
        ("x" * 5_000, 1, "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"),
        ("::ffff:1.2.3.4", 1, "1.2.3.4"),
    ],
)
def test_a_client_is_an_address_or_an_ipv6_network(forwarded: str, proxies: int, client: str) -> None:
    scope = {"client": ("192.0.2.1", 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert client_of(scope, proxies=proxies) == client


def test_who_has_no_address_is_a_client_too() -> None:
    assert client_of({"client": None, "headers": []}, proxies=0) == ""
    assert client_of({"client": ("/run/web.sock", None), "headers": []}, proxies=0) == ""


def test_a_flood_from_everywhere_fills_no_memory_and_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CLIENTS", 50)
    meter = Meter(PageLimit(Limit(2, 1), Limit(80, 10)))
    waits = [meter.wait(f"client {n}", 1_000.0) for n in range(10_000)]
    assert waits.count(0.0) == 80
    assert len(meter) == 50
    assert meter.wait("one more", 1_010.0) == 0.0
