"""Demos: runs that show one thing each, opened by a click, with what to watch, and the runs that cure them.

Every figure in a text was measured on the demo's own run, seed and all; it stands in the record, the text is made from
it, and tests/engine/test_demos.py measures it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from engine.adapt import with_changes
from engine.cures import CURES
from engine.spec import DataSpec, DenseSpec, NetworkSpec, RunSpec, TrainingSpec

PACE: Final = 20.0
LONG_PACE: Final = 60.0
"""Of demos that take thousands of steps."""
STARTERS: Final = ("vanishing", "exploding", "dying_relu")
"""What is offered before anything was tried."""


@dataclass(frozen=True, slots=True)
class Cured:
    """The demo with a cure, from the start, and a sentence of what to watch, with measured figures."""

    title: str
    short: str
    """For a button."""
    run: RunSpec
    text: str
    figures: Mapping[str, float]

    @property
    def watch(self) -> str:
        return self.text.format(**self.figures)


@dataclass(frozen=True, slots=True)
class Demo:
    """A run, how it opens, and two sentences of what to watch, which name the measured figures as "{name}".

    A figure "under_..." or "over_..." is a bound on what is measured.
    """

    title: str
    run: RunSpec
    text: str
    figures: Mapping[str, float] = field(default_factory=dict)
    cures: tuple[Cured, ...] = ()
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


def _cured(run: RunSpec, cure: str, text: str, figures: Mapping[str, float]) -> Cured:
    """By one of CURES."""
    return Cured(CURES[cure].title, CURES[cure].short, with_changes(run, CURES[cure].changes(run)), text, figures)


def _changed(run: RunSpec, title: str, changes: dict[str, Any], text: str, figures: Mapping[str, float]) -> Cured:
    return Cured(title, title, with_changes(run, changes), text, figures)


_LEARNS: Final = "The loss is {loss:g} after {steps:,} steps."
_LEARNS_WILDLY: Final = "The loss is under {under_loss:g} after {steps:,} steps."
"""Of runs whose long steps magnify the last bit, which differs from processor to processor: a bound holds on all."""
VANISHING: Final = RunSpec(network=_alike(6, 8, "sigmoid", "uniform", bias=0.1), seed=1)
DEEPER: Final = RunSpec(network=_alike(10, 8, "sigmoid", "xavier_uniform"), seed=1)
EXPLODING: Final = RunSpec(network=_alike(10, 16, "relu", "he_normal", gain=2.0, output="linear"), seed=3)
CLIPPED: Final = with_changes(EXPLODING, {"training.clip_norm": 1.0})
DYING: Final = RunSpec(
    network=_alike(2, 8, "relu", "he_uniform", output="linear"), training=TrainingSpec(learning_rate=0.3), seed=1
)
PLATEAU: Final = RunSpec(
    data=DataSpec(name="xor"),
    network=_alike(2, 8, "tanh", "lecun_normal", gain=0.05),
    training=TrainingSpec(learning_rate=0.1),
    seed=7,
)
FAST: Final = RunSpec(training=TrainingSpec(learning_rate=3.0), seed=5)
FASTER: Final = RunSpec(training=TrainingSpec(learning_rate=10.0), seed=5)
SLOW: Final = RunSpec(
    data=DataSpec(name="xor"),
    network=_alike(2, 8, "tanh", "xavier_uniform"),
    training=TrainingSpec(learning_rate=0.01),
    seed=1,
)
OVERFITTING: Final = RunSpec(
    data=DataSpec(name="xor", noise=0.4, train_fraction=0.1),
    network=_alike(3, 8, "tanh", "xavier_uniform"),
    training=TrainingSpec(learning_rate=0.1),
    seed=2,
)
STUCK: Final = RunSpec(
    network=_alike(10, 8, "sigmoid", "xavier_uniform"),
    training=TrainingSpec(batch_size=25, learning_rate=0.1),
    seed=1,
)
FADED: Final = RunSpec(
    network=_alike(20, 8, "tanh", "uniform", gain=0.7),
    training=TrainingSpec(batch_size=25, learning_rate=0.05),
    seed=1,
)

DEMOS: Final[Mapping[str, Demo]] = MappingProxyType({
    "vanishing": Demo(
        "Vanishing",
        VANISHING,
        "Follow the error signal from right to left: each sigmoid passes on a quarter of it at most, and layer 1 "
        "gets 1/{fraction:,} of what layer 6 gets. So the early layers hardly move: after {steps:,} steps the loss is "
        "{last_loss:.3f}, and at the start it was {first_loss:.3f}.",
        {"fraction": 5_400, "first_loss": 0.502, "last_loss": 0.5, "steps": 1_000},
        (_cured(VANISHING, "tanh", _LEARNS, {"loss": 0.0049, "steps": 1_000}),),
    ),
    "deeper": Demo(
        "Deeper still",
        DEEPER,
        "Ten layers of sigmoid, started as well as one can (Xavier): layer 1 gets 1/{fraction:,} of layer 10’s error "
        "signal. After {steps:,} steps the loss is {last_loss:.3f}, and at the start it was {first_loss:.3f}.",
        {"fraction": 880_000, "first_loss": 0.555, "last_loss": 0.5, "steps": 1_000},
        (_cured(DEEPER, "tanh", _LEARNS, {"loss": 0.0011, "steps": 1_000}),),
    ),
    "exploding": Demo(
        "Exploding",
        EXPLODING,
        "Read the backward pass from right to left: the error signal grows from layer to layer, and layer 1 gets "
        "{growth} times what layer 10 gets. Then play, or press S: the weights jump with it, and step {step} "
        "overflows.",
        {"growth": 170, "step": 3},
        (
            _cured(EXPLODING, "gain", _LEARNS, {"loss": 0.019, "steps": 1_000}),
            _cured(EXPLODING, "clipping", _LEARNS_WILDLY, {"under_loss": 0.1, "steps": 1_000}),
        ),
        playing=False,
    ),
    "clipping": Demo(
        "Clipping helps",
        CLIPPED,
        "The exploding network, its whole gradient clipped to norm 1 from the start: all {steps:,} steps stay finite, "
        "and the loss falls from {first_loss:,} to under {under_last_loss:,}. But the start weights stay "
        "much too large: clipping keeps a run alive, and a better start cures it.",
        {"first_loss": 1_030_000, "under_last_loss": 2_000, "steps": 1_000},
        (_cured(EXPLODING, "clipping", _LEARNS_WILDLY, {"under_loss": 0.1, "steps": 1_000}),),
    ),
    "dying_relu": Demo(
        "Dying relu",
        DYING,
        "The first steps are so long that they push units of layer 2 below zero for every sample: {dead_first} of "
        "{units} are dead at the start, {dead} after {steps} steps. A dead unit outputs 0 and gets no gradient, so it "
        "cannot come back, and the loss stays at {loss}.",
        {"units": 8, "dead_first": 2, "dead": 8, "steps": 25, "loss": 0.5},
        (_cured(DYING, "rate", _LEARNS, {"loss": 0.048, "steps": 1_000}),),
    ),
    "plateau": Demo(
        "Plateau",
        PLATEAU,
        "The start weights are so small that every unit does the same, and there is hardly a slope to go down: after "
        "{flat:,} steps the loss is {flat_loss:.3f}, and at the start it was {first_loss:.3f}. Be patient: it falls "
        "at last, to {last_loss} after {steps:,} steps.",
        {"flat": 600, "flat_loss": 0.5, "first_loss": 0.5, "last_loss": 0.033, "steps": 3_000},
        (_cured(PLATEAU, "larger_start", _LEARNS, {"loss": 0.0011, "steps": 1_000}),),
        pace=LONG_PACE,
    ),
    "rate_3": Demo(
        "Learning rate 3",
        FAST,
        "Every step jumps over what it looks for and drives the units to the ends of their range: over "
        "{over_saturated}% of layer 2’s activations are saturated after {steps} steps. The loss is still over "
        "{over_last_loss} after {late:,} steps, and at the start it was {first_loss}.",
        {"over_saturated": 80, "steps": 200, "first_loss": 0.68, "over_last_loss": 0.4, "late": 1_000},
        (_cured(FAST, "rate", _LEARNS, {"loss": 0.026, "steps": 1_000}),),
    ),
    "rate_10": Demo(
        "Learning rate 10",
        FASTER,
        "The very first steps saturate the units, over {over_saturated}% of layer 2’s activations after {steps} steps, "
        "and from there no gradient leads back. The loss is still over {over_last_loss} after {late:,} steps, and at "
        "the start it was {first_loss}.",
        {"over_saturated": 80, "steps": 25, "first_loss": 0.68, "over_last_loss": 0.6, "late": 1_000},
        (_cured(FASTER, "rate", _LEARNS, {"loss": 0.026, "steps": 1_000}),),
    ),
    "optimizers": Demo(
        "SGD, momentum, Adam",
        SLOW,
        "Plain SGD creeps at this learning rate: the loss is {last_loss} after {steps:,} steps, and at the start it "
        "was {first_loss}. Let momentum and Adam go the same way, from the same weights at the same rate.",
        {"first_loss": 0.53, "last_loss": 0.17, "steps": 1_000},
        (
            _changed(SLOW, "Momentum", {"training.optimizer": "momentum"}, _LEARNS, {"loss": 0.0021, "steps": 1_000}),
            _changed(SLOW, "Adam", {"training.optimizer": "adam"}, _LEARNS, {"loss": 0.00042, "steps": 1_000}),
        ),
        pace=LONG_PACE,
    ),
    "overfitting": Demo(
        "Overfitting",
        OVERFITTING,
        "There are {samples} noisy samples to learn from, and the network learns them by heart: the train loss is "
        "{train} after {steps:,} steps. Watch the test loss turn: it was {lowest} at its lowest, after {turn:,} steps, "
        "and rises to {test}.",
        {"samples": 50, "train": 0.015, "lowest": 0.23, "turn": 415, "test": 0.35, "steps": 3_000},
        (
            _cured(
                OVERFITTING,
                "l2",
                "The train loss stays at {train}, and the test loss at {test}, after {steps:,} steps.",
                {"train": 0.13, "test": 0.25, "steps": 3_000},
            ),
        ),
        pace=LONG_PACE,
    ),
    "batch_normalization": Demo(
        "Batch normalisation rescues",
        STUCK,
        "Ten layers of sigmoid are stuck, even with batches of 25 and long steps: layer 1 gets 1/{fraction:,} of layer "
        "10’s error signal. The loss is {last_loss:.3f} after {steps:,} steps, and at the start it was "
        "{first_loss:.3f}; then let every layer normalise.",
        {"fraction": 880_000, "first_loss": 0.555, "last_loss": 0.502, "steps": 1_000},
        (_cured(STUCK, "batch_normalization", _LEARNS_WILDLY, {"under_loss": 0.02, "steps": 1_000}),),
    ),
    "residual": Demo(
        "Residual connections rescue",
        FADED,
        "Twenty layers of tanh with small start weights: forward and backward signal fade alike, and layer 1 gets "
        "1/{fraction:,} of layer 20’s error signal. The loss is {last_loss:.3f} after {steps:,} steps, and at the "
        "start it was {first_loss:.3f}; then let every layer add what it reads to what it passes on.",
        {"fraction": 740_000, "first_loss": 0.5, "last_loss": 0.5, "steps": 1_000},
        (_cured(FADED, "residual", _LEARNS, {"loss": 0.000084, "steps": 1_000}),),
    ),
})
