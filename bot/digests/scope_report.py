"""The scope report: what was asked, accepted and declined in a week, what grew, and what nobody pays for.

Pure: rows in, report out. Percentages are formed where they are printed, from the two figures kept here, so that a
project without agreed hours shows none instead of a nought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from uuid import UUID

from bot.digests.edition import CardLink
from bot.digests.week import WEEKS, Week
from bot.people.working_time import WorkingHours

THIS_WEEK = WEEKS - 1
# How many requests of a kind a project names; the rest are counted.
NAMED = 3


# --- rows: what the repository reads


@dataclass(frozen=True)
class ProjectRow:
    """A project that the digest covers, with minutes and money (minor units) as first agreed."""

    id: UUID
    key: str
    name: str
    client: str
    currency: str
    pm: str
    agreed_minutes: int
    agreed_budget_minor: int


@dataclass(frozen=True)
class HoursRow:
    """Accepted minutes and their worth in minor units; `week` is 0 to 7 of the eight, none before or after."""

    project_id: UUID
    week: int | None
    is_unpaid: bool
    minutes: int
    amount_minor: int


@dataclass(frozen=True)
class RequestRow:
    """A request, as far as a digest names it."""

    id: UUID
    project_id: UUID
    reference: str
    title: str


@dataclass(frozen=True)
class WaitRow:
    """A request that awaits a decision: who has the ball, when they work, since when they have it."""

    request: RequestRow
    holder: str
    hours: WorkingHours
    since: datetime


@dataclass(frozen=True)
class DecisionRow:
    """A decision of the week."""

    request: RequestRow
    is_accepted: bool
    minutes: int


@dataclass(frozen=True)
class ScopeRows:
    """All that a scope report is made of."""

    projects: Sequence[ProjectRow]
    hours: Sequence[HoursRow] = ()
    asked: Sequence[RequestRow] = ()
    decisions: Sequence[DecisionRow] = ()
    waits: Sequence[WaitRow] = ()
    # Begun (or even done) on a change order that the client has not said yes to.
    at_risk: Sequence[RequestRow] = ()


# --- the report


@dataclass(frozen=True)
class Hours:
    """Accepted minutes, what they are worth in minor units, and how much of both nobody pays for."""

    minutes: int = 0
    unpaid_minutes: int = 0
    amount_minor: int = 0
    unpaid_minor: int = 0

    def __add__(self, other: Hours) -> Hours:
        return Hours(
            self.minutes + other.minutes,
            self.unpaid_minutes + other.unpaid_minutes,
            self.amount_minor + other.amount_minor,
            self.unpaid_minor + other.unpaid_minor,
        )

    @property
    def paid_minutes(self) -> int:
        """The minutes that somebody pays for."""
        return self.minutes - self.unpaid_minutes


@dataclass(frozen=True)
class Waiting:
    """A request that waits, and for how many working minutes its holder has had it."""

    request: RequestRow
    holder: str
    minutes: int


@dataclass(frozen=True)
class ProjectScope:
    """One project's week, and how far it has grown so far."""

    project: ProjectRow
    week: Hours = Hours()
    so_far: Hours = Hours()
    asked: tuple[RequestRow, ...] = ()
    accepted: tuple[DecisionRow, ...] = ()
    declined: tuple[DecisionRow, ...] = ()
    # Longest first.
    waiting: tuple[Waiting, ...] = ()
    at_risk: tuple[RequestRow, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether it never grew, nothing happened in the week, nothing waits and nothing is at risk."""
        moved = self.asked or self.accepted or self.declined or self.so_far.minutes
        return not (moved or self.waiting or self.at_risk)

    @property
    def badness(self) -> tuple[float, float, int, int]:
        """What "worst" means: creep against the agreed hours, then growth, then this week, then the wait."""
        oldest = self.waiting[0].minutes if self.waiting else 0
        return (
            self._share(self.so_far.unpaid_minutes),
            self._share(self.so_far.minutes),
            self.week.minutes,
            oldest,
        )

    def _share(self, minutes: int) -> float:
        # Hours accepted where none were agreed are worse than any share.
        if not self.project.agreed_minutes:
            return inf if minutes else 0.0
        return minutes / self.project.agreed_minutes


@dataclass(frozen=True)
class WeekHours:
    """One bar of the chart: an ISO week's number, and minutes accepted in it."""

    number: int
    paid_minutes: int
    unpaid_minutes: int


@dataclass(frozen=True)
class ScopeReport:
    """The whole digest: projects that grew or in which something happened, worst first, and the quiet ones."""

    week: Week
    active: tuple[ProjectScope, ...]
    quiet: tuple[ProjectScope, ...]
    weeks: tuple[WeekHours, ...]
    # The week's hours by the currency of their clients: money is never summed across currencies.
    week_by_currency: Mapping[str, Hours]
    links: Mapping[UUID, CardLink] = field(default_factory=dict)

    @property
    def project_count(self) -> int:
        """How many projects the digest covers."""
        return len(self.active) + len(self.quiet)

    @property
    def total(self) -> Hours:
        """The week's hours over all projects (its money means nothing where currencies differ)."""
        return sum((scope.week for scope in self.active), Hours())

    @property
    def grew_most(self) -> ProjectScope | None:
        """The project whose week was worst: most unpaid hours, then most hours; none if nothing was accepted."""
        grown = [scope for scope in self.active if scope.week.minutes]
        return max(grown, key=lambda scope: (scope.week.unpaid_minutes, scope.week.minutes), default=None)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Every request that waits, longest first."""
        waits = [waiting for scope in self.active for waiting in scope.waiting]
        return tuple(sorted(waits, key=lambda waiting: -waiting.minutes))

    @property
    def named_requests(self) -> tuple[UUID, ...]:
        """The requests that the digest may name, whose cards it links to."""
        ids = dict.fromkeys(
            row.id
            for scope in self.active
            for row in (
                *(waiting.request for waiting in scope.waiting[:NAMED]),
                *(decision.request for decision in (*scope.accepted[:NAMED], *scope.declined[:NAMED])),
                *scope.asked[:NAMED],
                *scope.at_risk[:NAMED],
            )
        )
        return tuple(ids)


def build_scope_report(rows: ScopeRows, week: Week, now: datetime) -> ScopeReport:
    """Put the rows together; waits are counted up to `now`, in the working hours of whoever has the ball."""
    week_hours, so_far = _hours_by_project(rows.hours)
    waits = defaultdict(list)
    for waiting in _waiting(rows.waits, now):
        waits[waiting.request.project_id].append(waiting)
    asked, at_risk = _by_project(rows.asked), _by_project(rows.at_risk)
    decisions = defaultdict(list)
    for decision in rows.decisions:
        decisions[decision.request.project_id].append(decision)
    scopes = [
        ProjectScope(
            project=project,
            week=week_hours[project.id],
            so_far=so_far[project.id],
            asked=tuple(asked[project.id]),
            accepted=tuple(row for row in decisions[project.id] if row.is_accepted),
            declined=tuple(row for row in decisions[project.id] if not row.is_accepted),
            waiting=tuple(waits[project.id]),
            at_risk=tuple(at_risk[project.id]),
        )
        for project in sorted(rows.projects, key=lambda project: (project.name.casefold(), project.key))
    ]
    by_currency: defaultdict[str, Hours] = defaultdict(Hours)
    for scope in scopes:
        if scope.week.minutes:
            by_currency[scope.project.currency] += scope.week
    active = sorted((s for s in scopes if not s.is_quiet), key=lambda s: s.badness, reverse=True)
    return ScopeReport(
        week=week,
        active=tuple(active),
        quiet=tuple(scope for scope in scopes if scope.is_quiet),
        weeks=_weeks(rows.hours, week),
        week_by_currency=dict(sorted(by_currency.items())),
    )


def _hours_by_project(rows: Iterable[HoursRow]) -> tuple[defaultdict[UUID, Hours], defaultdict[UUID, Hours]]:
    week: defaultdict[UUID, Hours] = defaultdict(Hours)
    so_far: defaultdict[UUID, Hours] = defaultdict(Hours)
    for row in rows:
        unpaid = (row.minutes, row.amount_minor) if row.is_unpaid else (0, 0)
        hours = Hours(row.minutes, unpaid[0], row.amount_minor, unpaid[1])
        so_far[row.project_id] += hours
        if row.week == THIS_WEEK:
            week[row.project_id] += hours
    return week, so_far


def _by_project(rows: Iterable[RequestRow]) -> defaultdict[UUID, list[RequestRow]]:
    found = defaultdict(list)
    for row in rows:
        found[row.project_id].append(row)
    return found


def _waiting(rows: Sequence[WaitRow], now: datetime) -> list[Waiting]:
    waits = [Waiting(row.request, row.holder, row.hours.minutes_between(row.since, now)) for row in rows]
    return sorted(waits, key=lambda waiting: (-waiting.minutes, waiting.request.reference))


def _weeks(rows: Iterable[HoursRow], week: Week) -> tuple[WeekHours, ...]:
    paid, unpaid = [0] * WEEKS, [0] * WEEKS
    for row in rows:
        if row.week is not None:
            (unpaid if row.is_unpaid else paid)[row.week] += row.minutes
    return tuple(
        WeekHours(week.number(back=THIS_WEEK - index), paid[index], unpaid[index]) for index in range(WEEKS)
    )
