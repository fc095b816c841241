"""The courier: says what the outbox holds, once, and keeps every posted message equal to its row."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.outbox import repository as outbox
from bot.outbox.models import NoticeState
from bot.outbox.repository import DueNotice, DuePosting
from bot.slack.directory import Directory
from bot.slack.gateway import Gateway, GatewayError, NotSent, Posted, RateLimited, Refused, Unclear
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Message
from bot.slack.pacing import Pacing

log = logging.getLogger(__name__)

BATCH = 20
# While nothing wakes the courier it looks again after so many seconds: for what other processes wrote.
IDLE_SECONDS = 2.0
MOST_ATTEMPTS = 12
KEEP_TRYING = timedelta(hours=24)
# Slack does not let us in: somebody has to invite the bot.
_SHUT_OUT = {"not_in_channel", "channel_not_found"}
# The token itself is refused: nothing is wrong with the notice, it waits for the token to be mended.
_NO_TOKEN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "channel_not_found"}
_BAD_BLOCKS = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "block_mismatch",
    "msg_too_long",
}


@dataclass(frozen=True)
class _Prepared:
    message: Message | None
    parent: outbox.Place | None


class Courier:
    """Delivers notices and refreshes postings until it is told to stop."""

    def __init__(
        self,
        *,
        runner: Runner,
        gateway: Gateway,
        directory: Directory,
        clock: Clock,
        kinds: Mapping[str, Kind],
        pacing: Pacing | None = None,
    ) -> None:
        self._runner = runner
        self._gateway = gateway
        self._directory = directory
        self._clock = clock
        self._kinds = kinds
        self._pacing = pacing or Pacing()
        self._lease = str(uuid.uuid4())
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        # Notices of unknown outcome that could not be looked up, for want of a scope.
        self._blind: set[str] = set()

    def wake(self) -> None:
        """Something new may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is finished."""
        try:
            while True:
                self._wake.clear()
                if not await self._round():
                    await self._wait_for_work()
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=8)

    async def drain(self) -> None:
        """Deliver all that is due now, and return when nothing more can be: for tests, demos and the command line."""
        while True:
            taken = await self._round()
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            elif not taken:
                return

    async def _round(self) -> bool:
        """Take what is due and start saying it; whether there was anything."""
        room = BATCH - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        now = self._clock.now()
        try:
            notices, postings = await self._runner.run(_take, now=now, lease=self._lease, limit=room)
        except Exception:
            log.exception("the outbox could not be read; trying again")
            return False
        for posting in postings:
            self._start(self._refresh(posting))
        for notice in notices:
            self._start(self._say(notice))
        return bool(notices or postings)

    async def _wait_for_work(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)

        def done(finished: asyncio.Task[None]) -> None:
            self._under_way.discard(finished)
            # The next notice for the same place was waiting for this one.
            self._wake.set()

        task.add_done_callback(done)

    # ---- notices

    async def _say(self, notice: DueNotice) -> None:
        try:
            await self._try_to_say(notice)
        except GatewayError as error:
            await self._not_said(notice, error)
        except Exception as error:
            log.exception("a notice could not be drawn: %s %s", notice.kind, notice.dedupe_key)
            await self._later(notice, NoticeState.PENDING, repr(error))

    async def _try_to_say(self, notice: DueNotice) -> None:
        kind = self._kinds.get(notice.kind)
        if kind is None:
            # A newer version wrote it; during an upgrade the process that knows it will say it.
            await self._later(notice, NoticeState.PENDING, "unknown kind", counts=False)
            return
        external = await self._directory.is_external(notice.workspace_id, notice.destination)
        audience = Audience(is_external=external, now=self._clock.now())
        prepared = await self._runner.read(_prepare_notice, notice=notice, kind=kind, audience=audience)
        if notice.thread_of is not None and not await self._has_parent(notice, prepared.parent):
            return
        if prepared.message is None:
            await self._settle(notice, NoticeState.DEAD, "nothing to say any more")
            return
        channel, thread_ts = notice.destination, None
        if prepared.parent is not None and prepared.parent.channel_id is not None:
            channel, thread_ts = prepared.parent.channel_id, prepared.parent.ts
        posted = None
        if notice.is_unclear:
            posted = await self._look_up(notice, kind, channel, thread_ts)
            if posted is None and not await self._may_post_again(notice, kind):
                return
        if posted is None:
            await self._pacing.turn(notice.workspace_id, channel)
            posted = await self._post(channel, prepared.message, notice.dedupe_key, thread_ts)
        await self._runner.run(
            outbox.said,
            notice,
            channel_id=posted.channel_id,
            ts=posted.ts,
            mirrors=kind.mirrors,
            now=self._clock.now(),
        )
        if external and kind.after_external is not None:
            await self._runner.run(
                kind.after_external,
                workspace_id=notice.workspace_id,
                subject_id=notice.subject_id,
                now=self._clock.now(),
            )
            self.wake()

    async def _has_parent(self, notice: DueNotice, parent: outbox.Place | None) -> bool:
        if parent is not None and parent.state is NoticeState.SENT:
            return True
        if parent is None or parent.state is NoticeState.DEAD:
            await self._settle(notice, NoticeState.DEAD, "its thread was never opened")
        elif parent.state is NoticeState.HELD:
            await self._later(notice, NoticeState.HELD, "its thread is not open yet", counts=False)
        else:
            await self._later(notice, NoticeState.PENDING, "its thread is not open yet", counts=False)
        return False

    async def _look_up(
        self, notice: DueNotice, kind: Kind, channel: str, thread_ts: str | None
    ) -> Posted | None:
        """Find what an earlier try may have posted; without the scope to look, remember that we are blind."""
        try:
            if not channel.startswith(("C", "G", "D")):
                channel = await self._gateway.private_channel(channel)
            found = await self._gateway.find(
                channel, notice.dedupe_key, oldest=notice.first_sent_at, thread_ts=thread_ts
            )
        except Refused as refused:
            log.warning(
                "cannot look whether %s arrived (%s): %s",
                notice.dedupe_key,
                refused.code,
                "it is said again" if kind.rather_twice else "it is not said again",
            )
            self._blind.add(notice.dedupe_key)
            return None
        self._blind.discard(notice.dedupe_key)
        return found

    async def _may_post_again(self, notice: DueNotice, kind: Kind) -> bool:
        """After a look that found nothing: yes. Where we cannot look, what the kind says is the lesser evil."""
        if notice.dedupe_key not in self._blind or kind.rather_twice:
            self._blind.discard(notice.dedupe_key)
            return True
        self._blind.discard(notice.dedupe_key)
        await self._settle(notice, NoticeState.DEAD, "it may have arrived; saying it twice would be worse")
        return False

    async def _post(self, channel: str, message: Message, key: str, thread_ts: str | None) -> Posted:
        """Post; when Slack refuses the blocks, post what it can draw, at last the bare text."""
        try:
            return await self._gateway.post(channel, message, key=key, thread_ts=thread_ts)
        except Refused as refused:
            if refused.code not in _BAD_BLOCKS:
                raise
            plainer = _plainer(message)
            if plainer is None:
                raise
            log.error("Slack refused the blocks of %s: %s %s", key, refused.code, refused.details)
            return await self._post(channel, plainer, key, thread_ts)

    async def _not_said(self, notice: DueNotice, error: GatewayError) -> None:
        if isinstance(error, RateLimited):
            self._pacing.pause(notice.workspace_id, notice.destination, error.retry_after)
            await self._later(
                notice, NoticeState.PENDING, "rate limited", seconds=error.retry_after, counts=False
            )
        elif isinstance(error, Unclear):
            # A question that failed (is the channel external?) posted nothing; a post may have.
            was_post = error.method == "chat.postMessage" or notice.is_unclear
            state = NoticeState.UNCLEAR if was_post else NoticeState.PENDING
            await self._later(notice, state, error.cause)
        elif isinstance(error, NotSent):
            state = NoticeState.UNCLEAR if notice.is_unclear else NoticeState.PENDING
            await self._later(notice, state, error.cause, counts=False)
        elif isinstance(error, Refused) and error.code in _SHUT_OUT:
            await self._held(notice, error)
        elif isinstance(error, Refused) and error.code in _NO_TOKEN:
            log.error("Slack refuses our token: %s", error.code)
            await self._later(notice, NoticeState.PENDING, error.code, seconds=300, counts=False)
        else:
            log.error("Slack will not take %s: %s", notice.dedupe_key, error)
            await self._settle(notice, NoticeState.DEAD, str(error))

    async def _held(self, notice: DueNotice, error: Refused) -> None:
        kind = self._kinds[notice.kind]
        now = self._clock.now()

        def hold(session: Session) -> None:
            outbox.settle(
                session,
                notice,
                state=NoticeState.HELD,
                error=error.code,
                next_attempt_at=now + outbox.HELD_RETRY,
                counts=False,
            )
            if kind.when_shut_out is not None:
                kind.when_shut_out(session, notice=notice, now=now)

        await self._runner.run(hold)

    async def _later(
        self,
        notice: DueNotice,
        state: NoticeState,
        error: str,
        *,
        seconds: float | None = None,
        counts: bool = True,
    ) -> None:
        now = self._clock.now()
        if counts and (notice.attempts >= MOST_ATTEMPTS or now - notice.created_at > KEEP_TRYING):
            log.error("given up on %s after %d tries: %s", notice.dedupe_key, notice.attempts + 1, error)
            await self._settle(notice, NoticeState.DEAD, error)
            return
        delay = seconds if seconds is not None else min(2.0**notice.attempts, 300.0)
        if state is NoticeState.HELD:
            delay = outbox.HELD_RETRY.total_seconds()
        await self._settle(notice, state, error, seconds=delay, counts=counts)

    async def _settle(
        self, notice: DueNotice, state: NoticeState, error: str, *, seconds: float = 0.0, counts: bool = True
    ) -> None:
        await self._runner.run(
            outbox.settle,
            notice,
            state=state,
            error=error,
            next_attempt_at=self._clock.now() + timedelta(seconds=seconds),
            counts=counts,
        )

    # ---- postings

    async def _refresh(self, posting: DuePosting) -> None:
        try:
            await self._try_to_refresh(posting)
        except GatewayError as error:
            await self._not_refreshed(posting, error)
        except Exception as error:
            log.exception("a message could not be drawn anew: %s", posting.kind)
            await self._again(posting, repr(error))

    async def _try_to_refresh(self, posting: DuePosting) -> None:
        paused = self._pacing.paused(posting.workspace_id, "chat.update")
        if paused > 0:
            await self._again(posting, "rate limited", seconds=paused, counts=False)
            return
        kind = self._kinds[posting.kind]
        external = await self._directory.is_external(posting.workspace_id, posting.channel_id)
        audience = Audience(is_external=external, now=self._clock.now())
        message = await self._runner.read(_prepare_posting, posting=posting, kind=kind, audience=audience)
        if message is not None:
            await self._update(posting, message)
        await self._runner.run(outbox.shown, posting)
        if external and kind.after_external is not None:
            await self._runner.run(
                kind.after_external,
                workspace_id=posting.workspace_id,
                subject_id=posting.subject_id,
                now=self._clock.now(),
            )
            self.wake()

    async def _update(self, posting: DuePosting, message: Message) -> None:
        try:
            await self._gateway.update(posting.channel_id, posting.ts, message)
        except Refused as refused:
            plainer = _plainer(message) if refused.code in _BAD_BLOCKS else None
            if plainer is None:
                raise
            log.error("Slack refused the blocks of a %s: %s %s", posting.kind, refused.code, refused.details)
            await self._update(posting, plainer)

    async def _not_refreshed(self, posting: DuePosting, error: GatewayError) -> None:
        if isinstance(error, RateLimited):
            self._pacing.pause(posting.workspace_id, error.method, error.retry_after)
            await self._again(posting, "rate limited", seconds=error.retry_after, counts=False)
        elif isinstance(error, Refused) and error.code in _GONE:
            await self._again(posting, error.code, is_gone=True)
        elif isinstance(error, Refused) and error.code in _NO_TOKEN:
            await self._again(posting, error.code, seconds=300, counts=False)
        else:
            # Drawing the same message twice changes nothing, so an unclear update is simply made again.
            await self._again(posting, str(error))

    async def _again(
        self,
        posting: DuePosting,
        error: str,
        *,
        seconds: float | None = None,
        is_gone: bool = False,
        counts: bool = True,
    ) -> None:
        delay = seconds if seconds is not None else min(2.0**posting.attempts, 300.0)
        if not is_gone and counts and posting.attempts >= MOST_ATTEMPTS:
            log.error(
                "a %s could not be refreshed after %d tries: %s", posting.kind, posting.attempts + 1, error
            )
            delay = 3600.0
        await self._runner.run(
            outbox.not_shown,
            posting,
            error=error,
            next_attempt_at=self._clock.now() + timedelta(seconds=delay),
            is_gone=is_gone,
            counts=counts,
        )


def _take(session: Session, *, now: Any, lease: str, limit: int) -> tuple[list[DueNotice], list[DuePosting]]:
    postings = outbox.take_postings(session, now=now, lease=lease, limit=limit)
    notices = outbox.take_notices(session, now=now, lease=lease, limit=limit)
    return notices, postings


def _prepare_notice(session: Session, *, notice: DueNotice, kind: Kind, audience: Audience) -> _Prepared:
    parent = None
    if notice.thread_of is not None:
        parent = outbox.place_of(session, workspace_id=notice.workspace_id, dedupe_key=notice.thread_of)
    loaded = Loaded(notice.workspace_id, notice.subject_id, notice.facts, notice.destination)
    return _Prepared(kind.draw(session, loaded, audience), parent)


def _prepare_posting(
    session: Session, *, posting: DuePosting, kind: Kind, audience: Audience
) -> Message | None:
    loaded = Loaded(posting.workspace_id, posting.subject_id, posting.facts, posting.destination)
    return kind.draw(session, loaded, audience)


def _plainer(message: Message) -> Message | None:
    if message.fallback is not None:
        return message.fallback
    if message.blocks:
        return Message(text=clip(message.text, MESSAGE_TEXT))
    return None
