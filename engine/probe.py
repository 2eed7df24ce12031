"""Looking at what a network has learned: its output and its units over the input space, without touching training.

Everything here runs forward passes in evaluation mode over buffers of its own, in chunks, and only reads parameters: a
run's bits are the same whether or not anybody looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arena import Signals
from engine.data.features import network_inputs
from engine.data.record import Range
from engine.kernels import Array
from engine.network import Network
from engine.trainer import Trainer

Floats = NDArray[np.float64]
Maps = NDArray[Any]

_ROUNDING = 64 * np.finfo(np.float64).eps
"""What summing alone may make of equal numbers, as a share of them."""


def plane_grid(trainer: Trainer, width: int = 64, height: int = 64) -> Maps:
    """The network's outputs over the plane of two inputs, (outputs, height, width), at the middle of each cell.

    The first row is the one of the largest y; the cells fill the domain of the data set both ways.
    """
    plane = _plane(width, height, _domain(trainer, 2), trainer.run.data.features)
    return _outputs(trainer, plane).reshape(-1, height, width)


def unit_maps(trainer: Trainer, width: int = 24, height: int = 24) -> list[Maps]:
    """Each unit's activation over the plane, layer by layer, (units, height, width); rows and cells as of the grid's.
    """
    plane = _plane(width, height, _domain(trainer, 2), trainer.run.data.features)
    return [layer.reshape(-1, height, width) for layer in activations_of(trainer, plane, _all(trainer))]


def curve_grid(trainer: Trainer, width: int = 256) -> Maps:
    """The network's outputs along its one input, (outputs, width), evenly over its domain with both ends."""
    return _outputs(trainer, _line(width, *_domain(trainer, 1)))


def unit_curves(trainer: Trainer, width: int = 64) -> list[Maps]:
    """Each unit's activation along the one input, layer by layer, (units, width)."""
    return activations_of(trainer, _line(width, *_domain(trainer, 1)), _all(trainer))


def unit_spread(trainer: Trainer) -> Floats:
    """Standard deviation of each unit's activation over the training data, (units of all layers,), in forward order.

    0 for a unit that is constant, and so tells the next layer nothing; NaN where activations overflow.
    """
    network = trainer.network
    count = 0
    mean = np.zeros(sum(layer.units for layer in network.plan.layers))
    squares = np.zeros_like(mean)
    for signals, samples in sweep(network, trainer.dataset.x_train):
        values = np.concatenate(_of_layers(network, signals.activations, samples), dtype=np.float64)
        added = values.shape[1]
        # Deviations from each chunk's own mean, then joined (Chan et al. 1979): a difference of squares would cancel.
        with np.errstate(all="ignore"):
            between = values.mean(axis=1) - mean
            squares += values.var(axis=1) * added + between**2 * (count * added / (count + added))
            mean += between * (added / (count + added))
        count += added
    spread: Floats = np.sqrt(squares / count)
    spread[spread < _ROUNDING * np.abs(mean)] = 0
    return spread


def test_predictions(trainer: Trainer) -> Maps:
    """The network's outputs for the test samples, (test samples, outputs)."""
    return _outputs(trainer, trainer.dataset.x_test).T


def _all(trainer: Trainer) -> Sequence[int]:
    return range(len(trainer.network.layers))


def _domain(trainer: Trainer, inputs: int) -> tuple[Range, ...]:
    """What is drawn of the space of so many raw inputs."""
    domain = trainer.dataset.domain
    if len(domain) != inputs:
        raise ValueError(f"a map over {inputs} inputs refused: the network has {len(domain)} inputs")
    return domain


@lru_cache(maxsize=8)
def _plane(width: int, height: int, domain: tuple[Range, ...], features: tuple[str, ...]) -> Floats:
    """Inputs (height · width, features) at the middle of each cell, row by row from the largest y."""
    (left, right), (bottom, top) = domain
    x = left + (right - left) * (np.arange(width) + 0.5) / width
    y = top - (top - bottom) * (np.arange(height) + 0.5) / height
    return network_inputs(np.column_stack((np.tile(x, height), np.repeat(y, width))), features)


@lru_cache(maxsize=8)
def _line(width: int, domain: Range) -> Floats:
    return np.linspace(*domain, width)[:, None]


def layer_activations(trainer: Trainer, x: Floats, index: int) -> Maps:
    """Activations (units, samples) of the layer at that index (-1 is the output) for inputs (samples, inputs)."""
    return activations_of(trainer, x, [index])[0]


def _outputs(trainer: Trainer, x: Floats) -> Maps:
    """The network's outputs, (outputs, samples)."""
    return layer_activations(trainer, x, -1)


def activations_of(trainer: Trainer, x: Floats, indices: Sequence[int]) -> list[Maps]:
    """Activations (units, samples) of the layers at those indices, for inputs (samples, inputs)."""
    network = trainer.network
    found = [np.empty((network.layers[index].units, len(x)), dtype=network.dtype) for index in indices]
    done = 0
    for signals, samples in sweep(network, x):
        for index, into in zip(indices, found, strict=True):
            into[:, done : done + samples] = signals.activations[network.plan.rows[index], :samples]
        done += samples
    return found


def sweep(network: Network, x: Floats) -> Iterator[tuple[Signals, int]]:
    """Forward passes in evaluation mode over inputs (samples, inputs), chunk after chunk.

    Yields the signals, and how many of their columns are samples of this chunk (what the others hold counts for
    nothing). They are buffers: they hold until the next chunk, or the next caller.
    """
    if x.shape[1] != network.plan.inputs:
        raise ValueError(f"inputs of shape {x.shape} refused: the network has {network.plan.inputs} inputs")
    evaluation = network.forward_pass(min(len(x), network.chunk))
    size = evaluation.inputs.shape[1]
    for start in range(0, len(x), size):
        part = x[start : start + size]
        # A last chunk that is not full leaves old inputs behind it: cheaper than a pass compiled for its size.
        evaluation.inputs[:, : len(part)] = part.T
        evaluation.run()
        yield evaluation.signals, len(part)


def _of_layers(network: Network, signals: Array, samples: int) -> list[Array]:
    return [signals[rows, :samples] for rows in network.plan.rows]
