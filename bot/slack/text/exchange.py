"""What the command line says about files that come in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.exchange.loading import Loaded
from bot.exchange.refusals import BadRows
from bot.portfolio.csv_file import BadFile
from bot.portfolio.csv_import import ImportResult, Tally
from bot.slack.text import files, portfolio, settings  # noqa: F401 (their sentences are looked up by `explain`)
from bot.slack.text.refusals import Reading, explain

_READING = Reading(ZoneInfo("UTC"), datetime(1970, 1, 1, tzinfo=UTC))


def lines(refusal: Refusal) -> Iterator[str]:
    """Why a file was refused: a line for each bad one."""
    if isinstance(refusal, BadFile):
        for bad in refusal.lines:
            column = f", {bad.column}" if bad.column else ""
            yield f"line {bad.line}{column}: {explain(bad.why, _READING)}"
    elif isinstance(refusal, BadRows):
        for row in refusal.rows:
            column = f", {row.column}" if row.column else ""
            yield f"{row.table} {row.row}{column}: {explain(row.why, _READING)}"
    else:
        yield explain(refusal, _READING)


def imported(result: ImportResult) -> str:
    """What a CSV changed."""
    return f"Clients: {_tally(result.clients)}. Projects: {_tally(result.projects)}."


def loaded(result: Loaded) -> str:
    """What an export brought."""
    added = ", ".join(f"{count} {table.replace('_', ' ')}" for table, count in result.added.items() if count)
    return f"Added to {result.workspace_id}: {added}." if added else "Everything was here already."


def _tally(tally: Tally) -> str:
    return f"{tally.added} added, {tally.changed} changed, {tally.unchanged} unchanged"
