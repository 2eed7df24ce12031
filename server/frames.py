"""Reads the sections of a frame off a trainer that has computed its coming step."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.distributions import as_arrays, distributions
from engine.factors import chi, factors
from engine.shares import shares_of_batch
from engine.spectrum import singular_values
from engine.trainer import Trainer

Array = NDArray[Any]
SIGNALS = ("activations", "deltas", "pre_activations")
SCALED = ("gradients", "updates", "deltas")
UNKNOWN = -1.0
"""Stands for a number that there is not, where numbers are never negative."""
_SAFE = (1e-140, 1e140)
"""Root mean squares whose entries can be squared without leaving float64's range."""


def known_sections(trainer: Trainer, wanted: Collection[str]) -> dict[str, Array]:
    """The sections that are known without a pass."""
    found: dict[str, Array] = {}
    if "parameters" in wanted:
        found["parameters"] = trainer.network.arena.parameters
    if "inputs" in wanted:
        found["inputs"] = trainer.batch_inputs
    if "targets" in wanted:
        found["targets"] = trainer.batch_targets
    if "samples" in wanted:
        found["samples"] = trainer.batch_samples
    return found


def unit_rows(trainer: Trainer) -> NDArray[np.intp]:
    """The rows of the signals that belong to units, in forward order."""
    return np.concatenate([np.arange(rows.start, rows.stop) for rows in trainer.network.plan.rows])


def pass_sections(
    trainer: Trainer, wanted: Collection[str], norms: NDArray[np.float64], rows: NDArray[np.intp]
) -> dict[str, Array]:
    """What the pass and the update have written; `norms` (4, layers) are the record's, `rows` as of `unit_rows`."""
    found: dict[str, Array] = {}
    if "gradients" in wanted:
        found["gradients"] = trainer.network.arena.gradients
    if "updates" in wanted:
        found["updates"] = trainer.updates
    if "norms" in wanted:
        found["norms"] = norms
    for name in SIGNALS:
        if name in wanted:
            found[name] = getattr(trainer.signals, name).take(rows, axis=0)
    if "unit_deltas" in wanted:
        found["unit_deltas"] = unit_rms(trainer.signals.deltas.take(rows, axis=0), norms[0])
    return found | telemetry_sections(trainer, wanted)


def telemetry_sections(trainer: Trainer, wanted: Collection[str]) -> dict[str, Array]:
    """What is worked out for a frame alone: why the error signal changes, and how the layers' entries are spread."""
    found: dict[str, Array] = {}
    if "stations" in wanted:
        found["stations"] = factors(trainer).norms
    if "chi" in wanted:
        found["chi"] = np.nan_to_num(chi(trainer), nan=UNKNOWN)
    if "shares" in wanted:
        layers = shares_of_batch(trainer)
        shares = [[layer.saturated for layer in layers], [layer.zero_share for layer in layers]]
        found["shares"] = np.array([[UNKNOWN if share is None else share for share in row] for row in shares])
    if "histograms" in wanted or "histogram_axes" in wanted:
        counts, axes = as_arrays(distributions(trainer))
        found |= {name: array for name, array in (("histograms", counts), ("histogram_axes", axes)) if name in wanted}
    if "singular_values" in wanted:
        found["singular_values"] = np.concatenate(singular_values(trainer.network))
    return found


def unit_rms(deltas: Array, layer_rms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root mean square of each row, (units,); scaled by its largest entry where squares would not do."""
    if _SAFE[0] <= layer_rms.min() and layer_rms.max() <= _SAFE[1] and deltas.dtype == np.float64:
        plain: NDArray[np.float64] = np.sqrt(np.einsum("ub,ub->u", deltas, deltas) / deltas.shape[1])
        return plain
    wide = deltas.astype(np.float64)
    largest = np.abs(wide).max(axis=1)
    scaled = wide / np.where(largest == 0, 1.0, largest)[:, np.newaxis]
    rms: NDArray[np.float64] = largest * np.sqrt(np.einsum("ub,ub->u", scaled, scaled) / deltas.shape[1])
    return rms
