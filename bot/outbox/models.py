"""Notices (said once) and postings (messages that mirror a row): kinds and ids, no words and no blocks."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, InWorkspace, text_enum


class NoticeState(enum.StrEnum):
    """How far the saying of a notice has come."""

    PENDING = "pending"
    SENDING = "sending"
    # The post may or may not have arrived: look before posting again.
    UNCLEAR = "unclear"
    # It cannot be said yet, for a reason somebody can mend (the bot is not in the channel).
    HELD = "held"
    # It cannot be drawn, which is our own fault: it steps aside, so that what comes after it can be said.
    STUCK = "stuck"
    SENT = "sent"
    # It will never be said: a definite refusal, or its time is past.
    DEAD = "dead"


# What these are about to say comes first in their place: later notices wait for them.
ACTIVE = (NoticeState.PENDING, NoticeState.SENDING, NoticeState.UNCLEAR)
# What will be tried (again) when its time comes.
WAITING = (NoticeState.PENDING, NoticeState.UNCLEAR, NoticeState.HELD, NoticeState.STUCK)


# The same as a condition of an index, spelled as the statements spell it.
IS_WAITING = "state IN ('held', 'pending', 'stuck', 'unclear')"


class Notice(Base, Identified):
    """One thing that Handoff still has to say, once, in one place."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index(None, "state", "next_attempt_at"),
        Index(None, "workspace_id", "destination", "state"),
        # What waits in one workspace, however much waits in others.
        Index(
            None,
            "workspace_id",
            "next_attempt_at",
            postgresql_where=text(IS_WAITING),
            sqlite_where=text(IS_WAITING),
        ),
        Index(None, "workspace_id", "subject_id"),
        Index(None, "created_at"),
    )

    kind: Mapped[str] = mapped_column(String(32))
    # What it is about: a request, a digest run.
    subject_id: Mapped[UUID]
    facts: Mapped[dict[str, Any]]
    # A channel, or a person (who reads it in private).
    destination: Mapped[str] = mapped_column(String(32))
    # The same key is announced once, whatever repeats.
    dedupe_key: Mapped[str] = mapped_column(String(200))
    # Said in the thread of the notice with this key.
    thread_of: Mapped[str | None] = mapped_column(String(200))
    # The row changed while this was on its way: refresh it as soon as it is posted.
    is_outdated: Mapped[bool] = mapped_column(default=False)
    state: Mapped[NoticeState] = mapped_column(text_enum(NoticeState), default=NoticeState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(36))
    # When the first post left: the look-up after an unknown outcome starts there.
    first_sent_at: Mapped[datetime | None]
    channel_id: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Posting(Base, Identified):
    """A message in Slack that mirrors a row: it is refreshed until what it shows is what the row wants."""

    __tablename__ = "postings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "channel_id", "ts"),
        # Of a message that was posted twice, the first is found as quickly as the only one.
        Index(None, "workspace_id", "subject_id", "id"),
        Index(None, "is_stale", "next_attempt_at"),
        Index(
            None,
            "workspace_id",
            "next_attempt_at",
            postgresql_where=text("is_stale"),
            sqlite_where=text("is_stale = 1"),
        ),
    )

    # The kind of the notice that posted it: it is rendered the same way again.
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[UUID]
    facts: Mapped[dict[str, Any]]
    destination: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))
    wanted: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=1)
    is_stale: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(36))
    last_error: Mapped[str] = mapped_column(default="")
    # An update whose end nobody knows may land until then, over a newer one: the message is drawn once more.
    redraw_at: Mapped[datetime | None]
    # The message is gone or may no longer be edited: nothing more to do.
    is_gone: Mapped[bool] = mapped_column(default=False)


class Readership(Base, InWorkspace):
    """How often it was heard that who can read a channel has changed; a channel without a row: never.

    What a process knows of a channel is worth nothing once there is a change that it did not know of when it asked.
    """

    __tablename__ = "readerships"

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    changes: Mapped[int] = mapped_column(default=0)
