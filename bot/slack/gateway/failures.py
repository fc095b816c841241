"""Every way in which a call to Slack can fail, by what the caller may do next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.telemetry.work import RATE_LIMITED, Call

# Answers of Slack after which the call may or may not have had its effect.
_UNCLEAR = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}


class GatewayError(Exception):
    """A call to Slack that did not give what was asked."""


@dataclass
class Refused(GatewayError):
    """Slack said no, for good: the error's code, and what its messages point at."""

    method: str
    code: str
    details: str = ""

    def __str__(self) -> str:
        return f"{self.method} was refused: {self.code}" + (f" ({self.details})" if self.details else "")


@dataclass
class RateLimited(GatewayError):
    """Slack said: later, in so many seconds."""

    method: str
    retry_after: float

    def __str__(self) -> str:
        return f"{self.method} has to wait {self.retry_after:g} s"


@dataclass
class NotSent(GatewayError):
    """The call never reached Slack: it may be made again."""

    method: str
    cause: str

    def __str__(self) -> str:
        return f"{self.method} did not reach Slack: {self.cause}"


@dataclass
class Unclear(GatewayError):
    """The call may have reached Slack and may have had its effect: look before making it again.

    With `may_come_late` nobody broke it off but we, or who stands before Slack: it may still be at work on it.
    """

    method: str
    cause: str
    may_come_late: bool = False

    def __str__(self) -> str:
        return f"{self.method} got no clear answer: {self.cause}"


@dataclass
class Broken(Unclear):
    """The connection broke under the call: perhaps it had been closed long before, while nobody used it."""


_OUTCOMES: dict[type[GatewayError], str] = {
    Refused: "refused",
    RateLimited: RATE_LIMITED,
    NotSent: "not_sent",
    Unclear: "unclear",
    Broken: "unclear",
}


@asynccontextmanager
async def named(method: str) -> AsyncIterator[None]:
    """Give every way in which a call can fail its name; the call is counted, timed and traced."""
    with Call(method) as call:
        try:
            async with _named(method):
                yield
        except GatewayError as error:
            call.outcome = _OUTCOMES[type(error)]
            raise


@asynccontextmanager
async def _named(method: str) -> AsyncIterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise read_failure(method, error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        # No connection was made, so nothing was sent over it.
        raise NotSent(method, repr(error)) from error
    except TimeoutError as error:
        raise Unclear(method, repr(error), may_come_late=True) from error
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError) as error:
        raise Broken(method, repr(error)) from error
    except (aiohttp.ClientError, SlackClientError, ValueError, AttributeError) as error:
        # slack_sdk trips over a body that is no object (AttributeError); Slack had the call by then.
        raise Unclear(method, repr(error)) from error


def read_failure(method: str, error: SlackApiError) -> GatewayError:
    """What Slack (or whatever stands before it) meant by its answer."""
    # slack_sdk's own response, or aiohttp's when the body was no JSON: they call the status differently.
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 200
    data = getattr(response, "data", response)
    headers = getattr(response, "headers", None) or {}
    return failure_of(method, status, data if isinstance(data, Mapping) else {}, headers)


def failure_of(method: str, status: int, data: Mapping[str, Any], headers: Mapping[str, Any]) -> GatewayError:
    """What an answer means that is no yes; `data` is empty where its body was no JSON object."""
    code = data.get("error")
    if status == 429 or code in _LIMITED:
        return RateLimited(method, retry_after(headers))
    if status >= 500 or not isinstance(code, str) or code in _UNCLEAR:
        # Whoever stands before Slack did not wait for its answer, and broke nothing off.
        return Unclear(
            method, f"http {status} {code or ''}".strip(), may_come_late=status == HTTPStatus.GATEWAY_TIMEOUT
        )
    messages = (data.get("response_metadata") or {}).get("messages") or ()
    return Refused(method, code, "; ".join(str(message) for message in messages))


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds to wait that an answer names; one where it names none."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return max(0.0, float(value))
            except (TypeError, ValueError):
                break
    return 1.0
