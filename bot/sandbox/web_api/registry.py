"""The table of Web API methods: what each needs, how often it may be called, what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.organisation import NEED_TEAM
from bot.sandbox.rate_limits import TIER_3
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

Token = Literal["bot", "app", "none"]
Answering = Callable[[Workspace, Arguments], JsonObject]


@dataclass(frozen=True)
class Method:
    """One method of the Web API."""

    name: str
    answer: Answering
    scopes: tuple[str, ...] = ()
    per_minute: int = TIER_3
    token: Token = "bot"


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, per_minute: int = TIER_3, token: Token = "bot"
) -> Callable[[Answering], Answering]:
    """Registers a method; any one of the scopes is enough."""

    def register(answer: Answering) -> Answering:
        METHODS[name] = Method(name, answer, scopes, per_minute, token)
        return answer

    return register


def demand_scope(workspace: Workspace, *scopes: str) -> None:
    """Raises missing_scope unless the bot holds one of the scopes."""
    granted = workspace.scopes
    if scopes and not any(scope in granted for scope in scopes):
        raise Refused("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))


def demand_team(workspace: Workspace, method_: Method, arguments: Arguments) -> None:
    """Raises what Slack says of a call under an organisation's token that does not say in which workspace."""
    if not workspace.seed.is_org_install or method_.name not in NEED_TEAM:
        return
    team = arguments.text("team_id")
    if not team:
        raise Refused("missing_argument", needed="team_id")
    if team not in workspace.seed.teams:
        raise Refused("team_access_not_granted")


def demand_token(workspace: Workspace, method_: Method, token: str) -> None:
    """Raises what Slack says about a token that is absent, wrong, or of the wrong kind."""
    if method_.token == "none":
        return
    if not token:
        raise Refused("not_authed")
    seed = workspace.seed
    # A running step has a bot token of its own.
    if any(run.token == token for run in workspace.step_executions.values()):
        token = workspace.bot_token
    if token == seed.bot_token and token != workspace.bot_token:
        raise Refused("token_revoked")
    if token not in (workspace.bot_token, seed.app_token):
        raise Refused("invalid_auth")
    wanted = workspace.bot_token if method_.token == "bot" else seed.app_token
    if token != wanted:
        raise Refused("not_allowed_token_type")
    if token == workspace.bot_token and not workspace.is_installed:
        raise Refused("account_inactive")
