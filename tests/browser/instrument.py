"""The page as a person uses it, by the names of its controls; and as `window.backflow` tells what it shows."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

Weights = NDArray[np.float64]

CANVASES = ("network-canvas", "strip-canvas", "output-canvas")
READ = """() => {
  const {status, step, epoch, loss, evaluation, spec, framesDrawn, stepsPerSecond, layers} = window.backflow;
  return {status, step, epoch, loss, evaluation, spec, framesDrawn, stepsPerSecond, layers};
}"""

# Read from a copy: reading back a canvas that is drawn on makes Chromium complain, and slows it down.
PIXELS = """const pixels = (id) => {
  const canvas = document.getElementById(id);
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  return new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
};"""
COLOURS = f"(id) => {{ {PIXELS} return new Set(pixels(id)).size; }}"
KEEP = f"(id) => {{ {PIXELS} globalThis.kept = pixels(id); }}"
CHANGED = f"""(id) => {{ {PIXELS}
  const now = pixels(id);
  return now.filter((colour, place) => colour !== kept[place]).length / now.length;
}}"""


class Instrument:
    """One page. Every wait has an end: Playwright raises TimeoutError where the condition does not come true."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, fragment: str = "") -> Self:
        """Loads the page, with a configuration after the `#`, and waits until it can be used."""
        self.page.goto(f"{self.address}/{fragment}")
        return self.drawn()

    def drawn(self) -> Self:
        """Waits for the first picture, and for the controls, which come after it."""
        self.wait("b.framesDrawn >= 1 && !document.getElementById('page').ariaBusy")
        return self

    def wait(self, condition: str) -> None:
        """Waits until `condition` holds: JavaScript, in which `b` is `window.backflow`."""
        self.page.wait_for_function(f"() => {{ const b = window.backflow; return b !== undefined && ({condition}); }}")

    def wait_for_steps(self, count: int) -> None:
        """Waits until `count` more steps were trained and drawn."""
        self.wait(f"b.step >= {self.read()['step'] + count}")

    def read(self) -> dict[str, Any]:
        """What `window.backflow` says now."""
        seen: dict[str, Any] = self.page.evaluate(READ)
        return seen

    @property
    def step(self) -> int:
        return int(self.read()["step"])

    @property
    def weights(self) -> list[Weights]:
        """The weights that are drawn: an array (fan_in, units) for each layer."""
        return [np.array(layer["weights"]) for layer in self.read()["layers"]]

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.read()["spec"]
        return spec

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def menu(self, name: str) -> Locator:
        return self.page.get_by_role("combobox", name=name, exact=True)

    def entry(self, name: str) -> Locator:
        return self.page.get_by_role("textbox", name=name, exact=True)

    @property
    def learning_rate(self) -> Locator:
        return self.entry("Learning rate η")

    @property
    def sentence(self) -> Locator:
        return self.page.locator("#sentence-text")

    def colours(self, canvas: str) -> int:
        """How many different colours a canvas has; an empty one has a single one."""
        return int(self.page.evaluate(COLOURS, canvas))

    def keep_picture(self, canvas: str) -> None:
        """Keeps what a canvas shows, for `changed`."""
        self.page.evaluate(KEEP, canvas)

    def changed(self, canvas: str) -> float:
        """The share of a canvas's pixels that differ from those that were kept."""
        return float(self.page.evaluate(CHANGED, canvas))

    def play(self) -> Self:
        self.button("Play").click()
        self.wait("b.status === 'playing'")
        return self

    def pause(self) -> Self:
        """Pauses, and waits until what is drawn is the step it stopped at."""
        self.button("Pause").click()
        self.wait("b.status === 'paused'")
        self.settle()
        return self

    def settle(self) -> None:
        """Waits until the paused page has drawn its last picture, which is the one that was evaluated."""
        self.wait("b.status !== 'playing' && b.step === b.evaluation?.step")

    def take_steps(self, count: int) -> None:
        """Presses S so often, and waits until the last of these steps is drawn."""
        goal = self.step + count
        for _ in range(count):
            self.page.keyboard.press("s")
        self.wait(f"b.step === {goal}")

    def pace(self, value: str) -> Self:
        """Chooses a pace: "1", "240", "max"."""
        self.menu("Pace, steps a second").select_option(value)
        return self

    def type_into(self, entry: Locator, text: str) -> None:
        entry.fill(text)
        entry.press("Enter")

    def leave_idle(self) -> None:
        """Pauses a run that still plays: it would go on for half a minute without its page, and slow the next test."""
        pause = self.button("Pause")
        if pause.is_visible() and pause.is_enabled():
            pause.click()
            self.wait("b.status !== 'playing'")
