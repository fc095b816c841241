"""What became of everything: the promises held against the rows, and the rows against what stands in Slack."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bootstrap import KINDS
from bot.digests.models import DigestRun, DigestSchedule, RunState
from bot.digests.schedule import next_due, period_of
from bot.outbox.models import Notice, NoticeState, Posting
from bot.requests.models import ChangeRequest, Decision, State
from bot.sandbox import Message
from bot.sandbox.markup import from_app
from bot.slack.kinds import Audience, Loaded
from tests.bench.processes import clean_environment
from tests.faults import agency
from tests.faults.crowd import key_of
from tests.faults.quiet import OFF_WORK
from tests.faults.world import World
from tests.lives import promises

# What the stand-in complains of while things are broken on purpose: late and missing acks.
EXPECTED_PROBLEMS = {"no_ack", "late_ack", "unknown_envelope"}
# What Slack adds to blocks.
ADDED = {"block_id", "action_id", "emoji", "verbatim"}
NEVER_LOGGED = re.compile(r"never retrieved|was destroyed but it is pending|was never awaited")
# How the whole project stands is on a card as it was when its request was decided.
STANDS_SO = re.compile(r"\+(?:[\d.,]+\s*h|€[\d.,]+) accepted \([^)]*\)(?: · €[\d.,]+ unpaid)?")
SOON = timedelta(hours=1)
NOTHING_TO_SAY = "nothing to say (any more)"


@dataclass
class Verdict:
    """What was found wrong, each in a sentence that says where to look."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        """Everything that is wrong."""
        return [
            f"{name}: {sentence}"
            for name in ("lost", "doubled", "stale", "digests", "other")
            for sentence in getattr(self, name)
        ]


async def judge(world: World) -> Verdict:
    """Compare everything with everything; Handoff has to be quiet."""
    verdict = Verdict()
    await asyncio.to_thread(world.books.read_now, _judge_rows, world, verdict)
    verdict.other += [f"unanswered: {what}" for what in world.crowd.ledger.unanswered]
    verdict.other += [f"given up: {what}" for what in world.crowd.ledger.given_up]
    verdict.other += [
        f"{problem.kind}: {problem.text}"
        for problem in world.slack.problems
        if problem.kind not in EXPECTED_PROBLEMS
    ]
    verdict.other += [
        line for one in world.kept for line in _strange_lines(one.log.name, one.log.read_text())
    ]
    return verdict


def _judge_rows(session: Session, world: World, verdict: Verdict) -> None:
    _requests(session, world, verdict)
    try:
        promises.check(session, agency.TEAM, world.clock.now())
    except AssertionError as broken:
        verdict.other.append(f"the rows break a promise: {broken!r} {broken.__traceback__!r}")
    notices = list(session.scalars(select(Notice).order_by(Notice.id)))
    said = _said(world)
    _notices(notices, said, verdict)
    _same_twice(world, {notice.dedupe_key: notice.created_at for notice in notices}, verdict)
    _postings(session, world, verdict)
    _digests(session, world, notices, verdict)


def _requests(session: Session, world: World, verdict: Verdict) -> None:
    by_title: dict[str, list[ChangeRequest]] = defaultdict(list)
    by_id: dict[str, ChangeRequest] = {}
    for request in session.scalars(select(ChangeRequest)):
        by_title[request.title].append(request)
        by_id[str(request.id)] = request
    for title, was_acked in world.crowd.ledger.asked.items():
        found = by_title.get(title, [])
        if was_acked and not found:
            verdict.lost.append(f"{title!r} was acked and there is no request")
        if len(found) > 1:
            verdict.doubled.append(f"{title!r} was logged {len(found)} times")
    for request_id, state in world.crowd.ledger.decided.items():
        request = by_id.get(request_id)
        if request is None or request.state is not State(state):
            verdict.lost.append(f"{request_id} was acked as {state}, and is {request and request.state}")
    for request_id, minutes in world.crowd.ledger.edited.items():
        request = by_id.get(request_id)
        if request is None or request.estimated_minutes != minutes:
            verdict.lost.append(
                f"{request_id} was changed to {minutes} minutes, and has {request and request.estimated_minutes}"
            )
    decided = Counter(session.scalars(select(Decision.request_id)))
    verdict.doubled += [
        f"{by_id[str(one)].reference} was decided {n} times" for one, n in decided.items() if n > 1
    ]


def _said(world: World) -> dict[str, list[Message]]:
    """What stands in Slack in Handoff's name, by its key."""
    said: dict[str, list[Message]] = defaultdict(list)
    for message in _ours(world):
        said[key_of(message)].append(message)
    return said


def _ours(world: World) -> Iterator[Message]:
    for channel in world.slack.workspace.channels.values():
        yield from (one for one in channel.messages if one.bot_id == world.slack.seed.bot_id and key_of(one))


def _notices(notices: list[Notice], said: dict[str, list[Message]], verdict: Verdict) -> None:
    for notice in notices:
        there = said.pop(notice.dedupe_key, [])
        if len(there) > 1:
            places = ", ".join(f"{one.channel} {one.ts}" for one in there)
            verdict.doubled.append(f"{notice.dedupe_key} stands {len(there)} times: {places}")
        what = f"{notice.dedupe_key} is {notice.state} ({notice.last_error})"
        match notice.state:
            case NoticeState.SENT:
                if not any((one.channel, one.ts) == (notice.channel_id, notice.ts) for one in there):
                    verdict.lost.append(f"{what} and does not stand at {notice.channel_id} {notice.ts}")
            case NoticeState.DEAD if notice.last_error == NOTHING_TO_SAY:
                pass
            case NoticeState.HELD if notice.last_error == OFF_WORK:
                pass
            case _:
                verdict.lost.append(f"{what}, attempt {notice.attempts}, next at {notice.next_attempt_at}")
    verdict.other += [f"{key} stands in Slack and was never announced" for key in said]


def _same_twice(world: World, announced: dict[str, datetime], verdict: Verdict) -> None:
    """The same words twice in one place, whatever their keys."""
    seen: dict[Any, Message] = {}
    for message in _ours(world):
        content = (message.channel, message.thread_ts, message.text, str(_bare(message.blocks)))
        first, seen[content] = seen.get(content, message), message
        if first is message:
            continue
        # A reminder may come again in the same words, though not at once. What one of them was kept from by a process
        # that died, while the bench let a day pass, may stand beside the next: when they were announced counts.
        came, comes = (announced.get(key_of(one)) for one in (first, message))
        if came is None or comes is None or abs(comes - came) < SOON:
            verdict.doubled.append(f"{key_of(first)} and {key_of(message)} say the same: {message.text!r}")


def _postings(session: Session, world: World, verdict: Verdict) -> None:
    for posting in session.scalars(select(Posting).where(~Posting.is_gone)):
        what = f"{posting.kind} of {posting.subject_id} at {posting.channel_id} {posting.ts}"
        message = world.slack.workspace.channels[posting.channel_id].by_ts.get(posting.ts)
        if message is None:
            verdict.lost.append(f"{what}: there is no such message")
            continue
        loaded = Loaded(posting.workspace_id, posting.subject_id, posting.facts, posting.destination)
        audience = Audience(is_external=False, now=world.clock.now())
        wanted = KINDS[posting.kind].draw(session, loaded, audience)
        if wanted is None:
            continue
        request = session.get(ChangeRequest, (posting.workspace_id, posting.subject_id))
        is_settled = request is not None and not request.awaits_decision
        difference = _difference(list(wanted.blocks), message.blocks, "blocks", is_settled=is_settled)
        if not difference and from_app(wanted.text) != message.text:
            difference = f"text {message.text!r}, wanted {wanted.text!r}"
        if difference:
            verdict.stale.append(f"{what} (wanted {posting.wanted}, shown {posting.shown}): {difference}")


def _difference(wanted: Any, shown: Any, at: str, *, is_settled: bool) -> str:
    """The first place where a message is not what it should be; empty where there is none."""
    if isinstance(wanted, dict) and isinstance(shown, dict):
        extra = shown.keys() - wanted.keys() - ADDED
        if extra:
            return f"{at} also has {sorted(extra)}"
        parts = [(wanted[key], shown.get(key), f"{at}/{key}") for key in wanted]
    elif isinstance(wanted, (list, tuple)) and isinstance(shown, list):
        if len(wanted) != len(shown):
            return f"{at} has {len(shown)} parts, wanted {len(wanted)}"
        parts = [(a, b, f"{at}/{n}") for n, (a, b) in enumerate(zip(wanted, shown, strict=True))]
    else:
        if is_settled and isinstance(wanted, str) and isinstance(shown, str):
            wanted, shown = STANDS_SO.sub("…", wanted), STANDS_SO.sub("…", shown)
        return "" if wanted == shown else f"{at} is {shown!r}, wanted {wanted!r}"
    found = (_difference(a, b, place, is_settled=is_settled) for a, b, place in parts)
    return next(filter(None, found), "")


def _bare(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _bare(value) for key, value in part.items() if key not in ADDED}
    return [_bare(one) for one in part] if isinstance(part, list) else part


def _digests(session: Session, world: World, notices: list[Notice], verdict: Verdict) -> None:
    """Every period that came since the beginning was posted once, or written down as too late to be of use."""
    by_subject: dict[UUID, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_subject[notice.subject_id].append(notice)
    runs = {(run.channel_id, run.kind, run.period): run for run in session.scalars(select(DigestRun))}
    now = world.clock.now() - timedelta(seconds=5)
    for schedule in session.scalars(select(DigestSchedule)):
        due = next_due(schedule.rule, agency.BEGINS)
        while due.at <= now:
            period = period_of(schedule.rule, due)
            if (schedule.channel_id, schedule.kind, period) not in runs:
                verdict.digests.append(f"{schedule.channel_id} {period} was left out")
            due = next_due(schedule.rule, due.at)
    for run in runs.values():
        told = by_subject[run.id]
        if run.state is RunState.POSTED and len(told) != 1:
            verdict.digests.append(f"{run.channel_id} {run.period} has {len(told)} notices")


def _strange_lines(name: str, log: str) -> list[str]:
    return [f"{name}: {line[:200]}" for line in log.splitlines() if NEVER_LOGGED.search(line)]


def verified(world: World) -> list[str]:
    """What `handoff verify` complains of, run as an administrator runs it."""
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "verify"],
        env=clean_environment(**world.settings()),
        cwd=world.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return [] if ran.returncode == 0 else [f"handoff verify: {ran.stdout}{ran.stderr}"]
