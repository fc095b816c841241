from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.db.transaction import reading, transaction
from bot.digests.models import DigestKind
from bot.digests.refusals import DigestsStayInside, NotAWeekday, NotAWholeMinute
from bot.digests.service import run_now
from bot.errors import Refusal
from bot.outbox.models import Notice
from bot.slack.kinds import Audience, Loaded
from bot.slack.message import Message
from bot.slack.notice_kinds.digest_notices import DIGEST_KINDS
from bot.slack.text import digest_settings
from bot.slack.text.refusals import Reading, explain
from tests.digests.agency import HERE, HOME, MONDAY, agency


@pytest.fixture
def announced(engine: Engine) -> Engine:
    with agency(engine) as house:
        house.accepted(house.project(house.client()), 60)
    with transaction(engine) as session:
        for kind in DigestKind:
            run_now(session, workspace_id=HERE, channel_id=HOME, kind=kind, now=MONDAY)
    return engine


def drawn(engine: Engine, *, is_external: bool) -> dict[str, Message | None]:
    with reading(engine) as session:
        return {
            notice.kind: DIGEST_KINDS[notice.kind].draw(
                session,
                Loaded(HERE, notice.subject_id, notice.facts, notice.destination),
                Audience(is_external=is_external, now=MONDAY),
            )
            for notice in session.scalars(select(Notice).order_by(Notice.id))
        }


def test_every_announced_digest_is_drawn(announced: Engine) -> None:
    messages = drawn(announced, is_external=False)
    assert {kind: message.text.splitlines()[0] for kind, message in messages.items() if message} == {
        "scope_digest": "*Scope, week 47* · 1 project",
        "scope_digest_details": "*Scope, week 47: each project, the worst first*",
        "deadline_digest": "*Deadlines, Mon 23 Nov*",
    }


def test_nothing_is_drawn_where_another_company_reads_along(announced: Engine) -> None:
    assert set(drawn(announced, is_external=True).values()) == {None}


def test_a_digest_that_may_have_arrived_is_not_posted_again() -> None:
    assert not any(kind.rather_twice for kind in DIGEST_KINDS.values())


@pytest.mark.parametrize("refusal", [DigestsStayInside("C1"), NotAWeekday(8), NotAWholeMinute("09:00:30")])
def test_a_refused_setting_is_explained_in_a_sentence(refusal: Refusal) -> None:
    assert explain(refusal, Reading(ZoneInfo("UTC"), MONDAY)).endswith(".")


def test_saving_says_when_the_digest_comes_next() -> None:
    monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
    said = digest_settings.saved(DigestKind.SCOPE, "C1", is_on=True, next_run_at=monday)
    assert said.startswith("The scope digest comes to <#C1> next at <!date^")
    off = digest_settings.saved(DigestKind.SCOPE, "C1", is_on=False, next_run_at=monday)
    assert off == "The scope digest is off in <#C1>."
