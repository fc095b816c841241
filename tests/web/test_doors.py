"""Turning a request away is cheap, and leaves no line in the log."""

from __future__ import annotations

import logging

import pytest

from tests.bench.doors import A_ROUND, LARGEST_SHARE, shares
from tests.slack_world import agency

ROUNDS = 8


@pytest.mark.only_on("sqlite")
async def test_a_bad_request_costs_a_fraction_of_a_good_one_and_logs_nothing(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with agency(database_url) as world:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            found = await shares(world, rounds=ROUNDS)
    assert max(found.values()) <= LARGEST_SHARE, found
    # A line for each good one, none for any other.
    assert len(caplog.records) <= ROUNDS * A_ROUND, [record.getMessage() for record in caplog.records[:5]]
