"""Why the error signal shrinks or grows from layer to layer: the factors that it is multiplied by on its way back.

From layer l + 1 back to layer l, in the order in which they are met, each a ratio of two root mean squares (over batch
and units) of what stands before and after it:

    normalization   rms(∂L/∂u) / rms(δ)                 of layer l + 1, where u is what its normalisation reads
    gain            rms(W ∂L/∂u) / rms(∂L/∂u)           of the weights of layer l + 1 (u is z without normalisation)
    skip            rms(∂L/∂a) / rms(W ∂L/∂u)           what the residual connection of layer l + 1 adds
    slope           rms(∂L/∂a · f'(z)) / rms(∂L/∂a)     of layer l
    dropout         rms(δ) / rms(∂L/∂a · f'(z))         of layer l

Each begins where the one before ends, so their product is, to rounding, the ratio of the two layers' error signals,
and that of all of them the ratio of the first layer's to the last's. They are measured, on the coming batch; χ beside
them is what mean-field theory says of the product of gain and slope in a wide network.

Cost: reads what the pass has left, a few calls a layer: about as long as one step of twenty layers of eight. Made for
frames, not for every step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.kernels import Array
from engine.layers import FACTORS
from engine.network import Network
from engine.passes import backward_arrays, forward_arrays
from engine.telemetry import rms
from engine.trainer import Trainer

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors between neighbours; row l is what leads from layer l + 1 back to layer l."""

    norms: Floats
    """(layers − 1, 6): root mean square of layer l + 1's δ, then of what is left of it after each of FACTORS; the last
    is that of layer l's δ. After a factor that is not there it is the one before. Neither underflows nor overflows."""
    present: npt.NDArray[np.bool_]
    """(layers − 1, 5): which of FACTORS are there."""

    @property
    def values(self) -> Floats:
        """(layers − 1, 5): the factors, 1 where one is not there; NaN where nothing arrives that could be multiplied.

        A row's product is the ratio of the two layers' error signals.
        """
        before, after = self.norms[:, :-1], self.norms[:, 1:]
        values: Floats = np.full(after.shape, np.nan)
        with np.errstate(over="ignore", under="ignore"):
            np.divide(after, before, out=values, where=before != 0)
        return values

    def of(self, name: str) -> Floats:
        """(layers − 1,): one of FACTORS by its name, as in `values`."""
        return self.values[:, FACTORS.index(name)]

    @property
    def ratio(self) -> float:
        """The first layer's error signal over the last's: 1 for a single layer, NaN where the last has none."""
        if not len(self.norms):
            return 1.0
        first, last = float(self.norms[0, -1]), float(self.norms[-1, 0])
        return first / last if last else float("nan")


def factors(trainer: Trainer) -> Factors:
    """Of the pass that the trainer has computed last; its numbers have to be finite."""
    network, signals = trainer.network, trainer.signals
    plan = network.plan
    forward = forward_arrays(plan, network.compiled_parameters, signals, training=True)
    backward = backward_arrays(plan, network.arena.gradients, signals, network.compiled_loss)
    with np.errstate(all="ignore"):
        routes = [
            layer.route(read, written) for layer, read, written in zip(plan.layers, forward, backward, strict=True)
        ]
        norms = np.empty((len(routes) - 1, 1 + len(FACTORS)))
        arriving = rms(signals.deltas[plan.rows[-1]])
        for row in reversed(range(len(norms))):
            left, reached = routes[row + 1], routes[row]
            norms[row] = _follow(arriving, _passage(left, reached))
            arriving = norms[row, -1]
    present = [[station is not None for station in _passage(*pair)] for pair in zip(routes[1:], routes, strict=False)]
    return Factors(norms, np.array(present, dtype=np.bool_).reshape(len(norms), len(FACTORS)))


def _passage(left: Mapping[str, Array], reached: Mapping[str, Array]) -> list[Array | None]:
    """The signal after each of FACTORS on the way from one layer's δ to that of the layer before it."""
    stations = {name: left.get(name) for name in ("normalization", "gain", "skip")}
    stations |= {name: reached.get(name) for name in ("slope", "dropout")}
    return [stations[name] for name in FACTORS]


def _follow(norm: float, stations: list[Array | None]) -> list[float]:
    norms = [norm]
    for station in stations:
        norms.append(norms[-1] if station is None else rms(station))
    return norms


def chi(trainer: Trainer) -> Floats:
    """(layers − 1,): χ = σ_w² · E[f'(z)²] between layers l + 1 and l (Schoenholz et al. 2017).

    σ_w² is fan-in times the variance of the weights of layer l + 1, the mean that over the batch and the units of
    layer l. It foretells rms(δ of l)² / rms(δ of l + 1)² where layers are equally wide. NaN where the theory does not
    hold: where layer l + 1 is normalised or residual, or layer l drops units. Infinite where it overflows.
    """
    network, signals = trainer.network, trainer.signals
    values = np.full(len(network.layers) - 1, np.nan)
    for index in range(len(values)):
        reached, left = network.layers[index], network.layers[index + 1]
        if left.normalization != "none" or left.residual or reached.dropout:
            continue
        slope = rms(signals.slopes[network.plan.rows[index]])
        values[index] = reached.units * _standard_deviation(network, index + 1) ** 2.0 * slope**2
    return values


def _standard_deviation(network: Network, layer: int) -> float:
    weights = network.arena.parameters[network.plan.weight_spans[layer]]
    peak = float(np.abs(weights).max(initial=0))
    return peak * float(np.std(weights / np.float64(peak))) if peak else 0.0
