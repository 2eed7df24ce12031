"""The numeric fields of a spec: their limits and the sentences that explain them, written once for engine and page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.checks import Number


@dataclass(frozen=True, slots=True)
class Switch:
    """A field that is true or false: how it is called and explained on the page."""

    title: str
    help: str


MAX_HIDDEN_LAYERS: Final = 64
MAX_UNITS: Final = 128
MAX_PARAMETERS: Final = 500_000
MAX_BATCH: Final = 1_024
MAX_SAMPLES: Final = 20_000
# JSON readers agree on whole numbers up to 2^53; NumPy's seeds want no sign. Ten digits can still be read out aloud.
MAX_SEED: Final = 2**32 - 1

_GAIN_HELP = "A factor on the standard deviation of the initial weights: above 1 signals tend to grow, below 1 to fade."
_BIAS_HELP = "The value that every bias of the layer starts from."

# Hidden layers appear as "network.hidden.*": the same rule holds for each.
FIELDS: Final[dict[str, Number]] = {
    "data.samples": Number(
        "Samples",
        "How many points the data set has, training and test together; a real data set gives at most what it holds.",
        2,
        MAX_SAMPLES,
        integer=True,
    ),
    "data.noise": Number("Noise", "How far the points are scattered around their true places; 0 is clean.", 0, 0.5),
    "data.train_fraction": Number(
        "Train fraction",
        "The share of the samples that is trained on; the rest only tests what was learned.",
        0.01,
        0.99,
    ),
    "network.hidden.*.units": Number(
        "Units", "How many units the layer has: more can bend the function in more places.", 1, MAX_UNITS, integer=True
    ),
    "network.hidden.*.init_gain": Number("Gain", _GAIN_HELP, 0, 100),
    "network.hidden.*.bias_init": Number("Initial bias", _BIAS_HELP, -100, 100),
    "network.hidden.*.dropout": Number(
        "Dropout",
        "The share of the layer's units that each training step leaves out by chance, so that none can rely on another "
        "(Srivastava et al. 2014); in evaluation all take part.",
        0,
        0.95,
    ),
    "network.output_init_gain": Number("Gain of the output layer", _GAIN_HELP, 0, 100),
    "network.output_bias_init": Number("Initial bias of the output layer", _BIAS_HELP, -100, 100),
    "training.learning_rate": Number(
        "Learning rate",
        "How far one step goes along the negative gradient: too low is slow, too high swings or blows up.",
        0,
        1_000,
        exclusive_minimum=True,
    ),
    "training.batch_size": Number(
        "Batch size",
        "How many samples one step averages its gradient over. The error signal contains 1/batch, so it shrinks as the "
        "batch grows; that says nothing about the network.",
        1,
        MAX_BATCH,
        integer=True,
    ),
    "training.l1": Number(
        "L1 penalty",
        "Pulls every weight towards 0 with equal force, so that useless ones reach it (Tibshirani 1996); with L2 it is "
        "the elastic net (Zou and Hastie 2005).",
        0,
        10,
    ),
    "training.l2": Number(
        "L2 penalty",
        "Pulls every weight towards 0 in proportion to its size, so that none grows large (Hoerl and Kennard 1970); "
        "AdamW's weight decay is apart from it.",
        0,
        10,
    ),
    "training.clip_value": Number(
        "Clip by value",
        "Cuts every single entry of the gradient to this size at most; off when empty.",
        0,
        1e6,
        exclusive_minimum=True,
        optional=True,
    ),
    "training.clip_norm": Number(
        "Clip by norm",
        "Shortens the whole gradient to this length at most and keeps its direction; off when empty.",
        0,
        1e6,
        exclusive_minimum=True,
        optional=True,
    ),
    "training.max_norm": Number(
        "Max norm",
        "Shortens the incoming weights of each unit to this length at most, after each step (Srebro et al. 2005); off "
        "when empty.",
        0,
        1e6,
        exclusive_minimum=True,
        optional=True,
    ),
    "training.label_smoothing": Number(
        "Label smoothing",
        "The share of each target that is spread evenly over the classes, so that the network need not be certain "
        "(Szegedy et al. 2016); for the cross-entropies.",
        0,
        0.9,
    ),
    "training.input_noise": Number(
        "Input noise",
        "The standard deviation of the noise that each step adds to its inputs, which acts as a penalty "
        "(Bishop 1995).",
        0,
        10,
    ),
    "training.gradient_noise": Number(
        "Gradient noise",
        "The standard deviation of the noise that each step adds to its gradient, which helps out of saddles "
        "(Neelakantan et al. 2015).",
        0,
        100,
    ),
    "training.patience": Number(
        "Patience",
        "Pauses when the test loss had no new minimum for this many epochs (early stopping: Prechelt 1998); off when "
        "empty.",
        1,
        100_000,
        integer=True,
        optional=True,
        unit="epochs",
    ),
    "seed": Number(
        "Seed",
        "The number all randomness of a run starts from: the same seed gives the same data, weights and batches.",
        0,
        MAX_SEED,
        integer=True,
    ),
}

SWITCHES: Final[dict[str, Switch]] = {
    "network.hidden.*.residual": Switch(
        "Residual",
        "Adds what the layer reads to what it passes on, so that gradients have a way around it (He et al. 2016); the "
        "layer needs as many units as it has inputs.",
    ),
}
