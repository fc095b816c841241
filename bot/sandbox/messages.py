"""One message, as kept and as shown to apps and to the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.wire import JsonObject


@dataclass(slots=True)
class Message:
    """A message in a channel, a reply, or an ephemeral; ts is its name within the channel."""

    channel: str
    ts: str
    user: str
    text: str
    team: str
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    bot_profile: JsonObject | None = None
    username: str | None = None
    icon: JsonObject | None = None
    blocks: list[JsonObject] = field(default_factory=list)
    attachments: list[JsonObject] = field(default_factory=list)
    metadata: JsonObject | None = None
    edited: JsonObject | None = None
    deleted: bool = False
    is_ephemeral: bool = False
    seen_by: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    reply_count: int = 0
    reply_users: list[str] = field(default_factory=list)
    latest_reply: str | None = None
    is_broadcast: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[JsonObject] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        """Tells whether this is a reply in a thread (a root is not)."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def as_json(self, *, with_metadata: bool = False) -> JsonObject:
        """Returns the message as Slack's API shows it."""
        shown: JsonObject = {"type": "message"}
        if self.subtype:
            shown["subtype"] = self.subtype
        shown.update(user=self.user, text=self.text, ts=self.ts, team=self.team)
        for key in ("client_msg_id", "bot_id", "app_id", "bot_profile", "username", "edited", "thread_ts"):
            value: Any = getattr(self, key)
            if value is not None:
                shown[key] = value
        if self.icon:
            shown["icons"] = self.icon
        for key in ("blocks", "attachments", "files"):
            value = getattr(self, key)
            if value:
                shown[key] = value
        if self.reply_count:
            shown.update(
                thread_ts=self.ts,
                reply_count=self.reply_count,
                reply_users_count=len(self.reply_users),
                latest_reply=self.latest_reply,
                reply_users=list(self.reply_users),
                is_locked=False,
                subscribed=False,
            )
        if self.reactions:
            shown["reactions"] = self.reactions_json()
        if with_metadata and self.metadata is not None:
            shown["metadata"] = self.metadata
        return shown

    def reactions_json(self) -> list[JsonObject]:
        """Lists the reactions with who gave them."""
        return [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in self.reactions.items()
        ]

    def for_page(self) -> JsonObject:
        """Returns the message as the page draws it."""
        shown = self.as_json(with_metadata=True)
        shown.update(
            channel=self.channel,
            thread_ts=self.thread_ts,
            bot_id=self.bot_id,
            is_ephemeral=self.is_ephemeral,
            deleted=self.deleted,
            reply_count=self.reply_count,
            reply_users=list(self.reply_users),
            latest_reply=self.latest_reply,
            is_broadcast=self.is_broadcast,
            blocks=self.blocks,
        )
        return shown
