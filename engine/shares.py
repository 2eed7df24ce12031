"""Saturated, silent and dead units of a trainer's network (engine/tally.py says what they are).

A relu unit is *silent* on a batch where it is 0 on all of its samples, and *dead* where it is 0 on the whole training
set: no sample that it is trained on gives it an error signal. A batch cannot tell dead from silent.
"""

from __future__ import annotations

from engine.probe import sweep
from engine.tally import LayerShares, Tally
from engine.trainer import Trainer


def shares_of_batch(trainer: Trainer) -> tuple[LayerShares, ...]:
    """Of each layer, over the coming batch as of the last `compute`; ``zero`` means silent."""
    network, signals = trainer.network, trainer.signals
    tally = Tally(network.layers, network.plan, training=True)
    tally.add(signals.pre_activations, signals.activations)
    return tally.of_units


def shares_of_training_set(trainer: Trainer) -> tuple[LayerShares, ...]:
    """Of each layer, over all training samples with the parameters as they are, in evaluation; ``zero`` means dead."""
    network = trainer.network
    tally = Tally(network.layers, network.plan)
    for signals, samples in sweep(network, trainer.dataset.x_train):
        tally.add(signals.pre_activations[:, :samples], signals.activations[:, :samples])
    return tally.of_units
