"""What a failure means: from what went wrong to what becomes of it. Pure; the whole policy is on this page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.outbox.due import LATE_ARRIVAL
from bot.outbox.models import NoticeState
from bot.slack.gateway import NotSent, RateLimited, Refused, Unclear
from bot.slack.gateway.lines import TOKEN_REFUSED

LONGEST_WAIT = 300.0
TOKEN_WAIT = 300.0
HELD_WAIT = 900.0
POSTING_SHUT_WAIT = 3600.0
# What fails for this long, and so many times, is given up.
KEEP_TRYING = timedelta(hours=24)
FEW_TRIES = 12
KEEP_HELD = timedelta(days=30)

# The channel is closed to us, and somebody can open it: invite the bot, bring the channel back, let apps post.
SHUT_OUT = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
    }
)
# The token (or the company's policy) is refused: nothing is wrong with the notice, it waits until that is mended.
NO_TOKEN = TOKEN_REFUSED | {"missing_scope", "no_permission", "not_allowed_token_type"}
# There is nothing left to refresh.
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "user_not_found"})
# Slack will not draw these blocks; it may take something plainer.
BAD_BLOCKS = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "block_mismatch",
        "msg_too_long",
        "slack_file_not_found",
    }
)
# History cannot be read with this token, today or tomorrow.
CANNOT_LOOK = frozenset({"missing_scope", "not_allowed_token_type", "no_permission", "access_denied"})
# Slack or the database was away: not the fault of what was being done.
AWAY = (Unclear, NotSent, OperationalError, InterfaceError, PoolTimeoutError)


@dataclass(frozen=True)
class Next:
    """What becomes of a notice that was not said: `seconds` until it is tried again, in `state`."""

    state: NoticeState
    seconds: float = 0.0
    # Not a try of its own: it was stopped by something that stops everything.
    counts: bool = True
    # Somebody has to open a door: who waits for it is told.
    is_shut_out: bool = False


@dataclass(frozen=True)
class NextDrawing:
    """What becomes of a message that was not refreshed."""

    seconds: float = 0.0
    counts: bool = True
    is_gone: bool = False
    # Slack may make the update all the same, over whatever stands there by then.
    may_come_late: bool = False


def after_notice(error: Exception, *, attempts: int, age: timedelta, in_doubt: bool) -> Next:
    """What becomes of a notice after a failure; `in_doubt`: an earlier post of it may stand, and nobody has looked."""
    is_old = age > KEEP_TRYING and attempts >= FEW_TRIES
    waiting = NoticeState.UNCLEAR if in_doubt else NoticeState.PENDING
    if isinstance(error, Refused):
        return _refused(error.code, waiting, age)
    if isinstance(error, RateLimited):
        return Next(waiting, error.retry_after, counts=False)
    if is_old:
        return Next(NoticeState.DEAD)
    if isinstance(error, Unclear) and error.method == "chat.postMessage":
        wait = max(backoff(attempts), LATE_ARRIVAL.total_seconds() if error.may_come_late else 0.0)
        return Next(NoticeState.UNCLEAR, wait)
    if isinstance(error, AWAY):
        return Next(waiting, backoff(attempts))
    # It cannot be drawn. What may stand already is looked for all the same.
    return Next(NoticeState.UNCLEAR if in_doubt else NoticeState.STUCK, backoff(attempts))


def after_update(error: Exception, *, attempts: int) -> NextDrawing:
    """What becomes of a message after a failed refresh: drawing it twice changes nothing, so nobody has to look."""
    if isinstance(error, RateLimited):
        return NextDrawing(error.retry_after, counts=False)
    if isinstance(error, Refused):
        if error.code in GONE:
            return NextDrawing(is_gone=True)
        if error.code in SHUT_OUT:
            return NextDrawing(POSTING_SHUT_WAIT)
        if error.code in NO_TOKEN:
            return NextDrawing(TOKEN_WAIT, counts=False)
        return NextDrawing(backoff(attempts) if attempts < FEW_TRIES else POSTING_SHUT_WAIT)
    may_come_late = isinstance(error, Unclear) and error.may_come_late and error.method == "chat.update"
    return NextDrawing(backoff(attempts), may_come_late=may_come_late)


def backoff(attempts: int) -> float:
    """Seconds before the next try: doubling from one second, at most five minutes."""
    return min(2.0 ** min(attempts, 16), LONGEST_WAIT)


def _refused(code: str, waiting: NoticeState, age: timedelta) -> Next:
    if code in SHUT_OUT:
        if age > KEEP_HELD:
            return Next(NoticeState.DEAD)
        held = waiting if waiting is NoticeState.UNCLEAR else NoticeState.HELD
        return Next(held, HELD_WAIT, counts=False, is_shut_out=True)
    if code in NO_TOKEN:
        return Next(waiting, TOKEN_WAIT, counts=False)
    return Next(NoticeState.DEAD)
