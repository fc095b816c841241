"""The deadline report: what is late, what is due today and in the next seven days, and which renewals come.

Pure: rows in, report out.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from bot.digests.edition import CardLink

AHEAD = timedelta(days=7)
RENEWALS_AHEAD = timedelta(days=45)
# How many lines each part shows; the rest are counted.
SHOWN = 15


class DueKind(enum.StrEnum):
    """What is due."""

    DECISION = "decision"
    DELIVERY = "delivery"
    ANSWER = "answer"
    PROJECT = "project"
    RENEWAL = "renewal"


@dataclass(frozen=True)
class DueRow:
    """One thing that is due on a day, and whose it is."""

    kind: DueKind
    on: date
    client: str
    whose: str
    # The request, where it is about one.
    request_id: UUID | None = None
    reference: str = ""
    # What the request asks for, or the project's name.
    title: str = ""
    # Who has to decide before the client can be answered.
    waits_for: str = ""


@dataclass(frozen=True)
class DeadlineReport:
    """What is due, by how near it is; each part by date."""

    today: date
    overdue: tuple[DueRow, ...]
    due_today: tuple[DueRow, ...]
    coming: tuple[DueRow, ...]
    renewals: tuple[DueRow, ...]
    links: Mapping[UUID, CardLink] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.overdue or self.due_today or self.coming or self.renewals)

    @property
    def named_requests(self) -> tuple[UUID, ...]:
        """The requests that the digest may name, whose cards it links to."""
        shown = (*self.overdue[:SHOWN], *self.due_today[:SHOWN], *self.coming[:SHOWN])
        return tuple(dict.fromkeys(row.request_id for row in shown if row.request_id is not None))


def build_deadline_report(rows: Iterable[DueRow], today: date) -> DeadlineReport:
    """Sort the rows by how near they are; what is further away than the digest looks is left out."""
    ordered = sorted(
        _one_a_request(rows), key=lambda row: (row.on, row.client.casefold(), row.reference, row.kind)
    )
    renewals = [row for row in ordered if row.kind is DueKind.RENEWAL]
    others = [row for row in ordered if row.kind is not DueKind.RENEWAL]
    return DeadlineReport(
        today=today,
        overdue=tuple(row for row in others if row.on < today),
        due_today=tuple(row for row in others if row.on == today),
        coming=tuple(row for row in others if today < row.on <= today + AHEAD),
        renewals=tuple(row for row in renewals if today <= row.on <= today + RENEWALS_AHEAD),
    )


def _one_a_request(rows: Iterable[DueRow]) -> list[DueRow]:
    """The same with one row for each request, on its nearest day: what the client is owed is said first."""
    single: list[DueRow] = []
    by_request: dict[UUID, list[DueRow]] = {}
    for row in rows:
        if row.request_id is None:
            single.append(row)
        else:
            by_request.setdefault(row.request_id, []).append(row)
    for same in by_request.values():
        told = next((row for row in same if row.kind is DueKind.ANSWER), same[0])
        single.append(replace(told, on=min(row.on for row in same)))
    return single
