"""Watches one run, and says which verdicts hold: calmly, and by step numbers alone, whatever the pace."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.baseline import constant_answer_loss
from engine.diagnosis import Evidence, Finding, findings
from engine.epochs import EpochEnd, medians
from engine.evaluation import Evaluation
from engine.spec import RunSpec
from engine.trainer import Trainer
from engine.verdicts import CALM, EVERY, HOLD, VERDICTS, WINDOW

Floats = npt.NDArray[np.float64]
KEPT_EPOCHS: Final = 2 * WINDOW


@dataclass(frozen=True, slots=True)
class Held:
    """A finding, since which step it has held, and how often in a row it was judged there, or absent."""

    finding: Finding
    since: int
    found: int
    absent: int = 0
    shown: bool = False

    def again(self, finding: Finding) -> Held:
        found = self.found + 1
        return replace(self, finding=finding, found=found, absent=0, shown=self.shown or found >= HOLD)

    def missed(self) -> Held | None:
        """One that is not shown yet goes at once, another after HOLD judgements without it."""
        if not self.shown or self.absent + 1 >= HOLD:
            return None
        return replace(self, absent=self.absent + 1)


@dataclass(frozen=True, slots=True)
class Memory:
    """All that an observer knows but the rows of its window, for going back to."""

    held: tuple[tuple[str, Held], ...]
    epochs: tuple[EpochEnd, ...]
    start: float
    reference: float
    best: EpochEnd | None
    judged: int


class Observer:
    """Fed with every step and every end of an epoch of a run; `verdicts` are what is to be shown, weightiest first.

    Steps may be handed over many at once, as long as all of them come before the next step is taken where it
    `is_due` to be judged.
    """

    def __init__(self, trainer: Trainer, memory: Memory | None = None) -> None:
        network = trainer.network
        self.trainer = trainer
        """Whose steps are observed."""
        self._weights = tuple(span.stop - span.start for span in network.plan.weight_spans)
        self._rows = np.empty((WINDOW, 1 + 4 * len(network.layers)))
        self._filled = 0
        self._saturated: Sequence[float] = (0.0,) * len(network.layers)
        self._dead: Sequence[float] = (0.0,) * len(network.layers)
        self._judged_at = 0
        self._held = dict(memory.held) if memory else {}
        self._epochs = deque(memory.epochs if memory else (), maxlen=KEPT_EPOCHS)
        self._start = memory.start if memory else inf
        self._reference = memory.reference if memory else inf
        self._best = memory.best if memory else None
        self.judged = memory.judged if memory else 0
        """The step after which `verdicts` was judged last."""

    @property
    def verdicts(self) -> tuple[Held, ...]:
        return tuple(each for each in self._held.values() if each.shown)

    @property
    def memory(self) -> Memory:
        held, epochs = tuple(self._held.items()), tuple(self._epochs)
        return Memory(held, epochs, self._start, self._reference, self._best, self.judged)

    def following(self, trainer: Trainer) -> Observer:
        """An observer of the changed run. Its own steps have to be seen first; until then holds what held.

        What was found of another network is gone at once, and losses where other ones are measured now.
        """
        if trainer.steps == 0:
            return Observer(trainer)
        memory, before, after = self.memory, self.trainer.run, trainer.run
        if trainer.steps < self.judged:  # it goes on from a step of its past
            epochs = tuple(end for end in memory.epochs if end.step <= trainer.steps)
            memory = replace(memory, held=(), epochs=epochs, best=None, judged=trainer.steps)
        if before.network != after.network:
            memory = replace(memory, held=())
        if before.data != after.data or _measure(before) != _measure(after):
            knows_nothing = constant_answer_loss(trainer)
            memory = replace(memory, epochs=(), best=None, start=knows_nothing, reference=knows_nothing)
        return Observer(trainer, memory)

    def epoch(self, evaluation: Evaluation) -> None:
        """The trainer stands at the end of an epoch, or at step 0, and is evaluated so."""
        step, train = self.trainer.steps, evaluation.train.loss
        if step == 0:
            self._start = train
            self._reference = min(train, constant_answer_loss(self.trainer))
        self._epochs.append(EpochEnd(step, train, evaluation.test.loss))
        self._saturated = [share or 0.0 for share in evaluation.saturated]
        self._dead = [share or 0.0 for share in evaluation.dead]

    def is_due(self, waiting: int) -> bool:
        """Whether the run is to be judged at this step, of which, and those before, so many wait to be handed over."""
        if self.trainer.steps % EVERY:
            return False
        filled = self._filled + waiting
        return filled - self._judged_at >= min(filled // CALM, WINDOW)

    def steps(self, rows: Floats) -> bool:
        """The trainer has taken steps with these records (steps, 1 + 4 · layers), the last of them just now; none
        before the last may be one to judge at. True where the verdicts may have changed.
        """
        for start in range(0, len(rows), WINDOW):
            part = rows[start : start + WINDOW]
            place = self._filled % WINDOW
            room = WINDOW - place
            self._rows[place : place + len(part)] = part[:room]
            self._rows[: max(len(part) - room, 0)] = part[room:]
            self._filled += len(part)
        if not self.is_due(waiting=0):
            return False
        self._judge()
        return True

    @property
    def evidence(self) -> Evidence:
        """What the judgement rests on."""
        rows, filled = self._rows, self._filled
        if filled < WINDOW:
            rows = rows[:filled]
        elif filled % WINDOW:
            rows = np.concatenate((rows[filled % WINDOW :], rows[: filled % WINDOW]))
        return Evidence(
            self.trainer.network.layers,
            self._weights,
            np.ascontiguousarray(rows.T),
            tuple(self._epochs),
            self._start,
            self._reference,
            self._best,
            self._saturated,
            self._dead,
        )

    def _judge(self) -> None:
        if self._filled < EVERY:
            return
        self._judged_at = self._filled
        evidence = self.evidence
        found = {finding.name: finding for finding in findings(evidence)}
        now = medians(evidence.epochs)
        if now is not None and (self._best is None or now.test < self._best.test):
            self._best = now
        step = self.trainer.steps
        held = {}
        for name in VERDICTS:
            before, finding = self._held.get(name), found.get(name)
            after: Held | None
            if finding is not None:
                after = before.again(finding) if before else Held(finding, step, 1)
            else:
                after = before.missed() if before else None
            if after:
                held[name] = after
        self._held, self.judged = held, step


def _measure(run: RunSpec) -> tuple[object, ...]:
    network = run.network
    return network.loss, network.loss_options, network.output_activation
