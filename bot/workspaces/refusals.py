"""What cannot be a setting."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Refusal


@dataclass(unsafe_hash=True)
class UnknownZone(Refusal):
    """Not a time zone anybody knows."""

    zone: str


@dataclass(unsafe_hash=True)
class UnknownCurrency(Refusal):
    """Not an ISO 4217 code."""

    code: str
