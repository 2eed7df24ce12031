"""What looking at gradients costs: telemetry in every step, what a frame works out, the heat map's scrolling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from typing import Any, cast

import numpy as np
from playwright.sync_api import sync_playwright

from engine import DenseSpec, NetworkSpec, RunSpec, StepRecord, Trainer, TrainingSpec
from engine.records import rows_of
from engine.telemetry import Sheet, Telemetry
from engine.verdicts import WINDOW
from server.frames import telemetry_sections
from server.messages import ON_REQUEST
from tests.bench.page import link, pages, play
from tests.bench.rows import Row, at_most
from tests.bench.steps import PLAYGROUND, hidden
from tests.bench.turns import ROUNDS, ratio
from tests.serving import playground
from tools import chromium

REPEATS = 200
STEPS = 100_000
LAYERS = 20

# Zooms in step by step and back, then moves along: what each picture of the browser took, in milliseconds.
SCROLL = """async () => {
  const canvas = document.getElementById("flow-canvas");
  const {left, top, width, height} = canvas.getBoundingClientRect();
  const at = {clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true};
  const wheel = (deltaX, deltaY) => canvas.dispatchEvent(new WheelEvent("wheel", {...at, deltaX, deltaY}));
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  let [longest, before] = [0, performance.now()];
  for (let turn = 0; turn < 240; turn++) {
    if (turn < 60) wheel(0, -60);
    else if (turn < 180) wheel(turn < 120 ? 40 : -40, 0);
    else wheel(0, 60);
    await frame();
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }
  return longest;
}"""


class NoTelemetry:
    """Stands where a program's telemetry is: sees that all is finite, as any step has to, and measures nothing."""

    def __init__(self, telemetry: Telemetry) -> None:
        self.certain = telemetry.certain
        self._kept = telemetry.keep(0.0)

    def keep(self, loss: float) -> tuple[Sheet, int]:
        return self._kept


def without_telemetry(trainer: Trainer) -> Trainer:
    """The same trainer, whose steps leave the statistics out."""
    for batch in {trainer.batches.size_of(index) for index in range(trainer.batches_per_epoch)}:
        program = trainer._program_for(batch)
        trainer._programs[batch] = replace(program, telemetry=cast(Any, NoTelemetry(program.telemetry)))
    trainer._enter_epoch()
    return trainer


def handing_on(trainer: Trainer) -> Callable[[], None]:
    """A step whose scalars are read as a session reads them that has gone on for a while: WINDOW steps at once."""
    records: list[StepRecord] = []

    def step() -> None:
        records.append(trainer.step())
        if len(records) == WINDOW:
            rows_of(records)
            records.clear()

    return step


def rows() -> Iterator[Row]:
    deep = RunSpec(network=hidden(LAYERS, 8, "sigmoid"), training=TrainingSpec(batch_size=32))
    runs = {name: RunSpec(network=network) for name, network in PLAYGROUND.items()}
    for name, run in (runs | {"2-(20 × 8)-1 sigmoid, batch 32": deep}).items():
        more, on, off = ratio(handing_on(Trainer(run)), without_telemetry(Trainer(run)).step, WINDOW)
        note = f"median of {ROUNDS} rounds; {1e6 * on:.1f} to {1e6 * off:.1f} µs in the best"
        yield at_most(f"telemetry, {name}", max(100 * (more - 1), 0.0), 15, "% of a step", note)
    yield frame()
    yield heat_map()


def frame() -> Row:
    """All that is worked out of a frame for those who ask: a tenth of the time at 30 pictures a second."""
    trainer = Trainer(RunSpec(network=NetworkSpec(hidden=(DenseSpec(8, "sigmoid"),) * LAYERS)))
    trainer.compute()
    seconds = []
    for _ in range(REPEATS):
        begin = perf_counter()
        telemetry_sections(trainer, ON_REQUEST)
        seconds.append(perf_counter() - begin)
    what = f"factors, χ, shares, histograms and singular values of {LAYERS} layers"
    return at_most(what, 1e3 * float(np.median(seconds)), 3.3, "ms")


def heat_map() -> Row:
    """The longest time between two of the browser's pictures while it is zoomed and moved, paused."""
    path = chromium.find()
    with playground() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with pages(browser, server, link(browser, server, [8] * LAYERS)) as page:
            play(page)
            page.wait_for_function(f"() => backflow.step >= {STEPS}", timeout=600_000)
            page.get_by_role("button", name="Pause", exact=True).click()
            page.wait_for_function("() => backflow.status === 'paused'")
            page.get_by_role("button", name="Gradient flow", exact=True).click()
            page.wait_for_function("() => document.getElementById('flow-empty').hidden")
            # What else the machine does then only ever adds to it.
            longest = min(page.evaluate(SCROLL) for _ in range(5))
        browser.close()
    name = f"heat map of {STEPS:,} steps × {LAYERS} layers: longest stall while it is zoomed and moved"
    return at_most(name, longest, 50, "ms", "best of five")
