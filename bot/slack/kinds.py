"""What a kind of notice is: how it is drawn, and what is the lesser evil when nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from bot.outbox.due import DueNotice
from bot.slack.gateway import Gateway
from bot.slack.message import Message


@dataclass(frozen=True)
class Audience:
    """Who can read it where it is posted, and when it is drawn."""

    is_external: bool
    now: datetime


@dataclass(frozen=True)
class Loaded:
    """Which row is to be drawn, for which place."""

    workspace_id: str
    subject_id: UUID
    facts: Mapping[str, Any]
    destination: str


class Draw(Protocol):
    """Loads a row and draws it; nothing when there is nothing to say (any more)."""

    def __call__(self, session: Session, loaded: Loaded, audience: Audience, /) -> Message | None: ...


class ShutOut(Protocol):
    """What follows when Slack does not let the bot into a channel; `code` is Slack's word for why."""

    def __call__(self, session: Session, *, notice: DueNotice, code: str, now: datetime) -> None: ...


class AfterExternal(Protocol):
    """What follows when only the safe edition could be shown."""

    def __call__(self, session: Session, *, workspace_id: str, subject_id: UUID, now: datetime) -> None: ...


class Call(Protocol):
    """Says it to Slack otherwise than by a post; said twice, it changes nothing."""

    def __call__(self, slack: Gateway, facts: Mapping[str, Any], message: Message, /) -> Awaitable[None]: ...


@dataclass(frozen=True)
class Kind:
    """One kind of notice."""

    draw: Draw
    # It is no message: this is told to Slack, and nobody reads it in a place.
    call: Call | None = None
    # The message follows its row for as long as it stands.
    mirrors: bool = False
    # What else follows the same row links to this message: it is drawn anew once there is one, or none any more.
    is_linked_to: bool = False
    # When nobody can tell whether it arrived: say it again (true), or let it be (false).
    rather_twice: bool = True
    # It is the message of a digest itself (not its details): counted apart.
    is_digest: bool = False
    when_shut_out: ShutOut | None = None
    after_external: AfterExternal | None = None
