"""How the time of a step grows with depth and width, measured and drawn as docs/growth.svg.

    python -m tests.bench.growth
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from pathlib import Path

from engine import DenseSpec, NetworkSpec, RunSpec, Trainer
from tests.bench.steps import seconds_a_step

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "growth.svg"
DEPTHS = (1, 2, 4, 8, 16, 32, 64)
WIDTHS = (2, 4, 8, 16, 32, 64, 128)
WIDTH, HEIGHT, MARGIN = 360, 260, 48
Points = Sequence[tuple[int, float]]


def step_time(depth: int, units: int) -> float:
    """Microseconds of a step of so many hidden tanh layers, batch 10, float64."""
    trainer = Trainer(RunSpec(network=NetworkSpec(hidden=(DenseSpec(units),) * depth)))
    return 1e6 * seconds_a_step({"engine": trainer.step})["engine"]


def panel(points: Points, title: str, left: int) -> str:
    """One curve on logarithmic axes, with its numbers written to it."""
    low, high = (log2(points[place][0]) for place in (0, -1))
    floor, ceiling = (log2(edge(time for _, time in points)) for edge in (min, max))

    def place(count: int, time: float) -> tuple[float, float]:
        across = (log2(count) - low) / (high - low)
        up = (log2(time) - floor) / max(ceiling - floor, 1e-9)
        return left + MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    line = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
    marks = []
    for count, time in points:
        x, y = place(count, time)
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        marks.append(f'<text x="{x:.1f}" y="{y - 8:.1f}">{time:.3g}</text>')
        marks.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 20}">{count}</text>')
    heading = f'<text x="{left + WIDTH / 2}" y="20">{title}</text>'
    return f'{heading}<polyline points="{line}" fill="none" stroke="#2a6f97" stroke-width="2"/>{"".join(marks)}'


def picture(depths: Points, widths: Points) -> str:
    parts = panel(depths, "µs a step, by hidden layers of 8", 0)
    parts += panel(widths, "µs a step, by units in 2 layers", WIDTH)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" text-anchor="middle" fill="#333"><rect width="100%" height="100%" fill="#fff"/>{parts}</svg>\n'
    )


if __name__ == "__main__":
    by_depth = [(depth, step_time(depth, 8)) for depth in DEPTHS]
    by_width = [(units, step_time(2, units)) for units in WIDTHS]
    PICTURE.write_text(picture(by_depth, by_width), "utf-8")
    for name, points in (("layers", by_depth), ("units", by_width)):
        for count, time in points:
            print(f"{count:>4} {name}: {time:.1f} µs")
