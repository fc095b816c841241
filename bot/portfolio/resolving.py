"""Finds the people and channels that a file names by e-mail, name or id."""

from __future__ import annotations

import re
from typing import Protocol

from sqlalchemy.orm import Session

from bot.people import repository as people

PERSON_ID = re.compile(r"[UW][A-Z0-9_]{2,31}")
CHANNEL_ID = re.compile(r"[CG][A-Z0-9_]{2,31}")


class Resolver(Protocol):
    """Whoever knows which person or channel a word in a file means."""

    def person(self, token: str) -> str | None:
        """A person's Slack id from an id or an e-mail; nothing where nobody is meant."""
        ...

    def channel(self, token: str) -> str | None:
        """A channel's id from an id or a name; nothing where none is meant."""
        ...


class KnownPeople:
    """Resolves without asking Slack: ids as they are, e-mails among the people Handoff knows, no channel names."""

    def __init__(self, session: Session, *, workspace_id: str) -> None:
        self._by_email = people.ids_by_email(session, workspace_id=workspace_id)

    def person(self, token: str) -> str | None:
        """A person's Slack id from an id or the e-mail of somebody known."""
        return token if is_person_id(token) else self._by_email.get(token.lower())

    def channel(self, token: str) -> str | None:
        """A channel's id from an id."""
        return token if is_channel_id(token) else None


def is_person_id(token: str) -> bool:
    """Whether this is written like a Slack user id."""
    return PERSON_ID.fullmatch(token) is not None


def is_channel_id(token: str) -> bool:
    """Whether this is written like a channel id; channel names have no capitals."""
    return CHANNEL_ID.fullmatch(token) is not None
