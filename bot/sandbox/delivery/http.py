"""Delivery over HTTP: signed posts to the app's request URL, answered within three seconds."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery.answers import ACK_SECONDS, Answer
from bot.sandbox.delivery.awake import awake_limit
from bot.sandbox.delivery.transport import Kind
from bot.sandbox.wire import JsonObject, dumps, loads

_USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
_REDIRECTS = 2
# How long it may take is for `awake_limit` to say.
_NONE = aiohttp.ClientTimeout(total=None)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Returns the value of X-Slack-Signature for a body sent at a timestamp."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Posts to the request URL. Slack stamps requests with the real time, and so does this."""

    def __init__(self, request_url: str, signing_secret: str, report: Callable[[str, str], None]) -> None:
        self.request_url = request_url
        self._secret = signing_secret
        self._report = report
        self._session: aiohttp.ClientSession | None = None
        self.ack_seconds = ACK_SECONDS
        self.signing_time: Callable[[], float] = time.time

    @property
    def is_connected(self) -> bool:
        """Tells whether there is an address to post to."""
        return bool(self.request_url)

    async def send(
        self, kind: Kind, payload: JsonObject, *, retry: int = 0, retry_reason: str = ""
    ) -> Answer:
        """Posts one payload as Slack encodes its kind, and reads the answer."""
        body, content_type = _encoded(kind, payload)
        headers = {"Content-Type": content_type, **self._signature(body)}
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry)
            headers["X-Slack-Retry-Reason"] = retry_reason
        answer = await self._post(body, headers)
        if not answer.acked and answer.reason == "http_timeout":
            self._report("no_ack", f"No answer within {self.ack_seconds:g} s to a request of type {kind}.")
        return answer

    async def verify_url(self, challenge: str, token: str) -> bool:
        """Sends url_verification as Slack does when the URL is saved; true if the app echoes the challenge."""
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        answer = await self.send("events_api", payload)
        body = answer.body
        echoed = body.get("challenge") if isinstance(body, dict) else body
        return answer.acked and echoed == challenge

    def _signature(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.signing_time()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
            "User-Agent": _USER_AGENT,
            "Accept": "application/json,*/*",
        }

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with (
                awake_limit(self.ack_seconds),
                self._session.post(
                    self.request_url, data=body, headers=headers, timeout=_NONE, max_redirects=_REDIRECTS
                ) as response,
            ):
                text = await response.text()
                return _answer(response, text, loop.time() - start)
        except TimeoutError:
            reason = "http_timeout"
        except aiohttp.TooManyRedirects:
            reason = "too_many_redirects"
        except aiohttp.ClientSSLError:
            reason = "ssl_error"
        except aiohttp.ClientConnectionError:
            reason = "connection_failed"
        except aiohttp.ClientError:
            reason = "unknown_error"
        return Answer(False, reason=reason, seconds=loop.time() - start)

    async def close(self) -> None:
        """Closes the connections to the app."""
        if self._session is not None:
            await self._session.close()


def _encoded(kind: Kind, payload: JsonObject) -> tuple[bytes, str]:
    if kind == "events_api":
        return dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _answer(response: aiohttp.ClientResponse, text: str, seconds: float) -> Answer:
    no_retry = response.headers.get("x-slack-no-retry") == "1"
    if not 200 <= response.status < 300:
        return Answer(False, None, "http_error", seconds, no_retry, response.status)
    body: object = text
    if response.content_type == "application/json" and text:
        try:
            body = loads(text)
        except ValueError:
            return Answer(False, text, "http_error", seconds, no_retry, response.status)
    return Answer(True, body or None, "", seconds, no_retry, response.status)
