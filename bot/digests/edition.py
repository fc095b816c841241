"""One edition of a digest: for which channel, about which projects, up to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digests.models import Coverage, DigestKind, DigestRun


@dataclass(frozen=True)
class Edition:
    """All that a report depends on beside the rows: the same for a scheduled post, one by hand, and a preview."""

    workspace_id: str
    channel_id: str
    kind: DigestKind
    covers: Coverage
    zone: str
    # When it was due: its week ends here, and its `today` is this local day.
    due_at: datetime
    # When it was posted: waits are counted up to here.
    now: datetime

    @property
    def tz(self) -> ZoneInfo:
        """The zone its days and weeks are counted in."""
        return ZoneInfo(self.zone)

    @property
    def today(self) -> date:
        """The local day it is for."""
        return self.due_at.astimezone(self.tz).date()


@dataclass(frozen=True)
class CardLink:
    """Where the card of a request was posted."""

    channel_id: str
    ts: str


def edition_of(run: DigestRun) -> Edition:
    """The edition that a run stands for."""
    return Edition(
        workspace_id=run.workspace_id,
        channel_id=run.channel_id,
        kind=run.kind,
        covers=run.covers,
        zone=run.zone,
        due_at=run.due_at,
        now=run.ran_at,
    )
