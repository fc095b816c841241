"""Setting digests, posting what is due exactly once a period, and loading the reports that are rendered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.digests import repository
from bot.digests.deadline_report import DeadlineReport, build_deadline_report
from bot.digests.deadline_repository import deadline_rows
from bot.digests.edition import Edition, edition_of
from bot.digests.models import Coverage, DigestKind, DigestSchedule, RunState
from bot.digests.refusals import DigestsStayInside, NotAWeekday, NotAWholeMinute
from bot.digests.schedule import Due, missed_and_due, next_due, period_of
from bot.digests.scope_report import ScopeReport, build_scope_report
from bot.digests.scope_repository import scope_rows
from bot.digests.week import Week
from bot.errors import Refusal, WrongField, WrongFields
from bot.outbox.service import announce
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.workspaces import repository as workspaces
from bot.workspaces.refusals import UnknownZone
from bot.workspaces.zones import is_zone

# How many schedules one transaction deals with; the clock calls again at once when it dealt with that many.
BATCH = 200
TOO_LATE = "too_late"

NOTICE_KINDS = {DigestKind.SCOPE: "scope_digest", DigestKind.DEADLINES: "deadline_digest"}
SCOPE_DETAILS = "scope_digest_details"


# --- setting


def set_schedule(
    session: Session,
    actor: Actor,
    *,
    channel_id: str,
    kind: DigestKind,
    is_on: bool,
    zone: str,
    at: time,
    weekday: int = 1,
    covers: Coverage = Coverage.CHANNEL,
    is_external: bool,
) -> DigestSchedule:
    """Set one digest of a channel; `at` is local time in `zone`, `weekday` (ISO) counts for the weekly kind only.

    Anybody internal may. Raises `ExternalPerson`, `UnknownPerson`; `DigestsStayInside` where it would be turned on in
    a channel that another company reads; `WrongFields` (zone, at, weekday).
    """
    require_internal(session, actor)
    if is_on and is_external:
        raise DigestsStayInside(channel_id)
    _check(zone=zone, at=at, weekday=weekday)
    row = repository.put_schedule(
        session,
        {
            "workspace_id": actor.workspace_id,
            "id": new_id(),
            "channel_id": channel_id,
            "kind": kind,
            "covers": covers,
            "is_on": is_on,
            "zone": zone,
            "at": at,
            "weekday": weekday,
            "next_run_at": actor.now,
            "set_by": actor.person_id,
        },
    )
    row.next_run_at = _next_new_period(session, row, actor.now)
    return row


def schedules_of(
    session: Session, *, workspace_id: str, channel_id: str
) -> dict[DigestKind, DigestSchedule | None]:
    """What is set for a channel, by kind; nothing where it was never set."""
    return {
        kind: repository.schedule(session, workspace_id=workspace_id, channel_id=channel_id, kind=kind)
        for kind in DigestKind
    }


def _check(*, zone: str, at: time, weekday: int) -> None:
    wrong: list[tuple[str, Refusal]] = []
    if not is_zone(zone):
        wrong.append(("zone", UnknownZone(zone)))
    if at.second or at.microsecond or at.tzinfo:
        wrong.append(("at", NotAWholeMinute(at.isoformat())))
    if not 1 <= weekday <= 7:
        wrong.append(("weekday", NotAWeekday(weekday)))
    if wrong:
        raise WrongFields([WrongField(field, why) for field, why in wrong])


def _next_new_period(session: Session, row: DigestSchedule, now: datetime) -> datetime:
    """The next due time whose period was not dealt with: a digest moved from Monday to Friday waits a week."""
    due = next_due(row.rule, now)
    while _run_of(session, row, period_of(row.rule, due)) is not None:
        due = next_due(row.rule, due.at)
    return due.at


def _run_of(session: Session, row: DigestSchedule, period: str) -> UUID | None:
    return repository.run_of(
        session, workspace_id=row.workspace_id, channel_id=row.channel_id, kind=row.kind, period=period
    )


# --- posting


def run_due(session: Session, now: datetime) -> int:
    """Announce every digest that is due, and return how many schedules were dealt with (at most `BATCH`).

    Each period is written down once, whoever else runs this at the same time; what is too late to be of use is
    written down as skipped.
    """
    rows = repository.due_schedules(session, now=now, limit=BATCH)
    for row in rows:
        missed, due = missed_and_due(row.rule, row.next_run_at, now)
        for late in missed:
            _run(session, _edition(row, late, now), period=period_of(row.rule, late), skipped=TOO_LATE)
        if due is not None:
            _run(session, _edition(row, due, now), period=period_of(row.rule, due))
        repository.move_next_run(session, row, to=next_due(row.rule, now).at)
    return len(rows)


def run_now(session: Session, *, workspace_id: str, channel_id: str, kind: DigestKind, now: datetime) -> UUID:
    """Announce a digest outside its schedule, and return its run; the scheduled periods stay as they are."""
    edition = edition_for(session, workspace_id=workspace_id, channel_id=channel_id, kind=kind, now=now)
    period = f"now:{now.isoformat()}"
    return _run(session, edition, period=period) or _known_run(session, edition, period)


def post_of(session: Session, *, workspace_id: str, run_id: UUID) -> str:
    """Under which key the post of a run was announced; the run is known."""
    run = repository.run(session, workspace_id=workspace_id, run_id=run_id)
    assert run is not None
    return _post_key(edition_of(run), run.period)


def realign(session: Session, now: datetime) -> int:
    """Compute every coming due time anew, and return how many moved.

    For the start of the clock process: the rules of a zone may have changed since they were computed.
    """
    moved = 0
    for row in repository.coming_schedules(session, now=now):
        # Nearly all are as they should be, which takes no look at what was posted.
        if next_due(row.rule, now).at == row.next_run_at:
            continue
        due = _next_new_period(session, row, now)
        if due != row.next_run_at:
            repository.move_next_run(session, row, to=due)
            moved += 1
    return moved


def _edition(row: DigestSchedule, due: Due, now: datetime) -> Edition:
    return Edition(
        workspace_id=row.workspace_id,
        channel_id=row.channel_id,
        kind=row.kind,
        covers=row.covers,
        zone=row.zone,
        due_at=due.at,
        now=now,
    )


def _run(session: Session, edition: Edition, *, period: str, skipped: str = "") -> UUID | None:
    """Write down the period and, unless it is skipped, announce it; nothing if it is already written down."""
    run_id = repository.claim_run(
        session,
        {
            "workspace_id": edition.workspace_id,
            "id": new_id(),
            "channel_id": edition.channel_id,
            "kind": edition.kind,
            "period": period,
            "covers": edition.covers,
            "zone": edition.zone,
            "due_at": edition.due_at,
            "state": RunState.SKIPPED if skipped else RunState.POSTED,
            "reason": skipped,
            "ran_at": edition.now,
        },
    )
    if run_id is not None and not skipped:
        _announce(session, edition, run_id=run_id, period=period)
    return run_id


def _known_run(session: Session, edition: Edition, period: str) -> UUID:
    known = repository.run_of(
        session,
        workspace_id=edition.workspace_id,
        channel_id=edition.channel_id,
        kind=edition.kind,
        period=period,
    )
    assert known is not None  # its period could not be written a second time
    return known


def _announce(session: Session, edition: Edition, *, run_id: UUID, period: str) -> None:
    post = _post_key(edition, period)
    announce(
        session,
        workspace_id=edition.workspace_id,
        kind=NOTICE_KINDS[edition.kind],
        subject_id=run_id,
        destination=edition.channel_id,
        dedupe_key=post,
        now=edition.now,
    )
    if edition.kind is DigestKind.SCOPE:
        announce(
            session,
            workspace_id=edition.workspace_id,
            kind=SCOPE_DETAILS,
            subject_id=run_id,
            destination=edition.channel_id,
            dedupe_key=f"{post}:details",
            now=edition.now,
            thread_of=post,
        )


def _post_key(edition: Edition, period: str) -> str:
    return f"digest:{edition.kind}:{edition.channel_id}:{period}"


# --- what is rendered


def edition_for(
    session: Session, *, workspace_id: str, channel_id: str, kind: DigestKind, now: datetime
) -> Edition:
    """The edition a channel would get now: as its schedule says, on or off.

    Where nothing was ever set, it speaks of the channel's own projects, or of all if it has none, in the
    workspace's zone.
    """
    row = repository.schedule(session, workspace_id=workspace_id, channel_id=channel_id, kind=kind)
    if row is not None:
        covers, zone = row.covers, row.zone
    else:
        own = repository.has_projects(session, workspace_id=workspace_id, channel_id=channel_id)
        workspace = workspaces.workspace(session, workspace_id=workspace_id)
        covers, zone = Coverage.CHANNEL if own else Coverage.ALL, workspace.zone if workspace else "UTC"
    return Edition(
        workspace_id=workspace_id,
        channel_id=channel_id,
        kind=kind,
        covers=covers,
        zone=zone,
        due_at=now,
        now=now,
    )


def scope_report(session: Session, edition: Edition) -> ScopeReport:
    """The scope report of an edition, from the rows as they are now."""
    week = Week(edition.tz, edition.due_at)
    report = build_scope_report(scope_rows(session, edition, week), week, edition.now)
    links = repository.card_links(session, workspace_id=edition.workspace_id, requests=report.named_requests)
    return replace(report, links=links)


def deadline_report(session: Session, edition: Edition) -> DeadlineReport:
    """The deadline report of an edition, from the rows as they are now."""
    report = build_deadline_report(deadline_rows(session, edition), edition.today)
    links = repository.card_links(session, workspace_id=edition.workspace_id, requests=report.named_requests)
    return replace(report, links=links)


def load_scope(session: Session, *, workspace_id: str, run_id: UUID) -> ScopeReport | None:
    """The scope report of a run; nothing if there is no such run."""
    run = repository.run(session, workspace_id=workspace_id, run_id=run_id)
    return None if run is None else scope_report(session, edition_of(run))


def load_deadlines(session: Session, *, workspace_id: str, run_id: UUID) -> DeadlineReport | None:
    """The deadline report of a run; nothing if there is no such run."""
    run = repository.run(session, workspace_id=workspace_id, run_id=run_id)
    return None if run is None else deadline_report(session, edition_of(run))
