"""A call to Slack with a JSON body, straight over the shared HTTP session.

slack_sdk makes up each request anew (address, headers, log lines, the answer's object), which is as much work again as
the call itself; the calls that stand between a press and what it shows go without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gateway.failures import failure_of
from bot.slack.gateway.turnstile import Turnstile

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Wire:
    """Slack's methods that take JSON, under the token, address and proxy of a client."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._turnstile = Turnstile()
        self._options: dict[str, Any] = {"proxy": client.proxy}
        if client.ssl is not None:
            self._options["ssl"] = client.ssl
        self._headers = {
            **client.headers,
            "Authorization": f"Bearer {client.token}",
            "Content-Type": "application/json; charset=utf-8",
        }

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Make one call, without the arguments that are none; returns what Slack answers.

        Raises `GatewayError` for every answer but a yes, and aiohttp's errors where there is none.
        """
        session = self._client.session
        assert session is not None, "the gateway's client is given a shared session"
        await self._turnstile.through()
        body = _encode({name: value for name, value in arguments.items() if value is not None})
        async with session.post(
            f"{self._client.base_url}{method}", data=body.encode(), headers=self._headers, **self._options
        ) as response:
            content = await response.read()
        data = _decoded(content)
        if response.status == 200 and data.get("ok"):
            return data
        raise failure_of(method, response.status, data, response.headers)


def _decoded(content: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(content)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
