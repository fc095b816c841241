"""Who may talk to the local workspace: this machine, and no web site that happens to be open in its browser.

A name that leads here from outside (DNS rebinding) is refused, and so is whatever another origin's page sends, with
its cookies or without: acts, sockets, forms. Pages load from this address alone and stand in no frame.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})
_SAFE_METHODS = frozenset({"GET", "HEAD"})
# A picture in a message may stand anywhere on the web; everything else comes from here.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
    "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A file is what somebody uploaded: shown as a picture, and otherwise nothing.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in what comes from this machine by its own name. Raises HTTPForbidden."""
    if urlsplit(f"//{request.host}").hostname not in _OWN_NAMES:
        raise web.HTTPForbidden
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise web.HTTPForbidden
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and not _is_visit(request):
        raise web.HTTPForbidden
    return await handler(request)


async def say_strict_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser what this address may do; called before every answer."""
    is_file = request.path.startswith("/files/")
    policy = _FILE_POLICY if is_file else _PAGE_POLICY.format(host=_own(request))
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")


def _is_visit(request: web.Request) -> bool:
    """Somebody follows a link to the page from elsewhere: that does nothing but show it."""
    return request.method in _SAFE_METHODS and request.headers.get("Sec-Fetch-Mode") == "navigate"


def _own(request: web.Request) -> str:
    # A foreign name was refused; its answer must not carry the name into a header either.
    is_own = urlsplit(f"//{request.host}").hostname in _OWN_NAMES
    return request.host if is_own else "127.0.0.1"
