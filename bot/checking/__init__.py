"""`handoff check`: what is wrong, in plain words, and how to mend it."""

from bot.checking.findings import Finding, Level
from bot.checking.whole import check

__all__ = ["Finding", "Level", "check"]
