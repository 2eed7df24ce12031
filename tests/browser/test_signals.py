"""What becomes of the error signal, as the page shows it: the same numbers as the engine's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import Trainer
from engine.demos import DEMOS
from engine.factors import chi, factors
from engine.layers import FACTORS
from tests.browser.instrument import Instrument
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
