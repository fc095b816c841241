"""What the outbox is asked and told from outside: places, channels that opened, how much waits, what may go."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, and_, exists, func, select, update
from sqlalchemy.orm import Session

from bot.db.asking import one_of, tell
from bot.db.deletion import delete_some
from bot.db.insertion import insert_unless_there
from bot.outbox import statements
from bot.outbox.due import Place
from bot.outbox.models import ACTIVE, Notice, NoticeState, Posting, Readership
from bot.outbox.taking import tell_claims

# How long nobody may have tidied up without anything being left behind for good.
LOOKED_BACK = timedelta(days=30)


def place_of(session: Session, *, workspace_id: str, dedupe_key: str) -> Place | None:
    """How far another notice has come, and where it stands; none if it was never announced."""
    this = {"the_workspace": workspace_id, "the_key": dedupe_key}
    row = tell(session, statements.PLACE, this).one_or_none()
    return None if row is None else Place(*row)


def private_channel(session: Session, *, workspace_id: str, person_id: str) -> str | None:
    """The private conversation with somebody, as far as it is known from what was said there before."""
    return session.scalar(
        select(Notice.channel_id)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.destination == person_id,
            Notice.state == NoticeState.SENT,
            Notice.channel_id.startswith("D"),
        )
        .limit(1)
    )


def release(session: Session, *, workspace_id: str, destination: str, now: datetime) -> None:
    """Let what was held back for a channel be tried again at once: the bot was let in."""
    held = {"the_workspace": workspace_id, "the_destination": destination, "the_now": now}
    tell(session, statements.RELEASE, held)
    tell_claims(session)


def reopen(session: Session, *, workspace_id: str, channel_id: str, now: datetime) -> None:
    """A channel is open to us (again): all that waits for it is tried at once, new and already posted."""
    release(session, workspace_id=workspace_id, destination=channel_id, now=now)
    session.execute(
        update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.destination == channel_id,
            Notice.state == NoticeState.UNCLEAR,
        )
        .values(next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Posting)
        .where(Posting.workspace_id == workspace_id, Posting.channel_id == channel_id, Posting.is_stale)
        .values(next_attempt_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )


def refresh_channel(session: Session, *, workspace_id: str, channel_id: str, now: datetime) -> None:
    """Let every message that mirrors a row in this channel be drawn anew: who can read it has changed.

    Whoever draws it, or has anything new to say there, asks Slack who they are, whatever they remember of the channel.
    """
    # What is on its way was drawn for who read it before.
    this = {"the_workspace": workspace_id, "the_destination": channel_id}
    tell(session, statements.OUTDATE_PLACE, this)
    known = {"workspace_id": workspace_id, "channel_id": channel_id}
    insert_unless_there(session, Readership, known, keys=tuple(known))
    tell(session, statements.READ_BY_OTHERS, this)
    session.execute(
        update(Posting)
        .where(Posting.workspace_id == workspace_id, Posting.channel_id == channel_id, ~Posting.is_gone)
        .values(wanted=Posting.wanted + 1, shown=0, is_stale=True, next_attempt_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    tell_claims(session)


def readerships(session: Session, *, workspace_id: str, channel_id: str) -> int:
    """How often it was heard, by any process, that who can read this channel has changed."""
    this = {"the_workspace": workspace_id, "the_destination": channel_id}
    return int(tell(session, statements.READERSHIPS, this).scalar_one())


def unsaid(session: Session) -> int:
    """How many notices and refreshes are still on their way (held ones apart)."""
    notices = session.scalar(select(func.count()).where(Notice.state.in_(ACTIVE)))
    postings = session.scalar(select(func.count()).where(Posting.is_stale))
    return int(notices or 0) + int(postings or 0)


def forget_sent(session: Session, *, before: datetime) -> int:
    """Drop some notices that were said long ago, but none whose message still stands: threads are opened by them.

    Only the last of them are looked at: those that are older were looked at before, and most of them stay for ever.
    Returns how many went.
    """
    still_stands = exists().where(
        Posting.workspace_id == Notice.workspace_id,
        Posting.channel_id == Notice.channel_id,
        Posting.ts == Notice.ts,
        ~Posting.is_gone,
    )
    is_over = one_of(Notice.state, (NoticeState.SENT, NoticeState.DEAD))
    is_due = and_(Notice.created_at < before, Notice.created_at >= before - LOOKED_BACK)
    return delete_some(session, Notice, is_over, is_due, ~still_stands)


def doubt_all(session: Session) -> int:
    """After a restore: what waits may have been said since the backup was made, so it is looked for before; how many."""
    waiting = update(Notice).where(one_of(Notice.state, (NoticeState.PENDING, NoticeState.SENDING)))
    done = session.execute(
        waiting.values(
            state=NoticeState.UNCLEAR,
            first_sent_at=func.coalesce(Notice.first_sent_at, Notice.created_at),
            lease=None,
            leased_until=None,
        ).execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount
