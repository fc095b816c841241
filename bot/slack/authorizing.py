"""How requests are authorised: whether their workspace is served, and under which token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.authorization import AuthorizeResult

from bot.slack.gateway import GatewayError
from bot.telemetry.work import has_failed
from bot.workspaces.models import Workspace

Authorize = Callable[..., Awaitable[AuthorizeResult | None]]
# In Bolt's context of a request: why nobody could say whether its workspace is served.
_UNKNOWN = "handoff_authorize_error"


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
        context: MutableMapping[str, Any], enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        is_org_wide = context.get("is_enterprise_install") and not (team_id or "").startswith("E")
        try:
            found = await served((enterprise_id if is_org_wide else team_id) or "")
        except GatewayError as error:
            # Out of here Bolt would answer with an error without a word; the listener knows what to say.
            context[_UNKNOWN] = error
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
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


def must_be_served(context: Mapping[str, Any]) -> None:
    """Raises the `GatewayError` that kept us from knowing whether this request's workspace is served."""
    error = context.get(_UNKNOWN)
    if isinstance(error, GatewayError):
        has_failed()
        raise error
