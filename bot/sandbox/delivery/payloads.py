"""The payloads Slack sends for what a person does: commands, clicks, shortcuts, submissions."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.messages import Message
from bot.sandbox.modals import View
from bot.sandbox.organisation import enterprise_of, installed_team, team_of
from bot.sandbox.people import Member
from bot.sandbox.seeds import WorkspaceSeed
from bot.sandbox.wire import JsonObject


class Payloads:
    """Builds payloads for one workspace."""

    def __init__(self, seed: WorkspaceSeed) -> None:
        self._seed = seed

    def command(
        self, member: Member, channel: Channel, command: str, text: str, *, trigger_id: str, response_url: str
    ) -> JsonObject:
        """Builds the form of a slash command."""
        seed = self._seed
        return {
            "token": seed.verification_token,
            # A colleague from another workspace types it in theirs.
            "team_id": member.team_id if seed.is_org_install else seed.team_id,
            "team_domain": seed.team_domain,
            **_enterprise_fields(seed),
            "channel_id": channel.id,
            "channel_name": _shown_name(channel),
            "user_id": member.id,
            "user_name": member.name,
            "command": command,
            "text": text,
            "api_app_id": seed.app_id,
            "is_enterprise_install": "true" if seed.is_org_install else "false",
            "response_url": response_url,
            "trigger_id": trigger_id,
        }

    def block_actions(
        self,
        member: Member,
        action: JsonObject,
        *,
        trigger_id: str,
        message: Message | None = None,
        channel: Channel | None = None,
        response_url: str | None = None,
        view: View | None = None,
        state: JsonObject | None = None,
    ) -> JsonObject:
        """Builds block_actions from a message or from a view; team is the installing side."""
        payload = self._common("block_actions", member)
        payload["trigger_id"] = trigger_id
        payload["actions"] = [action]
        if message is not None and channel is not None:
            payload["container"] = container_of(message)
            payload["channel"] = {"id": channel.id, "name": _shown_name(channel)}
            if not message.is_ephemeral:
                payload["message"] = message.as_json(with_metadata=True)
            payload["state"] = {"values": state or {}}
            payload["response_url"] = response_url
        if view is not None:
            payload["container"] = {"type": "view", "view_id": view.id}
            payload["view"] = self.view(view)
        return payload

    def view_submission(
        self, member: Member, view: View, *, trigger_id: str, response_urls: list[JsonObject]
    ) -> JsonObject:
        """Builds view_submission; team is the team of the person, as Slack does for outsiders."""
        payload = self._common("view_submission", member, team_id=member.team_id)
        payload.update(trigger_id=trigger_id, view=self.view(view), response_urls=response_urls)
        return payload

    def view_closed(self, member: Member, view: View, *, is_cleared: bool) -> JsonObject:
        """Builds view_closed: no trigger, nothing can follow."""
        payload = self._common("view_closed", member, team_id=member.team_id)
        payload.update(view=self.view(view), is_cleared=is_cleared)
        return payload

    def shortcut(self, member: Member, callback_id: str, *, trigger_id: str, action_ts: str) -> JsonObject:
        """Builds a global shortcut: no channel, no response_url."""
        payload = self._common("shortcut", member)
        del payload["api_app_id"]
        payload.update(callback_id=callback_id, trigger_id=trigger_id, action_ts=action_ts)
        return payload

    def message_action(
        self,
        member: Member,
        callback_id: str,
        message: Message,
        channel: Channel,
        *,
        trigger_id: str,
        action_ts: str,
        response_url: str,
    ) -> JsonObject:
        """Builds a message shortcut."""
        payload = self._common("message_action", member)
        del payload["api_app_id"]
        payload.update(
            callback_id=callback_id,
            trigger_id=trigger_id,
            action_ts=action_ts,
            channel={"id": channel.id, "name": _shown_name(channel)},
            message_ts=message.ts,
            message=message.as_json(with_metadata=True),
            response_url=response_url,
        )
        return payload

    def block_suggestion(
        self,
        member: Member,
        element: JsonObject,
        block_id: str,
        typed: str,
        *,
        view: View | None = None,
        message: Message | None = None,
    ) -> JsonObject:
        """Builds block_suggestion for a select with external data."""
        payload = self._common("block_suggestion", member)
        payload.update(action_id=element["action_id"], block_id=block_id, value=typed)
        if view is not None:
            payload["container"] = {"type": "view", "view_id": view.id}
            payload["view"] = self.view(view)
        elif message is not None:
            payload["container"] = container_of(message)
            payload["channel"] = {"id": message.channel}
            payload["message"] = message.as_json(with_metadata=True)
        return payload

    def view(self, view: View) -> JsonObject:
        """Builds the view object of payloads and of views.* answers."""
        seed, body = self._seed, view.body
        return {
            "id": view.id,
            "team_id": view.team_id,
            "type": view.type,
            "blocks": view.blocks,
            "private_metadata": view.private_metadata,
            "callback_id": view.callback_id,
            "state": {"values": {block: dict(typed) for block, typed in view.state.items()}},
            "hash": view.hash,
            "title": body.get("title"),
            "clear_on_close": bool(body.get("clear_on_close", False)),
            "notify_on_close": bool(body.get("notify_on_close", False)),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": view.previous_view_id,
            "root_view_id": view.root_view_id,
            "app_id": seed.app_id,
            "external_id": view.external_id,
            "app_installed_team_id": installed_team(seed),
            "bot_id": seed.bot_id,
        }

    def _common(self, kind: str, member: Member, *, team_id: str | None = None) -> JsonObject:
        seed = self._seed
        return {
            "type": kind,
            "user": {
                "id": member.id,
                "username": member.name,
                "name": member.name,
                "team_id": member.team_id,
            },
            "api_app_id": seed.app_id,
            "token": seed.verification_token,
            "team": team_of(seed, team_id or seed.team_id),
            "enterprise": enterprise_of(seed),
            "is_enterprise_install": seed.is_org_install,
        }


def _enterprise_fields(seed: WorkspaceSeed) -> JsonObject:
    if not seed.enterprise_id:
        return {}
    return {"enterprise_id": seed.enterprise_id, "enterprise_name": seed.enterprise_name}


def _shown_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def container_of(message: Message) -> JsonObject:
    """Says where a clicked element stands."""
    container: JsonObject = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.is_ephemeral,
    }
    if message.thread_ts and not message.is_ephemeral:
        container["thread_ts"] = message.thread_ts
    elif message.reply_count:
        container["thread_ts"] = message.ts
    return container
