"""A conversation: its members, its messages by ts, its threads, and what each member has not read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field

from bot.sandbox.messages import Message
from bot.sandbox.seeds import ChannelSeed
from bot.sandbox.wire import JsonObject


@dataclass
class Channel:
    """A public or private channel, or a direct message between two."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    created: int = 0
    creator: str = ""
    team_id: str = ""
    by_ts: dict[str, Message] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    mentions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    last_read: dict[str, str] = field(default_factory=dict)
    _root_ts: list[str] = field(default_factory=list)
    _replies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _ephemerals: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))

    @property
    def kind(self) -> str:
        """Returns what the page calls it: channel, private or im."""
        if self.is_im:
            return "im"
        return "private" if self.is_private else "channel"

    @property
    def messages(self) -> list[Message]:
        """Lists every message, roots and replies, oldest first."""
        return [self.by_ts[ts] for ts in sorted(self.by_ts)]

    @property
    def roots(self) -> list[Message]:
        """Lists the messages that stand in the channel itself, oldest first."""
        return [self.by_ts[ts] for ts in self._root_ts]

    @property
    def last_ts(self) -> str | None:
        """Returns the ts of the newest root."""
        return self._root_ts[-1] if self._root_ts else None

    def thread(self, ts: str) -> list[Message]:
        """Lists a root and its replies, oldest first; a lone root is a thread of one."""
        root = self.by_ts.get(ts)
        replies = [self.by_ts[reply] for reply in self._replies.get(ts, ())]
        return [root, *replies] if root else replies

    def ephemerals_of(self, user: str) -> list[Message]:
        """Lists what only this person sees here."""
        return self._ephemerals.get(user, [])

    def other_than(self, user: str) -> str | None:
        """Returns the other person of a direct message."""
        return next((member for member in sorted(self.members) if member != user), None)

    def add(self, message: Message) -> None:
        """Keeps a new message and counts it where it counts."""
        if message.is_ephemeral:
            assert message.seen_by is not None
            self._ephemerals[message.seen_by].append(message)
            return
        self.by_ts[message.ts] = message
        if message.is_reply:
            self._count_reply(message)
        if not message.is_reply or message.is_broadcast:
            insort(self._root_ts, message.ts)
        self._count_unread(message)

    def _count_reply(self, message: Message) -> None:
        assert message.thread_ts is not None
        insort(self._replies[message.thread_ts], message.ts)
        root = self.by_ts.get(message.thread_ts)
        if root is None:
            return
        root.reply_count += 1
        root.latest_reply = message.ts
        if message.user not in root.reply_users:
            root.reply_users.append(message.user)

    def _count_unread(self, message: Message) -> None:
        everyone = any(who in message.pings for who in ("channel", "here", "everyone"))
        in_channel = not message.is_reply or message.is_broadcast
        for member in self.members:
            if member == message.user:
                continue
            if in_channel:
                self.unread[member] += 1
            if self.is_im or everyone or member in message.pings:
                self.mentions[member] += 1

    def remove(self, message: Message) -> None:
        """Takes a message away; a root with replies stays as a tombstone, as in Slack."""
        message.deleted = True
        if message.reply_count:
            message.subtype, message.user, message.bot_id = "tombstone", "USLACKBOT", None
            message.text, message.blocks, message.attachments = "This message was deleted.", [], []
            message.metadata = None
            return
        del self.by_ts[message.ts]
        if message.ts in self._root_ts:
            self._root_ts.remove(message.ts)
        if message.is_reply and message.thread_ts is not None:
            self._uncount_reply(message, message.thread_ts)

    def _uncount_reply(self, message: Message, root_ts: str) -> None:
        replies = self._replies[root_ts]
        replies.remove(message.ts)
        root = self.by_ts.get(root_ts)
        if root is None:
            return
        root.reply_count -= 1
        root.latest_reply = replies[-1] if replies else None
        root.reply_users = list(dict.fromkeys(self.by_ts[ts].user for ts in replies))

    def mark_read(self, user: str, ts: str) -> None:
        """Notes how far this person has read."""
        self.last_read[user] = ts
        position = bisect_right(self._root_ts, ts)
        self.unread[user] = sum(1 for later in self._root_ts[position:] if self.by_ts[later].user != user)
        self.mentions[user] = 0

    def page_of_roots(
        self, *, oldest: str, latest: str, inclusive: bool, limit: int
    ) -> tuple[list[Message], bool]:
        """Returns up to limit newest roots between two ts, newest first, and whether older ones remain."""
        start, end = _bounds(self._root_ts, oldest, latest, inclusive=inclusive)
        first = max(start, end - limit)
        page = [self.by_ts[ts] for ts in reversed(self._root_ts[first:end])]
        return page, first > start

    def page_of_replies(
        self, root: str, *, oldest: str, latest: str, inclusive: bool, limit: int
    ) -> tuple[list[Message], bool]:
        """Returns up to limit oldest replies between two ts, oldest first, and whether newer ones remain."""
        replies = self._replies.get(root, [])
        start, end = _bounds(replies, oldest, latest, inclusive=inclusive)
        last = min(end, start + limit)
        return [self.by_ts[ts] for ts in replies[start:last]], last < end

    def as_json(self, *, bot_user: str, team_id: str, viewer_is_bot: bool = True) -> JsonObject:
        """Returns the conversation object of conversations.info."""
        if self.is_im:
            return {
                "id": self.id,
                "created": self.created,
                "is_archived": False,
                "is_im": True,
                "is_org_shared": False,
                "context_team_id": team_id,
                "user": self.other_than(bot_user) if viewer_is_bot else None,
                "is_open": True,
                "priority": 0,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "creator": self.creator,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_member": bot_user in self.members,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "context_team_id": team_id,
            "unlinked": 0,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }


def _bounds(order: list[str], oldest: str, latest: str, *, inclusive: bool) -> tuple[int, int]:
    if inclusive:
        return bisect_left(order, oldest), bisect_right(order, latest) if latest else len(order)
    return bisect_right(order, oldest), bisect_left(order, latest) if latest else len(order)


def channel_of(seed: ChannelSeed, bot_user: str, created: int) -> Channel:
    """Makes the channel a seed describes."""
    members = set(seed.members) | ({bot_user} if seed.has_bot else set())
    return Channel(
        id=seed.id,
        name=seed.name,
        topic=seed.topic,
        is_private=seed.is_private,
        is_ext_shared=seed.is_ext_shared,
        is_archived=seed.is_archived,
        members=members,
        created=created,
        creator=seed.members[0] if seed.members else "",
        team_id=seed.team_id,
    )
