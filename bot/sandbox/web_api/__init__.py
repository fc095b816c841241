"""The Web API: one module for each family of methods; importing this registers them all."""

from bot.sandbox.web_api import (
    auth,
    chat,
    conversations,
    functions,
    history,
    reactions,
    scheduled,
    uploads,
    users,
    views,
)
from bot.sandbox.web_api.registry import METHODS

__all__ = [
    "METHODS",
    "auth",
    "chat",
    "conversations",
    "functions",
    "history",
    "reactions",
    "scheduled",
    "uploads",
    "users",
    "views",
]
