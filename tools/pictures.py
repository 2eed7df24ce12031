"""Takes the pictures in docs/pictures from the real page: `make pictures`, or `python -m tools.pictures NAME ...`.

Each picture is a run, trained for at least so many steps at full pace, paused, and photographed at a size and in a
theme. A run is opened as anybody would open it: by its address.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from engine import RunSpec
from engine.adapt import with_changes
from engine.demos import DEMOS
from engine.spec import DenseSpec, NetworkSpec
from tests.browser.instrument import Instrument
from tests.serving import playground
from tools import chromium

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
ADDRESS: Final = """async (spec) => {
  const {encodeAddress} = await import("/static/address.js");
  return "#" + encodeAddress(spec, JSON.parse(document.getElementById("catalog").text).defaults);
}"""
PATIENCE_MS: Final = 120_000


@dataclass(frozen=True)
class Picture:
    """`run` after `steps` steps or some more, in a window of `size`, after `keys` were pressed."""

    run: RunSpec
    steps: int = 0
    size: tuple[int, int] = (1280, 720)
    theme: str = "Light"
    keys: tuple[str, ...] = ()
    view: str = ""
    shown: tuple[str, ...] = field(default=())  # switches to turn on, by their names


def _run(hidden: list[tuple[int, str]], changes: dict[str, Any] | None = None, init: str = "xavier_uniform") -> RunSpec:
    layers = tuple(DenseSpec(units, activation, init=init) for units, activation in hidden)
    return with_changes(RunSpec(network=NetworkSpec(hidden=layers)), changes or {})


CIRCLE: Final = RunSpec()
SPIRAL: Final = _run(
    [(8, "tanh"), (8, "tanh"), (6, "tanh")],
    {"data.name": "spiral", "data.train_fraction": 0.8, "training.optimizer": "adam", "training.learning_rate": 0.01},
)
DIGITS: Final = _run([(16, "relu"), (12, "relu")], {"data.name": "digits", "training.learning_rate": 0.05}, "he_normal")
CURVE: Final = _run([(8, "tanh"), (6, "tanh")], {"data.name": "sine", "training.learning_rate": 0.05})

PICTURES: Final[dict[str, Picture]] = {
    "vanishing": Picture(DEMOS["vanishing"].run, 1_000),
    "circle": Picture(CIRCLE, 1_500),
    "opening": Picture(CIRCLE),
    "spiral": Picture(SPIRAL, 6_000, size=(1920, 1080)),
    "digits": Picture(DIGITS, 4_000),
    "curve": Picture(CURVE, 12_000),
    "gradients": Picture(DEMOS["vanishing"].run, 1_000, view="Gradients"),
    "circle-dark": Picture(CIRCLE, 1_500, theme="Dark"),
    "tablet": Picture(CIRCLE, 1_500, size=(820, 1180)),
    "deep": Picture(_run([(8, "sigmoid")] * 20), 500),
    "circle-projector": Picture(CIRCLE, 1_500, size=(1920, 1080), theme="Projector"),
}


def take(name: str, picture: Picture, browser: Browser, address: str) -> None:
    """Trains, waits until the last picture is drawn, and writes docs/pictures/NAME.png."""
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    instrument = Instrument(page, address).open()
    link = page.evaluate(ADDRESS, picture.run.to_dict())
    page.close()
    page = context.new_page()
    instrument = Instrument(page, address).open(link)
    if picture.theme != "Light":
        page.get_by_role("button", name="View", exact=True).click()
        page.get_by_role("radio", name=picture.theme).check()
        page.keyboard.press("Escape")
    if picture.steps:
        instrument.pace("max")
        instrument.play()
        instrument.wait(f"b.step >= {picture.steps}")
        instrument.pause()
    if picture.view:
        page.get_by_role("radio", name=picture.view).check()
    for switch in picture.shown:
        page.get_by_role("checkbox", name=switch).check()
    for key in picture.keys:
        page.keyboard.press(key)
    page.mouse.move(width // 2, 1)  # where nothing answers the pointer
    page.evaluate("document.activeElement?.blur()")
    instrument.settle()
    page.wait_for_timeout(1_000)  # what moves has come to rest
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}: step {instrument.step}, {width} × {height}, {picture.theme.lower()}")
    context.close()


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        print(f"Picture {unknown[0]} refused: must be one of {', '.join(PICTURES)}.", file=sys.stderr)
        return 2
    path = os.environ.get("CHROMIUM") or chromium.find()
    if path is None:
        print(chromium.ADVICE, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to run as root
    with playground() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for name in names or PICTURES:
            take(name, PICTURES[name], browser, server.address)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
