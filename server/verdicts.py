"""What a lane's verdicts and its autopsy come to on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from engine.autopsy import norms_of_pass
from engine.cures import cures_for
from engine.diagnosis import Finding
from engine.observer import Held, Observer
from engine.records import NonFiniteError
from engine.trainer import Trainer
from engine.verdicts import VERDICTS
from engine.wording import number, part_of
from server.labels import layer_name, tensor_name
from server.messages import Autopsy, CureOffer, Event, LeadingStep, NormsOfLayer, PassNorms, Verdict, Verdicts
from server.series import Table

LEADING_STEPS: Final = 8
"""Steps before the last finite pass that an autopsy tells of."""


class Findings:
    """What is found wrong with one lane, and what of it was told. `index` is the lane's place."""

    def __init__(self, index: int, trainer: Trainer) -> None:
        self.observer = Observer(trainer)
        self.autopsy: Autopsy | None = None
        """Of the pass that overflowed, while the coming step cannot be taken for it."""
        self._index = index
        self._told: Verdicts | None = Verdicts(lane=index, step=0, verdicts=[])

    def move(self, index: int) -> None:
        """The lane has another place."""
        self._index, self._told = index, None

    def follow(self, trainer: Trainer) -> None:
        """The lane goes on with another trainer."""
        self.observer = self.observer.following(trainer)

    def dissect(self, error: NonFiniteError, failed: Trainer, finite: Trainer | None, leading: Table) -> None:
        """The pass of `failed` overflowed; that of `finite` is the last known one that did not."""
        self.autopsy = Autopsy(
            lane=self._index,
            step=error.step,
            layer=error.layer,
            layer_id=error.layer_id,
            tensor=error.tensor.removeprefix(f"{error.layer}."),
            finite=None if finite is None else _norms(finite),
            overflowed=_norms(failed),
            steps=_leading_steps(leading, len(failed.network.layers)),
        )

    def news(self, numbers: bool) -> Iterator[Event]:
        """The verdicts, where others hold than were told, or with `numbers` where any number of them changed."""
        now, before = self._verdicts(), self._told
        if before is None or (numbers and now.verdicts != before.verdicts) or _names(now) != _names(before):
            self._told = now
            yield now

    def introduction(self) -> Iterator[Event]:
        """For a newcomer."""
        yield self._verdicts()
        if self.autopsy is not None:
            yield self.autopsy

    def _verdicts(self) -> Verdicts:
        trainer, step = self.observer.trainer, self.observer.judged
        found = [_verdict_held(held, trainer) for held in self.observer.verdicts]
        if self.autopsy is not None:
            others = [verdict for verdict in found if verdict["name"] != "exploding"]
            found, step = [_verdict_of_overflow(self.autopsy, trainer), *others], self.autopsy.step
        return Verdicts(lane=self._index, step=step, verdicts=found)


def _names(told: Verdicts) -> list[tuple[str, list[int]]]:
    return [(verdict["name"], verdict["layers"]) for verdict in told.verdicts]


def _verdict_held(held: Held, trainer: Trainer) -> Verdict:
    """A verdict of the observer's."""
    ids = [layer.id for layer in trainer.identity.layers]
    return _verdict(held.finding, [ids[index] for index in held.finding.layers], held.since, trainer)


def _verdict_of_overflow(autopsy: Autopsy, trainer: Trainer) -> Verdict:
    """Exploding, since numbers are not finite: certain at once."""
    what = f"the {tensor_name(autopsy.tensor)} of {layer_name(trainer, autopsy.layer_id)} are not finite any more."
    if autopsy.tensor == "loss":
        what = "the loss is not finite any more."
    numbers: dict[str, float] = {"step": autopsy.step}
    why = "In its very first pass already."
    finite = autopsy.finite
    if finite is not None:
        why = f"The last finite pass, after step {finite['step']:,}, is still there to be looked at."
        deltas = [norms["delta"] or 0.0 for norms in finite["layers"]]
        last = len(deltas) - 2
        if last > 0 and deltas[0] > deltas[last] > 0:
            numbers["ratio"] = ratio = deltas[0] / deltas[last]
            said = part_of(ratio, f"layer {last + 1}’s error signal")
            why = f"In the last finite pass, after step {finite['step']:,}, layer 1 got {said}."
        else:
            weight = max(norms["weight"] or 0.0 for norms in finite["layers"])
            numbers["weight"] = weight
            why = f"After step {finite['step']:,} the largest layer’s weights were at {number(weight)} (rms)."
    return _verdict(Finding("exploding", (), numbers, what, why), [autopsy.layer_id], autopsy.step, trainer)


def _verdict(finding: Finding, layers: list[int], since: int, trainer: Trainer) -> Verdict:
    rule = VERDICTS[finding.name]
    return {
        "name": finding.name,
        "layers": layers,
        "since": since,
        "numbers": {name: float(value) for name, value in finding.numbers.items()},
        "sentence": f"{rule.title} since step {since:,}: {finding.what}",
        "why": finding.why,
        "source": rule.source,
        "cures": [
            CureOffer(cure=name, title=cure.title, short=cure.short, way=way, changes=cure.changes(trainer.run))
            for name, cure, way in cures_for(finding.name, trainer.run, finite="step" not in finding.numbers)
        ],
    }


def _leading_steps(table: Table, layers: int) -> list[LeadingStep]:
    """Exact rows of the series of steps, of so many layers."""
    found: list[LeadingStep] = []
    for step, row in zip(table.first.tolist(), table.mean, strict=True):
        delta, gradient, weight = row[1 : 1 + 3 * layers].reshape(3, layers).tolist()
        found.append({"step": int(step), "loss": float(row[0]), "delta": delta, "gradient": gradient, "weight": weight})
    return found


def _norms(trainer: Trainer) -> PassNorms:
    with np.errstate(all="ignore"):
        found = norms_of_pass(trainer)
    layers: list[NormsOfLayer] = [
        {
            "pre_activation": norms.pre_activation,
            "activation": norms.activation,
            "delta": norms.delta,
            "gradient": norms.gradient,
            "weight": norms.weight,
            "update": norms.update,
        }
        for norms in found
    ]
    return {"step": trainer.steps, "layers": layers}
