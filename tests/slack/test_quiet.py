"""Which private notices wait for the morning: every kind that is said in private is in the table, or known to go at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.bootstrap import KINDS
from bot.slack.gateway.readings import read_undisturbed
from bot.slack.quiet import REMINDERS, WAITS_FOR_WORK

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def test_the_table_names_kinds_that_exist() -> None:
    assert set(WAITS_FOR_WORK) <= set(KINDS)
    assert set(WAITS_FOR_WORK) >= REMINDERS


@pytest.mark.parametrize(
    ("answer", "until"),
    [
        ({"dnd_enabled": True, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT + 60}, AT + 60),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT, "next_dnd_end_ts": AT + 1}, AT + 1),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT + 60, "next_dnd_end_ts": AT + 120}, None),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT}, None),
        ({"dnd_enabled": False, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT + 60}, None),
        ({"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, None),
        ({"dnd_enabled": True}, None),
        ({}, None),
    ],
)
def test_do_not_disturb_is_read_for_this_moment(answer: dict[str, object], until: int | None) -> None:
    read = read_undisturbed(answer, NOW)
    assert (None if read is None else int(read.timestamp())) == until
