"""response_url: an address the app may post to five times within half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.ids import Ids

_USES = 5
_LIFE = timedelta(minutes=30)
_KEPT = 5000


@dataclass
class ResponseUrl:
    """Where an answer goes: to this person, in this channel, in place of this message."""

    token: str
    user: str
    channel: str
    at: datetime
    message_ts: str | None = None
    is_ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0

    def refusal(self, now: datetime) -> str | None:
        """Says why it no longer works, or counts one use."""
        if now - self.at > _LIFE:
            return "expired_url"
        if self.uses >= _USES:
            return "used_url"
        self.uses += 1
        return None


class ResponseUrls:
    """Every response URL that was handed out lately."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._by_token: dict[str, ResponseUrl] = {}

    def issue(
        self,
        user: str,
        channel: str,
        now: datetime,
        *,
        message_ts: str | None = None,
        is_ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> ResponseUrl:
        """Makes a response URL."""
        url = ResponseUrl(self._ids.secret(24), user, channel, now, message_ts, is_ephemeral, thread_ts)
        self._by_token[url.token] = url
        if len(self._by_token) > _KEPT:
            del self._by_token[next(iter(self._by_token))]
        return url

    def find(self, token: str) -> ResponseUrl | None:
        """Finds a response URL, spent or not."""
        return self._by_token.get(token)
