"""Bolt's app: nothing Slack sends stays unanswered."""

from __future__ import annotations

import logging
import re

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.authorizing import Authorize
from bot.slack.listening import Listeners
from bot.slack.text.general import NOT_INSTALLED

ANYTHING = re.compile(r"[\s\S]*")


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
