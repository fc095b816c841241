"""Delivery: the outbox is said in Slack, once, and every posted message is kept equal to its row."""

from bot.slack.delivery.courier import Courier
from bot.slack.delivery.homes import HomeKeeper

__all__ = ["Courier", "HomeKeeper"]
