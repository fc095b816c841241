"""Bolt's app: how requests are authorised, and that nothing Slack sends stays unanswered."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.listening import Listeners
from bot.slack.text.general import NOT_INSTALLED
from bot.workspaces.models import Workspace

Authorize = Callable[..., Awaitable[AuthorizeResult | None]]
ANYTHING = re.compile(r"[\s\S]*")


@dataclass(frozen=True)
class Served:
    """A workspace that is served: who the bot is there, and its token."""

    bot_user_id: str
    bot_id: str
    token: str

    def __repr__(self) -> str:
        return f"Served({self.bot_id})"


def authorize_single(workspace: Workspace, token: str) -> Authorize:
    """Authorises one workspace's requests from what is known of it: no call to Slack at each request."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.id,
            bot_user_id=workspace.bot_user_id,
            bot_id=workspace.bot_id,
            bot_token=token,
        )

    return authorize


def authorize_many(served: Callable[[str], Awaitable[Served | None]]) -> Authorize:
    """Authorises the requests of every workspace that is served, and of no other."""

    # Bolt asks for what it finds in the signature by name, so this is a function and no method.
    async def authorize(
        context: Mapping[str, object], enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        is_org_wide = context.get("is_enterprise_install") and not (team_id or "").startswith("E")
        found = await served((enterprise_id if is_org_wide else team_id) or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user_id,
            bot_id=found.bot_id,
            bot_token=found.token,
        )

    return authorize


def build_app(
    *, client: AsyncWebClient, authorize: Authorize, signing_secret: str, listeners: Listeners
) -> AsyncApp:
    """An app with one listener for each kind of delivery; which function answers what is in the routes.

    The answer leaves when the listener is done (`process_before_response`): by then its work is committed.
    """
    app = AsyncApp(
        # Without a name Bolt looks for one through every frame and its source, which takes longer than all the rest.
        name="handoff",
        client=client,
        authorize=authorize,  # type: ignore[arg-type]  # it may say none, which Bolt knows but does not say
        user_facing_authorize_error_message=NOT_INSTALLED,
        signing_secret=signing_secret or "unused-in-socket-mode",
        process_before_response=True,
        raise_error_for_unhandled_request=False,
        # `web` has checked the signature and answered Slack's own questions before Bolt sees a request.
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    # Bolt asks one after the other: first those whom people wait for most.
    app.view_submission(ANYTHING)(listeners.submission)
    app.command(ANYTHING)(listeners.command)
    app.action(ANYTHING)(listeners.press)
    app.view_closed(ANYTHING)(listeners.closed)
    app.shortcut(ANYTHING)(listeners.shortcut)
    app.options(ANYTHING)(listeners.suggestion)
    app.event(ANYTHING)(listeners.event)
    return app
