"""The verdicts: what is found wrong with a run, from which number on, and who says so.

This is the only place of the thresholds: engine/diagnosis.py judges by them, and the page shows them beside every
verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from engine.wording import number

WINDOW: Final = 200
"""Steps whose medians are judged: half of the signs, and up to three orders of magnitude, change with the batch."""
EVERY: Final = 50
"""Steps, at least, from one judgement to the next."""
CALM: Final = 10
"""The longer a run has been observed unchanged, the calmer it is: from one judgement to the next it takes a tenth
of its steps, but never more than a window of them."""
HOLD: Final = 2
"""Judgements in a row for which a verdict has to hold before it is shown, and to be absent before it goes."""
FITTED: Final = 0.1
"""A run whose train loss is under this share of its reference is fitted, and gets no verdict but overfitting. The
reference is the loss at step 0, or that of answering the mean of the targets always, whichever is less: relu networks
may begin at many times that."""
FALLING: Final = 0.05
"""Share by which the train loss falls, in half a window, in a run that learns, whatever else may be said of it."""


class _Threshold(float):
    """Written "{name}" it has powers of ten where they are needed."""

    def __format__(self, form: str) -> str:
        return super().__format__(form) if form else number(self, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One verdict: how it is called, when it is given ("{threshold}" in the sentence), and its source."""

    title: str
    mark: str
    """The word that stands in a layer's column."""
    sentence: str
    thresholds: Mapping[str, float]
    source: str

    @property
    def when(self) -> str:
        """The sentence with its numbers."""
        return self.sentence.format(**{name: _Threshold(value) for name, value in self.thresholds.items()})


VERDICTS: Final[Mapping[str, Rule]] = MappingProxyType({
    "exploding": Rule(
        "Exploding gradients",
        "exploding",
        "The first hidden layer’s error signal is over {ratio:g} times the last hidden layer’s, or the norm of the "
        "whole gradient is over {norm:g} and has grown {growth:g}-fold over the window, or a number is not finite.",
        {"ratio": 100.0, "norm": 10.0, "growth": 2.0},
        "Pascanu et al. 2013; SageMaker Debugger",
    ),
    "vanishing": Rule(
        "Vanishing gradients",
        "vanishing",
        "The first hidden layer’s error signal is under {ratio:g} of the last hidden layer’s, or no layer’s gradient "
        "reaches {gradient} (rms) while the train loss is over {unlearned:g} of its start.",
        {"ratio": 1e-3, "gradient": 1e-7, "unlearned": 0.5},
        "common practice; SageMaker Debugger",
    ),
    "dead": Rule(
        "Dead units",
        "dead units",
        "Over {share:.0%} of a layer’s relu units are 0 on the whole training set, and the train loss is over "
        "{unlearned:g} of its start and does not fall.",
        {"share": 0.4, "unlearned": 0.5},
        "CS231n; Lu et al. 2019",
    ),
    "rate_too_high": Rule(
        "Learning rate too high",
        "updates too large",
        "A layer’s update is over {update:g} of its weights and the loss does not fall, or the train loss stays over "
        "{risen:g} times its start.",
        {"update": 0.1, "risen": 1.05},
        "CS231n",
    ),
    "saturated": Rule(
        "Saturated units",
        "saturated",
        "Over {share:.0%} of a layer’s activations are saturated (tanh beyond ±0.97, sigmoid within 0.03 of 0 or 1), "
        "and the train loss is over {unlearned:g} of its start and does not fall.",
        {"share": 0.5, "unlearned": 0.5},
        "Glorot and Bengio 2010; SageMaker Debugger",
    ),
    "overfitting": Rule(
        "Overfitting",
        "",
        "The test loss is over {ratio:g} times the train loss and has risen to over {risen:g} times its lowest "
        "(medians of {epochs:g} epochs), while the train loss has fallen by more than it swings: in {most:.0%} of "
        "these epochs it is under {fallen:g} of what it was then.",
        # Measured over 24 seeds: the share and the fall delay no verdict on the demo. Of 60 noiseless circles at rate 1
        # (30 seeds, from the start or from step 436), 14 had this verdict without them and 7 have it with them.
        {"ratio": 1.2, "risen": 1.2, "epochs": 20, "most": 0.75, "fallen": 0.9},
        "SageMaker Debugger; for the swing, our own measurements",
    ),
    "rate_too_low": Rule(
        "Learning rate too low",
        "",
        "No layer’s update reaches {update} of its weights while the loss still falls.",
        {"update": 1e-5},
        "CS231n",
    ),
    "plateau": Rule(
        "Plateau",
        "",
        "The train loss has not moved by {moved:.0%} in {epochs:g} epochs, the norm of the gradient is under "
        "{norm:g}, and the train loss is over {unlearned:g} of its start.",
        {"moved": 0.01, "epochs": 20, "norm": 0.1, "unlearned": 0.5},
        "Goodfellow et al. 2016, chapter 8.2",
    ),
})
"""In the order of their weight: the first that holds is the one to begin with."""

CONSEQUENCES: Final = ("rate_too_low", "plateau")
"""Not said where one of the other verdicts (but overfitting) explains it."""
