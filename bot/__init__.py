"""Handoff: the account manager's promise, the project manager's decision and the money, in one Slack thread."""

__version__ = "0.1.0"
