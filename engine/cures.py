"""What helps: for each verdict the changes that were measured to work from such a state, and how they are applied.

A cure is offered where its condition holds, and in no other way than was measured: tests/engine/test_cures.py runs the
failing demos, applies each cure from several steps and on several seeds, and sees the verdict go and the loss fall.
What was measured to fail is not here, such as clipping when the weights are at 1e5 already, a lower learning rate for
units that are saturated, or another activation for dead relu units, whose weights then blow up at any rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from engine.spec import RunSpec

Way = Literal["keep", "restart"]
"""With the weights as they are, or from the beginning with the same seed."""
DEPTHS: Final = range(2, 11)
"""Hidden layers of the networks that cures of deep ones were measured on."""
HEALTHY_RATE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Cure:
    """Changes (paths as in a patch) that help runs for which `suits` holds against some verdicts."""

    title: str
    short: str
    """For a button."""
    verdicts: tuple[str, ...]
    ways: tuple[Way, ...]
    suits: Callable[[RunSpec], bool]
    changes: Callable[[RunSpec], dict[str, Any]]


def _plain_deep(run: RunSpec, *activations: str) -> bool:
    """Layers of such an activation alone, not normalised; steps of plain SGD that are not too long."""
    layers, training = run.network.hidden, run.training
    return (
        len(layers) in DEPTHS
        and training.optimizer == "sgd"
        and HEALTHY_RATE <= training.learning_rate <= 0.1
        and all(layer.activation in activations and layer.normalization == "none" for layer in layers)
    )


def _starts_large(run: RunSpec) -> bool:
    """Weights that begin at twice the size that their initializer recommends, or more."""
    return bool(run.network.hidden) and min(layer.init_gain for layer in run.network.hidden) >= 2


def _skips(run: RunSpec) -> dict[str, Any]:
    """A residual connection wherever a layer has as many units as it reads."""
    pairs = enumerate(zip(run.network.hidden, run.network.hidden[1:], strict=False), start=1)
    return {f"network.hidden.{index}.residual": True for index, (one, two) in pairs if one.units == two.units}


def _faded_tanh(run: RunSpec) -> bool:
    layers = run.network.hidden
    return len(layers) >= 10 and all(layer.activation == "tanh" and not layer.residual for layer in layers)


CURES: Final[Mapping[str, Cure]] = MappingProxyType({
    "tanh": Cure(
        "Tanh in every hidden layer",
        "tanh",
        ("vanishing",),
        ("keep", "restart"),
        lambda run: _plain_deep(run, "sigmoid"),
        lambda run: {"network.hidden.*.activation": "tanh"},
    ),
    "batch_normalization": Cure(
        "Batch normalisation in every hidden layer",
        "normalise",
        ("vanishing",),
        ("keep", "restart"),
        lambda run: _plain_deep(run, "sigmoid") and run.training.batch_size >= 10,
        lambda run: {"network.hidden.*.normalization": "batch"},
    ),
    "residual": Cure(
        "Residual connections",
        "skips",
        ("vanishing",),
        ("keep", "restart"),
        lambda run: _faded_tanh(run) and len(_skips(run)) == len(run.network.hidden) - 1,
        _skips,
    ),
    "gain": Cure(
        "Gain 1, learning rate 0.01",
        "gain 1, η 0.01",
        ("exploding",),
        ("restart",),
        lambda run: _starts_large(run) and run.training.learning_rate <= HEALTHY_RATE,
        lambda run: {
            "network.hidden.*.init_gain": 1.0,
            "network.output_init_gain": 1.0,
            "training.learning_rate": 0.01,
        },
    ),
    "clipping": Cure(
        "Gain 1, gradient clipped to norm 1",
        "gain 1, clipped",
        ("exploding",),
        ("restart",),
        lambda run: _starts_large(run) and run.training.learning_rate <= HEALTHY_RATE,
        lambda run: {
            "network.hidden.*.init_gain": 1.0,
            "network.output_init_gain": 1.0,
            "training.clip_norm": 1.0,
        },
    ),
    "rate": Cure(
        f"Learning rate {HEALTHY_RATE:g}",
        f"η {HEALTHY_RATE:g}",
        ("rate_too_high", "dead", "saturated", "exploding"),
        ("restart",),
        lambda run: run.training.learning_rate >= 10 * HEALTHY_RATE
        and run.training.optimizer == "sgd"
        and len(run.network.hidden) <= 2
        and not _starts_large(run),
        lambda run: {"training.learning_rate": HEALTHY_RATE},
    ),
    "higher_rate": Cure(
        f"Learning rate {HEALTHY_RATE:g}",
        f"η {HEALTHY_RATE:g}",
        ("rate_too_low",),
        ("keep",),
        lambda run: run.training.optimizer == "sgd" and len(run.network.hidden) <= 2,
        lambda run: {"training.learning_rate": HEALTHY_RATE},
    ),
    "larger_start": Cure(
        "Start weights of gain 1",
        "gain 1",
        ("plateau",),
        ("restart",),
        lambda run: bool(run.network.hidden)
        and len(run.network.hidden) <= 2
        and max(layer.init_gain for layer in run.network.hidden) <= 0.1,
        lambda run: {"network.hidden.*.init_gain": 1.0, "network.output_init_gain": 1.0},
    ),
    "adam": Cure(
        "Adam, learning rate 0.01",
        "Adam",
        ("plateau",),
        ("keep",),
        lambda run: run.training.optimizer == "sgd" and len(run.network.hidden) <= 2,
        lambda run: {"training.optimizer": "adam", "training.learning_rate": 0.01},
    ),
    "l2": Cure(
        "L2 penalty of 0.05",
        "L2",
        ("overfitting",),
        ("keep", "restart"),
        lambda run: run.training.l2 < 0.05 and run.training.learning_rate <= 0.1,
        lambda run: {"training.l2": 0.05},
    ),
})


def cures_for(verdict: str, run: RunSpec, finite: bool = True) -> Iterator[tuple[str, Cure, Way]]:
    """The cures of a run with that verdict, each with each way; where numbers are not finite, weights cannot be kept.
    """
    for name, cure in CURES.items():
        if verdict in cure.verdicts and cure.suits(run):
            yield from ((name, cure, way) for way in cure.ways if finite or way == "restart")
