"""Saying one notice: looked up where an earlier try may have said it, drawn, posted, written down."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.outbox import outcomes
from bot.outbox import repository as outbox
from bot.outbox.due import DueNotice, DuePosting, Place
from bot.outbox.models import NoticeState
from bot.slack import quiet
from bot.slack.delivery.desk import Desk, tolerate, with_plainer
from bot.slack.delivery.failures import HELD_WAIT, KEEP_HELD, NO_TOKEN, Next, after_notice
from bot.slack.delivery.looking import LookOut, Nowhere
from bot.slack.gateway import GatewayError, Posted, RateLimited, Refused
from bot.slack.kinds import Audience, Call, Kind, Loaded
from bot.slack.message import Message
from bot.telemetry import metrics
from bot.telemetry.work import Delivery
from bot.workspaces.installations import park_if_stopped

log = logging.getLogger(__name__)

UNKNOWN_KIND_WAIT = 60.0


@dataclass(frozen=True)
class _Spot:
    channel: str
    thread_ts: str | None


class _Settled(Exception):
    """There is nothing (more) to say now."""

    def __init__(self, after: Next, why: str) -> None:
        super().__init__(why)
        self.after = after
        self.why = why


class Saying:
    """One try to say one notice."""

    def __init__(self, desk: Desk, look_out: LookOut, notice: DueNotice) -> None:
        self._desk = desk
        self._look_out = look_out
        self.notice = notice
        # Slack has been asked to post it.
        self.has_left = False
        # An earlier post may stand, and nobody has looked yet.
        self._in_doubt = notice.is_unclear

    @property
    def as_left(self) -> NoticeState:
        """What it is for whoever goes on with it, when it is broken off now."""
        return NoticeState.UNCLEAR if self.has_left or self._in_doubt else NoticeState.PENDING

    async def run(self) -> None:
        """Say it, or write down why not and what comes next; raises nothing but cancellation."""
        notice, kind = self.notice, self._desk.kinds.get(self.notice.kind)
        # A kind that nobody knows would bring a name of its own into the metrics.
        name = notice.kind if kind is not None else "unknown"
        with Delivery(metrics.DELIVERIES, name, notice.workspace_id, notice.subject_id) as delivery:
            try:
                if kind is None:
                    raise self._unknown()
                posted, was_found, is_external = await self._posted(kind)
            except _Settled as settled:
                delivery.outcome = settled.after.state.value
                await self._settle(settled.after, settled.why)
            except Exception as error:
                delivery.outcome = "failed"
                await self._not_said(kind, error)
            else:
                delivery.outcome = "found" if was_found else "said"
                if kind.is_digest:
                    metrics.DIGESTS.labels(name).inc()
                await self._said(kind, posted, was_found=was_found, is_external=is_external)

    async def _posted(self, kind: Kind) -> tuple[Posted, bool, bool]:
        """Where it stands, whether an earlier try had posted it, and whether outsiders read it there."""
        notice, desk = self.notice, self._desk
        if kind.call is not None:
            return await self._called(kind, kind.call), False, False
        spot = await self._spot()
        if self._in_doubt:
            found = await self._look_out.look(notice, spot.channel, spot.thread_ts)
            if isinstance(found, Posted):
                return found, True, await self._is_external_as_known()
            self._in_doubt = False
            if found is Nowhere.CANNOT_LOOK:
                self._choose_the_lesser_evil(kind)
        await self._wait_for_reader()
        # Who reads it, and what it says, is not older than its turn.
        await self._wait_for_turn()
        message, is_external = await self._for_its_readers(kind)
        self._raise_if_late()

        async def post(edition: Message) -> Posted:
            self.has_left = True
            return await desk.gateways.of(notice.workspace_id).post(
                spot.channel, edition, key=notice.dedupe_key, thread_ts=spot.thread_ts
            )

        return await with_plainer(post, message, what=notice.dedupe_key), False, is_external

    async def _is_external_as_known(self) -> bool:
        notice = self.notice
        return await self._desk.is_external(
            notice.workspace_id, notice.destination, readerships=notice.readerships
        )

    async def _for_its_readers(self, kind: Kind) -> tuple[Message, bool]:
        """What it says, drawn for who reads it now, and whether outsiders are among them."""
        notice, desk = self.notice, self._desk
        known = notice.readerships
        while True:
            is_external = await desk.is_external_now(
                notice.workspace_id, notice.destination, readerships=known
            )
            audience = Audience(is_external=is_external, now=desk.clock.now())
            message, readerships = await desk.runner.read(
                _draw_for, notice=notice, kind=kind, audience=audience
            )
            if message is None:
                desk.pacing.give_back(notice.workspace_id, notice.destination)
                raise _Settled(Next(NoticeState.DEAD), "nothing to say (any more)")
            if readerships <= known:
                return message, is_external
            # Meanwhile another process has heard that they changed.
            known = readerships

    async def _called(self, kind: Kind, call: Call) -> Posted:
        """Tell Slack what is no message. It may be told again: nobody has to look whether it arrived."""
        notice, desk = self.notice, self._desk
        audience = Audience(is_external=False, now=desk.clock.now())
        message = await desk.runner.read(_draw, notice=notice, kind=kind, audience=audience)
        if message is None:
            raise _Settled(Next(NoticeState.DEAD), "nothing to say (any more)")
        await call(desk.gateways.of(notice.workspace_id), notice.facts, message)
        return Posted(notice.destination, "")

    async def _wait_for_reader(self) -> None:
        """Put back what its reader should not see before they are at work, or while they want to be left alone.

        Held, not pending: what is said to them meanwhile does not wait behind it.
        """
        notice, desk = self.notice, self._desk
        if notice.kind not in quiet.WAITS_FOR_WORK:
            return
        now = desk.clock.now()
        until = await desk.runner.read(quiet.not_before, notice, now)
        why = "its reader is off work"
        if until is None and await desk.runner.read(quiet.asks_slack, notice):
            until = await desk.undisturbed_until(notice.workspace_id, notice.destination)
            why = "its reader is not to be disturbed"
        if until is not None and until > now:
            seconds = (until - now).total_seconds()
            raise _Settled(Next(NoticeState.HELD, seconds, counts=False), why)

    async def _spot(self) -> _Spot:
        """Where it is to be said; a story waits for its thread."""
        notice = self.notice
        if notice.thread_of is None:
            return _Spot(notice.destination, None)
        parent = await self._desk.runner.read(
            outbox.place_of, workspace_id=notice.workspace_id, dedupe_key=notice.thread_of
        )
        if parent is None or parent.state is NoticeState.DEAD:
            raise _Settled(Next(NoticeState.DEAD), "its thread was never opened")
        if parent.state is not NoticeState.SENT:
            raise _Settled(_until_opened(parent), "its thread is not open yet")
        return _Spot(parent.channel_id or notice.destination, parent.ts)

    def _choose_the_lesser_evil(self, kind: Kind) -> None:
        if kind.rather_twice:
            log.warning("%s is said again: twice is better than never", self.notice.dedupe_key)
            return
        log.warning("%s is not said again: never is better than twice", self.notice.dedupe_key)
        raise _Settled(Next(NoticeState.DEAD), "it may have arrived; saying it twice would be worse")

    async def _wait_for_turn(self) -> None:
        """Keep the channel's pace; what would outlast the lease is put back."""
        notice, desk = self.notice, self._desk
        paused = desk.pacing.paused(notice.workspace_id, notice.destination, desk.clock.now())
        if paused > 0:
            raise _Settled(Next(NoticeState.PENDING, paused, counts=False), "rate limited")
        await desk.pacing.turn(notice.workspace_id, notice.destination)

    def _raise_if_late(self) -> None:
        notice, desk = self.notice, self._desk
        longest = desk.gateways.of(notice.workspace_id).time_limits.call
        if desk.clock.now() + timedelta(seconds=longest) >= notice.leased_until:
            raise _Settled(Next(NoticeState.PENDING, counts=False), "it took too long to get ready")

    async def _said(self, kind: Kind, posted: Posted, *, was_found: bool, is_external: bool) -> None:
        notice, now = self.notice, self._desk.clock.now()

        def write(session: Session) -> None:
            outcomes.said(
                session,
                notice,
                channel_id=posted.channel_id,
                ts=posted.ts,
                mirrors=kind.mirrors,
                is_linked_to=kind.is_linked_to,
                was_found=was_found,
                now=now,
            )
            if is_external:
                follow_external(session, kind, notice, now)

        await self._desk.write(write)

    async def _not_said(self, kind: Kind | None, error: Exception) -> None:
        notice, now = self.notice, self._desk.clock.now()
        after = after_notice(
            error, attempts=notice.attempts, age=now - notice.created_at, in_doubt=self._in_doubt
        )
        if isinstance(error, RateLimited):
            # Posts are limited by channel, everything else by method.
            what = notice.destination if error.method == "chat.postMessage" else error.method
            self._desk.pacing.pause(notice.workspace_id, what, now, error.retry_after)
        elif after.state is NoticeState.DEAD:
            log.error("given up on %s after %d tries: %r", notice.dedupe_key, notice.attempts + 1, error)
        elif isinstance(error, GatewayError):
            log.info("%s was not said: %r", notice.dedupe_key, error)
        else:
            log.error("%s could not be drawn", notice.dedupe_key, exc_info=error)
        tells = after.is_shut_out and kind is not None and kind.when_shut_out is not None
        code = error.code if isinstance(error, Refused) else ""
        await self._settle(after, repr(error), kind if tells else None, code)

    async def _settle(self, after: Next, why: str, tell: Kind | None = None, code: str = "") -> None:
        notice, now = self.notice, self._desk.clock.now()

        def write(session: Session) -> None:
            outcomes.settle(
                session,
                notice,
                state=after.state,
                error=why,
                next_attempt_at=now + timedelta(seconds=after.seconds),
                counts=after.counts,
            )
            if code in NO_TOKEN:
                park_if_stopped(session, workspace_id=notice.workspace_id)
            if tell is not None and tell.when_shut_out is not None:
                shut_out = partial(tell.when_shut_out, session, notice=notice, code=code, now=now)
                tolerate(session, shut_out, what="telling that we are shut out")

        await self._desk.write(write)

    def _unknown(self) -> _Settled:
        """A newer version wrote it: the process that knows it says it. Nothing waits behind it meanwhile."""
        age = self._desk.clock.now() - self.notice.created_at
        after = Next(NoticeState.STUCK, UNKNOWN_KIND_WAIT) if age < KEEP_HELD else Next(NoticeState.DEAD)
        return _Settled(after, f"unknown kind {self.notice.kind}")


def follow_external(session: Session, kind: Kind, shown: DueNotice | DuePosting, now: datetime) -> None:
    """What follows where only the safe edition could be shown, in the transaction that says so."""
    if kind.after_external is not None:
        step = partial(
            kind.after_external,
            session,
            workspace_id=shown.workspace_id,
            subject_id=shown.subject_id,
            now=now,
        )
        tolerate(session, step, what="showing the rest in private")


def _draw(session: Session, *, notice: DueNotice, kind: Kind, audience: Audience) -> Message | None:
    loaded = Loaded(notice.workspace_id, notice.subject_id, notice.facts, notice.destination)
    return kind.draw(session, loaded, audience)


def _draw_for(
    session: Session, *, notice: DueNotice, kind: Kind, audience: Audience
) -> tuple[Message | None, int]:
    """A message, and of how many changes of its readers any process has heard by now."""
    message = _draw(session, notice=notice, kind=kind, audience=audience)
    where = {"workspace_id": notice.workspace_id, "channel_id": notice.destination}
    return message, outbox.readerships(session, **where)


def _until_opened(parent: Place) -> Next:
    if parent.state in {NoticeState.HELD, NoticeState.STUCK}:
        # It is released together with what is held there, or by the thread itself when it opens.
        return Next(NoticeState.HELD, HELD_WAIT, counts=False)
    return Next(NoticeState.PENDING, 1.0, counts=False)
