"""Listens to a browser while it works: what fails, what it complains about, and whatever would leave this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request, Response

COMPLAINTS = {"error", "warning"}
# Made inside the browser, so it leaves nothing.
INSIDE = ("data:", "blob:")

# What the page still asked for when it was left is no failure.
GIVEN_UP = "net::ERR_ABORTED"


class Watch:
    """The troubles of one browser context, in the order they came."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.troubles: list[str] = []
        self._inside = (address, address.replace("http:", "ws:", 1), *INSIDE)
        context.on("page", self._page)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._leaving(socket.url))
        page.on("pageerror", lambda error: self.troubles.append(f"error on the page: {error}"))
        page.on("crash", lambda _: self.troubles.append("the page crashed"))
        page.on(
            "console",
            lambda said: (
                self.troubles.append(f"console {said.type}: {said.text}") if said.type in COMPLAINTS else None
            ),
        )

    def _request(self, request: Request) -> None:
        self._leaving(request.url)

    def _leaving(self, url: str) -> None:
        if not url.startswith(self._inside):
            self.troubles.append(f"asked outside: {url}")

    def _failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self.troubles.append(f"failed: {request.method} {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")
