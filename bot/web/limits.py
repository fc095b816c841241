"""How often one client may ask for a public page. What Slack signs is not counted: its signature tells it apart.

Each process counts for itself and remembers a fixed number of clients, so no flood fills the memory; one from more
addresses than that is stopped by the limit for all of them together.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from time import monotonic

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.clients import client_of

# Checked by its signature, which costs less than counting would be worth.
SIGNED = ("POST", "/slack/events")
# Addresses remembered for each limit, the ones that asked last.
MOST_CLIENTS = 10_000


@dataclass(frozen=True)
class Limit:
    """So many at once, then so many a second; for one client, or for all of them."""

    burst: int
    per_second: float


@dataclass(frozen=True)
class PageLimit:
    """How often one client may ask for a page, and how often all may together."""

    each: Limit
    together: Limit


# A person asks a few times.
ORDINARY = PageLimit(Limit(60, 5), Limit(600, 100))
# Probes and scrapers ask every few seconds, from a few addresses; a flood from everywhere must not look like a
# process that died.
PROBES = PageLimit(Limit(60, 5), Limit(2000, 1000))
# These write a row, or ask Slack.
INSTALLING = PageLimit(Limit(20, 0.5), Limit(200, 10))
LIMITS: Mapping[str, PageLimit] = {
    "/healthz": PROBES,
    "/readyz": PROBES,
    "/slack/install": INSTALLING,
    "/slack/oauth_redirect": INSTALLING,
}


class RateLimits:
    """Answers 429, with the seconds to wait, to who asks too often."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        proxies: int = 0,
        limits: Mapping[str, PageLimit] = LIMITS,
        stopwatch: Callable[[], float] = monotonic,
    ) -> None:
        self._app = app
        self._proxies = proxies
        self._limits = limits
        self._stopwatch = stopwatch
        self._meters = {id(limit): Meter(limit) for limit in (ORDINARY, *limits.values())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or turn it away."""
        if scope["type"] == "http" and (scope["method"], scope["path"]) != SIGNED:
            meter = self._meters[id(self._limits.get(scope["path"], ORDINARY))]
            wait = meter.wait(client_of(scope, proxies=self._proxies), self._stopwatch())
            if wait:
                headers = {"retry-after": str(ceil(wait))}
                answer = PlainTextResponse("Too often. Wait a little.", status_code=429, headers=headers)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Meter:
    """Counts by client, in a few bytes each: the instant at which all that was asked would have been spread out."""

    def __init__(self, limit: PageLimit) -> None:
        self._limit = limit
        self._clients: OrderedDict[str, float] = OrderedDict()
        self._together = 0.0

    def __len__(self) -> int:
        return len(self._clients)

    def wait(self, client: str, now: float) -> float:
        """Seconds until this client may ask again; none when it may now, and then it has asked."""
        own, wait = _spread(self._limit.each, self._clients.get(client, 0.0), now)
        if wait:
            return wait
        together, wait = _spread(self._limit.together, self._together, now)
        if wait:
            return wait
        self._clients[client] = own
        self._clients.move_to_end(client)
        if len(self._clients) > MOST_CLIENTS:
            self._clients.popitem(last=False)
        self._together = together
        return 0.0


def _spread(limit: Limit, until: float, now: float) -> tuple[float, float]:
    """Up to when it would be spread out with one more, and how long that one has to wait."""
    each = 1 / limit.per_second
    spread = max(until, now) + each
    ahead = spread - now - limit.burst * each
    # A hair of a second is a rounding, not a reason.
    return (spread, 0.0) if ahead <= 1e-9 else (until, ahead)
