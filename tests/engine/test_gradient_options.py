"""The backward pass against central differences, entry by entry, where Hypothesis chooses what is combined.

Every combination for itself is in test_gradient_product.py; here are shapes, depths, batches and options together.

Kinks (relu at 0, an absolute error at its target) are kept out of the way by construction: biases are moved until no
pre-activation comes near one, and targets are set at a distance from the outputs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import DenseSpec, Network
from engine.activations import ACTIVATIONS
from engine.gradcheck import check_gradients
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.normalizations import NORMALIZATIONS

KINKS = {"relu": (0.0,), "leaky_relu": (0.0,), "elu": (0.0,), "step": (0.0,), "hard_tanh": (-1.0, 1.0),
         "hard_sigmoid": (-3.0, 3.0)}
HIDDEN = [name for name, entry in ACTIVATIONS.items() if entry.hidden]
CLEAR = 2e-3
TOLERANCE = 1e-6
# Below this, what the differences of a loss of 1 lose to rounding (2e-11) is no millionth of a gradient any more.
SMALLEST = 1e-4


def clear_of_kinks(net: Network, x: np.ndarray, loss: str) -> None:
    """Moves biases (shifts where normalised), layer by layer, until no z is near a kink in either mode."""
    for index, spec in enumerate(net.layers):
        kinks = KINKS.get(spec.activation, ())
        if index == len(net.layers) - 1 and loss == "hinge":
            kinks = (*kinks, -1.0, 1.0)
        moved = net.parameters[f"{index}.bias" if spec.normalization == "none" else f"{index}.shift"]
        for unit in range(spec.units):
            for offset in np.linspace(0, 0.5, 200):
                before = moved[unit]
                moved[unit] += offset
                if all(np.abs(z[unit] - kink).min() > CLEAR for kink in kinks for z in both_modes(net, x, index)):
                    break
                moved[unit] = before


def both_modes(net: Network, x: np.ndarray, index: int) -> Iterator[np.ndarray]:
    """z (units, batch) of a layer, in evaluation and in training with the numbers that the check draws."""
    from engine.network import _GradientPass

    y = np.zeros((len(x), net.plan.outputs))
    for training in (False, True):
        gradient_pass = _GradientPass(net, len(x), training)
        gradient_pass(x, y, np.random.default_rng(0))
        yield gradient_pass._signals.pre_activations[net.plan.rows[index]]


def targets(net: Network, x: np.ndarray, loss: str, rng: np.random.Generator) -> np.ndarray:
    outputs = net.plan.outputs
    if loss == "cross_entropy":
        return np.eye(outputs)[rng.integers(outputs, size=len(x))]
    if loss == "binary_cross_entropy":
        return rng.integers(2, size=(len(x), outputs)).astype(float)
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], size=(len(x), outputs))
    # Far from the outputs of both modes, which lie within ten or so, and from where Huber's loss becomes straight.
    return rng.choice([-1.0, 1.0], size=(len(x), outputs)) * rng.uniform(20, 21, size=(len(x), outputs))


def assert_gradients_agree(hidden: tuple[DenseSpec, ...], loss: str, batch: int, seed: int, huber: float = 1.0) -> None:
    rng = np.random.default_rng(seed)
    entry = LOSSES[loss]
    output = DenseSpec(3, entry.output_activations[0], bias_init=0.1)
    options = {"delta": huber} if loss == "huber" else None
    net = Network((*hidden, output), 3, loss, rng, loss_options=options)
    # Off the start, where whole rows may be alike; and running statistics unlike the batch's.
    net.arena.parameters += 0.3 * rng.normal(size=net.plan.size)
    net.arena.running += rng.uniform(0.1, 0.9, size=net.plan.running)
    x = rng.normal(size=(batch, 3))
    clear_of_kinks(net, x, loss)
    y = targets(net, x, loss, rng)
    for training in (False, True):
        value, _ = net.loss_and_gradients(x, y, training)
        for check in check_gradients(net, x, y, training):
            index, part = check.name.split(".")
            largest = max(float(np.abs(check.analytic).max()), SMALLEST * max(1.0, value))
            error = float(np.abs(check.analytic - check.numeric).max()) / largest
            if part == "bias" and training and net.layers[int(index)].normalization == "batch":
                # The mean takes a bias out again: its gradient is 0, and the differences are rounding.
                assert np.abs(check.analytic).max() < 1e-10, check.name
                continue
            assert error < TOLERANCE, (check.name, training, error)


@st.composite
def layers(draw: st.DrawFn, reads: int) -> DenseSpec:
    normalization = draw(st.sampled_from(list(NORMALIZATIONS)))
    residual = draw(st.booleans())
    # Over two units, a layer's normalisation is a step with rounded corners: too steep for differences.
    units = reads if residual else draw(st.integers(3 if normalization == "layer" else 1, 4))
    return DenseSpec(
        units,
        draw(st.sampled_from(HIDDEN)),
        init=draw(st.sampled_from([name for name in INITIALIZERS if name != "constant"])),
        normalization="none" if normalization == "layer" and units < 3 else normalization,
        dropout=draw(st.sampled_from([0.0, 0.25, 0.5])),
        residual=residual,
    )


@st.composite
def networks(draw: st.DrawFn) -> tuple[DenseSpec, ...]:
    reads, chosen = 3, []
    for _ in range(draw(st.integers(0, 3))):
        chosen.append(draw(layers(reads)))
        reads = chosen[-1].units
    return tuple(chosen)


@settings(deadline=None, max_examples=60)
@given(
    hidden=networks(), loss=st.sampled_from(list(LOSSES)), batch=st.integers(4, 9), seed=st.integers(0, 2**32 - 1),
    huber=st.floats(0.1, 5),
)
def test_gradients_agree_whatever_is_combined(
    hidden: tuple[DenseSpec, ...], loss: str, batch: int, seed: int, huber: float
) -> None:
    assert_gradients_agree(hidden, loss, batch, seed, huber)
