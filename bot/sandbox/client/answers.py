"""What a person's client shows after an act that went to the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.delivery.answers import Answer
from bot.sandbox.wire import JsonObject


@dataclass(frozen=True)
class CommandResult:
    """How a slash command went; response is what the app answered in its ack."""

    acked: bool
    seconds: float = 0.0
    response: JsonObject | str | None = None
    error: str | None = None
    error_text: str | None = None


@dataclass(frozen=True)
class PressResult:
    """How a press, a choice or a shortcut went."""

    acked: bool
    seconds: float = 0.0
    error: str | None = None
    error_text: str | None = None


@dataclass(frozen=True)
class SubmitResult:
    """How a submission went: closed tells whether that modal is gone from the person's eyes."""

    acked: bool
    closed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    error: str | None = None
    error_text: str | None = None
    response: Any = None


def failure_of(answer: Answer) -> str | None:
    """Names what went wrong with a delivery, as Slack names it."""
    if answer.acked:
        return None
    return "operation_timeout" if answer.reason in ("timeout", "http_timeout") else "dispatch_failed"
