"""What no one types: the ticks of the clock, the outbox, digests, a request logged and decided; timed in the core.

Each is one use case in a transaction of its own, which is rolled back, so that the same can be done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.digests import service as digests
from bot.digests.edition import Edition
from bot.digests.models import Coverage, DigestKind
from bot.inbox.service import forget_old as forget_received
from bot.ledger.models import Funding
from bot.outbox import homes, taking
from bot.outbox.homes import forget_unopened
from bot.outbox.repository import forget_sent
from bot.people.models import Actor
from bot.portfolio.models import Project
from bot.reminders.service import remind_due
from bot.requests.afterwards import client_answers, returning
from bot.requests.bargaining import conditional, offering
from bot.requests.deciding import Figures, accept
from bot.requests.models import ChangeRequest, Promise, Reason, State
from bot.requests.overviews.touched import happened_anywhere
from bot.requests.routing import absences, departures
from bot.requests.service import Ask, submit
from bot.requests.typed.overflow import forget_old as forget_overflow
from bot.slack.home_tabs import draw_home
from tests.bench.agency import am_of, channel_of, pm_of
from tests.bench.scale.crowd import LARGE

UseCase = Callable[[Session, datetime], Any]
KEPT = timedelta(days=90)


def use_cases() -> dict[str, UseCase]:
    """Each by its name in the table."""
    ticks: dict[str, UseCase] = {
        "clock: digests due": digests.run_due,
        "clock: digests aligned at the start": digests.realign,
        "clock: options over": offering.mark_over,
        "clock: conditions expired": conditional.expire_conditions,
        "clock: absences": absences.keep_up,
        "clock: deferred, back on its day": returning.wake_deferred,
        "clock: clients' answers expired": client_answers.expire_answers,
        "clock: people who left": departures.keep_up,
        "clock: one reminder": remind_due,
        "tidy: what was received": forget_received,
        "tidy: overlong words": forget_overflow,
        "tidy: notices said long ago": lambda session, now: forget_sent(session, before=now - KEPT),
        "tidy: Homes not opened": lambda session, now: forget_unopened(session, before=now - KEPT),
        "outbox: nothing due": lambda session, now: taking.take(
            session, now=now, lease="bench", notices=20, postings=20
        ),
        "outbox: look for what is due": lambda session, now: taking.next_due_at(session, now=now),
        "Homes: follow what happened": _follow,
        "Home of an AM, drawn": lambda session, now: _home(session, am_of(0), now),
        "Home of a PM, drawn": lambda session, now: _home(session, pm_of(0), now),
    }
    reports: dict[str, UseCase] = {
        f"digest: {kind.value}, of {what}": _report(kind, covers)
        for kind in DigestKind
        for what, covers in (("a channel", Coverage.CHANNEL), ("the large workspace", Coverage.ALL))
    }
    return {**ticks, **reports, "a request logged": _logged, "a request accepted": _accepting()}


def timed(engine: Engine, use_case: UseCase, *, times: int) -> list[float]:
    """Milliseconds of each time; the first, which fills caches, is left out."""
    took = []
    for _ in range(times + 1):
        with Session(engine) as session:
            began = time.perf_counter()
            use_case(session, datetime.now(UTC))
            session.flush()
            took.append((time.perf_counter() - began) * 1000)
            session.rollback()
    return took[1:]


def _follow(session: Session, now: datetime) -> None:
    homes.watched(session, now=now)
    happened_anywhere(session, since=now - timedelta(seconds=30))


def _home(session: Session, person_id: str, now: datetime) -> None:
    draw_home(session, workspace_id=LARGE, person_id=person_id, pages={}, now=now)


def _report(kind: DigestKind, covers: Coverage) -> UseCase:
    def report(session: Session, now: datetime) -> None:
        edition = Edition(
            workspace_id=LARGE,
            channel_id=channel_of(0),
            kind=kind,
            covers=covers,
            zone="Europe/Madrid",
            due_at=now,
            now=now,
        )
        make = digests.scope_report if kind is DigestKind.SCOPE else digests.deadline_report
        make(session, edition)

    return report


def _logged(session: Session, now: datetime) -> None:
    project_id = session.scalars(
        select(Project.id).where(Project.workspace_id == LARGE, Project.key == "ACME")
    ).one()
    ask = Ask(
        project_id=project_id,
        title="Add a newsletter sign-up to the landing page",
        reason=Reason.CLIENT_REQUEST,
        minutes=180,
        promise=Promise.HOLDING_REPLY,
    )
    submit(session, Actor(LARGE, am_of(0), now), ask)


def _accepting() -> UseCase:
    """Accepts the same one each time. It is looked for in the first, which is not counted: a press names its request."""
    chosen: list[tuple[UUID, int]] = []

    def accepted(session: Session, now: datetime) -> None:
        if not chosen:
            waiting = select(ChangeRequest.id, ChangeRequest.revision).where(
                ChangeRequest.workspace_id == LARGE,
                ChangeRequest.state == State.UNDER_REVIEW,
                ChangeRequest.ball_holder_id == pm_of(0),
            )
            chosen.append(session.execute(waiting.limit(1)).one()._tuple())
        request_id, revision = chosen[0]
        figures = Figures(60, 0, 0, {Funding.AGENCY_ERROR: 60})
        accept(
            session, Actor(LARGE, pm_of(0), now), request_id=request_id, revision=revision, figures=figures
        )

    return accepted
