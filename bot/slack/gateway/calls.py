"""The calls Handoff makes, each with its arguments and its time limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot.people.service import PersonFacts
from bot.slack.gateway.failures import Broken, RateLimited, Refused, named, retry_after
from bot.slack.gateway.limits import TimeLimits
from bot.slack.gateway.lines import DEAD, Connection, Line, Tenant
from bot.slack.gateway.readings import (
    METADATA_TYPE,
    ChannelFacts,
    HistoryPage,
    Posted,
    SaidThere,
    home_of,
    next_cursor,
    read_channel,
    read_history,
    read_message,
    read_person,
    read_undisturbed,
    read_view_hash,
)
from bot.slack.message import Home, Message, Modal
from bot.workspaces.service import WorkspaceFacts

LIST_PAGE = 100
HISTORY_PAGE = 100
# A clock that is a little wrong must not hide a message.
CLOCKS_DIFFER_BY_SECONDS = 120
# Said of a trigger that has opened its view already.
_SPENT = {"exchanged_trigger_id", "trigger_exchanged"}

# Makes the call anew each time, over the connection it is given.
Call = Callable[[Connection], Awaitable[Any]]


class Gateway:
    """Slack's Web API for one tenant, over one shared HTTP session; its line knows the token.

    Every method raises `GatewayError`: `Refused`, `RateLimited`, `NotSent` or `Unclear`.
    """

    def __init__(self, line: Line, *, time_limits: TimeLimits | None = None) -> None:
        self._line = line
        self.time_limits = time_limits or TimeLimits()

    # ---- messages

    async def post(
        self, channel: str, message: Message, *, key: str | None = None, thread_ts: str | None = None
    ) -> Posted:
        """Post to a channel, or to a person in private; `key` goes along as metadata, to be found again."""
        metadata = {"event_type": METADATA_TYPE, "event_payload": {"key": key}} if key else None
        answer = await self._once(
            "chat.postMessage",
            lambda to: to.wire.call(
                "chat.postMessage",
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
            lambda to: to.wire.call(
                "chat.update", channel=channel_id, ts=ts, text=message.text, blocks=list(message.blocks)
            ),
        )

    async def whisper(
        self, channel: str, person: str, message: Message, *, thread_ts: str | None = None
    ) -> None:
        """Show one person a message in a channel that nobody else sees."""
        await self._once(
            "chat.postEphemeral",
            lambda to: to.wire.call(
                "chat.postEphemeral",
                channel=channel,
                user=person,
                text=message.text,
                blocks=list(message.blocks) or None,
                thread_ts=thread_ts,
            ),
        )

    async def answer(self, response_url: str, message: Message | None, *, in_place: bool = False) -> None:
        """Answer through a response URL, to the person alone, beside the message that was pressed or `in_place` of it.

        Without a message, take the ephemeral one away.
        """
        body: dict[str, Any] = {"delete_original": True}
        if message is not None:
            body = {"response_type": "ephemeral", "replace_original": in_place, "text": message.text}
            body |= {"blocks": list(message.blocks)} if message.blocks else {}
        session = (await self._line.connection()).client.session
        assert session is not None, "the gateway's client is given a shared session"
        async with (
            named("response_url"),
            asyncio.timeout(self.time_limits.call),
            session.post(response_url, json=body) as response,
        ):
            if response.status == 429:
                raise RateLimited("response_url", retry_after(response.headers))
            if response.status >= 400:
                raise Refused("response_url", f"http_{response.status}")

    # ---- views

    async def open(self, trigger_id: str, modal: Modal) -> str:
        """Open a modal while the trigger lives; returns the view's id, empty where only Slack knows it.

        When the connection breaks under the call it is made again at once: a trigger opens one view, so at worst
        the second call hears that the first one did.
        """
        time = asyncio.get_running_loop().time
        until = time() + self.time_limits.view
        try:
            answer = await self._open(trigger_id, modal, seconds=self.time_limits.view)
        except Broken:
            try:
                answer = await self._open(trigger_id, modal, seconds=max(0.0, until - time()))
            except Refused as refused:
                if refused.code not in _SPENT:
                    raise
                return ""
        return str((answer.get("view") or {}).get("id") or "")

    async def push(self, trigger_id: str, modal: Modal) -> None:
        """Put a modal on top of the one that the trigger came from."""
        await self._call(
            "views.push",
            lambda to: to.wire.call("views.push", trigger_id=trigger_id, view=modal.payload()),
            seconds=self.time_limits.view,
        )

    async def redraw(self, view_id: str, modal: Modal, *, view_hash: str | None = None) -> None:
        """Draw an open modal anew; with `view_hash` only if nobody did since."""
        await self._call(
            "views.update",
            lambda to: to.wire.call("views.update", view_id=view_id, hash=view_hash, view=modal.payload()),
            seconds=self.time_limits.view,
        )

    async def publish(self, person: str, home: Home, *, view_hash: str | None = None) -> str:
        """Draw somebody's Home; with `view_hash` only if nobody did since. Slack's name for what stands there now."""
        answer = await self._call(
            "views.publish",
            lambda to: to.wire.call("views.publish", user_id=person, hash=view_hash, view=home.payload()),
        )
        return read_view_hash(answer)

    # ---- who and where

    async def identify(self) -> WorkspaceFacts:
        """Which workspace the token belongs to, and who the bot is there (`auth.test`)."""
        answer = await self._call("auth.test", lambda to: to.client.auth_test())
        team = answer.get("enterprise_id") if answer.get("is_enterprise_install") else answer.get("team_id")
        return WorkspaceFacts(
            id=str(team or ""),
            name=str(answer.get("team") or team or ""),
            bot_user_id=str(answer.get("user_id") or ""),
            bot_id=str(answer.get("bot_id") or ""),
            enterprise_id=str(answer.get("enterprise_id") or ""),
        )

    async def tenant(self) -> Tenant:
        """Whose people are ours here."""
        return (await self._line.connection()).tenant

    async def person(self, person_id: str) -> PersonFacts:
        """Who somebody is (`users.info`); people of other companies and guests are external."""
        return read_person(await self._user(person_id), await self.tenant())

    async def person_by_email(self, email: str) -> PersonFacts:
        """Who has this address."""
        answer = await self._call(
            "users.lookupByEmail", lambda to: to.client.users_lookupByEmail(email=email)
        )
        return read_person(answer.get("user") or {}, await self.tenant())

    async def undisturbed_until(self, person_id: str, *, now: datetime) -> datetime | None:
        """When somebody's do-not-disturb of now is over (`dnd.info`, an optional scope); none outside of it."""
        is_org = (await self.tenant()).is_org
        # Under the token of an organisation Slack wants to know in which of its workspaces.
        team_id = home_of(await self._user(person_id)) if is_org else None
        answer = await self._call("dnd.info", lambda to: to.client.dnd_info(user=person_id, team_id=team_id))
        return read_undisturbed(answer, now)

    async def channel(self, channel_id: str) -> ChannelFacts:
        """What a channel is: shared with another company, archived, with us in it."""
        answer = await self._call(
            "conversations.info", lambda to: to.client.conversations_info(channel=channel_id)
        )
        return read_channel(answer.get("channel") or {}, channel_id)

    async def channels(self) -> AsyncIterator[ChannelFacts]:
        """Every channel the bot may know of, a page at a time; of an organisation, those of each workspace."""
        for team_id in await self._teams():
            cursor = ""
            while True:
                answer = await self._channels_from(cursor, team_id)
                for channel in answer.get("channels") or ():
                    yield read_channel(channel, str(channel.get("id") or ""))
                cursor = next_cursor(answer)
                if not cursor:
                    break

    async def private_channel(self, person_id: str) -> str:
        """The id of the private conversation with somebody (`conversations.open`, an optional scope)."""
        answer = await self._call(
            "conversations.open", lambda to: to.client.conversations_open(users=person_id)
        )
        return str((answer.get("channel") or {}).get("id") or "")

    async def look_back(
        self,
        channel_id: str,
        key: str,
        *,
        since: datetime,
        thread_ts: str | None = None,
        cursor: str = "",
    ) -> HistoryPage:
        """One page of what was said here (or in a thread), searched for the message posted with `key`.

        A channel is read from its end, back to `since` then; the newest page always, since our clock may be ahead of
        Slack's. A thread is read whole. Needs an optional history scope: `Refused` with `missing_scope` where it was
        not given. An unlisted app gets one page of 15 messages a minute, so the page's cursor is worth keeping.
        """
        window: dict[str, Any] = {
            "channel": channel_id,
            "limit": HISTORY_PAGE,
            "include_all_metadata": True,
        } | ({"cursor": cursor} if cursor else {})
        if thread_ts is None:
            answer = await self._call(
                "conversations.history", lambda to: to.client.conversations_history(**window)
            )
            return read_history(answer, channel_id, key, since=since.timestamp() - CLOCKS_DIFFER_BY_SECONDS)
        answer = await self._call(
            "conversations.replies", lambda to: to.client.conversations_replies(ts=thread_ts, **window)
        )
        return read_history(answer, channel_id, key)

    async def message_at(self, channel_id: str, ts: str) -> SaidThere | None:
        """What stands there, and who wrote it; nothing where the message is gone.

        Needs an optional history scope: `Refused` with `missing_scope` where it was not given.
        """
        answer = await self._call(
            "conversations.replies",
            lambda to: to.client.conversations_replies(channel=channel_id, ts=ts, limit=1, inclusive=True),
        )
        return read_message(answer, ts)

    # ---- steps of workflows

    async def complete_step(self, execution_id: str, outputs: Mapping[str, str], *, token: str) -> None:
        """Say that a step of a workflow went well; saying it twice changes nothing."""
        await self._end_step(
            "functions.completeSuccess",
            lambda to: to.client.functions_completeSuccess(
                function_execution_id=execution_id, outputs=dict(outputs), **_with_token(token)
            ),
        )

    async def fail_step(self, execution_id: str, sentence: str, *, token: str) -> None:
        """Say why a step of a workflow could not do its work."""
        await self._end_step(
            "functions.completeError",
            lambda to: to.client.functions_completeError(
                function_execution_id=execution_id, error=sentence, **_with_token(token)
            ),
        )

    async def _end_step(self, method: str, call: Call) -> None:
        try:
            await self._call(method, call)
        except Refused as refused:
            if refused.code != "execution_not_in_running_state":
                raise

    # ---- how a call is made

    async def _open(self, trigger_id: str, modal: Modal, *, seconds: float) -> Mapping[str, Any]:
        return await self._once(
            "views.open",
            lambda to: to.wire.call("views.open", trigger_id=trigger_id, view=modal.payload()),
            seconds=seconds,
        )

    async def _user(self, person_id: str) -> Mapping[str, Any]:
        answer = await self._call("users.info", lambda to: to.client.users_info(user=person_id))
        user = answer.get("user")
        return user if isinstance(user, dict) else {}

    async def _teams(self) -> list[str]:
        """The workspaces that this token reaches."""
        tenant = await self.tenant()
        if not tenant.is_org:
            return [tenant.id]
        found, cursor = [], ""
        while True:
            answer = await self._teams_from(cursor)
            found += [str(team["id"]) for team in answer.get("teams") or ()]
            cursor = next_cursor(answer)
            if not cursor:
                return found

    async def _teams_from(self, cursor: str) -> Mapping[str, Any]:
        return await self._call(
            "auth.teams.list", lambda to: to.client.auth_teams_list(limit=LIST_PAGE, cursor=cursor)
        )

    async def _channels_from(self, cursor: str, team_id: str) -> Mapping[str, Any]:
        return await self._call(
            "conversations.list",
            lambda to: to.client.conversations_list(
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=LIST_PAGE,
                cursor=cursor,
                team_id=team_id,
            ),
        )

    async def _call(self, method: str, call: Call, *, seconds: float | None = None) -> Mapping[str, Any]:
        """Make a call that may be made twice: a connection that broke (closed while idle, most likely) is replaced."""
        try:
            return await self._once(method, call, seconds=seconds)
        except Broken:
            return await self._once(method, call, seconds=seconds)

    async def _once(self, method: str, call: Call, *, seconds: float | None = None) -> Mapping[str, Any]:
        connection = await self._line.connection()
        try:
            limit = self.time_limits.call if seconds is None else seconds
            async with named(method), asyncio.timeout(limit):
                answer = await call(connection)
        except Refused as refused:
            # The step of a workflow has a token of its own, which may die for itself.
            if refused.code in DEAD and not method.startswith("functions."):
                await self._line.is_dead(connection, refused.code)
            raise
        data = answer if isinstance(answer, dict) else answer.data
        return data if isinstance(data, dict) else {}


def _with_token(token: str) -> dict[str, str]:
    # A step comes with a token of its own; without one, ours does.
    return {"token": token} if token else {}
