"""Maps of a network: its output over the inputs, and a small picture of each unit, in 8 bits with their scales."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import probe
from engine.activations import ACTIVATIONS
from engine.trainer import Trainer
from server.layouts import CURVE, GRID, UNIT_CURVE, UNIT_MAP

Array = NDArray[Any]


class NotFiniteError(ArithmeticError):
    """There is something to be drawn that is not a number."""


def map_sections(trainer: Trainer, unit_maps: bool) -> dict[str, Array] | None:
    """The sections of a maps message as docs/PROTOCOL.md names them; None where what they would show is not finite.

    Predictions of test samples where there is neither plane nor curve, and then no unit maps.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is looked at
            return _output_sections(trainer) | (_unit_sections(trainer) if unit_maps else {})
    except NotFiniteError:
        return None


def _output_sections(trainer: Trainer) -> dict[str, Array]:
    match trainer.run.data.record.form:
        case "plane":
            maps = [*probe.plane_grid(trainer, *GRID)]
            scales = [_range(each, trainer.run.network.output_activation, _targets(trainer)) for each in maps]
            grid, scale = _quantised(maps, scales)
            return {"grid": grid, "grid_scale": scale}
        case "curve":
            return {"grid": _finite(probe.curve_grid(trainer, CURVE))}
        case "samples":
            return {"predictions": _finite(probe.test_predictions(trainer))}


def _unit_sections(trainer: Trainer) -> dict[str, Array]:
    """One scale a layer, so that units of a layer can be compared."""
    sections = {"unit_spread": _finite(probe.unit_spread(trainer))}
    form = trainer.run.data.record.form
    if form != "samples":
        plane = form == "plane"
        maps = probe.unit_maps(trainer, *UNIT_MAP) if plane else probe.unit_curves(trainer, UNIT_CURVE)
        # What a residual layer passes on is not bounded by its activation.
        activations = ["linear" if layer.residual else layer.activation for layer in trainer.run.layers]
        known = [(0.0, 0.0)] * (len(maps) - 1) + [_targets(trainer)]
        scales = [_range(*each) for each in zip(maps, activations, known, strict=True)]
        sections["unit_maps"], sections["unit_scales"] = _quantised(maps, scales)
    return sections


def _quantised(maps: list[Array], scales: list[tuple[float, float]]) -> tuple[Array, Array]:
    """Maps as bytes, and the (lowest, highest) of each."""
    parts = [
        ((values - low) * (255 / (high - low)) + 0.5).astype(np.uint8).reshape(-1)
        for values, (low, high) in zip(maps, scales, strict=True)
    ]
    return np.concatenate(parts), np.array(scales)


def _targets(trainer: Trainer) -> tuple[float, float]:
    """The least and the greatest that the output is to become."""
    targets = trainer.samples.train.targets
    return float(targets.min()), float(targets.max())


def _range(values: Array, activation: str, known: tuple[float, float]) -> tuple[float, float]:
    """The activation's own, or from 0 to what it reaches, and to what it is known to reach in time: an output that is
    nearly constant would else be drawn at full strength."""
    _finite(values)
    fixed = ACTIVATIONS[activation].display_range
    if fixed is not None:
        return fixed
    low, high = min(0.0, known[0], float(values.min())), max(0.0, known[1], float(values.max()))
    if not math.isfinite(high - low):
        raise NotFiniteError(f"a range from {low} to {high}")
    return (low, high) if low < high else (0.0, 1.0)


def _finite(values: Array) -> Array:
    if not np.isfinite(values).all():
        raise NotFiniteError("a map with an entry that is not finite")
    return values
