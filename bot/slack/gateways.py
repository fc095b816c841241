"""The gateway of each workspace: nothing is ever called for one tenant under the token of another."""

from __future__ import annotations

from typing import Protocol

from bot.slack.gateway import ClosedLine, FixedLine, Gateway


class Gateways(Protocol):
    """Finds the gateway of a workspace."""

    def of(self, workspace_id: str) -> Gateway:
        """The gateway of a workspace; where there is no token for it, every call on it is refused."""
        ...

    async def belongs_to(self, workspace_id: str, enterprise_id: str) -> None:
        """Slack tells of an installation to which organisation its workspace belongs now; "" for none."""
        ...


class OneGateway:
    """The gateway of the one workspace whose token stands in the settings."""

    def __init__(self, workspace_id: str, line: FixedLine) -> None:
        self._workspace_id = workspace_id
        self._line = line
        self._gateway = Gateway(line)
        self._closed = Gateway(ClosedLine())

    def of(self, workspace_id: str) -> Gateway:
        """The gateway of a workspace; the database may hold others, which are not ours to speak for."""
        return self._gateway if workspace_id == self._workspace_id else self._closed

    async def belongs_to(self, workspace_id: str, enterprise_id: str) -> None:
        """Its people are judged by it from now on."""
        if workspace_id == self._workspace_id:
            self._line.belongs_to(enterprise_id)
