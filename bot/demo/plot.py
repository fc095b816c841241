"""Orders the story: every row of it becomes things that happen, each at its instant. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo import agency
from bot.demo.agency import DemoProject
from bot.demo.calendar import Calendar
from bot.demo.story import FIRST_DAY, REMARKS, REQUESTS
from bot.demo.story.rows import Accepted, Asked, Declined, Outcome, Remark, Reply, Withdrawn
from bot.digests.models import Coverage, DigestKind
from bot.ledger.models import Funding

SCOPE_AT, DEADLINES_AT = time(9, 0), time(8, 30)
# Working days until accepted work begins, and how much of it a day takes.
HEAD_START, HOURS_A_DAY = 3, 4
# Working days until the client says yes to a change order.
CLIENT_THINKS = 1


@dataclass(frozen=True)
class Starts:
    """A project begins."""

    project: DemoProject


@dataclass(frozen=True)
class Asks:
    """A request is logged; `number` is its place in the story."""

    number: int
    row: Asked


@dataclass(frozen=True)
class Decides:
    """A request is decided, withdrawn, or something is asked or offered in place of a yes or a no."""

    number: int
    outcome: Outcome


@dataclass(frozen=True)
class Tells:
    """The client has the answer."""

    number: int


@dataclass(frozen=True)
class ClientAgrees:
    """The client says yes to the change order."""

    number: int


@dataclass(frozen=True)
class Begins:
    """The work begins."""

    number: int


@dataclass(frozen=True)
class Finishes:
    """What was accepted is done."""

    number: int


@dataclass(frozen=True)
class Says:
    """Somebody says something in a channel."""

    number: int
    remark: Remark


@dataclass(frozen=True)
class Replies:
    """Somebody replies under a request's card, or under a remark."""

    under: Asks | Says
    words: str


@dataclass(frozen=True)
class SetsDigest:
    """A channel gets a digest."""

    channel: str
    kind: DigestKind
    at: time
    covers: Coverage


@dataclass(frozen=True)
class DigestsFallDue:
    """The clock of the digests ticks."""


@dataclass(frozen=True)
class GoesAway:
    """Somebody is away from this day on, for so many days, and somebody else stands in."""

    delegate: str
    days: int
    note: str


@dataclass(frozen=True)
class EverybodyReads:
    """Nobody has anything unread."""


Deed = (
    Starts
    | Asks
    | Decides
    | Tells
    | ClientAgrees
    | Begins
    | Finishes
    | Says
    | Replies
    | SetsDigest
    | DigestsFallDue
    | GoesAway
    | EverybodyReads
)


@dataclass(frozen=True)
class Happening:
    """Somebody does something at an instant."""

    at: datetime
    who: str
    deed: Deed


def happenings(calendar: Calendar) -> list[Happening]:
    """The whole story in order; raises ValueError where a row answers before it asks."""
    found = [*_projects(calendar), *_digests(calendar)]
    found.append(Happening(calendar.exactly(0, "09:05", agency.HOME_ZONE), agency.MAX, EverybodyReads()))
    away = GoesAway(agency.ANA, 5, "The trade fair in Boston.")
    found.append(Happening(calendar.exactly(0, "09:00", agency.HOME_ZONE), agency.GRACE, away))
    for number, row in enumerate(REQUESTS):
        found += _request(calendar, number, row)
    for number, remark in enumerate(REMARKS):
        says = Says(number, remark)
        found.append(Happening(_at(calendar, remark.day, remark.at, remark.who), remark.who, says))
        found += _replies(calendar, found[-1], remark.talk)
    return sorted(found, key=lambda happening: happening.at)


def beginning(calendar: Calendar) -> datetime:
    """When the story begins: Handoff is installed and knows its people and clients."""
    return calendar.exactly(FIRST_DAY, "08:00", agency.HOME_ZONE)


def _request(calendar: Calendar, number: int, row: Asked) -> Iterator[Happening]:
    project = next(project for project in agency.PROJECTS if project.key == row.project)
    client = next(client for client in agency.CLIENTS if client.name == project.client)
    requester = row.by or client.am
    asks = Asks(number, row)
    asked_at = _at(calendar, row.day, row.at, requester)
    yield Happening(asked_at, requester, asks)
    yield from _replies(calendar, Happening(asked_at, requester, asks), row.talk)
    if row.then is None:
        return
    # Nobody decides a request of their own.
    decider = agency.DIRECTOR if requester == project.pm else project.pm
    who = requester if isinstance(row.then, Withdrawn) else decider
    decided_at = _at(calendar, row.day - row.then.after, row.then.at, who)
    if decided_at <= asked_at:
        raise ValueError(f"{row.title!r} is decided before it is asked")
    yield Happening(decided_at, who, Decides(number, row.then))
    if not isinstance(row.then, Accepted | Declined) or row.then.told is None:
        return
    after, at = row.then.told
    told_at = _at(calendar, row.day - after, at, requester)
    if told_at <= decided_at:
        raise ValueError(f"{row.title!r} is told before it is decided")
    yield Happening(told_at, requester, Tells(number))
    if isinstance(row.then, Accepted):
        told_on = row.day - after
        if _is_billable(row.then) and told_on - CLIENT_THINKS >= 1:
            agreed_at = _at(calendar, told_on - CLIENT_THINKS, "11:25", requester)
            yield Happening(agreed_at, requester, ClientAgrees(number))
        yield from _finish(calendar, number, project.pm, day=told_on, hours=row.then.hours)


def _is_billable(yes: Accepted) -> bool:
    fundings = [yes.paid] if isinstance(yes.paid, Funding) else list(yes.paid)
    return any(funding.is_billable for funding in fundings)


def _finish(calendar: Calendar, number: int, pm: str, *, day: int, hours: float) -> Iterator[Happening]:
    """The work is done some days after the client heard: other work goes on beside it. The latest is under way."""
    done_on = day - HEAD_START - math.ceil(hours / HOURS_A_DAY)
    if done_on >= 1:
        yield Happening(_at(calendar, done_on, "17:20", pm), pm, Finishes(number))
    elif day - HEAD_START >= 1:
        yield Happening(_at(calendar, day - HEAD_START, "09:10", pm), pm, Begins(number))


def _replies(calendar: Calendar, root: Happening, talk: tuple[Reply, ...]) -> Iterator[Happening]:
    assert isinstance(root.deed, Asks | Says)
    day = root.deed.row.day if isinstance(root.deed, Asks) else root.deed.remark.day
    before = root.at
    for who, after, at, words in talk:
        reply = Happening(_at(calendar, day - after, at, who), who, Replies(root.deed, words))
        if reply.at <= before:
            raise ValueError(f"{words!r} is said too early")
        before = reply.at
        yield reply


def _projects(calendar: Calendar) -> Iterator[Happening]:
    first = beginning(calendar)
    for project in agency.PROJECTS:
        day = calendar.last_day + timedelta(days=project.starts)
        at = datetime.combine(day, time(9, 30), ZoneInfo(agency.HOME_ZONE))
        yield Happening(max(first, at), project.pm, Starts(project))


def _digests(calendar: Calendar) -> Iterator[Happening]:
    everything, own = Coverage.ALL, Coverage.CHANNEL
    scope, deadlines = DigestKind.SCOPE, DigestKind.DEADLINES
    for back, who, sets in (
        (FIRST_DAY - 1, agency.MAX, SetsDigest(agency.LEADS, scope, SCOPE_AT, everything)),
        (26, agency.OLGA, SetsDigest(agency.SOL_PORTAL, scope, SCOPE_AT, own)),
        (6, agency.MAX, SetsDigest(agency.LEADS, deadlines, DEADLINES_AT, everything)),
    ):
        yield Happening(_at(calendar, back, "18:10", who), who, sets)
    zone = ZoneInfo(agency.HOME_ZONE)
    day = calendar.day(FIRST_DAY)
    while day <= calendar.now.astimezone(zone).date():
        for local in (DEADLINES_AT, SCOPE_AT):
            at = datetime.combine(day, local, zone)
            if _is_workday(day) and at <= calendar.now:
                yield Happening(at, agency.MAX, DigestsFallDue())
        day += timedelta(days=1)


def _at(calendar: Calendar, back: int, at: str, who: str) -> datetime:
    return calendar.instant(back, at, agency.ZONES[who])


def _is_workday(day: date) -> bool:
    return day.isoweekday() <= 5
