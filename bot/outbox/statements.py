"""The statements that run at every decision and every delivery, built once.

Putting a statement together costs several times as much as running it, and these stand between a press and the card
that changes. Parameters begin with `the_`, so that none is taken for a column.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    Update,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)

from bot.db.asking import one_of
from bot.db.base import UtcDateTime
from bot.outbox.models import ACTIVE, WAITING, Notice, NoticeState, Posting, Readership


def _table(of: FromClause) -> Table:
    assert isinstance(of, Table)
    return of


_notices, _postings = _table(Notice.__table__), _table(Posting.__table__)
_n, _p, _r = _notices.c, _postings.c, _table(Readership.__table__).c
_workspace = bindparam("the_workspace", type_=String)
_destination = bindparam("the_destination", type_=String)
_subject = bindparam("the_subject", type_=Uuid)
_id = bindparam("the_id", type_=Uuid)
_now = bindparam("the_now", type_=UtcDateTime())
_until = bindparam("the_until", type_=UtcDateTime())
_lease = bindparam("the_lease", type_=String)
_may_look = bindparam("the_looks", type_=Boolean)
_limit = bindparam("the_limit", type_=Integer)
_is_free = or_(_p.leased_until.is_(None), _p.leased_until < _now)
_late = bindparam("the_late", type_=UtcDateTime())
# Whoever had it before died over it, or its lease was ended by a clock that jumped: their update may still land.
_after_whoever_had_it = case((and_(_p.leased_until.is_not(None), _is_free), _late), else_=_p.redraw_at)
# What is owed already may be owed for longer.
_owed_at_least = case((_p.redraw_at > _late, _p.redraw_at), else_=_late)


def _readerships(workspace: ColumnElement[str], channel: ColumnElement[str]) -> ColumnElement[int]:
    """How often it was heard that who can read a channel has changed: one more column of what is read anyway."""
    changes = select(_r.changes).where(_r.workspace_id == workspace, _r.channel_id == channel)
    return func.coalesce(changes.scalar_subquery(), 0).label("readerships")


_due_notice = (*_n, _readerships(_n.workspace_id, _n.destination))
_due_posting = (*_p, _readerships(_p.workspace_id, _p.channel_id))


def _goes_first() -> ColumnElement[bool]:
    """Whether an earlier notice for the same place has to be said first.

    One that is held is passed by until it is due: then it goes first, and the others held behind it wait for it.
    """
    earlier = _notices.alias("earlier")
    is_before = or_(
        one_of(earlier.c.state, ACTIVE),
        and_(earlier.c.state == NoticeState.HELD, earlier.c.next_attempt_at <= _now),
    )
    return exists().where(
        earlier.c.workspace_id == _n.workspace_id,
        earlier.c.destination == _n.destination,
        earlier.c.id < _n.id,
        is_before,
    )


def _workspaces_of(workspace: ColumnElement[str], is_due: ColumnElement[bool]) -> Select[tuple[str | None]]:
    """Each workspace with anything due, found by leaps: a row a workspace, not a row a notice."""
    least = func.min(workspace)
    leaps = select(select(least).where(is_due).scalar_subquery().label("id")).cte("leaps", recursive=True)
    beyond = select(least).where(is_due, workspace > leaps.c.id).scalar_subquery()
    leaps = leaps.union_all(select(beyond).where(leaps.c.id.is_not(None)))
    return select(leaps.c.id).where(leaps.c.id.is_not(None))


# Spelled out, as in the index of what waits.
_is_waiting = _n.state.in_([literal_column(f"'{state}'") for state in sorted(WAITING)])
# Whether it stands already is looked up only while the clock can be trusted.
_is_due = and_(_n.next_attempt_at <= _now, or_(_n.state != NoticeState.UNCLEAR, _may_look))
# A notice waits, and no earlier one for the same place has to be said first.
IS_NEXT = and_(one_of(_n.state, WAITING), ~_goes_first())
_mine = and_(_n.workspace_id == _workspace, _n.id == _id, _n.lease == _lease)
_posting_mine = and_(_p.workspace_id == _workspace, _p.id == _id, _p.lease == _lease)

# What is on its way right now was drawn before this change: it is drawn again as soon as it has arrived.
OUTDATE: Update = (
    update(_notices)
    .where(
        _n.workspace_id == _workspace,
        _n.subject_id == _subject,
        one_of(_n.state, [NoticeState.SENDING, NoticeState.UNCLEAR]),
    )
    .values(is_outdated=True)
)
OUTDATE_PLACE: Update = (
    update(_notices)
    .where(
        _n.workspace_id == _workspace,
        _n.destination == _destination,
        one_of(_n.state, [NoticeState.SENDING, NoticeState.UNCLEAR]),
    )
    .values(is_outdated=True)
)
_stale = {"wanted": _p.wanted + 1, "is_stale": True, "next_attempt_at": _now, "attempts": 0}
_mirrors_subject = and_(_p.workspace_id == _workspace, _p.subject_id == _subject, ~_p.is_gone)
REFRESH: Update = update(_postings).where(_mirrors_subject).values(_stale)
# What links to a message of this row that has just been posted, or is just gone.
REFRESH_OTHERS: Update = update(_postings).where(_mirrors_subject, _p.id != _id).values(_stale)
# The same as a refresh, and taken at once by the courier of this process where nobody else has it.
REFRESH_AND_CLAIM = (
    update(_postings)
    .where(_mirrors_subject)
    .values(
        {
            **_stale,
            "lease": case((_is_free, _lease), else_=_p.lease),
            "leased_until": case((_is_free, _until), else_=_p.leased_until),
            "redraw_at": _after_whoever_had_it,
        }
    )
    .returning(*_due_posting)
)

EXPIRE: Update = (
    update(_notices)
    .where(_n.state == NoticeState.SENDING, _n.leased_until < _now)
    # A clock that jumped ends a lease while its post is still on its way: not before that is over is it looked for.
    .values(
        state=NoticeState.UNCLEAR,
        lease=None,
        leased_until=None,
        next_attempt_at=bindparam("the_look", type_=UtcDateTime()),
    )
)
# After the clock has jumped: what was put off by it, and leased by it, need not wait for that time. Not at once, though:
# what another process put off a moment ago may be on its way to Slack.
RECALL: tuple[Update, ...] = (
    update(_notices)
    .where(one_of(_n.state, [NoticeState.PENDING, NoticeState.UNCLEAR]), _n.next_attempt_at > _late)
    .values(next_attempt_at=_late),
    update(_notices)
    .where(_n.state == NoticeState.SENDING, _n.leased_until > _until)
    .values(leased_until=_until),
    update(_postings).where(_p.is_stale, _p.next_attempt_at > _late).values(next_attempt_at=_late),
    update(_postings).where(_p.leased_until > _until).values(leased_until=_until),
)
DUE_NOTICES: Select[*tuple[object, ...]] = (
    select(*_due_notice)
    .where(IS_NEXT, _is_due)
    .order_by(_n.next_attempt_at)
    .limit(_limit)
    .with_for_update(skip_locked=True, of=_notices)
)
# The same of one workspace, so that much that waits in another does not matter.
DUE_NOTICES_OF: Select[*tuple[object, ...]] = (
    select(*_due_notice)
    .where(_n.workspace_id == _workspace, _is_waiting, _is_due, ~_goes_first())
    .order_by(_n.next_attempt_at, _n.id)
    .limit(_limit)
    .with_for_update(skip_locked=True, of=_notices)
)
WHO_HAS_NOTICES = _workspaces_of(_n.workspace_id, and_(_is_waiting, _is_due))
HAND_BACK_NOTICE: Update = (
    update(_notices)
    .where(_mine)
    .values(
        state=bindparam("the_state", type_=_n.state.type),
        next_attempt_at=bindparam("the_time", type_=UtcDateTime()),
        lease=None,
        leased_until=None,
    )
)
# The message is drawn from the rows as they are after this moment, so nothing of it is outdated yet.
LEASE_NOTICE: Update = (
    update(_notices)
    .where(_n.workspace_id == _workspace, _n.id == _id)
    .values(
        state=NoticeState.SENDING,
        lease=_lease,
        leased_until=_until,
        first_sent_at=func.coalesce(_n.first_sent_at, _now),
        is_outdated=False,
    )
)
DUE_POSTINGS: Select[*tuple[object, ...]] = (
    select(*_due_posting)
    .where(_p.is_stale, _p.next_attempt_at <= _now, _is_free)
    .order_by(_p.next_attempt_at)
    .limit(_limit)
    .with_for_update(skip_locked=True)
)
DUE_POSTINGS_OF: Select[*tuple[object, ...]] = (
    select(*_due_posting)
    .where(_p.workspace_id == _workspace, _p.is_stale, _p.next_attempt_at <= _now, _is_free)
    .order_by(_p.next_attempt_at, _p.id)
    .limit(_limit)
    .with_for_update(skip_locked=True)
)
WHO_HAS_POSTINGS = _workspaces_of(_p.workspace_id, and_(_p.is_stale, _p.next_attempt_at <= _now))
HAND_BACK_POSTING: Update = (
    update(_postings)
    .where(_posting_mine)
    .values(
        next_attempt_at=bindparam("the_time", type_=UtcDateTime()),
        lease=None,
        leased_until=None,
        redraw_at=_owed_at_least,
    )
)
LEASE_POSTING: Update = (
    update(_postings)
    .where(_p.workspace_id == _workspace, _p.id == _id)
    .values(
        lease=_lease,
        leased_until=_until,
        redraw_at=case((_p.leased_until.is_not(None), _late), else_=_p.redraw_at),
    )
)
# The first time at which a notice, a lost lease and a refresh are due; each may be none.
NEXT_DUE = select(
    select(func.min(_n.next_attempt_at)).where(IS_NEXT).scalar_subquery(),
    # The process that leased it may have died.
    select(func.min(_n.leased_until)).where(_n.state == NoticeState.SENDING).scalar_subquery(),
    select(func.min(func.coalesce(_p.leased_until, _p.next_attempt_at))).where(_p.is_stale).scalar_subquery(),
)

SAID = (
    update(_notices)
    .where(_mine)
    .values(
        state=NoticeState.SENT,
        channel_id=bindparam("the_channel", type_=String),
        ts=bindparam("the_ts", type_=String),
        sent_at=_now,
        lease=None,
        leased_until=None,
        last_error="",
    )
    .returning(_n.is_outdated)
)
READ_BY_OTHERS: Update = (
    update(_table(Readership.__table__))
    .where(_r.workspace_id == _workspace, _r.channel_id == _destination)
    .values(changes=_r.changes + 1)
)
RELEASE: Update = (
    update(_notices)
    .where(
        _n.workspace_id == _workspace,
        _n.destination == _destination,
        _n.state == NoticeState.HELD,
    )
    .values(state=NoticeState.PENDING, next_attempt_at=_now)
)
WANTED = select(_p.wanted, _readerships(_p.workspace_id, _p.channel_id)).where(
    _p.workspace_id == _workspace, _p.id == _id
)
READERSHIPS = select(_readerships(_workspace, _destination))
_wanted = bindparam("the_wanted", type_=_p.wanted.type)
_has_changed = _p.wanted > _wanted
# Null is never owed.
_is_owed = func.coalesce(_p.redraw_at > bindparam("the_began", type_=UtcDateTime()), false())
SHOWN = (
    update(_postings)
    .where(_posting_mine)
    .values(
        shown=_wanted,
        is_stale=or_(_has_changed, _is_owed),
        next_attempt_at=case((and_(_is_owed, ~_has_changed), _p.redraw_at), else_=_p.next_attempt_at),
        redraw_at=case((_is_owed, _p.redraw_at), else_=None),
        attempts=0,
        lease=None,
        leased_until=None,
        last_error="",
    )
    .returning(_p.id)
)
# An update that was made under a lease that is lost landed over whatever stood there, or may still land.
OVERTAKEN: Update = (
    update(_postings)
    .where(_p.workspace_id == _workspace, _p.id == _id, ~_p.is_gone)
    .values(
        is_stale=True,
        next_attempt_at=case(
            (and_(_p.is_stale, _p.next_attempt_at < _late), _p.next_attempt_at), else_=_late
        ),
        redraw_at=_owed_at_least,
    )
)
PLACE = select(_n.state, _n.channel_id, _n.ts).where(
    _n.workspace_id == _workspace, _n.dedupe_key == bindparam("the_key", type_=String)
)
