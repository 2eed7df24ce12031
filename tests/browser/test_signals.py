"""What becomes of the error signal, as the page shows it: the same numbers as the engine's."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import Trainer
from engine.demos import DEMOS
from engine.factors import chi, factors
from engine.layers import FACTORS
from tests.browser.conftest import FAULTS
from tests.browser.instrument import CHANGED, COLOURS, Instrument
from tests.browser.test_matrix import IN_THEMES, OPEN, SIZES
from tools.pictures import ADDRESS

VANISHING = DEMOS["vanishing"].run


@pytest.fixture
def vanishing(new_page: Callable[..., Instrument], instrument: Instrument) -> Instrument:
    """The vanishing demo at step 0, opened by its address."""
    return new_page().open(instrument.page.evaluate(ADDRESS, VANISHING.to_dict()))


def test_the_strip_shows_gradients_updates_and_the_factors_that_the_engine_measures(vanishing: Instrument) -> None:
    page, trainer = vanishing.page, Trainer(VANISHING)
    trainer.compute()
    record = trainer.record
    page.keyboard.press("g")
    vanishing.wait("b.strip?.view === 'gradient'")
    assert page.evaluate("backflow.strip.values") == record.gradient_rms.tolist()
    page.keyboard.press("g")
    vanishing.wait("b.strip.view === 'update'")
    np.testing.assert_allclose(page.evaluate("backflow.strip.values"), record.update_rms / record.weight_rms)
    page.keyboard.press("g")
    vanishing.wait("b.strip.view === 'factors' && b.strip.factors !== null")
    rows = page.evaluate("backflow.strip.factors")
    measured = factors(trainer)
    assert [[factor["name"] for factor in row["factors"]] for row in rows] == [["gain", "slope"]] * 6
    for name in ("gain", "slope"):
        shown = [factor["value"] for row in rows for factor in row["factors"] if factor["name"] == name]
        np.testing.assert_allclose(shown, measured.values[:, FACTORS.index(name)], rtol=1e-12)
    product = np.prod([factor["value"] for row in rows[:-1] for factor in row["factors"]])
    assert product == pytest.approx(record.delta_rms[0] / record.delta_rms[5], rel=1e-12)
    expect(page.locator("#ratio")).to_contain_text(f"= 1/{float(f'{1 / product:.3g}'):,.0f}")
    page.get_by_role("checkbox", name="χ").check()
    vanishing.wait("b.strip.chi !== null")
    np.testing.assert_allclose(list(page.evaluate("Array.from(backflow.strip.chi)")), chi(trainer), rtol=1e-12)
    assert vanishing.colours("strip-canvas") > 3


def test_the_drawer_shows_the_flow_of_error_signals_over_steps_and_its_cursor_follows_the_loss_chart(
        vanishing: Instrument) -> None:
    page = vanishing.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("d")
    expect(page.locator("#flow-empty")).to_be_visible()
    assert any(url.endswith("/drawer.js") for url in asked)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    box = page.locator("#network-canvas").bounding_box()
    vanishing.pace("max").play()
    vanishing.wait("b.step >= 600")
    vanishing.pause()
    vanishing.button("Gradient flow").click()
    expect(page.locator("#flow-empty")).to_be_hidden()
    assert page.locator("#network-canvas").bounding_box() == box, "the drawer squeezes nothing"
    page.wait_for_function("() => document.getElementById('flow-canvas').width > 300")
    vanishing.keep_picture("flow-canvas")
    page.get_by_role("radio", name="Update : weight", exact=True).check(force=True)
    page.wait_for_function(f"() => ({CHANGED})('flow-canvas') > 0.2")

    chart = page.locator("#loss-chart .u-over")
    chart.hover(position={"x": 60, "y": 20})
    expect(page.locator("#flow-cursor")).to_be_visible()
    expect(page.locator("#flow-reading")).to_contain_text("layer 1: ")
    canvas = page.locator("#flow-canvas")
    canvas.hover(position={"x": 300, "y": 60})
    reading = page.locator("#flow-reading")
    expect(reading).to_contain_text("output layer: ")
    step = int((reading.text_content() or "").split(",")[0].removeprefix("Step ").replace(",", ""))
    expect(page.locator(".loss-key .at")).not_to_be_empty()

    page.get_by_role("radio", name="Saturated", exact=True).check(force=True)
    vanishing.take_steps(2)
    page.wait_for_function(f"() => ({CHANGED})('flow-canvas') > 0.2")
    canvas.hover(position={"x": 300, "y": 60})
    for _ in range(3):
        page.mouse.wheel(0, -400)
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    vanishing.button("Show fewer steps").click()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    assert step > 0


def test_the_drawer_shows_how_the_tensors_of_every_layer_are_spread(vanishing: Instrument) -> None:
    page = vanishing.page
    vanishing.button("Distributions").click()
    expect(page.locator("#distributions-empty")).to_be_hidden()
    page.wait_for_function(f"() => ({COLOURS})('distributions-canvas') > 4")
    vanishing.keep_picture("distributions-canvas")
    vanishing.take_steps(2)
    page.wait_for_function(f"() => ({CHANGED})('distributions-canvas') > 0")
    vanishing.button("Distributions").click()
    expect(page.locator("#drawer")).to_be_hidden()


@pytest.mark.parametrize("size", [(1280, 600), (820, 1180), (390, 844)], ids=lambda size: "{} x {}".format(*size))
def test_nothing_of_it_is_cut_off_or_overlaps(size: tuple[int, int], new_page: Callable[..., Instrument]) -> None:
    instrument = new_page()
    page = instrument.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(path=FAULTS)
    instrument.open()
    found = {}
    for network in ((6, 8), (64, 4)):
        page.evaluate(OPEN, network)
        page.evaluate("document.getElementById('step').click()")
        instrument.wait("b.step === 1")
        for view in ("update", "factors"):
            page.locator(f"#strip-switch [value={view}]").check(force=True)
            instrument.wait(f"b.strip?.view === '{view}' && (b.strip.view !== 'factors' || b.strip.factors)")
            found[network, view] = page.evaluate(IN_THEMES, SIZES)
        page.locator("#show-chi").check()
        instrument.wait("b.strip.chi !== null")
        found[network, "chi"] = page.evaluate(IN_THEMES, SIZES)
        for side in ("flow", "distributions"):
            page.locator(f"[data-drawer={side}]").click()
            expect(page.locator(f"#{side}-empty")).to_be_hidden()
            found[network, side] = page.evaluate(IN_THEMES, SIZES)
        page.keyboard.press("Escape")
        page.locator("#show-chi").uncheck()
    # What else there is on the page is looked at by test_matrix.
    lines = [(*place, theme, line) for place, themes in found.items() for theme in themes for line in themes[theme]]
    mine = re.compile("strip|ratio|chi|drawer|flow|distributions|scrolls")
    assert [line for line in lines if mine.search(line[-1])] == []
