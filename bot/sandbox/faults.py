"""Faults on demand: what a test or the demo makes go wrong, at the Web API and in deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_KINDS = ("ratelimited", "http_500", "reset_before", "reset_after", "slow", "html")
_ACTIONS = ("duplicate", "reorder", "drop", "delay")


@dataclass
class Fault:
    """Makes calls of a method fail ("*": any method), times times; kind may be "error:<code>".

    A slow one is answered after so many seconds, or once `until` is set.
    """

    method: str
    kind: str
    seconds: float = 1.0
    until: asyncio.Event | None = None
    retry_after: int = 1
    times: int = 1

    def __post_init__(self) -> None:
        if self.kind not in _KINDS and not self.kind.startswith("error:"):
            raise ValueError(f"unknown kind of fault {self.kind!r}: one of {_KINDS} or error:<code>")


@dataclass
class DeliveryFault:
    """Makes what Slack sends go wrong; what is "event", "command", "interactive" or "*"."""

    action: str
    what: str = "*"
    seconds: float = 0.0
    times: int = 1

    def __post_init__(self) -> None:
        if self.action not in _ACTIONS:
            raise ValueError(f"unknown action {self.action!r}: one of {_ACTIONS}")


@dataclass
class DeliveryFaults:
    """The faults of deliveries still to come, and the switch that breaks connections."""

    waiting: list[DeliveryFault] = field(default_factory=list)
    disconnect: Callable[[str], Awaitable[None]] | None = None

    def add(self, fault: DeliveryFault) -> None:
        """Arms a fault."""
        self.waiting.append(fault)

    def take(self, what: str) -> DeliveryFault | None:
        """Returns the fault this delivery meets, and uses it up."""
        for fault in self.waiting:
            if fault.what in ("*", what):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


@dataclass
class Faults:
    """Every switch of the workspace that makes it behave badly, as Slack sometimes does."""

    waiting: list[Fault] = field(default_factory=list)
    deliveries: DeliveryFaults = field(default_factory=DeliveryFaults)
    refuse_blocks: set[str] = field(default_factory=set)
    missing_scopes: set[str] = field(default_factory=set)
    unlisted_history_limit: bool = False
    enforce_rate_limits: bool = True

    def add(self, fault: Fault) -> None:
        """Arms a fault of the Web API (method "response_url" for response URLs)."""
        self.waiting.append(fault)

    def take(self, method: str) -> Fault | None:
        """Returns the fault this call meets, and uses it up."""
        for fault in self.waiting:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Disarms everything that waits and puts the switches back."""
        self.waiting.clear()
        self.deliveries.waiting.clear()
        self.refuse_blocks.clear()
        self.missing_scopes.clear()
        self.unlisted_history_limit = False
