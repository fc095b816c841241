"""The only caller of Slack's Web API: every call has a time limit, every answer is narrowed, every failure named."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people.service import PersonFacts
from bot.slack.message import Home, Message, Modal
from bot.workspaces.service import WorkspaceFacts

log = logging.getLogger(__name__)

# A trigger lives three seconds; what takes longer than this is not shown any more.
VIEW_SECONDS = 2.5
CALL_SECONDS = 10.0
METADATA_TYPE = "handoff_notice"
HISTORY_PAGE = 100
# Answers of Slack after which the call may or may not have had its effect.
_UNCLEAR = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


class GatewayError(Exception):
    """A call to Slack that did not give what was asked."""


@dataclass
class Refused(GatewayError):
    """Slack said no, for good: the error's code, and what its messages point at."""

    method: str
    code: str
    details: str = ""


@dataclass
class RateLimited(GatewayError):
    """Slack said: later, in so many seconds."""

    method: str
    retry_after: float


@dataclass
class NotSent(GatewayError):
    """The call never reached Slack: it may be made again."""

    method: str
    cause: str


@dataclass
class Unclear(GatewayError):
    """The call may have reached Slack and may have had its effect: look before making it again."""

    method: str
    cause: str


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class ChannelFacts:
    """What Slack says of a channel."""

    id: str
    name: str
    is_external: bool
    is_member: bool
    is_archived: bool


class Gateway:
    """Slack's Web API for one bot token, over one shared HTTP session."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def identify(self) -> WorkspaceFacts:
        """Which workspace the token belongs to, and who the bot is there (`auth.test`)."""
        answer = await self._call("auth.test", self._client.auth_test())
        team = answer.get("enterprise_id") if answer.get("is_enterprise_install") else answer.get("team_id")
        return WorkspaceFacts(
            id=str(team or ""),
            name=str(answer.get("team") or team or ""),
            bot_user_id=str(answer.get("user_id") or ""),
            bot_id=str(answer.get("bot_id") or ""),
        )

    async def post(
        self, channel: str, message: Message, *, key: str | None = None, thread_ts: str | None = None
    ) -> Posted:
        """Post to a channel, or to a person in private; `key` goes along as metadata, to be found again."""
        metadata = {"event_type": METADATA_TYPE, "event_payload": {"key": key}} if key else None
        answer = await self._call(
            "chat.postMessage",
            self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=list(message.blocks) or None,
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return Posted(channel_id=str(answer.get("channel") or channel), ts=str(answer.get("ts") or ""))

    async def update(self, channel_id: str, ts: str, message: Message) -> None:
        """Draw a posted message anew."""
        await self._call(
            "chat.update",
            self._client.chat_update(
                channel=channel_id, ts=ts, text=message.text, blocks=list(message.blocks)
            ),
        )

    async def whisper(
        self, channel: str, person: str, message: Message, *, thread_ts: str | None = None
    ) -> None:
        """Show one person a message in a channel that nobody else sees."""
        await self._call(
            "chat.postEphemeral",
            self._client.chat_postEphemeral(
                channel=channel,
                user=person,
                text=message.text,
                blocks=list(message.blocks) or None,
                thread_ts=thread_ts,
            ),
        )

    async def open(self, trigger_id: str, modal: Modal) -> str:
        """Open a modal while the trigger lives; returns the view's id."""
        answer = await self._call(
            "views.open",
            self._client.views_open(trigger_id=trigger_id, view=modal.payload()),
            seconds=VIEW_SECONDS,
        )
        return str((answer.get("view") or {}).get("id") or "")

    async def redraw(self, view_id: str, modal: Modal, *, view_hash: str | None = None) -> None:
        """Draw an open modal anew; with `view_hash` only if nobody did since."""
        await self._call(
            "views.update",
            self._client.views_update(view_id=view_id, hash=view_hash, view=modal.payload()),
            seconds=VIEW_SECONDS,
        )

    async def publish(self, person: str, home: Home) -> None:
        """Draw somebody's Home."""
        await self._call("views.publish", self._client.views_publish(user_id=person, view=home.payload()))

    async def person(self, person_id: str, *, home_team: str) -> PersonFacts:
        """Who somebody is (`users.info`); people of other companies and guests are external."""
        answer = await self._call("users.info", self._client.users_info(user=person_id))
        return read_person(answer.get("user") or {}, home_team=home_team)

    async def person_by_email(self, email: str, *, home_team: str) -> PersonFacts:
        """Who has this address."""
        answer = await self._call("users.lookupByEmail", self._client.users_lookupByEmail(email=email))
        return read_person(answer.get("user") or {}, home_team=home_team)

    async def channel(self, channel_id: str) -> ChannelFacts:
        """What a channel is: shared with another company, archived, with us in it."""
        answer = await self._call("conversations.info", self._client.conversations_info(channel=channel_id))
        return _read_channel(answer.get("channel") or {}, channel_id)

    async def channels(self, *, team_id: str) -> AsyncIterator[ChannelFacts]:
        """Every channel the bot may know of, a page at a time."""
        cursor = ""
        while True:
            answer = await self._call(
                "conversations.list",
                self._client.conversations_list(
                    types="public_channel,private_channel",
                    exclude_archived=True,
                    limit=HISTORY_PAGE,
                    cursor=cursor,
                    team_id=team_id,
                ),
            )
            for channel in answer.get("channels") or ():
                yield _read_channel(channel, str(channel.get("id") or ""))
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def find(
        self, channel_id: str, key: str, *, oldest: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        """The message that carries `key` in its metadata, posted since `oldest`; none if there is none.

        Needs an optional history scope: `Refused` with `missing_scope` where it was not given.
        """
        cursor = ""
        while True:
            # A clock that is a little wrong must not hide the message.
            since = f"{oldest.timestamp() - 120:.6f}"
            if thread_ts is None:
                call = self._client.conversations_history(
                    channel=channel_id,
                    oldest=since,
                    limit=HISTORY_PAGE,
                    cursor=cursor,
                    include_all_metadata=True,
                )
                answer = await self._call("conversations.history", call)
            else:
                call = self._client.conversations_replies(
                    channel=channel_id,
                    ts=thread_ts,
                    oldest=since,
                    limit=HISTORY_PAGE,
                    cursor=cursor,
                    include_all_metadata=True,
                )
                answer = await self._call("conversations.replies", call)
            for message in answer.get("messages") or ():
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == key:
                    return Posted(channel_id=channel_id, ts=str(message["ts"]))
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None

    async def private_channel(self, person_id: str) -> str:
        """The id of the private conversation with somebody (`conversations.open`, an optional scope)."""
        answer = await self._call("conversations.open", self._client.conversations_open(users=person_id))
        return str((answer.get("channel") or {}).get("id") or "")

    async def answer(self, response_url: str, message: Message | None) -> None:
        """Answer through a response URL, to the person alone; without a message, take the ephemeral one away."""
        body: dict[str, Any] = (
            {"delete_original": True}
            if message is None
            else {
                "response_type": "ephemeral",
                "replace_original": False,
                "text": message.text,
                **({"blocks": list(message.blocks)} if message.blocks else {}),
            }
        )
        session = self._client.session
        assert session is not None, "the gateway's client is given a shared session"
        async with (
            _named("response_url"),
            asyncio.timeout(CALL_SECONDS),
            session.post(response_url, json=body) as response,
        ):
            if response.status == 429:
                raise RateLimited("response_url", _seconds(response.headers))
            if response.status >= 400:
                raise Refused("response_url", f"http_{response.status}")

    async def _call(
        self, method: str, call: Awaitable[Any], *, seconds: float = CALL_SECONDS
    ) -> Mapping[str, Any]:
        async with _named(method), asyncio.timeout(seconds):
            answer = await call
        data = answer.data
        return data if isinstance(data, dict) else {}


@asynccontextmanager
async def _named(method: str) -> AsyncIterator[None]:
    """Give every way in which a call can fail its name."""
    try:
        yield
    except SlackApiError as error:
        raise _read_failure(method, error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError) as error:
        raise NotSent(method, repr(error)) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as error:
        raise Unclear(method, repr(error)) from error


def _read_failure(method: str, error: SlackApiError) -> GatewayError:
    response = error.response
    status = getattr(response, "status_code", 200)
    headers = getattr(response, "headers", {}) or {}
    data = getattr(response, "data", response)
    data = data if isinstance(data, Mapping) else {}
    code = data.get("error")
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return RateLimited(method, _seconds(headers))
    if status >= 500 or not isinstance(code, str) or code in _UNCLEAR:
        return Unclear(method, f"http {status} {code or ''}".strip())
    details = (data.get("response_metadata") or {}).get("messages") or ()
    return Refused(method, code, "; ".join(str(detail) for detail in details))


def _seconds(headers: Mapping[str, Any]) -> float:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return max(0.0, float(value))
            except (TypeError, ValueError):
                break
    return 1.0


def read_person(user: Mapping[str, Any], *, home_team: str) -> PersonFacts:
    """A user object as Slack gives it in answers and events."""
    profile = user.get("profile") or {}
    team = user.get("team_id")
    is_ours = team in {None, "", home_team} or bool(user.get("enterprise_user"))
    return PersonFacts(
        id=str(user.get("id") or ""),
        name=str(
            profile.get("display_name")
            or profile.get("real_name")
            or user.get("real_name")
            or user.get("name")
            or ""
        ),
        zone=str(user.get("tz") or "UTC"),
        email=str(profile.get("email") or ""),
        is_external=bool(
            user.get("is_stranger") or user.get("is_restricted") or user.get("is_ultra_restricted")
        )
        or not is_ours,
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_active=not user.get("deleted"),
    )


def _read_channel(channel: Mapping[str, Any], channel_id: str) -> ChannelFacts:
    return ChannelFacts(
        id=channel_id,
        name=str(channel.get("name") or ""),
        is_external=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
        is_member=bool(channel.get("is_member", True)),
        is_archived=bool(channel.get("is_archived")),
    )
