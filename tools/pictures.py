"""Takes the pictures in docs/pictures from the real page: `make pictures`, or `python -m tools.pictures NAME ...`.

Each picture is a run, trained for at least so many steps at full pace, paused, and photographed at a size and in a
theme. A run is opened as anybody would open it: by its address.
"""

from __future__ import annotations

import base64
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from engine import RunSpec
from engine.adapt import with_changes
from engine.demos import DEMOS
from engine.spec import DenseSpec, NetworkSpec
from tests.browser.instrument import Instrument
from tests.serving import playground
from tools import chromium
from tools.palette import png

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PAGE: Final = FOLDER.parent / "PICTURES.md"
ADDRESS: Final = """async (spec) => {
  const {encodeAddress} = await import("/static/address.js");
  return "#" + encodeAddress(spec, JSON.parse(document.getElementById("catalog").text).defaults);
}"""
# What a screenshot's file holds, as bytes of red, green, blue and alpha.
PIXELS: Final = """async (file) => {
  const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const reader = new FileReader();
  reader.readAsDataURL(new Blob([context.getImageData(0, 0, image.width, image.height).data]));
  await new Promise((done) => { reader.onload = done; });
  return reader.result;
}"""
# Whether there is anything that comes by itself and has not come: type, and the small pictures of the data sets.
COMPLETE: Final = """() => document.fonts.status === "loaded" && !document.getElementById("page").ariaBusy
  && [...document.querySelectorAll("#datasets canvas")].every((canvas) => !canvas.checkVisibility()
    || canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((each) => each > 0))"""
PATIENCE_MS: Final = 120_000
REST_S: Final = 2.0
"""Longer than anything is said in passing (NOTE in static/marks/motion.js): of a page that did not change for so long,
axes stand where they stay and the notes of their changes are gone."""


@dataclass(frozen=True)
class Picture:
    """`run` after `steps` steps or some more, in a window of `size`; before that, `prepare` was done to the page."""

    caption: str
    run: RunSpec
    steps: int = 0
    size: tuple[int, int] = (1280, 720)
    theme: str = "Light"
    view: str = ""
    prepare: Callable[[Instrument], None] = lambda instrument: None


def _run(hidden: list[tuple[int, str]], changes: dict[str, Any] | None = None, init: str = "xavier_uniform") -> RunSpec:
    layers = tuple(DenseSpec(units, activation, init=init) for units, activation in hidden)
    return with_changes(RunSpec(network=NetworkSpec(hidden=layers)), changes or {})


def _draw_points(instrument: Instrument) -> None:
    """Three strokes of three classes into an empty plane."""
    page = instrument.page
    page.get_by_role("radio", name="Your data", exact=True).click()
    instrument.button("Start with an empty plane").click()
    box = page.locator("#output-canvas").bounding_box()
    if box is None:
        raise RuntimeError("the page has no output to draw points into")
    for key, stroke in (("1", ((0.25, 0.2), (0.4, 0.35), (0.3, 0.6))), ("2", ((0.55, 0.15), (0.7, 0.4), (0.85, 0.3))),
                        ("3", ((0.5, 0.75), (0.65, 0.6), (0.85, 0.7)))):
        page.keyboard.press(key)
        for place, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=12)
            if place == 0:
                page.mouse.down()
        page.mouse.up()
    instrument.wait("b.spec.data.name === 'own' && b.spec.data.own.classes.length === 3")
    instrument.button("Done").click()


def _overflow(instrument: Instrument) -> None:
    """Plays until there is no further step."""
    instrument.page.keyboard.press("Space")
    instrument.wait("b.status === 'diverged'")


def _look_back(instrument: Instrument) -> None:
    """To step 5,000, back to step 120 and on from there with another learning rate, and back once more."""

    def train(steps: int) -> None:
        instrument.play()
        instrument.wait(f"b.step >= {steps}")
        instrument.pause()

    def look(step: int) -> None:
        drag = "(slider, step) => { slider.value = step; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
        instrument.page.get_by_role("slider", name="Step that is shown").evaluate(drag, step)
        instrument.wait(f"b.step === {step}")

    instrument.pace("max")
    train(5_000)
    look(120)
    instrument.button("Continue from here").click()
    instrument.type_into(instrument.learning_rate, "0.1")
    train(3_000)
    look(400)


def _open_branches(instrument: Instrument) -> None:
    _look_back(instrument)
    instrument.button("Changes and branches").click()


def _walk(instrument: Instrument) -> None:
    """Walks through the step to the last layer that the error signal comes to, its formulas beside it."""
    instrument.page.keyboard.press("w")
    instrument.page.keyboard.press("i")
    for _ in range(5):
        instrument.page.keyboard.press("n")


def _inspect(instrument: Instrument) -> None:
    """Asks where a unit's numbers came from."""
    instrument.page.locator("#network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        instrument.page.keyboard.press(key)
    instrument.page.get_by_role("button", name="Where does it come from?").click()
    instrument.page.locator("#drawer-inspector .katex").first.wait_for()


def _demos() -> Iterator[tuple[str, Picture]]:
    """Each demo after so many steps that it has shown what it is about, and its first cure when that has learned."""
    for name, demo in DEMOS.items():
        steps = BEFORE.get(name, 1_000)
        cure = demo.cures[0]
        sick = Picture(f"{demo.title}.", demo.run, steps)
        yield f"demo-{name}", replace(sick, prepare=_overflow) if name == "exploding" else sick
        caption = f"{demo.title}, the cure: {cure.title}."
        yield f"demo-{name}-cured", Picture(caption, cure.run, int(cure.figures["steps"]))


BEFORE: Final = {"exploding": 0, "dying_relu": 450, "plateau": 800, "rate_3": 500, "rate_10": 500, "overfitting": 3_000}
"""Steps of a demo in its picture; else a thousand."""
SPIRAL: Final = _run(
    [(8, "tanh"), (8, "tanh"), (6, "tanh")],
    {"data.name": "spiral", "data.train_fraction": 0.8, "training.optimizer": "adam", "training.learning_rate": 0.01},
)
DIGITS: Final = _run([(16, "relu"), (12, "relu")], {"data.name": "digits", "training.learning_rate": 0.05}, "he_normal")
CURVE: Final = _run([(8, "tanh"), (6, "tanh")], {"data.name": "sine", "training.learning_rate": 0.05})
POINTS: Final = _run([(8, "tanh"), (6, "tanh")], {"training.optimizer": "adam", "training.learning_rate": 0.01})
LAYOUTS: Final = {
    (1280, 720): "a lecture hall's projector",
    (1280, 600): "what a browser leaves of it",
    (1920, 1080): "a large screen",
    (820, 1180): "a tablet held upright",
    (390, 844): "a telephone",
}
THEMES: Final = ("Light", "Dark", "Projector")

PICTURES: Final[dict[str, Picture]] = {
    "opening": Picture("The page as it opens: paused at step 0, with both passes drawn.", RunSpec()),
    "gradients": Picture(
        "Six layers of eight sigmoid units, the edges painted by their gradients: next to nothing reaches the first.",
        DEMOS["vanishing"].run, 1_000, view="Gradients"),
    "digits": Picture("Handwritten digits: what each unit of the first layer looks for.", DIGITS, 4_000),
    "curve": Picture("A curve, and what each unit adds to it.", CURVE, 12_000),
    **dict(_demos()),
    "own-data": Picture("Points of three classes, drawn by hand.", POINTS, 3_000, prepare=_draw_points),
    "timeline": Picture(
        "A past step is looked at; the pale curve is the branch that was left at step 120.",
        RunSpec(), prepare=_look_back),
    "branches": Picture(
        "What was changed, and the branch that was left, named by what was changed in it.",
        RunSpec(), prepare=_open_branches),
    "walk": Picture(
        "A step of a 2-2-1 network, walked through to its last stage but one: all of backpropagation on one screen.",
        _run([(2, "tanh")]), size=(1920, 1080), prepare=_walk),
    "inspector": Picture(
        "Where a unit's numbers came from: every formula in symbols, and with its numbers put in.",
        RunSpec(), 200, (1920, 1080), prepare=_inspect),
    "deep-20": Picture("Twenty sigmoid layers: both signals die.", _run([(8, "sigmoid")] * 20), 500),
    "deep-64": Picture("Sixty-four layers of tanh.", _run([(8, "tanh")] * 64), 200),
    "wide": Picture("Four layers of 32 units, the strongest edges of each gap.", _run([(32, "tanh")] * 4), 1_000),
    "wide-128": Picture("Three layers of 128 units.", _run([(128, "tanh")] * 3), 500),
    **{
        f"{width}x{height}-{theme.lower()}": Picture(
            f"{width} × {height}, {theme.lower()}: {where}.", SPIRAL, 8_000, (width, height), theme)
        for (width, height), where in LAYOUTS.items()
        for theme in THEMES
    },
}


def gallery() -> str:
    """The text of docs/PICTURES.md."""
    shown = [f"{picture.caption}\n\n![{picture.caption}](pictures/{name}.png)\n" for name, picture in PICTURES.items()]
    return "# Pictures\n\nTaken from the real page by `make pictures`.\n\n" + "\n".join(shown)


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
    picture.prepare(instrument)
    if picture.steps:
        instrument.pace("max")
        instrument.play()
        instrument.wait(f"b.step >= {picture.steps}")
        instrument.pause()
    if picture.view:
        page.get_by_role("radio", name=picture.view).check()
    page.mouse.move(width // 2, 1)  # where nothing answers the pointer
    page.evaluate("document.activeElement?.blur()")
    instrument.settle()
    page.wait_for_function(COMPLETE)
    taken = page.evaluate(PIXELS, base64.b64encode(_at_rest(page)).decode("ascii"))
    pixels = np.frombuffer(base64.b64decode(taken.partition(",")[2]), np.uint8).reshape(height, width, 4)
    (FOLDER / f"{name}.png").write_bytes(png(pixels[:, :, :3]))
    print(f"{name}: step {instrument.step}, {width} × {height}, {picture.theme.lower()}")
    context.close()


def _at_rest(page: Page) -> bytes:
    """A screenshot of the page once it has looked like that for a while, as a file. RuntimeError if it never does."""
    begun = since = time.monotonic()
    shot = page.screenshot()
    while time.monotonic() - since < REST_S:
        if time.monotonic() - begun > PATIENCE_MS / 1_000:
            raise RuntimeError("the page does not come to rest")
        page.wait_for_timeout(100)
        now = page.screenshot()
        if now != shot:
            shot, since = now, time.monotonic()
    return shot


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
    PAGE.write_text(gallery(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
