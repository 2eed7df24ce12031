"""How the time of a step grows with depth and width, measured and drawn as docs/growth.svg.

    python -m tests.bench.growth
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from xml.sax.saxutils import escape

from engine import DenseSpec, NetworkSpec, RunSpec, Trainer
from tests.bench.machine import machine
from tests.bench.turns import seconds_a_step

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "growth.svg"
COMMAND = "python -m tests.bench.growth"
DEPTHS = (1, 2, 4, 8, 16, 32, 64)
WIDTHS = (2, 4, 8, 16, 32, 64, 128)
Points = Sequence[tuple[int, float]]
"""(layers or units, microseconds)."""

# In units of the picture: the plots, what is kept free around each for its axes, and within it beside the curve.
PLOT = (330, 240)
LEFT, TOP, BETWEEN, RIGHT, BOTTOM, INSET = 64, 64, 116, 72, 92, 22
SIZE = (LEFT + 2 * PLOT[0] + BETWEEN + RIGHT, TOP + PLOT[1] + BOTTOM)
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
STYLE = """
  svg { font: 13px system-ui, sans-serif; }
  .paper { fill: #ffffff; } text { fill: #1a1d21; } .muted { fill: #565d66; }
  .grid { stroke: #d5d7d2; } .axis { stroke: #565d66; } .time { stroke: #1f6fb5; } .dot { fill: #1f6fb5; }
  .guide { stroke: #565d66; stroke-dasharray: 4 4; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14171b; } text { fill: #eceef0; } .muted { fill: #a3acb6; }
    .grid { stroke: #363c44; } .axis { stroke: #a3acb6; } .time { stroke: #5aa9ee; } .dot { fill: #5aa9ee; }
    .guide { stroke: #a3acb6; }
  }
"""


def step_times(shapes: Sequence[tuple[int, int]]) -> list[float]:
    """Microseconds of a step of hidden tanh layers, (how many, units of each), on the circle data, telemetry on."""
    runs = [RunSpec(network=NetworkSpec(hidden=(DenseSpec(units),) * depth)) for depth, units in shapes]
    seconds = seconds_a_step({str(place): Trainer(run).step for place, run in enumerate(runs)})
    return [1e6 * each for each in seconds.values()]


@dataclass(frozen=True)
class Panel:
    """One curve on two logarithmic axes. `power` is that of the dashed line to compare it with, through its end."""

    points: Points
    title: str
    across: str
    power: int
    guide: str
    left: float
    times: tuple[float, float]

    def x(self, count: float) -> float:
        first, last = self.points[0][0], self.points[-1][0]
        return self.left + INSET + (PLOT[0] - 2 * INSET) * log(count / first) / log(last / first)

    def y(self, time: float) -> float:
        low, high = self.times
        return TOP + PLOT[1] * (1 - log(time / low) / log(high / low))

    def draw(self) -> Iterator[str]:
        bottom, right = TOP + PLOT[1], self.left + PLOT[0]
        yield text(self.left, TOP - 36, self.title, "start", weight=600)
        yield text(self.left - 40, TOP - 10, "µs a step", "start", "muted")
        for tick in TICKS:
            if self.times[0] <= tick <= self.times[1]:
                yield line((self.left, self.y(tick)), (right, self.y(tick)), "grid")
                yield text(self.left - 8, self.y(tick) + 4, f"{tick:,}", "end", "muted")
        for count, _ in self.points:
            yield line((self.x(count), bottom), (self.x(count), bottom + 5), "axis")
            yield text(self.x(count), bottom + 20, f"{count}", "middle", "muted")
        yield line((self.left, bottom), (right, bottom), "axis")
        yield text(self.left + PLOT[0] / 2, bottom + 42, self.across, "middle")
        yield from self._guide()
        places = " ".join(f"{self.x(count):.1f},{self.y(time):.1f}" for count, time in self.points)
        yield f'<polyline class="time" points="{places}" fill="none" stroke-width="2"/>'
        for count, time in self.points:
            yield f'<circle class="dot" cx="{self.x(count):.1f}" cy="{self.y(time):.1f}" r="3.5"/>'
            yield text(self.x(count), self.y(time) - 10, f"{time:.3g}", "middle")

    def _guide(self) -> Iterator[str]:
        """From the last point back to where it leaves the plot."""
        last, time = self.points[-1]
        first = max(self.points[0][0], last * (self.times[0] / time) ** (1 / self.power))
        start = (self.x(first), self.y(time * (first / last) ** self.power))
        yield line(start, (self.x(last), self.y(time)), "guide")
        yield text(self.x(last) + 12, self.y(time) + 4, self.guide, "start", "muted")


def text(x: float, y: float, words: str, anchor: str, kind: str = "", weight: int = 400) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(words)}</text>"
    )


def line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    return (
        f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        'stroke-width="1"/>'
    )


def picture(depths: Points, widths: Points, conditions: str) -> str:
    """The SVG: both curves over the same scale of time, and below them what they were measured on."""
    times = [time for _, time in (*depths, *widths)]
    span = (min(times) / 1.6, max(times) * 1.6)
    panels = (
        Panel(depths, "Time of a step by depth, layers of 8 units", "hidden layers", 1, "∝ layers", LEFT, span),
        Panel(widths, "Time of a step by width, 2 hidden layers", "units a hidden layer", 2, "∝ units²",
              LEFT + PLOT[0] + BETWEEN, span),
    )
    parts = [part for panel in panels for part in panel.draw()]
    parts.append(text(LEFT, SIZE[1] - 12, conditions, "start", "muted"))
    title = "Time of a training step against depth and width of the network, in microseconds, on logarithmic axes"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE[0]} {SIZE[1]}" role="img">\n'
        f"<title>{title}</title>\n"
        f'<style>{STYLE}</style>\n<rect class="paper" width="100%" height="100%"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def draw() -> None:
    """Measures, prints and writes docs/growth.svg."""
    times = step_times([*((depth, 8) for depth in DEPTHS), *((2, units) for units in WIDTHS)])
    by_depth = list(zip(DEPTHS, times, strict=False))
    by_width = list(zip(WIDTHS, times[len(DEPTHS) :], strict=True))
    for name, points in (("layers of 8", by_depth), ("units in 2 layers", by_width)):
        for count, time in points:
            print(f"{count:>4} {name}: {time:.1f} µs")
    day = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    PICTURE.write_text(
        picture(by_depth, by_width, f"tanh, batch 10, float64, one thread · {machine()} · {day} · {COMMAND}"), "utf-8"
    )


if __name__ == "__main__":
    draw()
