"""Growth on a plot, as SVG text: how many times the cost at the first level each figure has at the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 420, 60, 330, 30, 50
COLOURS = ("#1264a3", "#e01e5a", "#2eb67d", "#ecb22e", "#4a154b", "#d9730d", "#0b6e99", "#6940a5")
NAMED = 12


def growth(levels: Sequence[int], figures: Mapping[str, Sequence[float]], title: str) -> str:
    """A line for each figure, both axes logarithmic; those that grow most are named."""
    ratios = {what: [cost / costs[0] for cost in costs] for what, costs in figures.items()}
    most = max([10.0, *(ratio for line in ratios.values() for ratio in line)])
    least = min([0.5, *(ratio for line in ratios.values() for ratio in line)])

    def x(level: int) -> float:
        share = math.log(level / levels[0]) / math.log(levels[-1] / levels[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(ratio: float) -> float:
        share = math.log(ratio / least) / math.log(most / least)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    ordered = sorted(ratios, key=lambda what: ratios[what][-1], reverse=True)
    parts = [f'<text x="{LEFT}" y="18" font-weight="bold">{escape(title)}</text>']
    for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if least <= tick <= most:
            parts.append(f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
            parts.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick}×</text>')
    parts += [
        f'<text x="{x(level):.1f}" y="{HEIGHT - 25}" text-anchor="middle">{level:,} requests</text>'
        for level in levels
    ]
    for place, what in enumerate(ordered):
        colour = COLOURS[place % len(COLOURS)] if place < NAMED else "#bbb"
        points = " ".join(f"{x(level):.1f},{y(r):.1f}" for level, r in zip(levels, ratios[what], strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        if place < NAMED:
            words = f"{ratios[what][-1]:.1f}× {what}"
            parts.append(
                f'<text x="{WIDTH - RIGHT + 14}" y="{TOP + 14 + place * 20}" fill="{colour}">{escape(words)}</text>'
            )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
    return (
        "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *parts, "</svg>"]) + "\n"
    )
