"""What every answer tells a browser: show nothing of it inside another page, run nothing, keep nothing.

A page that fails is answered here too, so that the answer has these headers and holds nothing of the error.
"""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.logs import new_reference
from bot.web.clients import is_https

log = logging.getLogger(__name__)

Header = tuple[bytes, bytes]

# Pages here are text and links: they load nothing, run nothing and send no form.
POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
STRICT: tuple[Header, ...] = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    # For browsers that do not know frame-ancestors.
    (b"x-frame-options", b"DENY"),
    # An address may hold a code or a state: it goes to nobody else.
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"x-robots-tag", b"noindex"),
)
# A browser that was here over https once never comes without it again, for a year.
HTTPS_ONLY: Header = (b"strict-transport-security", b"max-age=31536000")
_NAMES = frozenset(name for name, _ in (*STRICT, HTTPS_ONLY))
_FAILED: Message = {
    "type": "http.response.start",
    "status": 500,
    "headers": [(b"content-type", b"text/plain; charset=utf-8")],
}


class StrictHeaders:
    """Puts the headers on every answer, in place of whatever the page itself said of them."""

    def __init__(self, app: ASGIApp, *, proxies: int = 0) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def strict(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message["headers"] = self._headers(message, scope)
            await send(message)

        try:
            await self._app(scope, receive, strict)
        except Exception:
            if has_begun:
                raise
            reference = new_reference()
            # The address is anybody's text: written so that it can end no line.
            log.exception("%s %r failed", scope["method"], scope["path"])
            await strict(dict(_FAILED))
            words = f"Something went wrong here. The reference is {reference}."
            await strict({"type": "http.response.body", "body": words.encode()})

    def _headers(self, message: Message, scope: Scope) -> list[Header]:
        own = [header for header in message.get("headers", ()) if header[0].lower() not in _NAMES]
        https = (HTTPS_ONLY,) if is_https(scope, proxies=self._proxies) else ()
        return [*own, *STRICT, *https]
