"""The backward pass against differences for every option of a layer × activation × loss × initializer, none left out.

The network is 2-3-3-k: a tanh layer, the layer with the options, the output. An initializer changes numbers alone, so
the twelve of them share a compiled pass; and each tensor is checked along one random direction v, in which the loss
grows by ∂L/∂θ · v, rather than entry by entry (as HIPS/autograd does). A wrong entry shows, as v leaves none out.

Kinks are kept away by construction: biases (shifts, where a layer is normalised) move each unit to where all its
pre-activations are furthest from one, and targets of the losses that have a kink stand at a distance from the outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
import pytest

from engine import DenseSpec, Network
from engine.activations import ACTIVATIONS
from engine.arena import Signals
from engine.initializers import INITIALIZERS
from engine.kernels import run
from engine.losses import LOSSES
from engine.lsuv import scale_to_data
from engine.normalizations import NORMALIZATIONS
from engine.passes import Parameters, compile_forward, compile_loss, compile_training

INPUTS, UNITS, BATCH = 2, 3, 5
OUTPUTS = dict.fromkeys(LOSSES, 2) | {"cross_entropy": 3}
HIDDEN = [name for name, entry in ACTIVATIONS.items() if entry.hidden]
OPTIONS = list(product(NORMALIZATIONS, (0.0, 0.4), (False, True)))
KINKS = {"relu": (0.0,), "leaky_relu": (0.0,), "elu": (0.0,), "step": (0.0,), "hard_tanh": (-1.0, 1.0),
         "hard_sigmoid": (-3.0, 3.0)}
# What a unit may be moved by to bring its pre-activations away from kinks, and how far away they have to be in the end.
OFFSETS = np.linspace(-0.6, 0.6, 241)
CLEAR = 1e-3
TOLERANCE = 1e-6
# Below this, what the differences of a loss near 1 lose to rounding (1e-11) is no millionth of a gradient any more.
SMALLEST = 1e-4
DISTANCE = float(np.finfo(np.float64).eps) ** 0.3

BIASES, SCALES = (0.1, 0.4, -0.3), (0.8, 1.3, 1.1)
X = np.random.default_rng(1).normal(size=(BATCH, INPUTS))


def network(option: tuple[str, float, bool], activation: str, loss: str, init: str) -> Network:
    normalization, dropout, residual = option
    layer = DenseSpec(UNITS, activation, init=init, normalization=normalization, dropout=dropout, residual=residual)
    layers = (
        DenseSpec(UNITS, "tanh", init=init), layer,
        DenseSpec(OUTPUTS[loss], LOSSES[loss].output_activations[0], init=init, bias_init=0.1),
    )
    return Network(layers, INPUTS, loss, np.random.default_rng(2))


@cache
def start(option: tuple[str, float, bool], activation: str, loss: str, init: str) -> np.ndarray:
    """The initial parameters; what they do not depend on is left out by the caller, who asks for the same again.

    Biases and scales are unlike each other: where weights are all the same, a layer's units would be as well;
    normalising them would divide rounding by √ε, and what they pass on would cancel.
    """
    net = network(option, activation, loss, init)
    scale_to_data(net, X)
    for index in (0, 1):
        net.parameters[f"{index}.bias"][...] = BIASES
    if option[0] != "none":
        net.parameters["1.scale"][...] = SCALES
    return net.arena.parameters


def start_of(option: tuple[str, float, bool], activation: str, loss: str, init: str) -> np.ndarray:
    if INITIALIZERS[init].from_data:
        return start(option, activation, loss, init)
    like = next(name for name in LOSSES if OUTPUTS[name] == OUTPUTS[loss])
    return start((option[0], 0.0, False), "tanh", like, init)


class Pass:
    """A network's training pass and its loss alone, in one mode, with the same units dropped each time."""

    def __init__(self, net: Network, training: bool) -> None:
        self.signals = Signals(net.plan, BATCH, net.dtype)
        self.signals.inputs[:-1] = X.T
        self.gradients = np.zeros(net.plan.size)
        self.named = net.plan.named(self.gradients)
        live = net.compiled_parameters
        parameters = Parameters(live.values, live.running, np.zeros_like(live.next_running))
        loss = net.compiled_loss
        self._both = compile_training(net.plan, parameters, self.gradients, self.signals, loss, training).kernels
        loss_kernels, self._value = compile_loss(net.plan, loss, self.signals)
        self._forward = (*compile_forward(net.plan, parameters, self.signals, training), *loss_kernels)
        if training:
            self.signals.draw(lambda layer: np.random.default_rng(3))

    def loss(self) -> float:
        run(self._forward)
        return self._value()

    def differentiate(self) -> None:
        run(self._both)


def clear_of_kinks(net: Network, passes: list[Pass], index: int, kinks: tuple[float, ...]) -> None:
    """Moves the biases (shifts) of a layer to where no z of any pass comes near a kink."""
    z = np.concatenate([each.signals.pre_activations[net.plan.rows[index]] for each in passes], axis=1)
    distances = np.abs(z[:, :, None, None] + OFFSETS[:, None] - np.array(kinks)).min(axis=(1, 3))
    assert (distances.max(axis=1) > CLEAR).all()
    normalized = net.layers[index].normalization != "none"
    net.parameters[f"{index}.{'shift' if normalized else 'bias'}"][...] += OFFSETS[distances.argmax(axis=1)]


def set_targets(net: Network, each: Pass, loss: str) -> None:
    """Around the outputs as they are, so that the loss is near 1, and on both sides of what it is made of."""
    rng = np.random.default_rng(4)
    y, outputs = each.signals.targets, each.signals.activations[net.plan.rows[-1]]
    if loss == "cross_entropy":
        y[...] = np.eye(len(y))[rng.integers(len(y), size=BATCH)].T
    elif loss == "binary_cross_entropy":
        y[...] = rng.integers(2, size=y.shape)
    elif loss == "hinge":
        y[...] = rng.choice([-1.0, 1.0], size=y.shape)
    else:  # Huber's loss is a square nearer than 1, and straight further away
        y[...] = outputs + rng.choice([-1.8, -1.4, -0.6, -0.3, 0.3, 0.6, 1.4, 1.8], size=y.shape)


def errors(net: Network, each: Pass) -> Iterator[tuple[str, float]]:
    """How far each tensor's gradient along a random direction is from the differences, relative to its length."""
    rng = np.random.default_rng(5)
    each.differentiate()
    for name, gradient in each.named.items():
        parameter = net.parameters[name]
        direction = rng.normal(size=parameter.shape)
        direction /= np.linalg.norm(direction)
        before = parameter.copy()
        losses = []
        for distance in (DISTANCE, -DISTANCE, 2 * DISTANCE, -2 * DISTANCE):
            np.add(before, distance * direction, parameter)
            losses.append(each.loss())
        parameter[...] = before
        near, far = (losses[0] - losses[1]) / (2 * DISTANCE), (losses[2] - losses[3]) / (4 * DISTANCE)
        numeric, analytic = (4 * near - far) / 3, float((gradient * direction).sum())
        yield name, abs(numeric - analytic) / max(float(np.linalg.norm(gradient)), SMALLEST)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", HIDDEN)
def test_gradients_agree_for_every_option_and_initializer(activation: str, loss: str) -> None:
    wrong = {}
    with np.errstate(all="ignore"):
        for option in OPTIONS:
            net = network(option, activation, loss, "zeros")
            normalization, dropout, _ = option
            # Dropout is off in evaluation, and but for batch statistics a pass is the same in both modes.
            modes = (False, True) if normalization == "batch" else (dropout > 0,)
            passes = [Pass(net, training) for training in modes]
            # Running statistics unlike the batch's.
            net.arena.running[...] += np.random.default_rng(6).uniform(0.1, 0.9, size=net.plan.running)
            for init in INITIALIZERS:
                net.arena.parameters[...] = start_of(option, activation, loss, init)
                kinks = [(1, KINKS.get(activation, ())), (2, (-1.0, 1.0) if loss == "hinge" else ())]
                for index, values in kinks:
                    if values:
                        for each in passes:
                            each.loss()
                        clear_of_kinks(net, passes, index, values)
                for training, each in zip(modes, passes, strict=True):
                    each.loss()
                    set_targets(net, each, loss)
                    for name, error in errors(net, each):
                        if training and normalization == "batch" and name == "1.bias":
                            # The mean takes the bias out again: the gradient is 0, and the differences are rounding.
                            assert np.abs(each.named[name]).max() < 1e-10
                        elif not error < TOLERANCE:
                            wrong[option, init, training, name] = error
    assert wrong == {}
