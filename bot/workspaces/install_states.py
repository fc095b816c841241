"""Installations under way: begun in one browser, finished there, once, within ten minutes."""

from __future__ import annotations

import enum
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db.insertion import insert_row
from bot.workspaces.installation_models import InstallState

LIVES = timedelta(minutes=10)


@dataclass(frozen=True)
class Begun:
    """What goes with the browser to Slack and back (`state`), and what stays in it (`browser`)."""

    state: str
    browser: str


class Return(enum.StrEnum):
    """What somebody who comes back from Slack is."""

    WELCOME = "welcome"
    # Unknown, used already, or too old: all one to us.
    EXPIRED = "expired"
    OTHER_BROWSER = "other browser"


def begin(session: Session, now: datetime) -> Begun:
    """Somebody sets out for Slack."""
    begun = Begun(state=secrets.token_urlsafe(32), browser=secrets.token_urlsafe(32))
    insert_row(
        session,
        InstallState,
        {
            "state_hash": _hash(begun.state),
            "browser_hash": _hash(begun.browser),
            "expires_at": now + LIVES,
        },
    )
    return begun


def come_back(session: Session, *, state: str, browser: str, now: datetime) -> Return:
    """Somebody comes back; whatever they are, this state is used up."""
    found = session.execute(
        delete(InstallState)
        .where(InstallState.state_hash == _hash(state))
        .returning(InstallState.browser_hash, InstallState.expires_at)
    ).one_or_none()
    if found is None or found.expires_at <= now:
        return Return.EXPIRED
    if not secrets.compare_digest(found.browser_hash, _hash(browser)):
        return Return.OTHER_BROWSER
    return Return.WELCOME


def forget_old(session: Session, now: datetime) -> int:
    """Drop what nobody can finish any more; how many there were."""
    old = delete(InstallState).where(InstallState.expires_at <= now).returning(InstallState.state_hash)
    return len(session.execute(old).all())


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
