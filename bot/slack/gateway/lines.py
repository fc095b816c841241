"""The line to Slack of one tenant: under which token its calls are made, and who hears that a token is dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gateway.failures import Refused
from bot.slack.gateway.wire import Wire

# Slack says so of a token that will never work again.
DEAD = frozenset({"token_revoked", "account_inactive", "invalid_auth"})
NOT_INSTALLED = "handoff_not_installed"
# The token is refused whatever is asked with it: there is an answer once somebody has mended that.
TOKEN_REFUSED = DEAD | {
    "not_authed",
    "token_expired",
    "org_login_required",
    "ekm_access_denied",
    "team_access_not_granted",
    "accesslimited",
    NOT_INSTALLED,
}

# Makes a client under a token, over the one HTTP session.
Clients: TypeAlias = Callable[[str], AsyncWebClient]


@dataclass(frozen=True)
class Tenant:
    """Whose people are ours: those of this workspace, and of its organisation if it belongs to one."""

    id: str
    enterprise_id: str = ""

    @property
    def is_org(self) -> bool:
        """Whether the app is installed for a whole organisation, with one token for all its workspaces."""
        return bool(self.id) and self.id == self.enterprise_id


class Connection:
    """A client and a wire under one token."""

    def __init__(self, client: AsyncWebClient, tenant: Tenant, *, version: int = 0) -> None:
        self.client = client
        self.wire = Wire(client)
        self.tenant = tenant
        self.version = version


class Line(Protocol):
    """Finds the connection for a call."""

    async def connection(self) -> Connection:
        """Under which token to call now; raises `Refused` (`NOT_INSTALLED`) or `NotSent` where there is none."""
        ...

    async def is_dead(self, connection: Connection, code: str) -> None:
        """Slack says that this connection's token will never work again."""
        ...


class FixedLine:
    """One token from the settings: it is somebody's to mend when it dies."""

    def __init__(self, client: AsyncWebClient, tenant: Tenant | None = None) -> None:
        self._connection = Connection(client, tenant or Tenant(""))

    async def connection(self) -> Connection:
        """The only one."""
        return self._connection

    def belongs_to(self, enterprise_id: str) -> None:
        """The workspace has joined this organisation, or left its own ("")."""
        self._connection.tenant = replace(self._connection.tenant, enterprise_id=enterprise_id)

    async def is_dead(self, connection: Connection, code: str) -> None:
        """Whoever calls tries again later, until the setting is mended."""


class ClosedLine:
    """There is no token for this workspace."""

    async def connection(self) -> Connection:
        """Raises `Refused`."""
        raise Refused("authorize", NOT_INSTALLED)

    async def is_dead(self, connection: Connection, code: str) -> None:
        """Never called: there is no connection."""
