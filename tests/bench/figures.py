"""What the samples say: percentiles, ratios by round, and whether a limit holds."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample that `share` (0 to 1) of all are not above: the nearest rank."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Line:
    """One line of the table: a figure of ours beside the peer's, or beside a limit alone."""

    what: str
    unit: str
    ours: float
    peer: float | None
    ratio: float | None
    limit: float | None
    holds: bool
    samples: int = 1
    # The ratio of each round, so that one can see how far they lie apart.
    rounds: tuple[float, ...] = ()


@dataclass
class Rounds:
    """Samples of both sides, round by round, in milliseconds."""

    what: str
    ours: list[list[float]] = field(default_factory=list)
    peer: list[list[float]] = field(default_factory=list)

    def line(self, share: float, limit: float | None) -> Line:
        """The line for a percentile: the figures over all samples, the ratio as the median over the rounds.

        A round's two halves lie seconds apart, so noise of the machine meets both; a round that was disturbed on one
        side moves the median little.
        """
        ratios = tuple(
            percentile(ours, share) / percentile(peer, share)
            for ours, peer in zip(self.ours, self.peer, strict=True)
        )
        ratio = statistics.median(ratios)
        everything = [sample for part in self.ours for sample in part]
        return Line(
            what=f"{self.what}, p{share * 100:.0f}",
            unit="ms",
            ours=percentile(everything, share),
            peer=percentile([sample for part in self.peer for sample in part], share),
            ratio=ratio,
            limit=limit,
            holds=limit is None or ratio <= limit,
            samples=len(everything),
            rounds=ratios,
        )


def against_limit(
    what: str, unit: str, ours: float, limit: float | None, *, peer: float | None = None
) -> Line:
    """A figure with a limit of its own; the peer's is for comparison."""
    ratio = None if peer is None else ours / peer
    return Line(what, unit, ours, peer, ratio, limit, holds=limit is None or ours <= limit)


def table(lines: Sequence[Line], ours: str = "ours", peer: str = "bare Bolt") -> str:
    """The lines as plain text."""
    width = max(len(line.what) for line in lines)
    head = f"{'':{width}}  {ours:>11}  {peer:>10}  {'ratio':>6}  {'limit':>7}  {'samples':>7}"
    return "\n".join([head, *(_row(line, width) for line in lines)])


def _row(line: Line, width: int) -> str:
    peer = "" if line.peer is None else f"{line.peer:.1f} {line.unit}"
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    limit = "" if line.limit is None else f"{line.limit:g}" + (f" {line.unit}" if not line.rounds else "")
    verdict = "" if line.limit is None else "ok" if line.holds else "FAIL"
    ours = f"{line.ours:.1f} {line.unit}"
    row = f"{line.what:{width}}  {ours:>11}  {peer:>10}  {ratio:>6}  {limit:>7}  {line.samples:>7}  {verdict}"
    return row.rstrip()


def write(path: Path, lines: Sequence[Line], facts: dict[str, Any]) -> None:
    """The same as JSON, with the ratio of every round."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**facts, "figures": [asdict(line) for line in lines]}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
