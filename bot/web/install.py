"""The two pages of an installation: off to Slack, and back. The browser that began it has to finish it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.slack.installing import REDIRECT_PATH, Doorkeeper
from bot.web.clients import is_https
from bot.web.pages import page_of
from bot.workspaces.install_states import LIVES

COOKIE = "handoff_install"
# What Slack sends back is short; anything longer is somebody else's.
LONGEST = 512


def install_routes(doorkeeper: Doorkeeper, *, proxies: int) -> list[Route]:
    """`/slack/install` and `/slack/oauth_redirect`."""

    async def install(request: Request) -> Response:
        begun, address = await doorkeeper.begin()
        answer = RedirectResponse(address, status_code=302)
        answer.set_cookie(
            COOKIE,
            begun.browser,
            max_age=int(LIVES.total_seconds()),
            path=REDIRECT_PATH,
            secure=is_https(request.scope, proxies=proxies),
            httponly=True,
            # Slack sends people back by a link: "strict" would keep the cookie away from that.
            samesite="lax",
        )
        return answer

    async def back(request: Request) -> Response:
        said = {name: request.query_params.get(name, "")[:LONGEST] for name in ("state", "code", "error")}
        done = await doorkeeper.come_back(browser=request.cookies.get(COOKIE, "")[:LONGEST], **said)
        status, text = page_of(done)
        answer = HTMLResponse(text, status_code=status)
        answer.delete_cookie(COOKIE, path=REDIRECT_PATH)
        return answer

    return [Route("/slack/install", install), Route(REDIRECT_PATH, back)]
