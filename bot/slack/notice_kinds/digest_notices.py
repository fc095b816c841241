"""How each kind of notice about a digest is drawn; nothing is drawn where another company reads along."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.digests.models import DigestKind
from bot.digests.service import NOTICE_KINDS, SCOPE_DETAILS, load_deadlines, load_scope
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message
from bot.slack.views.deadline_digest import deadline_digest
from bot.slack.views.scope_digest import scope_digest, scope_digest_details


def _scope(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    report = load_scope(session, workspace_id=loaded.workspace_id, run_id=loaded.subject_id)
    return None if report is None else scope_digest(report)


def _scope_details(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    report = load_scope(session, workspace_id=loaded.workspace_id, run_id=loaded.subject_id)
    return None if report is None else scope_digest_details(report)


def _deadlines(session: Session, loaded: Loaded, audience: Audience) -> Message | None:
    if audience.is_external:
        return None
    report = load_deadlines(session, workspace_id=loaded.workspace_id, run_id=loaded.subject_id)
    return None if report is None else deadline_digest(report)


# A digest is never posted twice: where nobody can tell whether it arrived, it is let be.
DIGEST_KINDS: dict[str, Kind] = {
    NOTICE_KINDS[DigestKind.SCOPE]: Kind(_scope, rather_twice=False, is_digest=True),
    SCOPE_DETAILS: Kind(_scope_details, rather_twice=False),
    NOTICE_KINDS[DigestKind.DEADLINES]: Kind(_deadlines, rather_twice=False, is_digest=True),
}
