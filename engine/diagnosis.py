"""What is wrong with a run, judged from what the last steps and epochs have left behind. Pure.

Each rule of engine/verdicts.py is a function of the evidence; it returns a finding (which layers, the numbers, what
and why in words) or None. Numbers of steps are medians over the window. The ratio of two layers' error signals is that
of their medians, as the strip shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.activations import ACTIVATIONS
from engine.epochs import EpochEnd, last_epochs, median, medians
from engine.spec import DenseSpec
from engine.verdicts import CONSEQUENCES, FALLING, FITTED, VERDICTS, WINDOW
from engine.wording import layers as layers_named
from engine.wording import number, part_of

Floats = npt.NDArray[np.float64]
SHORTEST_TREND: Final = 3
"""Ends of epochs that half a window has to hold for their trend to count; else the batches' loss is taken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that holds: where (indices of layers; none where it is the whole run), the numbers, what, and why."""

    name: str
    layers: tuple[int, ...]
    numbers: Mapping[str, float]
    what: str
    why: str


@dataclass(frozen=True)
class Evidence:
    """The last steps (at most WINDOW), as `StepRecord` has them, and the last ends of epochs, all in order.

    ``rows`` is (1 + 4 · layers, steps): loss, then δ, gradient, weight and update of each layer. ``weights`` counts
    each layer's weights, ``saturated`` and ``dead`` are shares of each layer on the training set, and ``layers`` has
    the output layer last. ``start`` is the train loss at step 0, ``reference`` that of a network that knows nothing
    (see FITTED), ``best`` the medians of both losses where that of the test loss was lowest.
    """

    layers: Sequence[DenseSpec]
    weights: Sequence[int]
    rows: Floats
    epochs: Sequence[EpochEnd]
    start: float
    reference: float
    best: EpochEnd | None
    saturated: Sequence[float]
    dead: Sequence[float]

    @cached_property
    def _medians(self) -> Floats:
        """(3, layers): of δ, weight and update. A partition is twice as fast as `np.median`."""
        count, steps = len(self.layers), self.rows.shape[1]
        blocks = self.rows[1:].reshape(4, count, steps)[[0, 2, 3]]
        middle = steps // 2
        lower = middle - 1 if steps % 2 == 0 else middle
        ordered: Floats = np.partition(blocks, (lower, middle), axis=-1)
        medians: Floats = (ordered[..., lower] + ordered[..., middle]) / 2
        return medians

    @property
    def delta(self) -> Floats:
        """(layers,): error signals."""
        row: Floats = self._medians[0]
        return row

    @cached_property
    def update_ratio(self) -> Floats:
        """(layers,): update over weight; 0 where a layer has no weights but zeros."""
        _, weight, update = self._medians
        ratios: Floats = np.divide(update, weight, out=np.zeros(len(weight)), where=weight > 0)
        return ratios

    @cached_property
    def gradient_norms(self) -> Floats:
        """(steps,): norm of the gradient of all weights together."""
        count = len(self.layers)
        gradient = self.rows[1 + count : 1 + 2 * count]
        norms: Floats = np.sqrt(np.asarray(self.weights, dtype=np.float64) @ np.square(gradient))
        return norms

    @property
    def hidden(self) -> int:
        """How many hidden layers there are."""
        return len(self.layers) - 1

    @cached_property
    def ratio(self) -> float | None:
        """The first hidden layer's error signal over the last's; None where there are not two, or one has none."""
        if self.hidden < 2 or not (self.delta[0] > 0 and self.delta[-2] > 0):
            return None
        return float(self.delta[0] / self.delta[-2])

    @property
    def train(self) -> float:
        """Train loss at the last end of an epoch."""
        return self.epochs[-1].train

    @property
    def train_said(self) -> str:
        """ "0.499 at step 1,400": a finding stands until the next judgement, and the loss may have moved on."""
        return f"{number(self.train)} at step {self.epochs[-1].step:,}"

    @property
    def fitted(self) -> bool:
        return self.train < FITTED * self.reference

    @cached_property
    def trend(self) -> float:
        """By which share the train loss has changed over half a window, from the median of its older half to that of
        its newer one.
        """
        recent = [end.train for end in self.recent(WINDOW // 2)]
        return change(recent if len(recent) >= SHORTEST_TREND else self.rows[0].tolist())

    def recent(self, steps: int) -> list[EpochEnd]:
        """The ends of epochs of the last so many steps, oldest first."""
        after = self.epochs[-1].step - steps
        return list(takewhile(lambda end: end.step > after, reversed(self.epochs)))[::-1]

    def unlearned(self, share: float) -> bool:
        """Whether the train loss is over that share of its reference."""
        return self.train > share * self.reference

    @property
    def falling(self) -> bool:
        return self.trend < -FALLING


def change(values: Sequence[float]) -> float:
    """The median of the newer half of the values over that of the older half, less 1; 0 of fewer than two."""
    middle = len(values) // 2
    if middle == 0:
        return 0.0
    older, newer = median(values[:middle]), median(values[-middle:])
    return newer / older - 1 if older else 0.0


def findings(evidence: Evidence) -> list[Finding]:
    """What holds, in the order of VERDICTS; consequences only where no cause is found."""
    if not evidence.epochs or evidence.rows.shape[1] == 0:
        return []
    with np.errstate(over="ignore", under="ignore"):
        found = [finding for rule in RULES.values() if (finding := rule(evidence))]
    explained = any(finding.name not in (*CONSEQUENCES, "overfitting") for finding in found)
    return [finding for finding in found if not (explained and finding.name in CONSEQUENCES)]


def _exploding(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["exploding"].thresholds
    if evidence.fitted:
        return None
    ratio, last = evidence.ratio, evidence.hidden - 1
    if ratio is not None and ratio > limits["ratio"]:
        return explosion(evidence.delta, evidence.layers)
    norms = evidence.gradient_norms.tolist()
    if max(norms) <= limits["norm"]:
        return None
    norm, growth = median(norms), change(norms) + 1
    if norm > limits["norm"] and growth > limits["growth"]:
        largest = int(np.argmax(evidence.delta[: last + 1])) if last >= 0 else 0
        return Finding(
            "exploding",
            (largest,),
            {"norm": norm, "growth": growth},
            f"the norm of the gradient is {number(norm)} and has grown {number(growth, 2)}-fold.",
            f"It is largest in {layers_named([largest], len(evidence.layers))}.",
        )
    return None


def explosion(delta: Floats, layers: Sequence[DenseSpec]) -> Finding:
    """The error signals `delta` (layers,) grow on their way back."""
    last = len(layers) - 2
    ratio = float(delta[0] / delta[last])
    passed = ratio ** (1 / last)
    grown = tuple(
        index for index in range(last) if delta[index] > VERDICTS["exploding"].thresholds["ratio"] * delta[last]
    )
    return Finding(
        "exploding",
        grown or (0,),
        {"ratio": ratio, "first": float(delta[0]), "last": float(delta[last]), "passed": passed},
        f"layer 1 gets {part_of(ratio, f'layer {last + 1}’s error signal')}.",
        f"Layer after layer, its weights make it {number(passed, 2)} times as large on its way back.",
    )


def _vanishing(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["vanishing"].thresholds
    if evidence.fitted:  # before anything is computed for it
        return None
    ratio, last, count = evidence.ratio, evidence.hidden - 1, len(evidence.layers)
    if ratio is not None and ratio < limits["ratio"]:
        passed = ratio ** (1 / last)
        faded = [index for index in range(last) if evidence.delta[index] < limits["ratio"] * evidence.delta[last]]
        activation = evidence.layers[0].activation
        steepest = ACTIVATIONS[activation].slope_range[1]
        alike = all(layer.activation == activation for layer in evidence.layers[:-1])
        bound = f", and the slope of {activation.replace('_', ' ')} is never over {steepest:.2g}" if alike else ""
        return Finding(
            "vanishing",
            tuple(faded),
            {"ratio": ratio, "first": float(evidence.delta[0]), "last": float(evidence.delta[last]), "passed": passed},
            f"layer 1 gets {part_of(ratio, f'layer {last + 1}’s error signal')}.",
            f"Each layer passes on {share_of_one(passed)} of it{bound}: the early layers hardly learn.",
        )
    largest = median(evidence.rows[1 + count : 1 + 2 * count].max(axis=0).tolist())
    if 0 < largest < limits["gradient"] and evidence.unlearned(limits["unlearned"]):
        return Finding(
            "vanishing",
            tuple(range(count)),
            {"gradient": largest},
            f"the largest layer’s gradient is {number(largest)}.",
            f"The train loss is still {evidence.train_said}; knowing nothing, it is {number(evidence.reference)}.",
        )
    return None


def share_of_one(value: float) -> str:
    """ "0.18"; two digits."""
    return number(value, 2)


def _dead(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["dead"].thresholds
    places = [index for index in range(evidence.hidden) if evidence.dead[index] > limits["share"]]
    if not places or evidence.falling or not evidence.unlearned(limits["unlearned"]):
        return None
    worst = max(places, key=lambda index: evidence.dead[index])
    units = evidence.layers[worst].units
    dead = round(evidence.dead[worst] * units)
    return Finding(
        "dead",
        tuple(places),
        {"share": evidence.dead[worst], "dead": dead, "units": units, "layer": worst + 1},
        f"{dead} of {units} units of layer {worst + 1} are 0 on all training samples.",
        "A dead unit passes nothing on and gets no gradient, so it cannot come back; "
        f"the train loss, {evidence.train_said}, does not fall.",
    )


def _rate_too_high(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["rate_too_high"].thresholds
    if evidence.fitted or evidence.falling:
        return None
    ratios = evidence.update_ratio
    largest = int(np.argmax(ratios))
    if ratios[largest] > limits["update"]:
        places = tuple(int(index) for index in np.flatnonzero(ratios > limits["update"]))
        return Finding(
            "rate_too_high",
            places,
            {"update": float(ratios[largest]), "train": evidence.train},
            f"each step changes the weights of {layers_named([largest], len(ratios))} by "
            f"{number(float(ratios[largest]), 2)} of their size.",
            f"About 0.001 is healthy; so long a step jumps over what it looks for, and the train loss, "
            f"{evidence.train_said}, does not fall.",
        )
    recent = evidence.recent(WINDOW)
    if len(recent) <= SHORTEST_TREND or not evidence.start:
        return None
    train, limit = median([end.train for end in recent]), limits["risen"] * evidence.start
    if train > limit:
        return Finding(
            "rate_too_high",
            (),
            {"train": train, "start": evidence.start, "risen": train / evidence.start},
            f"from step {recent[0].step:,} to {recent[-1].step:,} the train loss is {number(train)} (median); with "
            f"nothing learned, it is {number(evidence.start)}.",
            _what_too_long_steps_did(evidence.epochs, recent, limit),
        )
    return None


def _what_too_long_steps_did(ends: Sequence[EpochEnd], recent: Sequence[EpochEnd], limit: float) -> str:
    """Names the step from which on the train loss is over the limit: step 0, or one in the middle of the run."""
    first = next(index for index in range(len(ends) - len(recent), len(ends)) if ends[index].train > limit)
    sound = next((end.step for end in reversed(ends[:first]) if end.train <= limit), None)
    if sound is None:  # forgotten, or the losses before are those of other data
        return "Steps that are too long jump over what they look for."
    return f"The steps from step {sound:,} on were so long that they left the network worse than that."


def _saturated(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["saturated"].thresholds
    places = [index for index in range(evidence.hidden) if evidence.saturated[index] > limits["share"]]
    if not places or evidence.falling or not evidence.unlearned(limits["unlearned"]):
        return None
    worst = max(places, key=lambda index: evidence.saturated[index])
    return Finding(
        "saturated",
        tuple(places),
        {"share": evidence.saturated[worst], "layer": worst + 1, "train": evidence.train},
        f"{evidence.saturated[worst]:.0%} of layer {worst + 1}’s activations are saturated.",
        f"There the slope is almost 0, so that little of the error signal passes; "
        f"the train loss, {evidence.train_said}, does not fall.",
    )


def _overfitting(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["overfitting"].thresholds
    now, best = medians(evidence.epochs), evidence.best
    if now is None or best is None or now.test < FITTED * evidence.reference:
        return None
    fallen = [end.train < limits["fallen"] * best.train for end in last_epochs(evidence.epochs)]
    learns = sum(fallen) >= limits["most"] * len(fallen)  # else a loss that swings would seem to
    if learns and now.test > limits["ratio"] * now.train and now.test > limits["risen"] * best.test:
        return Finding(
            "overfitting",
            (),
            {"train": now.train, "test": now.test, "lowest": best.test},
            f"from step {best.step:,} to {now.step:,} the test loss has risen from {number(best.test)} to "
            f"{number(now.test)}, while the train loss fell from {number(best.train)} to {number(now.train)} "
            f"(medians of {limits['epochs']:g} epochs).",
            "The network learns its training samples by heart, and does worse on those it has not seen.",
        )
    return None


def _rate_too_low(evidence: Evidence) -> Finding | None:
    losses = [end.train for end in evidence.epochs[-SHORTEST_TREND - 1 :]]
    falls = len(losses) > SHORTEST_TREND and all(later < earlier for earlier, later in pairwise(losses))
    if not falls or evidence.fitted:
        return None
    largest = float(evidence.update_ratio.max())
    if not 0 < largest < VERDICTS["rate_too_low"].thresholds["update"]:
        return None
    return Finding(
        "rate_too_low",
        (),
        {"update": largest, "train": evidence.train},
        f"a step changes no layer’s weights by more than {number(largest)} of their size.",
        f"About 0.001 is healthy; the train loss, {evidence.train_said}, falls, but it would take for ever.",
    )


def _plateau(evidence: Evidence) -> Finding | None:
    limits = VERDICTS["plateau"].thresholds
    losses = [end.train for end in evidence.epochs[-int(limits["epochs"]) - 1 :]]
    if len(losses) <= limits["epochs"] or not evidence.unlearned(limits["unlearned"]):
        return None
    moved = (max(losses) - min(losses)) / median(losses)
    if moved > limits["moved"]:
        return None
    norm = median(evidence.gradient_norms.tolist())
    if norm > limits["norm"]:
        return None
    return Finding(
        "plateau",
        (),
        {"moved": moved, "train": evidence.train, "norm": norm},
        f"in {limits['epochs']:g} epochs the train loss, {evidence.train_said}, has moved by {moved:.1%}.",
        f"The norm of the gradient is only {number(norm)}: there is hardly a slope to go down.",
    )


RULES: Final[Mapping[str, Callable[[Evidence], Finding | None]]] = MappingProxyType({
    "exploding": _exploding,
    "vanishing": _vanishing,
    "dead": _dead,
    "rate_too_high": _rate_too_high,
    "saturated": _saturated,
    "overfitting": _overfitting,
    "rate_too_low": _rate_too_low,
    "plateau": _plateau,
})
