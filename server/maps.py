"""Maps of a network: its output over the inputs, and a small picture of each unit, in 8 bits with their scales."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import probe
from engine.activations import ACTIVATIONS
from engine.data import DATASETS
from engine.trainer import Trainer
from server.layouts import CURVE, GRID, UNIT_CURVE, UNIT_MAP

Array = NDArray[Any]


def map_sections(trainer: Trainer, unit_maps: bool) -> dict[str, Array] | None:
    """The sections of a maps message as docs/PROTOCOL.md names them; None where an output is not finite.

    Predictions of test samples where there is neither plane nor curve, and then no unit maps.
    """
    form = DATASETS[trainer.run.data.name].form
    sections: dict[str, Array] = {}
    if form == "plane":
        sections["grid"], sections["grid_scale"] = _quantised([*probe.plane_grid(trainer, *GRID)], [_output(trainer)])
    elif form == "curve":
        sections["grid"] = probe.curve_grid(trainer, CURVE)[:, np.newaxis, :]
    else:
        sections["predictions"] = probe.test_predictions(trainer)
    if unit_maps and form == "plane":
        _add_units(sections, trainer, probe.unit_maps(trainer, *UNIT_MAP))
    elif unit_maps and form == "curve":
        _add_units(sections, trainer, probe.unit_curves(trainer, UNIT_CURVE))
    if unit_maps:
        sections["unit_spread"] = probe.unit_spread(trainer)
    return sections if all(np.isfinite(array).all() for array in sections.values()) else None


def _output(trainer: Trainer) -> str:
    return trainer.run.network.output_activation


def _add_units(sections: dict[str, Array], trainer: Trainer, maps: list[Array]) -> None:
    """One scale a layer: units of a layer can be compared."""
    activations = [layer.activation for layer in trainer.run.layers]
    sections["unit_maps"], sections["unit_scales"] = _quantised(maps, activations)


def _quantised(maps: list[Array], activations: list[str]) -> tuple[Array, Array]:
    """Maps as bytes, and the (lowest, highest) of each: the range of its activation, or 0 and what it reaches.

    `activations` has a name for each map, or one for all.
    """
    scales = np.empty((len(maps), 2))
    parts = []
    for index, values in enumerate(maps):
        scales[index] = _range(values, activations[index % len(activations)])
        low, high = scales[index]
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite shows up in the scale, and is left out
            parts.append(((values - low) * (255 / (high - low)) + 0.5).astype(np.uint8).reshape(-1))
    return np.concatenate(parts), scales


def _range(values: Array, activation: str) -> tuple[float, float]:
    fixed = ACTIVATIONS[activation].display_range
    if fixed is not None:
        return fixed
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    return (low, high) if low < high else (0.0, 1.0)
