"""Slack, as the bench looks at it: what it is doing, and how often it was made to fail."""

from __future__ import annotations

from bot.sandbox import Fault, LocalWorkspace


class WatchedSlack(LocalWorkspace):
    """The stand-in, which counts the faults that were met."""

    met = 0
    met_deliveries = 0

    def watch(self) -> None:
        """Count from here on."""
        take, take_delivery = self.faults.take, self.faults.deliveries.take

        def counted(method: str) -> Fault | None:
            fault = take(method)
            self.met += fault is not None
            return fault

        def counted_delivery(what: str):  # type: ignore[no-untyped-def]  # as the stand-in's own
            fault = take_delivery(what)
            self.met_deliveries += fault is not None
            return fault

        self.faults.take = counted  # type: ignore[method-assign]
        self.faults.deliveries.take = counted_delivery  # type: ignore[method-assign]
        # One post a second and so on: the load is far above what Slack allows a workspace, so 429s are a fault of their own.
        self.faults.enforce_rate_limits = False

    @property
    def is_busy(self) -> bool:
        """Whether a call or a delivery is under way."""
        return self._api.in_progress > 0 or not self.workspace.courier.is_idle

    @property
    def last_call_at(self) -> float:
        """When the last call came or ended, by the loop's time."""
        return self._api.last_call_at
