"""The gateway of each workspace: nothing is ever called for one tenant under the token of another."""

from __future__ import annotations

from typing import Protocol

from bot.slack.gateway import ClosedLine, Gateway


class Gateways(Protocol):
    """Finds the gateway of a workspace."""

    def of(self, workspace_id: str) -> Gateway:
        """The gateway of a workspace; where there is no token for it, every call on it is refused."""
        ...


class OneGateway:
    """The gateway of the one workspace whose token stands in the settings."""

    def __init__(self, workspace_id: str, gateway: Gateway) -> None:
        self._workspace_id = workspace_id
        self._gateway = gateway
        self._closed = Gateway(ClosedLine())

    def of(self, workspace_id: str) -> Gateway:
        """The gateway of a workspace; the database may hold others, which are not ours to speak for."""
        return self._gateway if workspace_id == self._workspace_id else self._closed
