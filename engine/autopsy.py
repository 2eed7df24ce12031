"""What a pass has left in each layer, whether or not its numbers are finite: for looking into a run that blew up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.kernels import Array
from engine.telemetry import scaled_rms
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True)
class LayerNorms:
    """Root mean squares of a layer's tensors (the weights' without the biases); None where one is not finite."""

    pre_activation: float | None
    activation: float | None
    delta: float | None
    gradient: float | None
    weight: float | None
    update: float | None


def norms_of_pass(trainer: Trainer) -> tuple[LayerNorms, ...]:
    """Of the pass that `compute` did last, be it that it raised NonFiniteError; layers in forward order."""
    network, signals = trainer.network, trainer.signals
    plan, arena = network.plan, network.arena
    return tuple(
        LayerNorms(
            _rms(signals.pre_activations[rows]),
            _rms(signals.activations[rows]),
            _rms(signals.deltas[rows]),
            _rms(arena.gradients[weights]),
            _rms(arena.parameters[weights]),
            _rms(arena.updates[weights]),
        )
        for rows, weights in zip(plan.rows, plan.weight_spans, strict=True)
    )


def _rms(values: Array) -> float | None:
    return scaled_rms(values) if np.isfinite(values).all() else None
