"""The table: for each fault how often it struck, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults.bench import Row

_HEADS = ("fault", "struck", "acked", "tried again", "lost", "doubled", "stale", "seconds")


def head() -> str:
    """The first two lines."""
    return _joined(_HEADS) + "\n" + _joined(["---", *["---:"] * (len(_HEADS) - 1)])


def line(row: Row, *, seconds: float | None = None) -> str:
    """One fault."""
    return _joined(
        [
            f"{row.fault} ({row.world})",
            *map(str, (row.struck, row.acked, row.refused, row.lost, row.doubled, row.stale)),
            f"{row.seconds if seconds is None else seconds:.0f}",
        ]
    )


def whole(rows: Sequence[Row], *, passes: int, seconds: float) -> str:
    """All passes together, fault by fault."""
    summed: dict[tuple[str, str], Row] = {}
    for row in rows:
        total = summed.setdefault((row.world, row.fault), Row(row.world, row.fault))
        for name in ("struck", "acked", "refused", "lost", "doubled", "stale", "seconds"):
            setattr(total, name, getattr(total, name) + getattr(row, name))
    everything = Row("all", "together")
    for row in summed.values():
        for name in ("struck", "acked", "refused", "lost", "doubled", "stale"):
            setattr(everything, name, getattr(everything, name) + getattr(row, name))
    everything.seconds = seconds
    title = f"\n{passes} {'pass' if passes == 1 else 'passes'}, nothing wrong in any:\n"
    return "\n".join([title, head(), *map(line, summed.values()), line(everything)])


def _joined(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
