"""Demos: runs that show one thing each, opened by a click, with what to watch.

Every figure in a text was measured on the demo's own run, seed and all; it stands in the record, the text is made from
it, and tests/engine/test_demos.py measures it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from engine.spec import DenseSpec, NetworkSpec, RunSpec, TrainingSpec

PACE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Demo:
    """A run, how it opens, and two sentences of what to watch, which name the measured figures as "{name}"."""

    title: str
    run: RunSpec
    text: str
    figures: Mapping[str, float] = field(default_factory=dict)
    pace: float = PACE
    """Steps a second."""
    playing: bool = True
    """Whether it opens playing; else it stands at step 0, its passes drawn."""

    @property
    def watch(self) -> str:
        return self.text.format(**self.figures)


def _alike(
    layers: int, units: int, activation: str, init: str, gain: float = 1.0, bias: float = 0.0, output: str = "tanh"
) -> NetworkSpec:
    """So many equal hidden layers; the output layer starts from weights of the same kind."""
    hidden = (DenseSpec(units, activation, init=init, init_gain=gain, bias_init=bias),) * layers
    return NetworkSpec(hidden, output, output_init=init, output_init_gain=gain, output_bias_init=bias)


DEMOS: Final[Mapping[str, Demo]] = MappingProxyType({
    "vanishing": Demo(
        title="Vanishing",
        run=RunSpec(network=_alike(6, 8, "sigmoid", "uniform", bias=0.1), seed=1),
        text="Follow the error signal from right to left: each sigmoid passes on a quarter of it at most, and layer 1 "
        "gets 1/{fraction:,} of what layer 6 gets. So the early layers hardly move: after {steps:,} steps the loss is "
        "{last_loss:.3f}, and at the start it was {first_loss:.3f}.",
        figures={"fraction": 5_300, "first_loss": 0.502, "last_loss": 0.5, "steps": 1_000},
    ),
    "exploding": Demo(
        title="Exploding",
        run=RunSpec(network=_alike(10, 16, "relu", "he_normal", gain=2.0, output="linear"), seed=3),
        text="Read the backward pass from right to left: the error signal grows from layer to layer, and layer 1 gets "
        "{growth} times what layer 10 gets. Then press S: the weights jump with it, and step {step} overflows.",
        figures={"growth": 170, "step": 3},
        playing=False,
    ),
    "dying_relu": Demo(
        title="Dying relu",
        run=RunSpec(
            network=_alike(2, 8, "relu", "he_uniform", output="linear"),
            training=TrainingSpec(learning_rate=0.3),
            seed=1,
        ),
        text="The first steps are so long that they push units of layer 2 below zero for every sample: {dead_first} of "
        "{units} are dead at the start, {dead} after {steps} steps. A dead unit outputs 0 and gets no gradient, so it "
        "cannot come back, and the loss stays at {loss}.",
        figures={"units": 8, "dead_first": 2, "dead": 8, "steps": 25, "loss": 0.5},
    ),
})
